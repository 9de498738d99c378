#include "tests/core/synthesis/problems.h"

#include <filesystem>
#include <gmock/gmock.h>

namespace synoscope {
namespace {

using testing::HasSubstr;

TEST(Problem, ShippedFilesAreReadWithTheirBackbonesLayers)
{
    const auto resnet = test::shippedProblem("conv2d-resnet18");
    int layers = 0;
    for (const Layer& layer : resnet->layers)
        layers += layer.count;
    EXPECT_EQ(resnet->layers.size(), 7u);
    EXPECT_EQ(layers, 19);
    EXPECT_EQ(resnet->limits.depth, 12);
    EXPECT_GT(resnet->restFlops, 0);
    for (const auto& file : std::filesystem::directory_iterator(SYNOSCOPE_SOURCE_DIR "/resources/problems")) {
        const auto problem = readProblem(file.path());
        EXPECT_TRUE(problem) << problem.error().text();
    }
}

struct PaperSettings
{
    const char* name;
    std::vector<std::array<std::int64_t, 4>> layers; // C_in, C_out, H, how often
    std::array<int, 8> limits; // depth, chain, weights, reductions, merges, splits, shifts, strides
    std::pair<double, double> flops;
    std::pair<double, double> accuracy;
    std::int64_t outerProduct;
    std::pair<std::int64_t, std::int64_t> lowRank;
};

// The paper's searches over vision networks, number by number.
TEST(Problem, ShippedFilesHaveThePapersSettings)
{
    const std::vector<PaperSettings> all{
        {"resnet18",
         {{64, 64, 56, 4},
          {64, 128, 28, 2},
          {128, 128, 28, 3},
          {128, 256, 14, 2},
          {256, 256, 14, 3},
          {256, 512, 7, 2},
          {512, 512, 7, 3}},
         {12, 6, 2, 5, 1, 3, 2, 0},
         {0.15, 0.9},
         {0.4, 0.7},
         2048,
         {8, 8}},
        {"resnet34",
         {{64, 64, 56, 6},
          {64, 128, 28, 2},
          {128, 128, 28, 7},
          {128, 256, 14, 2},
          {256, 256, 14, 11},
          {256, 512, 7, 2},
          {512, 512, 7, 5}},
         {12, 6, 2, 5, 1, 3, 2, 0},
         {0.15, 0.9},
         {0.4, 0.7},
         2048,
         {8, 8}},
        {"resnext29",
         {{128, 128, 56, 3}, {256, 256, 28, 3}, {512, 512, 14, 3}, {1024, 1024, 7, 1}},
         {12, 6, 2, 5, 2, 3, 2, 0},
         {0.15, 0.95},
         {0.2, 0.7},
         4096,
         {8, 8}},
        {"densenet121",
         {{128, 32, 56, 6}, {128, 32, 28, 12}, {128, 32, 14, 24}, {128, 32, 7, 16}},
         {12, 6, 2, 5, 1, 3, 2, 0},
         {0.15, 1.0},
         {0.3, 0.7},
         5120,
         {8, 8}},
        {"efficientnetv2s",
         {{24, 24, 112, 2}, {24, 96, 56, 1}, {48, 192, 56, 3}, {48, 192, 28, 1}, {64, 256, 28, 3}},
         {12, 6, 2, 5, 1, 3, 2, 0},
         {0.5, 0.9},
         {0.3, 0.7},
         6144,
         {8, 24}}};
    for (const PaperSettings& paper : all) {
        SCOPED_TRACE(paper.name);
        const auto problem = test::shippedProblem(std::string("conv2d-") + paper.name);
        const auto id = [&](std::string_view name) { return *problem->variables.find(name); };
        std::vector<std::array<std::int64_t, 4>> layers;
        for (const Layer& layer : problem->layers)
            layers.push_back(
                {layer.binding[id("C_in")], layer.binding[id("C_out")], layer.binding[id("H")], layer.count});
        EXPECT_EQ(layers, paper.layers);
        const Limits& limits = problem->limits;
        EXPECT_EQ((std::array{limits.depth, limits.chain, limits.weights, limits.reductions, limits.merges,
                              limits.splits, limits.shifts, limits.strides}),
                  paper.limits);
        EXPECT_EQ(std::pair(limits.flopsLow, limits.flopsHigh), paper.flops);
        EXPECT_EQ(std::pair(problem->reward.accuracyFloor, problem->reward.accuracyCeiling), paper.accuracy);
        EXPECT_EQ(problem->reward.power, 4);
        EXPECT_EQ(limits.outerProduct, paper.outerProduct);
        EXPECT_EQ(limits.lowRank, paper.lowRank);
        EXPECT_EQ(std::tuple(limits.unfoldRatio, limits.shiftReshape, limits.repeat, limits.tile,
                             limits.minWeightParameters, limits.reduceRatio),
                  std::tuple(2.3, 2, 1, false, 100, 4.0));
        EXPECT_EQ(problem->allowance[id("C_in").index], 2);
        EXPECT_EQ(problem->allowance[id("C_out").index], 4);
        EXPECT_EQ(problem->allowance[id("H").index], 0);
        for (const auto& [name, value, uses] :
             {std::tuple("k_1", 3, 2), std::tuple("k_2", 7, 2), std::tuple("s", 2, 2), std::tuple("g", 32, 3)}) {
            EXPECT_EQ(problem->variables[id(name)].value, value);
            EXPECT_EQ(problem->allowance[id(name).index], uses);
        }
    }
}

TEST(Problem, TheShippedOneOfGpt2HasThePapersSettings)
{
    const auto problem = test::shippedProblem("linear-gpt2");
    const auto id = [&](std::string_view name) { return *problem->variables.find(name); };
    ASSERT_EQ(problem->layers.size(), 1u);
    EXPECT_EQ(problem->layers[0].count, 12);
    EXPECT_EQ(problem->layers[0].binding[id("D")], 768);
    EXPECT_EQ(problem->layers[0].binding[id("L")], 2048);
    EXPECT_EQ(evaluate(problem->output[2].size, problem->layers[0].binding), 2304);
    const Limits& limits = problem->limits;
    EXPECT_EQ(std::tuple(limits.depth, limits.chain, limits.weights, limits.reductions, limits.merges, limits.splits,
                         limits.shifts, limits.strides),
              std::tuple(7, 5, 2, 5, 2, 2, 2, 0));
    EXPECT_EQ(std::tuple(limits.flopsLow, limits.flopsHigh, limits.outerProduct, limits.unfoldRatio,
                         limits.shiftReshape, limits.repeat, limits.tile, limits.minWeightParameters),
              std::tuple(0.1, 1.2, 6144, 2.3, 2, 5, true, 100'000));
    for (const auto& [name, value, uses] :
         {std::tuple("k_1", 2, 3), std::tuple("k_2", 5, 2), std::tuple("t", 3, 3), std::tuple("g", 32, 3)}) {
        EXPECT_EQ(problem->variables[id(name)].value, value);
        EXPECT_EQ(problem->allowance[id(name).index], uses);
    }
    EXPECT_EQ(problem->allowance[id("D").index], 4);
    EXPECT_EQ(problem->allowance[id("L").index], 0);
}

TEST(Problem, EqualBindingsAreCounted)
{
    const auto problem = parseProblem(R"({"name": "p", "input": ["C:unordered"], "output": ["C"],
        "bindings": [{"C": 8}, {"C": 4}, {"C": 8}]})",
                                      "p.json");
    ASSERT_TRUE(problem) << problem.error().text();
    ASSERT_EQ(problem->layers.size(), 2u);
    EXPECT_EQ(problem->layers[0].count, 2);
}

TEST(Problem, TheFlopsWindowIsAShareOfTheWholeBackbone)
{
    Problem problem;
    problem.baselineFlops = 90;
    problem.restFlops = 10;
    problem.limits.flopsLow = 0.2;
    problem.limits.flopsHigh = 0.8;
    EXPECT_EQ(problem.flopsWindow(), std::pair(10.0, 70.0));
}

struct BadProblem
{
    const char* text;
    int line;
    int column;
    const char* fragment;
};

class BadProblems : public testing::TestWithParam<BadProblem>
{};

TEST_P(BadProblems, AreRefusedWithPlaceAndSentence)
{
    const BadProblem& bad = GetParam();
    const auto problem = parseProblem(bad.text, "bad.json");
    ASSERT_FALSE(problem);
    EXPECT_EQ(problem.error().file, "bad.json");
    EXPECT_EQ(problem.error().line, bad.line) << problem.error().text();
    EXPECT_EQ(problem.error().column, bad.column) << problem.error().text();
    EXPECT_THAT(problem.error().message, HasSubstr(bad.fragment));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadProblems,
    testing::Values(
        BadProblem{"", 1, 1, "empty"}, BadProblem{"  \n\n", 3, 1, "empty"}, BadProblem{"{\"name\": }", 1, 10, "JSON"},
        BadProblem{"[1, 2]", 1, 1, "object"}, BadProblem{"{}", 1, 1, "'name' is missing"},
        BadProblem{"{\"name\": 7}", 1, 10, "'name' must be a text"},
        BadProblem{"{\"name\": \"p\",\n \"colour\": 1}", 2, 12, "unknown key 'colour'"},
        BadProblem{"{\"name\": \"p\", \"backbone\": \"resnet9000\"}", 1, 27, "no backbone 'resnet9000'"},
        BadProblem{"{\"name\": \"p\", \"input\": [\"C\"]}", 1, 1, "'output' is missing"},
        BadProblem{"{\"name\": \"p\", \"input\": [\"C/k\"]}", 1, 25, "is not declared"},
        BadProblem{"{\"name\": \"p\", \"input\": [\"C:ordered\"]}", 1, 25, "':unordered'"},
        BadProblem{"{\"name\": \"p\", \"input\": [\"C\"], \"output\": [\"C\"]}", 1, 1, "'bindings' is missing"},
        BadProblem{"{\"name\": \"p\", \"input\": [\"C\"], \"output\": [\"C\"], \"bindings\": [{}]}", 1, 61,
                   "no number for 'C'"},
        BadProblem{"{\"name\": \"p\", \"input\": [\"C\"], \"output\": [\"C\"], \"bindings\": [{\"C\": 0}]}", 1, 67,
                   "between 1"},
        BadProblem{"{\"name\": \"p\", \"input\": [\"C\"], \"output\": [\"C\"], \"bindings\": [{\"D\": 3}]}", 1, 67,
                   "variable"},
        BadProblem{"{\"name\": \"p\", \"input\": [\"C\"], \"output\": [\"C\"], \"bindings\": [{\"C\": 3}],\n"
                   "\"limits\": {\"depth\": -1}}",
                   2, 21, "'limits.depth' must be a whole number between 1 and 32"},
        BadProblem{"{\"name\": \"p\", \"input\": [\"C\"], \"output\": [\"C\"], \"bindings\": [{\"C\": 3}],\n"
                   "\"limits\": {\"flops_ratio\": [1, 0.5]}}",
                   2, 27, "[least, largest]"},
        BadProblem{"{\"name\": \"p\", \"input\": [\"C\"], \"output\": [\"C\"], \"bindings\": [{\"C\": 3}],\n"
                   "\"rules\": {\"gravity\": false}}",
                   2, 22, "no rule 'gravity'"}));

TEST(Problem, DeepNestingIsRefusedInsteadOfOverflowingTheStack)
{
    const std::string deep(1000000, '[');
    EXPECT_FALSE(parseProblem(deep + std::string(1000000, ']'), "deep.json"));
    EXPECT_FALSE(parseProblem("{\"name\": " + deep + std::string(1000000, ']') + "}", "deep.json"));
}

TEST(Problem, MissingAndStrangeFilesAreRefusedWithTheirName)
{
    EXPECT_THAT(readProblem("/nowhere/p.json").error().text(), HasSubstr("/nowhere/p.json"));
    EXPECT_THAT(readProblem("/").error().text(), HasSubstr("folder"));
    EXPECT_THAT(readProblem("/dev/zero").error().text(), HasSubstr("larger than"));
}

} // namespace
} // namespace synoscope
