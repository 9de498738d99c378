// Halide pipelines against the reference interpreter: forward and all gradients, in float32.
#include "core/halide/kernel.h"

#include "core/graph/reader.h"
#include "core/graph/writer.h"
#include "core/lowering/plan.h"
#include "tests/core/lowering/random_graph.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <limits>

namespace synoscope {
namespace {

constexpr double tolerance = 1e-4;

class HalideTest : public testing::Test
{
protected:
    // Relative to the largest value expected. Where sums cancel almost entirely, float32 cannot do that well; there the
    // rounding of what was added up is the measure: `terms` is the expected value for the absolute arguments.
    void expectClose(const Array& actual, const Array& expected, const Array& terms, const std::string& text)
    {
        ASSERT_EQ(actual.shape, expected.shape) << text;
        double difference = 0;
        for (std::size_t i = 0; i < expected.values.size(); ++i)
            difference = std::max(difference, std::abs(actual.values[i] - expected.values[i]));
        if (difference <= tolerance * test::largest(expected)) {
            worst_ = std::max(worst_, difference == 0 ? 0 : difference / test::largest(expected));
            return;
        }
        ASSERT_LE(difference, 1e-6 * test::largest(terms)) << text;
        ++rounded_;
    }

    void expectSame(const PGraph& graph, const Binding& binding, Random& random)
    {
        const auto [input, weights] = test::randomArguments(graph, binding, random);
        const Array direction = test::randomArray(graph.shape(graph.output(), binding), random);
        const std::string text = writePGraph(graph.withBindings({binding})) + toString(lower(graph));
        const auto expected = evaluate(graph, binding, input, weights);
        const auto expectedGradients = gradients(graph, binding, input, weights, direction);
        const auto terms = evaluate(graph, binding, test::absolute(input), test::absolute(weights));
        const auto termsGradients =
            gradients(graph, binding, test::absolute(input), test::absolute(weights), test::absolute(direction));
        const auto output = evaluateWithHalide(graph, binding, input, weights);
        ASSERT_TRUE(output) << output.error().text() << output.error().details << text;
        ASSERT_NO_FATAL_FAILURE(expectClose(*output, *expected, *terms, "output\n" + text));
        const auto actual = differentiateWithHalide(graph, binding, input, weights, direction);
        ASSERT_TRUE(actual) << actual.error().text() << actual.error().details << text;
        ASSERT_NO_FATAL_FAILURE(expectClose(actual->input, expectedGradients->input, termsGradients->input,
                                            "gradient of the input\n" + text));
        for (std::size_t i = 0; i < weights.size(); ++i)
            ASSERT_NO_FATAL_FAILURE(expectClose(actual->weights[i], expectedGradients->weights[i],
                                                termsGradients->weights[i],
                                                fmt::format("gradient of weight {}\n{}", i, text)));
    }

    void TearDown() override
    {
        RecordProperty("worst_deviation", fmt::format("{:.2g}", worst_));
        RecordProperty("cancelled", rounded_);
    }

    double worst_ = 0;
    int rounded_ = 0; // tensors whose sums cancelled almost entirely
};

std::vector<PGraph> zoo()
{
    std::vector<PGraph> graphs;
    const auto folder = std::filesystem::path(SYNOSCOPE_SOURCE_DIR) / "resources/operators";
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".pgraph")
            graphs.push_back(*readPGraph(entry.path()));
    return graphs;
}

// A batch, numbers of which none divides the lanes of a vector, and an even window.
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

TEST_F(HalideTest, OperatorsOfTheZooComputeWhatTheInterpreterComputes)
{
    const std::vector<PGraph> graphs = zoo();
    EXPECT_GE(graphs.size(), 11U);
    Random random(5);
    for (const PGraph& graph : graphs)
        for (const Binding& binding : {graph.bindings()[0], oddBinding(graph)})
            ASSERT_NO_FATAL_FAILURE(expectSame(graph, binding, random));
}

TEST_F(HalideTest, PipelinesScheduledByHalideComputeTheSame)
{
    Random random(7);
    for (const PGraph& graph : zoo())
        for (const char* name : {"halide-adams", "halide-li", "halide-mullapudi"}) {
            const Binding binding = oddBinding(graph);
            auto kernel = halideKernel(graph, binding, 2, *halideSchedulerNamed(name));
            ASSERT_TRUE(kernel) << name << ' ' << kernel.error().text() << kernel.error().details;
            const auto [input, weights] = test::randomArguments(graph, binding, random);
            const auto expected = evaluate(graph, binding, input, weights);
            const auto terms = evaluate(graph, binding, test::absolute(input), test::absolute(weights));
            const auto actual = evaluateWithKernel(*kernel, graph, binding, input, weights);
            ASSERT_TRUE(actual) << actual.error().text();
            EXPECT_NO_FATAL_FAILURE(expectClose(*actual, *expected, *terms, graph.name() + ' ' + name));
        }
}

// The arrays of a kernel's caller lie anywhere; Halide's own are aligned.
TEST_F(HalideTest, ArraysNeedNoAlignment)
{
    const PGraph graph = *readPGraph(std::filesystem::path(SYNOSCOPE_SOURCE_DIR) / "resources/operators/conv2d.pgraph");
    const Binding binding = oddBinding(graph);
    auto kernel = halideKernel(graph, binding, 2);
    ASSERT_TRUE(kernel);
    Random random(2);
    const auto room = [&](std::span<const DimensionId> axes) {
        const Array array = test::randomArray(graph.shape(axes, binding), random);
        std::vector<float> values(array.values.begin(), array.values.end());
        values.insert(values.begin(), 0); // then the array begins at an odd place
        return values;
    };
    const auto input = room(graph.input());
    const auto weight = room(graph.weights()[0].axes);
    auto output = room(graph.output());
    auto gradInput = room(graph.input());
    auto gradWeight = room(graph.weights()[0].axes);
    const float* weights[] = {weight.data() + 1};
    float* gradWeights[] = {gradWeight.data() + 1};
    kernel->setWeights(weights);
    kernel->forward(input.data() + 1, output.data() + 1);
    kernel->backward(input.data() + 1, weights, output.data() + 1, gradInput.data() + 1, gradWeights);
    const auto array = [&](const std::vector<float>& values, std::span<const DimensionId> axes) {
        return Array{graph.shape(axes, binding), std::vector<double>(values.begin() + 1, values.end())};
    };
    const std::vector<Array> given{array(weight, graph.weights()[0].axes)};
    const auto expected = evaluate(graph, binding, array(input, graph.input()), given);
    const auto byInterpreter =
        gradients(graph, binding, array(input, graph.input()), given, array(output, graph.output()));
    EXPECT_LT(test::deviation(array(output, graph.output()), *expected), tolerance);
    EXPECT_LT(test::deviation(array(gradInput, graph.input()), byInterpreter->input), tolerance);
    EXPECT_LT(test::deviation(array(gradWeight, graph.weights()[0].axes), byInterpreter->weights[0]), tolerance);
}

// Halide 14 takes a strided vector at a constant place of its own memory for aligned: this one ended the process.
TEST_F(HalideTest, VectorsOfATileAreDense)
{
    const auto graph = parsePGraph("pgraph 1\nname tile\nprimary C H\ncoefficient k=3 s=2\n"
                                   "input h_s:H*s h:H c:C\nweight w0 k:k c:C k1:k\n"
                                   "c1, k_c = unfold c k^2\nk_c1 = shift k_c -3\nk_c2 = stride k_c1 k\n"
                                   "k = expand k\nk1 = share k w0.k\nc2 = share c1 w0.c\nk_c3 = share k_c2 w0.k1\n"
                                   "reduce c2 k_c3\noutput h h_s k1\nbind C=4 H=2\n",
                                   "test");
    ASSERT_TRUE(graph) << graph.error().text();
    Random random(6);
    expectSame(*graph, graph->bindings()[0], random);
}

TEST_F(HalideTest, AnOperatorTooLargeIsOneSentence)
{
    const PGraph graph = *readPGraph(std::filesystem::path(SYNOSCOPE_SOURCE_DIR) / "resources/operators/conv2d.pgraph");
    Binding binding = graph.bindings()[0];
    for (const char* name : {"H", "W"})
        binding.set(*graph.variables().find(name), 100000);
    const auto kernel = halideKernel(graph, binding, 1);
    ASSERT_FALSE(kernel);
    EXPECT_NE(kernel.error().message.find("needs a tensor of 80000000000 elements"), std::string::npos)
        << kernel.error().message;
}

TEST_F(HalideTest, WhatIsNotFiniteIsOneSentence)
{
    const PGraph graph = *readPGraph(std::filesystem::path(SYNOSCOPE_SOURCE_DIR) / "resources/operators/conv2d.pgraph");
    const Binding binding = graph.bindings()[0];
    Random random(4);
    auto [input, weights] = test::randomArguments(graph, binding, random);
    input.values[3] = std::numeric_limits<double>::infinity();
    const auto output = evaluateWithHalide(graph, binding, input, weights);
    ASSERT_FALSE(output);
    EXPECT_NE(output.error().message.find("not finite"), std::string::npos);
}

TEST_F(HalideTest, BackEndsHaveNames)
{
    EXPECT_EQ(halideSchedulerNamed("halide"), HalideScheduler::own);
    EXPECT_EQ(halideSchedulerNamed("halide-adams"), HalideScheduler::adams2019);
    EXPECT_EQ(halideSchedulerNamed("cpp"), std::nullopt);
}

class RandomHalideTest : public HalideTest, public testing::WithParamInterface<int>
{};

TEST_P(RandomHalideTest, ComputesWhatTheInterpreterComputes)
{
    Random random(static_cast<std::uint64_t>(GetParam()));
    for (int i = 0; i < 10; ++i) {
        const PGraph graph = test::randomGraph(random, {.statements = 4 + i % 9, .mostPoints = 20000});
        for (const Binding& binding : graph.bindings()) {
            if (cost(lower(graph), binding).peakBytes > 1e7)
                continue;
            ASSERT_NO_FATAL_FAILURE(expectSame(graph, binding, random));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(TenOperators, RandomHalideTest, testing::Range(1, 1 + test::rounds(5)));

} // namespace
} // namespace synoscope
