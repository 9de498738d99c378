// The fuzzers' corpus in every build, so that what was found once stays mended without clang.
#include "checks.h"

#include <ctime>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace synoscope::test {
namespace {

namespace fs = std::filesystem;

using Check = std::optional<std::string> (*)(std::string_view);

std::string bytesOf(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

// How many files were checked.
int checkFolder(const fs::path& folder, Check check)
{
    int files = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string bytes = bytesOf(entry.path());
        EXPECT_EQ(check(bytes).value_or(""), "") << entry.path();
        ++files;
    }
    return files;
}

TEST(FuzzCorpus, OfOperatorsKeepsTheReadersPromises)
{
    EXPECT_GT(checkFolder(SYNOSCOPE_SOURCE_DIR "/tests/data/fuzz/pgraph", faultOfPGraph), 50);
    EXPECT_GE(checkFolder(SYNOSCOPE_SOURCE_DIR "/resources/operators", faultOfPGraph), 11);
}

TEST(FuzzCorpus, OfProblemsKeepsTheReadersPromises)
{
    EXPECT_GT(checkFolder(SYNOSCOPE_SOURCE_DIR "/tests/data/fuzz/problem", faultOfProblem), 50);
    EXPECT_GE(checkFolder(SYNOSCOPE_SOURCE_DIR "/resources/problems", faultOfProblem), 3);
}

// Every prefix of a good file is a file that somebody's disk was too full for.
TEST(FuzzCorpus, TruncatedFilesKeepTheReadersPromises)
{
    const std::string graph = bytesOf(SYNOSCOPE_SOURCE_DIR "/tests/data/pgraph/every_statement.pgraph");
    for (std::size_t length = 0; length < graph.size(); ++length)
        ASSERT_EQ(faultOfPGraph(std::string_view(graph).substr(0, length)).value_or(""), "") << length;
    const std::string problem = bytesOf(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json");
    for (std::size_t length = 0; length < problem.size(); ++length)
        ASSERT_EQ(faultOfProblem(std::string_view(problem).substr(0, length)).value_or(""), "") << length;
}

// Times what no fuzzer makes: texts at the limits of what is read.
double secondsFor(Check check, const std::string& text)
{
    const std::clock_t start = std::clock();
    EXPECT_EQ(check(text).value_or(""), "");
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

constexpr double patience = 20; // seconds of a build with sanitizers; a release needs a tenth

TEST(FuzzCorpus, HugeOperatorsAreAnsweredInTime)
{
    const std::string head = "pgraph 1\nprimary N C\ncoefficient k=3 s=2\ninput n:N c0:C^60\n";
    std::string chain = head;
    std::string shifts = head;
    std::string nothing = head;
    for (int i = 0; i < 100'000; ++i) {
        nothing += "# nothing\n";
        shifts += fmt::format("c{} = shift c{} 1000000000\n", i + 1, i);
        if (i < 240)
            chain += fmt::format("c{} = shift c{} -1\n", i + 1, i);
    }
    std::string layers = chain + "output n c240\n";
    for (int i = 0; i < 4096; ++i)
        layers += fmt::format("bind N={} C=2\n", i + 1);
    const std::string sizes = head + "e = expand " + std::string(900, '9') + "\nf = expand 2^60*999999937^60*k^60\n";
    for (const std::string& text : {nothing + "output n c0\n", shifts, layers, sizes, std::string(1 << 20, 'x'),
                                    std::string(1 << 20, '\n'), std::string(1 << 20, ','), std::string(1 << 20, '\0')})
        EXPECT_LT(secondsFor(faultOfPGraph, text), patience) << text.substr(0, 100);
}

TEST(FuzzCorpus, HugeProblemsAreAnsweredInTime)
{
    std::string bindings = R"({"name": "p", "input": ["C"], "output": ["C"], "bindings": [{"C": 1})";
    for (int i = 0; i < 999; ++i)
        bindings += fmt::format(", {{\"C\": {}}}", 2 + i);
    std::string sizes = R"({"name": "p", "input": [")";
    for (int i = 0; i < 200'000; ++i)
        sizes += "999999937/999999937*";
    for (const std::string& text : {bindings + "]}", sizes + "2\"]}", std::string(1 << 22, '['),
                                    std::string(1 << 22, '\0'), '"' + std::string(1 << 22, 'x') + '"'})
        EXPECT_LT(secondsFor(faultOfProblem, text), patience) << text.substr(0, 100);
}

} // namespace
} // namespace synoscope::test
