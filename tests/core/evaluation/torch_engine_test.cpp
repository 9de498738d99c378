// libtorch's two ways to run an operator, against the reference interpreter.
#include "core/evaluation/torch_engine.h"
#include "core/base/random.h"
#include "core/graph/writer.h"
#include "tests/core/evaluation/operators.h"
#include "tests/core/lowering/random_graph.h"

#include <cmath>
#include <filesystem>
#include <gmock/gmock.h>

using namespace synoscope;
using testing::HasSubstr;

namespace {

using test::randomArray;

// Largest difference, relative to the largest value.
double deviation(const Array& expected, const Array& actual)
{
    EXPECT_EQ(expected.shape, actual.shape);
    double scale = 1e-30;
    double worst = 0;
    for (std::size_t i = 0; i < expected.values.size() && i < actual.values.size(); ++i) {
        scale = std::max(scale, std::abs(expected.values[i]));
        worst = std::max(worst, std::abs(expected.values[i] - actual.values[i]));
    }
    return worst / scale;
}

// A layer small enough for the interpreter: the first of these under which every size is a positive integer.
std::optional<Binding> smallBinding(const PGraph& graph)
{
    for (const std::int64_t channels : {4, 6, 8, 12, 16, 24, 32, 48, 64})
        for (const std::int64_t side : {5, 6, 8, 12, 16}) {
            Binding binding = graph.bindings().empty() ? Binding() : graph.bindings().front();
            for (int i = 0; i < graph.variables().size(); ++i) {
                const VariableId id{static_cast<std::uint8_t>(i)};
                const Variable& variable = graph.variables()[id];
                if (variable.kind == VariableKind::primary)
                    binding.set(id, variable.name == "N" ? 2 : variable.name[0] == 'C' || variable.name == "D" ? channels : side);
            }
            binding.fillDefaults(graph.variables());
            if (std::ranges::all_of(graph.dimensions(), [&](const Dimension& d) { return evaluate(d.size, binding).value_or(0) > 0; }))
                return binding;
        }
    return std::nullopt;
}

struct Deviations
{
    double forward = 0;
    double gradient = 0;
};

Deviations compare(const PGraph& graph, const Binding& binding, Precision precision, TorchEngine engine)
{
    Random random(1);
    const Array input = randomArray(graph.shape(graph.input(), binding), random);
    std::vector<Array> weights;
    for (const Weight& weight : graph.weights())
        weights.push_back(randomArray(graph.shape(weight.axes, binding), random));
    const Array gradOutput = randomArray(graph.shape(graph.output(), binding), random);

    const auto output = evaluate(graph, binding, input, weights);
    const auto ours = evaluateWithTorch(graph, binding, input, weights, precision, engine);
    const auto expected = gradients(graph, binding, input, weights, gradOutput);
    const auto found = gradientsWithTorch(graph, binding, input, weights, gradOutput, precision, engine);
    if (!output || !ours || !expected || !found) {
        ADD_FAILURE() << (ours ? "" : ours.error().text() + ours.error().details) << (found ? "" : found.error().text() + found.error().details);
        return {};
    }
    Deviations deviations{deviation(*output, *ours), deviation(expected->input, found->input)};
    EXPECT_EQ(expected->weights.size(), found->weights.size());
    for (std::size_t i = 0; i < expected->weights.size(); ++i)
        deviations.gradient = std::max(deviations.gradient, deviation(expected->weights[i], found->weights[i]));
    return deviations;
}

std::vector<PGraph> zoo()
{
    std::vector<PGraph> graphs;
    for (const auto& entry : std::filesystem::directory_iterator(SYNOSCOPE_SOURCE_DIR "/resources/operators")) {
        if (entry.path().extension() != ".pgraph")
            continue;
        auto graph = readPGraph(entry.path());
        if (graph)
            graphs.push_back(*graph);
        else
            ADD_FAILURE() << graph.error().text();
    }
    return graphs;
}

class TorchEngines : public testing::TestWithParam<TorchEngine>
{
};
INSTANTIATE_TEST_SUITE_P(Torch, TorchEngines, testing::Values(TorchEngine::eager, TorchEngine::script),
                         [](const auto& info) { return info.param == TorchEngine::eager ? "eager" : "script"; });

TEST_P(TorchEngines, AgreeWithTheInterpreterOverTheZooForwardAndBackward)
{
    const auto graphs = zoo();
    EXPECT_FALSE(graphs.empty());
    Deviations worst32;
    Deviations worst64;
    for (const PGraph& graph : graphs) {
        SCOPED_TRACE(graph.name());
        const auto binding = smallBinding(graph);
        ASSERT_TRUE(binding) << "no small layer for " << graph.name();
        const Deviations in64 = compare(graph, *binding, Precision::float64, GetParam());
        const Deviations in32 = compare(graph, *binding, Precision::float32, GetParam());
        EXPECT_LT(in64.forward, 1e-12);
        EXPECT_LT(in64.gradient, 1e-12);
        EXPECT_LT(in32.forward, 1e-5);
        EXPECT_LT(in32.gradient, 1e-5);
        worst64 = {std::max(worst64.forward, in64.forward), std::max(worst64.gradient, in64.gradient)};
        worst32 = {std::max(worst32.forward, in32.forward), std::max(worst32.gradient, in32.gradient)};
    }
    std::printf("%zu operators; largest deviation float64 %.1e forward %.1e gradient, float32 %.1e forward %.1e gradient\n",
                graphs.size(), worst64.forward, worst64.gradient, worst32.forward, worst32.gradient);
}

// Every primitive, and windows that libraries do not know: even, dilated (padded by three in front and one behind), a window
// of which only every second entry is used, tiles.
TEST_P(TorchEngines, AgreeWithTheInterpreterOnUnusualViews)
{
    const std::vector<std::string> bodies{
        "y1, j = unfold y k\nj1 = share j w0.a\nreduce j1\ne = expand C\nf = share e w0.b\nd = share c w0.c\nreduce d\noutput n f y1 x\n",
        "y1, j = unfold y k*s\nt = stride j s\nj1 = share t w0.a\nreduce j1\ne = expand C\nf = share e w0.b\nd = share c w0.c\nreduce d\noutput n f y1 x\n",
        "y1, j = unfold y k\nx1 = shift x -2\nm = merge y1 x1\np, q = split m s\nj1 = share j w0.a\nreduce j1\nz = merge p q\nu, v = split z H\ne = expand C\nf = share e w0.b\nd = share c w0.c\nreduce d\noutput n f u v\n",
        "p, q = split y s\nreduce q\ne = expand s\nr = merge p e\ny1, j = unfold x k\nj1 = share j w0.a\nreduce j1\ng = expand C\nf = share g w0.b\nd = share c w0.c\nreduce d\noutput n f r y1\n",
    };
    for (const int window : {2, 3, 5}) {
        for (const std::string& body : bodies) {
            const PGraph graph = parse("pgraph 1\nname odd\nprimary N C H\ncoefficient k=" + std::to_string(window)
                                       + " s=2\ninput n:N c:C y:H x:H\nweight w0 a:k b:C c:C\n" + body + "bind N=2 C=4 H=6\n");
            SCOPED_TRACE(body);
            const Deviations deviations = compare(graph, graph.bindings().front(), Precision::float64, GetParam());
            EXPECT_LT(deviations.forward, 1e-12);
            EXPECT_LT(deviations.gradient, 1e-12);
        }
    }
}

TEST_P(TorchEngines, AgreeWithTheInterpreterOnRandomOperators)
{
    Random random(23);
    Deviations worst;
    int compared = 0;
    const int operators = test::rounds(500);
    for (int i = 0; i < operators; ++i) {
        const PGraph graph = test::randomGraph(
            random, {.statements = 5 + i % 8, .mostPoints = 4000, .weightsRequired = i % 8 != 0});
        for (const Binding& binding : graph.bindings()) {
            const Deviations deviations = compare(graph, binding, Precision::float32, GetParam());
            ASSERT_LT(std::max(deviations.forward, deviations.gradient), 1e-4) << writePGraph(graph);
            worst = {std::max(worst.forward, deviations.forward), std::max(worst.gradient, deviations.gradient)};
            ++compared;
        }
    }
    std::printf("%d layers of %d operators; largest deviation float32 %.1e forward %.1e gradient\n", compared, operators,
                worst.forward, worst.gradient);
}

TEST(TorchEngine, ArraysThatDoNotFitAreRefusedByName)
{
    const PGraph graph = parse(conv2dText);
    const Binding& binding = graph.bindings()[1];
    Random random(1);
    const Array input = randomArray({1, 32, 8, 8}, random);
    const std::vector<Array> weights{randomArray({32, 32, 3, 3}, random)};
    ASSERT_TRUE(evaluateWithTorch(graph, binding, input, weights));
    const auto refusal = [&](const Array& in, std::span<const Array> ws) {
        const auto result = evaluateWithTorch(graph, binding, in, ws);
        return result ? std::string("accepted") : result.error().message;
    };
    EXPECT_THAT(refusal(randomArray({1, 32, 8, 9}, random), weights), HasSubstr("The input has the shape [1, 32, 8, 9]"));
    EXPECT_THAT(refusal(input, {}), HasSubstr("1 weights, but 0"));
    const std::vector<Array> wrong{randomArray({32, 32, 3, 5}, random)};
    EXPECT_THAT(refusal(input, wrong), HasSubstr("'w0'"));
    Array shortOne = input;
    shortOne.values.pop_back();
    EXPECT_THAT(refusal(shortOne, weights), HasSubstr("2047 values"));
}

} // namespace
