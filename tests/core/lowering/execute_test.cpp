#include "core/lowering/execute.h"
#include "random_graph.h"

#include "core/graph/reader.h"
#include "core/graph/writer.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>

namespace synoscope {
namespace {

using test::deviation;

double deviationFromInterpreter(const PGraph& graph, const Plan& plan, const Binding& binding, Random& random)
{
    const auto [input, weights] = test::randomArguments(graph, binding, random);
    const auto expected = evaluate(graph, binding, input, weights);
    EXPECT_TRUE(expected) << (expected ? "" : expected.error().text());
    const auto actual = execute(plan, binding, input, weights);
    EXPECT_TRUE(actual) << (actual ? "" : actual.error().text());
    return expected && actual ? deviation(*actual, *expected) : 1e300;
}

TEST(ExecuteTest, PlansOfRandomOperatorsComputeWhatTheInterpreterComputes)
{
    Random random(1);
    std::map<StepKind, int> kinds;
    double worst = 0;
    for (int i = 0; i < 3000; ++i) {
        const PGraph graph = test::randomGraph(random, {.statements = 4 + i % 9, .mostPoints = 20000});
        const Plan plan = lower(graph);
        for (const Step& step : plan.steps)
            ++kinds[step.kind];
        if (cost(plan, graph.bindings()[0]).flops > 1e6 || cost(plan, graph.bindings()[0]).peakBytes > 1e8)
            continue;
        const Binding& binding = graph.bindings()[random.below(2)];
        const double deviation = deviationFromInterpreter(graph, plan, binding, random);
        ASSERT_LT(deviation, 1e-11) << writePGraph(graph) << toString(plan);
        worst = std::max(worst, deviation);
    }
    RecordProperty("largest_deviation", std::to_string(worst));
    for (const StepKind kind : {StepKind::reshape, StepKind::permute, StepKind::roll, StepKind::unfold, StepKind::slice,
                                StepKind::expand, StepKind::einsum, StepKind::convolution})
        EXPECT_GT(kinds[kind], 200) << "the random operators hardly exercise step kind " << static_cast<int>(kind);
}

TEST(ExecuteTest, PlansWithoutConvolutionsComputeTheSame)
{
    Random random(2);
    int convolutions = 0;
    for (int i = 0; i < 600; ++i) {
        const PGraph graph = test::randomGraph(random, {.statements = 4 + i % 9, .mostPoints = 20000});
        const Plan plan = lowerToEinsums(graph);
        const auto convolves = [](const Step& step) { return step.kind == StepKind::convolution; };
        ASSERT_TRUE(std::ranges::none_of(plan.steps, convolves)) << toString(plan);
        const bool recognised = std::ranges::any_of(lower(graph).steps, convolves);
        if (!recognised || cost(plan, graph.bindings()[0]).flops > 1e6)
            continue;
        ++convolutions;
        ASSERT_LT(deviationFromInterpreter(graph, plan, graph.bindings()[0], random), 1e-11)
            << writePGraph(graph) << toString(plan);
    }
    EXPECT_GT(convolutions, 100);
}

} // namespace
} // namespace synoscope
