#include "core/synthesis/path.h"

#include "core/graph/reader.h"
#include "core/synthesis/synthesizer.h"
#include "tests/core/synthesis/problems.h"

#include <gmock/gmock.h>

namespace synoscope {
namespace {

PathResult pathOf(const std::string& zooOperator, std::shared_ptr<const Problem> problem)
{
    const auto graph = readPGraph(SYNOSCOPE_SOURCE_DIR "/resources/operators/" + zooOperator + ".pgraph");
    EXPECT_TRUE(graph) << graph.error().text();
    const auto path = findPath(*graph, problem);
    EXPECT_TRUE(path) << path.error().text();
    return path ? *path : PathResult{};
}

TEST(Path, TheConvolutionIsInTheTinySpace)
{
    const PathResult path = pathOf("conv2d", test::shippedProblem("conv2d-tiny"));
    EXPECT_TRUE(path.reachable) << path.refusedBy << ": " << path.reason;
    EXPECT_EQ(path.moves.size(), 7u); // three sums, a contraction, two unfolds, the assignment
}

TEST(Path, TheConvolutionExceedsTheFlopsOfTheResNetSpace)
{
    const PathResult path = pathOf("conv2d", test::shippedProblem("conv2d-resnet18"));
    EXPECT_FALSE(path.reachable);
    EXPECT_EQ(path.refusedBy, "flops");
}

TEST(Path, ADepthwiseConvolutionIsNoMatrixProduct)
{
    auto problem = std::make_shared<Problem>(*test::shippedProblem("conv2d-tiny"));
    problem->output[1].size = problem->input[1].size; // as many channels out as in
    problem->limits.flopsLow = 0;
    const PathResult path = pathOf("depthwise", problem);
    EXPECT_FALSE(path.reachable);
    EXPECT_FALSE(path.reason.empty());
}

TEST(Path, EveryOperatorTheSynthesizerYieldsIsFoundAgain)
{
    const auto problem = test::shippedProblem("conv2d-tiny");
    Synthesizer synthesizer(problem);
    Random random(11);
    int found = 0;
    for (int i = 0; i < 40; ++i) {
        const auto rollout = synthesizer.rollout(synthesizer.root(), {}, random);
        if (!rollout)
            continue;
        const auto path = findPath(synthesizer.build(rollout->final), problem);
        ASSERT_TRUE(path) << path.error().text();
        EXPECT_TRUE(path->reachable) << path->refusedBy << ": " << path->reason;
        ++found;
    }
    EXPECT_GT(found, 10);
}

TEST(Path, AnOperatorOfAnotherShapeIsAnError)
{
    const auto graph =
        parsePGraph("pgraph 1\nprimary A B\ninput a:A b:B\nweight w a:A b:B\nc = share a w.a\nd = share b w.b\n"
                    "reduce d\noutput c\n",
                    "other.pgraph");
    ASSERT_TRUE(graph) << graph.error().text();
    EXPECT_FALSE(findPath(*graph, test::shippedProblem("conv2d-tiny")));
}

} // namespace
} // namespace synoscope
