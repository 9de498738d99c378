#include "core/graph/fingerprint.h"

#include "core/base/hash.h"
#include "core/graph/colours.h"
#include "core/graph/probe.h"
#include "core/graph/writer.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>

namespace synoscope {

namespace {

using Exchange = std::vector<int>; // by axis position: the one it is exchanged with, or itself

// All exchanges that the pairs generate, doing nothing among them.
std::vector<Exchange> exchanges(const PGraph& graph, const Equivalence& equivalence)
{
    const auto axes = static_cast<int>(std::min(graph.input().size(), graph.output().size()));
    Exchange none(std::max(graph.input().size(), graph.output().size()));
    std::iota(none.begin(), none.end(), 0);
    std::vector<Exchange> found{none};
    for (std::size_t i = 0; i < found.size(); ++i)
        for (const auto& [a, b] : equivalence.interchangeable) {
            if (a < 0 || b < 0 || a >= axes || b >= axes)
                continue;
            Exchange next = found[i];
            std::swap(next[static_cast<std::size_t>(a)], next[static_cast<std::size_t>(b)]);
            if (std::ranges::find(found, next) == found.end())
                found.push_back(std::move(next));
        }
    return found;
}

AxisRoles rolesOf(const PGraph& graph, const Equivalence& equivalence, const Exchange& exchange)
{
    const auto roles = [&](std::size_t axes, const std::vector<bool>& unordered) {
        std::vector<AxisRole> list;
        for (std::size_t i = 0; i < axes; ++i)
            list.push_back({exchange[i], i < unordered.size() && unordered[i]});
        return list;
    };
    return {roles(graph.input().size(), equivalence.unorderedInput),
            roles(graph.output().size(), equivalence.unorderedOutput)};
}

// The variable that is the whole size; nothing for any other size.
std::optional<VariableId> onlyVariable(const Size& size)
{
    for (int i = 0; i < maxVariables; ++i)
        if (const VariableId id{static_cast<std::uint8_t>(i)}; size == Size::of(id))
            return id;
    return std::nullopt;
}

// The layer at which the mirror image has the shapes that the operator has at `binding`. Nothing where that cannot be
// said with the operator's variables: then it has no mirror image within its problem.
std::optional<Binding> mirrored(const PGraph& graph, const Binding& binding, const Exchange& exchange)
{
    Binding result = binding;
    for (const auto& axes : {graph.input(), graph.output()})
        for (std::size_t i = 0; i < axes.size(); ++i) {
            const auto other = static_cast<std::size_t>(exchange[i]);
            const auto from = onlyVariable(graph[axes[other]].size);
            const auto to = onlyVariable(graph[axes[i]].size);
            if (other != i && from && to)
                result.set(*to, binding[*from]);
        }
    for (const Dimension& dimension : graph.dimensions())
        if (!evaluate(dimension.size, result))
            return std::nullopt;
    for (const auto& axes : {graph.input(), graph.output()})
        for (std::size_t i = 0; i < axes.size(); ++i)
            if (evaluate(graph[axes[static_cast<std::size_t>(exchange[i])]].size, binding) !=
                evaluate(graph[axes[i]].size, result))
                return std::nullopt;
    return result;
}

// The operator at one layer. Nothing when it is too large.
std::optional<std::string> layerText(const PGraph& graph, const Binding& binding, const AxisRoles& roles)
{
    const auto form = DigitForm::of(graph, binding);
    const auto factors = form ? factorise(*form, roles) : std::nullopt;
    if (!factors)
        return std::nullopt;
    std::size_t axisClasses = 0;
    const auto shape = [&](std::span<const Digits> axes, std::span<const AxisRole> list) {
        std::vector<std::string> sizes(axes.size());
        for (std::size_t i = 0; i < axes.size(); ++i) {
            axisClasses += list[i].unordered;
            sizes[static_cast<std::size_t>(list[i].label)] =
                fmt::format("{}{}", extentOf(axes[i]), list[i].unordered ? "u" : "");
        }
        return fmt::format("{}", fmt::join(sizes, ","));
    };
    const std::string input = shape(form->input(), roles.input);
    const std::string output = shape(form->output(), roles.output);
    std::vector<std::int64_t> weights;
    for (const Digits& weight : form->weights())
        weights.push_back(extentOf(weight));
    std::ranges::sort(weights);
    return fmt::format("{}>{};{};{}", input, output, fmt::join(weights, ","), hex(colourHash(*factors, axisClasses)));
}

// All layers, each once, in an order of their own. Nothing when the operator has no such image, or is too large.
std::optional<std::string> imageText(const PGraph& graph, std::span<const Binding> bindings,
                                     const Equivalence& equivalence, const Exchange& exchange)
{
    const AxisRoles roles = rolesOf(graph, equivalence, exchange);
    std::vector<std::string> layers;
    for (const Binding& binding : bindings) {
        const auto image = mirrored(graph, binding, exchange);
        auto layer = image ? layerText(graph, *image, roles) : std::nullopt;
        if (!layer)
            return std::nullopt;
        layers.push_back(std::move(*layer));
    }
    std::ranges::sort(layers);
    layers.erase(std::ranges::unique(layers).begin(), layers.end());
    return fmt::format("{}", fmt::join(layers, "\n"));
}

// What is left of a binding when only the variables that occur count.
std::vector<Binding> distinctLayers(const PGraph& graph)
{
    std::vector<Binding> layers;
    for (const Binding& binding : graph.bindings()) {
        Binding layer;
        for (const Dimension& dimension : graph.dimensions())
            for (std::uint8_t i = 0; i < maxVariables; ++i)
                if (dimension.size.exponent({i}) != 0)
                    layer.set({i}, binding[{i}]);
        if (std::ranges::find(layers, layer) == layers.end())
            layers.push_back(layer);
    }
    return layers;
}

} // namespace

std::string fingerprint(const PGraph& graph, const Equivalence& equivalence)
{
    const std::vector<Binding> layers = graph.bindings().empty() ? probes(graph) : distinctLayers(graph);
    std::optional<std::string> least;
    for (const Exchange& exchange : exchanges(graph, equivalence))
        if (auto text = imageText(graph, layers, equivalence, exchange); text && (!least || *text < *least))
            least = std::move(text);
    // Too large for any of this, an operator equals only itself.
    return hexDigest(least && !layers.empty() ? *least : canonicalHash(graph));
}

std::string fingerprint(const PGraph& graph)
{
    return fingerprint(graph, {});
}

} // namespace synoscope
