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
        BadProblem{"{\"name\": \"p\", \"input\": [\"C\"], \"output\": [\"C\"], \"bindings\": [{}]}", 1, 60,
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
