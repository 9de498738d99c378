#include "core/graph/interpreter.h"

#include "core/graph/terms.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace synoscope {

namespace {

constexpr std::int64_t largestArray = std::int64_t{1} << 31; // elements; 16 GiB of double

// Addition and multiplication by kind of number.
double add(double a, double b)
{
    return a + b;
}

double multiply(double a, double b)
{
    return a * b;
}

using field::add;
using field::multiply;

Expected<void> checkShape(std::string_view what, const std::vector<std::int64_t>& shape, std::size_t values,
                          const std::vector<std::int64_t>& expected)
{
    if (shape != expected)
        return Error{fmt::format("the shape of {} is [{}]; expected [{}]", what, fmt::join(shape, ", "),
                                 fmt::join(expected, ", "))};
    const std::int64_t elements = saturatingProduct(expected);
    if (static_cast<std::int64_t>(values) != elements)
        return Error{fmt::format("{} holds {} values; expected {}, as its shape [{}] says", what, values, elements,
                                 fmt::join(shape, ", "))};
    return {};
}

Expected<void> checkSizes(const PGraph& graph, const Binding& binding)
{
    for (const Dimension& dimension : graph.dimensions())
        if (!synoscope::evaluate(dimension.size, binding))
            return Error{fmt::format("the size {} of the axis '{}' is no whole number under this binding",
                                     toString(dimension.size, graph.variables()), dimension.name)};
    return {};
}

template <typename AnyArray>
Expected<void> checkArguments(const PGraph& graph, const Binding& binding, const AnyArray& input,
                              std::span<const AnyArray> weights)
{
    if (auto ok = checkSizes(graph, binding); !ok)
        return ok;
    if (auto ok = checkShape("the input", input.shape, input.values.size(), graph.shape(graph.input(), binding)); !ok)
        return ok;
    if (weights.size() != graph.weights().size())
        return Error{fmt::format("{} weights were given; expected {}", weights.size(), graph.weights().size())};
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Weight& weight = graph.weights()[i];
        if (auto ok = checkShape(fmt::format("the weight '{}'", weight.name), weights[i].shape,
                                 weights[i].values.size(), graph.shape(weight.axes, binding));
            !ok)
            return ok;
    }
    return {};
}

template <typename AnyArray>
AnyArray zeros(std::vector<std::int64_t> shape)
{
    AnyArray array{std::move(shape), {}};
    array.values.assign(static_cast<std::size_t>(array.elements()), {});
    return array;
}

template <typename AnyArray>
Expected<AnyArray> evaluateOver(const PGraph& graph, const Binding& binding, const AnyArray& input,
                                std::span<const AnyArray> weights)
{
    if (auto ok = checkArguments(graph, binding, input, weights); !ok)
        return ok.error();
    const std::vector<std::int64_t> shape = graph.shape(graph.output(), binding);
    if (saturatingProduct(shape) > largestArray)
        return Error{fmt::format("the output of shape [{}] is too large to be computed", fmt::join(shape, ", "))};
    AnyArray out = zeros<AnyArray>(shape);
    Terms(graph, binding).forEach([&](std::int64_t o, std::int64_t i, std::span<const std::int64_t> w) {
        typename AnyArray::Scalar term = input.values[static_cast<std::size_t>(i)];
        for (std::size_t k = 0; k < weights.size(); ++k)
            term = multiply(term, weights[k].values[static_cast<std::size_t>(w[k])]);
        auto& sum = out.values[static_cast<std::size_t>(o)];
        sum = add(sum, term);
    });
    return out;
}

ModularArray reduced(ModularArray array)
{
    for (std::uint64_t& value : array.values)
        value %= fieldPrime;
    return array;
}

} // namespace

std::int64_t Array::elements() const
{
    return saturatingProduct(shape);
}

std::int64_t ModularArray::elements() const
{
    return saturatingProduct(shape);
}

Expected<Array> evaluate(const PGraph& graph, const Binding& binding, const Array& input,
                         std::span<const Array> weights)
{
    return evaluateOver(graph, binding, input, weights);
}

Expected<ModularArray> evaluateModulo(const PGraph& graph, const Binding& binding, const ModularArray& input,
                                      std::span<const ModularArray> weights)
{
    std::vector<ModularArray> reducedWeights(weights.begin(), weights.end());
    std::ranges::transform(reducedWeights, reducedWeights.begin(), reduced);
    return evaluateOver(graph, binding, reduced(input), std::span<const ModularArray>(reducedWeights));
}

Expected<Gradients> gradients(const PGraph& graph, const Binding& binding, const Array& input,
                              std::span<const Array> weights, const Array& gradOutput)
{
    if (auto ok = checkArguments(graph, binding, input, weights); !ok)
        return ok.error();
    if (auto ok = checkShape("the gradient of the output", gradOutput.shape, gradOutput.values.size(),
                             graph.shape(graph.output(), binding));
        !ok)
        return ok.error();
    Gradients result{zeros<Array>(input.shape), {}};
    for (const Array& weight : weights)
        result.weights.push_back(zeros<Array>(weight.shape));
    Terms(graph, binding).forEach([&](std::int64_t o, std::int64_t i, std::span<const std::int64_t> w) {
        const double out = gradOutput.values[static_cast<std::size_t>(o)];
        const double in = input.values[static_cast<std::size_t>(i)];
        // The product of all weights but number `left`.
        const auto others = [&](std::size_t left) {
            double product = 1;
            for (std::size_t k = 0; k < weights.size(); ++k)
                if (k != left)
                    product *= weights[k].values[static_cast<std::size_t>(w[k])];
            return product;
        };
        result.input.values[static_cast<std::size_t>(i)] += out * others(weights.size());
        for (std::size_t k = 0; k < weights.size(); ++k)
            result.weights[k].values[static_cast<std::size_t>(w[k])] += out * in * others(k);
    });
    return result;
}

} // namespace synoscope
