#include "core/evaluation/torch_engine.h"

#include "core/evaluation/script_module.h"
#include "core/evaluation/torch_errors.h"
#include "core/nn/plan_executor.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/autograd/autograd.h>

namespace synoscope {

namespace {

Expected<torch::Tensor> toTensor(const Array& array, const std::vector<std::int64_t>& shape, std::string_view what, Precision precision)
{
    if (array.shape != shape)
        return Error{fmt::format("{} has the shape [{}], expected [{}].", what, fmt::join(array.shape, ", "), fmt::join(shape, ", "))};
    if (static_cast<std::int64_t>(array.values.size()) != array.elements())
        return Error{fmt::format("{} has {} values, but its shape [{}] says {}.", what, array.values.size(), fmt::join(shape, ", "), array.elements())};
    const auto tensor = torch::empty(shape, torch::kFloat64);
    std::ranges::copy(array.values, tensor.data_ptr<double>());
    return precision == Precision::float64 ? tensor : tensor.to(torch::kFloat32);
}

Array toArray(const torch::Tensor& tensor)
{
    const torch::Tensor values = tensor.detach().to(torch::kFloat64).contiguous();
    Array array;
    array.shape = values.sizes().vec();
    array.values.assign(values.data_ptr<double>(), values.data_ptr<double>() + values.numel());
    return array;
}

// Input and weights as tensors, checked.
struct Arguments
{
    torch::Tensor input;
    std::vector<torch::Tensor> weights;
};

Expected<Arguments> convert(const PGraph& graph, const Binding& binding, const Array& input, std::span<const Array> weights, Precision precision)
{
    if (weights.size() != graph.weights().size())
        return Error{fmt::format("The operator '{}' has {} weights, but {} were given.", graph.name(), graph.weights().size(), weights.size())};
    Arguments arguments;
    auto data = toTensor(input, graph.shape(graph.input(), binding), "The input", precision);
    if (!data)
        return data.error();
    arguments.input = *data;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Weight& weight = graph.weights()[i];
        auto tensor = toTensor(weights[i], graph.shape(weight.axes, binding), fmt::format("The weight '{}'", weight.name), precision);
        if (!tensor)
            return tensor.error();
        arguments.weights.push_back(*tensor);
    }
    return arguments;
}

torch::Tensor run(const PGraph& graph, const Binding& binding, const Arguments& arguments, TorchEngine engine)
{
    if (engine == TorchEngine::script)
        return ScriptModule(graph.withBindings({binding}), binding, arguments.weights).forward(arguments.input);
    return PlanExecutor(lower(graph), binding).run(arguments.input, arguments.weights);
}

} // namespace

Expected<Array> evaluateWithTorch(const PGraph& graph, const Binding& binding, const Array& input,
                                  std::span<const Array> weights, Precision precision, TorchEngine engine)
{
    const auto arguments = convert(graph, binding, input, weights, precision);
    if (!arguments)
        return arguments.error();
    try {
        const torch::NoGradGuard noGrad;
        return toArray(run(graph, binding, *arguments, engine));
    } catch (const std::exception& exception) {
        return sentenceFor(exception, "libtorch could not run the operator");
    }
}

Expected<Gradients> gradientsWithTorch(const PGraph& graph, const Binding& binding, const Array& input,
                                       std::span<const Array> weights, const Array& gradOutput, Precision precision,
                                       TorchEngine engine)
{
    const auto arguments = convert(graph, binding, input, weights, precision);
    if (!arguments)
        return arguments.error();
    const auto gradient = toTensor(gradOutput, graph.shape(graph.output(), binding), "The gradient of the output", precision);
    if (!gradient)
        return gradient.error();
    try {
        std::vector<torch::Tensor> leaves{arguments->input};
        leaves.insert(leaves.end(), arguments->weights.begin(), arguments->weights.end());
        for (torch::Tensor& leaf : leaves)
            leaf.requires_grad_();
        const torch::Tensor output = run(graph, binding, *arguments, engine);
        const auto found = torch::autograd::grad({output}, leaves, {*gradient}, c10::nullopt, false, true);
        Gradients gradients;
        for (std::size_t i = 0; i < leaves.size(); ++i) {
            // An operator that does not look at it has no gradient by it: zero.
            Array array = toArray(found[i].defined() ? found[i] : torch::zeros_like(leaves[i]));
            if (i == 0)
                gradients.input = std::move(array);
            else
                gradients.weights.push_back(std::move(array));
        }
        return gradients;
    } catch (const std::exception& exception) {
        return sentenceFor(exception, "libtorch could not run the operator");
    }
}

} // namespace synoscope
