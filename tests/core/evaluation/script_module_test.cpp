#include "core/evaluation/script_module.h"
#include "core/evaluation/torch_export.h"
#include "core/graph/formula.h"
#include "core/graph/writer.h"
#include "tests/core/evaluation/operators.h"
#include "tests/core/lowering/random_graph.h"

#include <cmath>
#include <gmock/gmock.h>
#include <sstream>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/jit/serialization/import.h>

using namespace synoscope;
using testing::HasSubstr;

namespace {

// Of the largest value.
double deviation(const torch::Tensor& actual, const torch::Tensor& expected)
{
    EXPECT_EQ(actual.sizes(), expected.sizes());
    if (actual.sizes() != expected.sizes())
        return 1;
    return (actual - expected).abs().max().item<double>() / std::max(1e-30, expected.abs().max().item<double>());
}

struct Trial
{
    PGraph graph;
    Binding binding;
    OperatorModule judge;
    torch::Tensor input;
};

Trial trial(const PGraph& graph, const Binding& binding)
{
    return {graph, binding, OperatorModule(graph, lower(graph), binding),
            torch::randn(graph.shape(graph.input(), binding))};
}

std::vector<Trial> trials()
{
    std::vector<Trial> all{trial(parse(conv2dText), parse(conv2dText).bindings()[0])};
    Random random(31);
    for (int i = 0; i < 60; ++i) {
        const PGraph graph =
            test::randomGraph(random, {.statements = 5 + i % 8, .mostPoints = 4000, .weightsRequired = true});
        all.push_back(trial(graph, graph.bindings()[0]));
    }
    return all;
}

// After two runs libtorch knows the shapes and exchanges the script for an optimised one, with a derivative of its own.
TEST(ScriptModule, ComputesTheSameBeforeAndAfterItIsOptimised)
{
    for (Trial& trial : trials()) {
        SCOPED_TRACE(writePGraph(trial.graph));
        std::vector<torch::Tensor> leaves = trial.judge.weights();
        leaves.push_back(trial.input.requires_grad_());
        ScriptModule module(trial.graph, trial.binding, trial.judge.weights());
        const torch::Tensor expected = trial.judge.forward(trial.input);
        const torch::Tensor direction = torch::randn_like(expected);
        const auto gradients = torch::autograd::grad({expected}, leaves, {direction}, c10::nullopt, false, true);
        for (int run = 0; run < 4; ++run) {
            const torch::Tensor actual = module.forward(trial.input);
            ASSERT_LT(deviation(actual, expected), 1e-4);
            const auto found = torch::autograd::grad({actual}, leaves, {direction}, c10::nullopt, false, true);
            for (std::size_t i = 0; i < leaves.size(); ++i) {
                if (!gradients[i].defined())
                    continue; // the operator does not look at it
                ASSERT_LT(deviation(found[i], gradients[i]), 1e-4) << "run " << run;
            }
        }
    }
}

TEST(ScriptModule, ComputesTheSameWhenFrozen)
{
    const torch::NoGradGuard noGrad;
    for (Trial& trial : trials()) {
        SCOPED_TRACE(writePGraph(trial.graph));
        ScriptModule module(trial.graph, trial.binding, trial.judge.weights());
        module.freeze();
        const torch::Tensor expected = trial.judge.forward(trial.input);
        for (int run = 0; run < 3; ++run)
            ASSERT_LT(deviation(module.forward(trial.input), expected), 1e-4);
    }
}

TEST(TorchExport, TheFileOpensAgainWithItsParametersAndWhatItIs)
{
    const PGraph graph = parse(conv2dText);
    const auto bytes = exportTorchScript(graph);
    ASSERT_TRUE(bytes) << bytes.error().text();
    std::istringstream stream(*bytes);
    torch::jit::ExtraFilesMap extra{{"operator.pgraph", ""}, {"operator.txt", ""}};
    torch::jit::Module module = torch::jit::load(stream, c10::nullopt, extra);

    const auto parameters = module.named_parameters();
    ASSERT_EQ(parameters.size(), 1u);
    EXPECT_EQ((*parameters.begin()).name, "w0");
    const torch::Tensor weight = (*parameters.begin()).value;
    EXPECT_TRUE(weight.requires_grad());
    EXPECT_EQ(weight.sizes(), (std::vector<std::int64_t>{32, 16, 3, 3}));
    EXPECT_NEAR(weight.std().item<double>(), 1 / std::sqrt(16 * 9), 0.005);
    EXPECT_THAT(extra["operator.txt"], HasSubstr(formula(graph)));
    EXPECT_THAT(extra["operator.txt"], HasSubstr(canonicalHash(graph)));
    EXPECT_EQ(canonicalHash(parse(extra["operator.pgraph"])), canonicalHash(graph));

    // Another batch and other extents than those of the layer.
    const torch::Tensor input = torch::randn({3, 16, 9, 7});
    const torch::Tensor expected = torch::conv2d(input, weight, {}, 1, 1);
    EXPECT_LT(deviation(module.forward({input}).toTensor(), expected), 1e-5);
    EXPECT_EQ(*exportTorchScript(graph), *bytes);
}

TEST(TorchExport, MoreThanAFileHoldsIsRefusedBeforeItIsDrawn)
{
    const auto bytes = exportTorchScript(parse(pointwiseText + "bind N=1 C_in=100000 C_out=100000 H=1 W=1\n"));
    ASSERT_FALSE(bytes);
    EXPECT_THAT(bytes.error().message, HasSubstr("40.0 GB"));
}

TEST(TorchExport, FilesOfRandomOperatorsOpenAndCompute)
{
    const torch::NoGradGuard noGrad;
    for (Trial& trial : trials()) {
        SCOPED_TRACE(writePGraph(trial.graph));
        const auto bytes = exportTorchScript(trial.graph);
        ASSERT_TRUE(bytes) << bytes.error().text();
        std::istringstream stream(*bytes);
        torch::jit::Module module = torch::jit::load(stream);
        std::vector<torch::Tensor> weights;
        for (const torch::Tensor& weight : module.parameters())
            weights.push_back(weight);
        const torch::Tensor expected = PlanExecutor(lower(trial.graph), trial.binding).run(trial.input, weights);
        ASSERT_LT(deviation(module.forward({trial.input}).toTensor(), expected), 1e-5);
    }
}

} // namespace
