// Compiled kernels against the reference interpreter: forward and all gradients, in float32.
#include "core/kernels/kernel.h"

#include "core/codegen/cpp_writer.h"
#include "core/codegen/export.h"
#include "core/graph/reader.h"
#include "core/graph/writer.h"
#include "core/lowering/plan.h"
#include "tests/core/lowering/random_graph.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>

namespace synoscope {
namespace {

constexpr double tolerance = 1e-4;

class KernelTest : public testing::Test
{
protected:
    // A cache of the test's own, so that nothing old is tested.
    KernelTest()
        : cache_(std::filesystem::temp_directory_path() /
                 fmt::format("synoscope-kernels-{}-{}", ::getpid(),
                             testing::UnitTest::GetInstance()->current_test_info()->name()))
    {
        ::setenv("XDG_CACHE_HOME", cache_.c_str(), 1);
    }
    ~KernelTest() override
    {
        ::unsetenv("SYNOSCOPE_CXX");
        std::filesystem::remove_all(cache_);
    }

    std::filesystem::path cache_;
};

struct Case
{
    PGraph graph;
    std::vector<Binding> layers;
};

// Relative to the largest value expected. Where sums cancel almost entirely, float32 cannot do that well (one case in
// thousands); there the rounding of what was added up is the measure. `terms` is the expected value for the absolute
// arguments: nothing cancels in it.
void expectClose(const Array& actual, const Array& expected, const Array& terms, const std::string& text)
{
    ASSERT_EQ(actual.shape, expected.shape) << text;
    double difference = 0;
    for (std::size_t i = 0; i < expected.values.size(); ++i)
        difference = std::max(difference, std::abs(actual.values[i] - expected.values[i]));
    const bool rounding = difference <= 1e-6 * test::largest(terms);
    ASSERT_TRUE(rounding || difference <= tolerance * test::largest(expected))
        << "deviates by " << difference << ", largest value " << test::largest(expected) << '\n'
        << text;
}

void expectSame(Kernel& kernel, const PGraph& graph, const Binding& binding, Random& random)
{
    const auto [input, weights] = test::randomArguments(graph, binding, random);
    const Array direction = test::randomArray(graph.shape(graph.output(), binding), random);
    const std::string text = writePGraph(graph.withBindings({binding})) + toString(lower(graph));
    const auto expected = evaluate(graph, binding, input, weights);
    const auto expectedGradients = gradients(graph, binding, input, weights, direction);
    const auto terms = evaluate(graph, binding, test::absolute(input), test::absolute(weights));
    const auto termsGradients =
        gradients(graph, binding, test::absolute(input), test::absolute(weights), test::absolute(direction));
    for (int run = 0; run < 2; ++run) { // the second finds what the first has left in its buffers
        const auto output = evaluateWithKernel(kernel, graph, binding, input, weights);
        ASSERT_TRUE(output) << output.error().text();
        ASSERT_NO_FATAL_FAILURE(expectClose(*output, *expected, *terms, "output\n" + text));
        const auto actual = gradientsWithKernel(kernel, graph, binding, input, weights, direction);
        ASSERT_TRUE(actual) << actual.error().text();
        ASSERT_NO_FATAL_FAILURE(expectClose(actual->input, expectedGradients->input, termsGradients->input,
                                            "gradient of the input\n" + text));
        for (std::size_t i = 0; i < weights.size(); ++i)
            ASSERT_NO_FATAL_FAILURE(expectClose(actual->weights[i], expectedGradients->weights[i],
                                                termsGradients->weights[i],
                                                fmt::format("gradient of weight {}\n{}", i, text)));
    }
}

void expectSame(const std::vector<Case>& cases, Random& random)
{
    std::vector<codegen::CppOperator> operators;
    for (std::size_t i = 0; i < cases.size(); ++i)
        operators.push_back({cases[i].graph, cases[i].layers, fmt::format("op{}", i)});
    const auto source = codegen::writeCpp(operators);
    ASSERT_TRUE(source) << source.error().text();
    const auto path = compileToLibrary(*source, {.time = std::chrono::seconds(600)});
    ASSERT_TRUE(path) << path.error().text() << path.error().details;
    const auto library = KernelLibrary::load(*path);
    ASSERT_TRUE(library) << library.error().text();
    for (std::size_t i = 0; i < cases.size(); ++i)
        for (const Binding& binding : cases[i].layers) {
            auto kernel = Kernel::find(*library, operators[i].prefix, cases[i].graph, binding);
            ASSERT_TRUE(kernel) << kernel.error().text();
            expectSame(*kernel, cases[i].graph, binding, random);
            if (testing::Test::HasFatalFailure())
                return;
        }
}

std::filesystem::path zooFolder()
{
    return std::filesystem::path(SYNOSCOPE_SOURCE_DIR) / "resources/operators";
}

// What layers of one file are told apart by.
std::vector<std::vector<std::int64_t>> shapes(const PGraph& graph, const Binding& binding)
{
    std::vector<std::vector<std::int64_t>> all{graph.shape(graph.input(), binding),
                                               graph.shape(graph.output(), binding)};
    for (const Weight& weight : graph.weights())
        all.push_back(graph.shape(weight.axes, binding));
    return all;
}

// Small numbers of which none divides the lanes of a vector, and an even window.
Binding oddBinding(const PGraph& graph)
{
    Binding binding = graph.bindings()[0];
    const auto set = [&](const char* name, std::int64_t value) {
        if (const auto id = graph.variables().find(name))
            binding.set(*id, value);
    };
    set("N", 3);
    set("k", 4);
    set("H", graph.variables().find("s") ? 6 : 5);
    set("W", graph.variables().find("s") ? 18 : 19);
    return binding;
}

TEST_F(KernelTest, OperatorsOfTheZooComputeWhatTheInterpreterComputes)
{
    std::vector<Case> cases;
    for (const auto& entry : std::filesystem::directory_iterator(zooFolder())) {
        if (entry.path().extension() != ".pgraph")
            continue;
        const auto graph = readPGraph(entry.path());
        ASSERT_TRUE(graph);
        cases.push_back({*graph, {graph->bindings()[0], oddBinding(*graph)}});
    }
    EXPECT_GE(cases.size(), 11U);
    Random random(5);
    expectSame(cases, random);
}

class RandomKernelTest : public KernelTest, public testing::WithParamInterface<int>
{};

TEST_P(RandomKernelTest, ComputesWhatTheInterpreterComputes)
{
    Random random(static_cast<std::uint64_t>(GetParam()));
    std::vector<Case> cases;
    while (cases.size() < 50) {
        const PGraph graph =
            test::randomGraph(random, {.statements = 4 + static_cast<int>(cases.size()) % 9, .mostPoints = 20000});
        const Plan plan = lower(graph);
        if (cost(plan, graph.bindings()[0]).peakBytes > 1e7 || cost(plan, graph.bindings()[1]).peakBytes > 1e7)
            continue;
        cases.push_back({graph, {graph.bindings()[0]}});
        if (shapes(graph, graph.bindings()[1]) != shapes(graph, graph.bindings()[0]))
            cases.back().layers.push_back(graph.bindings()[1]);
    }
    expectSame(cases, random);
}

INSTANTIATE_TEST_SUITE_P(FiftyOperators, RandomKernelTest, testing::Range(1, 1 + test::rounds(5)));

TEST_F(KernelTest, AMissingCompilerIsOneSentence)
{
    ::setenv("SYNOSCOPE_CXX", "/no/such/compiler", 1);
    const auto graph = readPGraph(zooFolder() / "conv2d.pgraph");
    const auto kernel = Kernel::compile(*graph, graph->bindings()[0]);
    ASSERT_FALSE(kernel);
    EXPECT_NE(kernel.error().message.find("/no/such/compiler"), std::string::npos);
    EXPECT_TRUE(kernel.error().message.ends_with('.'));
}

TEST_F(KernelTest, ACompilerThatHangsIsEnded)
{
    std::filesystem::create_directories(cache_);
    const auto script = cache_ / "hangs";
    std::ofstream(script) << "#!/bin/sh\nsleep 60\n";
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    ::setenv("SYNOSCOPE_CXX", script.c_str(), 1);
    const auto library = compileToLibrary("int x;", {.time = std::chrono::milliseconds(300)});
    ASSERT_FALSE(library);
    EXPECT_NE(library.error().message.find("time limit"), std::string::npos) << library.error().message;
}

TEST_F(KernelTest, WhatDoesNotCompileIsOneSentenceWithTheCompilersWordsBehind)
{
    const auto library = compileToLibrary("this is no C++");
    ASSERT_FALSE(library);
    EXPECT_FALSE(library.error().details.empty());
}

TEST_F(KernelTest, TheSameSourceIsCompiledOnce)
{
    const auto first = compileToLibrary("extern \"C\" int one() { return 1; }");
    ASSERT_TRUE(first) << first.error().text();
    const auto written = std::filesystem::last_write_time(*first);
    const auto second = compileToLibrary("extern \"C\" int one() { return 1; }");
    ASSERT_TRUE(second);
    EXPECT_EQ(*first, *second);
    EXPECT_EQ(std::filesystem::last_write_time(*second), written);
}

TEST_F(KernelTest, ExportedCodeCompilesWithoutWarnings)
{
    ::setenv("SYNOSCOPE_CXX", "c++", 1);
    const auto folder = cache_ / "export";
    std::filesystem::create_directories(folder);
    for (const char* name : {"low_rank", "pooled", "grouped"}) {
        const auto graph = readPGraph(zooFolder() / (std::string(name) + ".pgraph"));
        const auto text = exportOperator(*graph, ExportFormat::cpp);
        ASSERT_TRUE(text);
        std::ofstream(folder / "kernel.cpp") << *text;
        for (const char* openmp : {"-fopenmp", ""}) {
            const std::string command =
                fmt::format("c++ -std=c++17 -O1 -march=native -Wall -Wextra -Werror {} -c {} -o /dev/null", openmp,
                            (folder / "kernel.cpp").string());
            EXPECT_EQ(std::system(command.c_str()), 0) << name << ' ' << openmp;
        }
    }
}

} // namespace
} // namespace synoscope
