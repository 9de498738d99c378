#include "core/graph/construction.h"

#include "core/graph/reader.h"

#include <gmock/gmock.h>

#include <filesystem>

namespace synoscope {
namespace {

PGraph read(const std::filesystem::path& file)
{
    auto graph = readPGraph(file.string());
    EXPECT_TRUE(graph) << graph.error().text();
    return std::move(*graph);
}

PGraph zoo(const std::string& name)
{
    return read(std::filesystem::path(SYNOSCOPE_SOURCE_DIR "/resources/operators") / (name + ".pgraph"));
}

std::vector<std::string> kinds(const PGraph& graph)
{
    std::vector<std::string> words;
    for (const ConstructionStep& step : constructionSteps(graph)) {
        words.emplace_back();
        for (const PrimitiveId id : step.primitives)
            words.back() += (words.back().empty() ? "" : "+") + std::string(toString(graph[id].kind));
    }
    return words;
}

void expectBottomUp(const PGraph& graph)
{
    std::vector<int> built(graph.primitives().size(), 0);
    for (const ConstructionStep& step : constructionSteps(graph)) {
        ASSERT_FALSE(step.primitives.empty());
        for (const PrimitiveId id : step.primitives) {
            for (const DimensionId bottom : graph[id].bottom())
                if (const PrimitiveId below = graph[bottom].below; below.valid()) {
                    EXPECT_EQ(built[below.index], 1);
                }
            ++built[id.index];
        }
    }
    EXPECT_THAT(built, testing::Each(1));
}

TEST(Construction, IsBottomUpForEveryOperatorOfTheZoo)
{
    for (const auto& entry : std::filesystem::directory_iterator(SYNOSCOPE_SOURCE_DIR "/resources/operators")) {
        if (entry.path().extension() != ".pgraph")
            continue;
        SCOPED_TRACE(entry.path().string());
        expectBottomUp(read(entry.path()));
    }
}

TEST(Construction, AContractionIsOneStep)
{
    const PGraph conv = zoo("conv2d");
    EXPECT_THAT(kinds(conv), testing::ElementsAre("reduce", "reduce", "reduce", "share+expand+share+share+share",
                                                  "unfold", "unfold"));
    const auto steps = constructionSteps(conv);
    EXPECT_TRUE(steps[3].weight.valid());
    EXPECT_FALSE(steps[4].weight.valid());
    const PGraph two = zoo("depthwise_separable");
    int contractions = 0;
    for (const ConstructionStep& step : constructionSteps(two))
        contractions += step.weight.valid();
    EXPECT_EQ(contractions, static_cast<int>(two.weights().size()));
}

TEST(Construction, AContractionThatStandsOnItselfComesInParts)
{
    const auto graph = parsePGraph(R"(pgraph 1
name above-itself
primary N C
coefficient k=3
input n:N c:C
weight w a:C b:C
s = share c w.a
t = shift s 1
u = share t w.b
output n u
)",
                                   "above-itself");
    ASSERT_TRUE(graph) << graph.error().text();
    EXPECT_THAT(kinds(*graph), testing::ElementsAre("share", "shift", "share"));
    expectBottomUp(*graph);
}

} // namespace
} // namespace synoscope
