#include "core/graph/fingerprint.h"

#include "core/base/hash.h"
#include "core/graph/probe.h"
#include "core/graph/terms.h"
#include "core/graph/writer.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace synoscope {

namespace {

constexpr std::int64_t mostElements = std::int64_t{1} << 22; // of a weight under a probe
constexpr int refinements = 4;                               // with several weights; with one, the first is final

// All terms under a probe, as columns.
struct TermTable
{
    std::vector<std::uint64_t> places;                // hash of (output element, input element)
    std::vector<std::vector<std::uint32_t>> elements; // by weight
};

TermTable enumerate(const PGraph& graph, const Binding& binding)
{
    TermTable table;
    table.elements.resize(graph.weights().size());
    Terms(graph, binding, Simplify::yes).forEach([&](std::int64_t o, std::int64_t i, std::span<const std::int64_t> w) {
        table.places.push_back(combine(mix(static_cast<std::uint64_t>(o)), static_cast<std::uint64_t>(i)));
        for (std::size_t k = 0; k < w.size(); ++k)
            table.elements[k].push_back(static_cast<std::uint32_t>(w[k]));
    });
    return table;
}

using Colours = std::vector<std::vector<std::uint64_t>>; // by weight and element

// The colours that the elements of a term's weights have in common, whatever the order of the weights.
std::uint64_t colourOf(const TermTable& table, const Colours& colours, std::size_t term)
{
    std::uint64_t sum = 0;
    for (std::size_t k = 0; k < colours.size(); ++k)
        sum += colours[k][table.elements[k][term]];
    return sum;
}

// An element's new colour is the multiset of its terms, each with the colours of the other weights' elements.
Colours refine(const TermTable& table, const Colours& colours)
{
    Colours next = colours;
    for (auto& ofWeight : next)
        std::ranges::fill(ofWeight, 0);
    for (std::size_t term = 0; term < table.places.size(); ++term) {
        const std::uint64_t all = colourOf(table, colours, term);
        for (std::size_t k = 0; k < colours.size(); ++k) {
            const std::uint32_t element = table.elements[k][term];
            next[k][element] += combine(table.places[term], all - colours[k][element]);
        }
    }
    for (auto& ofWeight : next)
        std::ranges::transform(ofWeight, ofWeight.begin(), mix);
    return next;
}

std::uint64_t hashTerms(const TermTable& table, const Colours& colours)
{
    std::uint64_t sum = mix(table.places.size());
    for (std::size_t term = 0; term < table.places.size(); ++term)
        sum += combine(table.places[term], colourOf(table, colours, term));
    return mix(sum);
}

std::optional<std::uint64_t> probeHash(const PGraph& graph, const Binding& binding)
{
    Colours colours;
    for (const Weight& weight : graph.weights()) {
        const std::int64_t elements = saturatingProduct(graph.shape(weight.axes, binding));
        if (elements > mostElements)
            return std::nullopt;
        colours.emplace_back(static_cast<std::size_t>(elements), 1);
    }
    const TermTable table = enumerate(graph, binding);
    const int rounds = graph.weights().size() > 1 ? refinements : 1;
    for (int round = 0; round < rounds; ++round)
        colours = refine(table, colours);
    return hashTerms(table, colours);
}

// What no small probe shows: shapes, numbers of weights' elements and of points, with the real values of the
// coefficients.
std::string signature(const PGraph& graph, const ProbeChooser& chooser)
{
    const auto shape = [&](std::span<const DimensionId> axes) {
        std::vector<std::string> sizes;
        for (const DimensionId axis : axes)
            sizes.push_back(chooser.nameless(std::array{graph[axis].size}));
        return fmt::format("{}", fmt::join(sizes, ","));
    };
    std::vector<std::string> weights;
    for (const Weight& weight : graph.weights()) {
        std::vector<Size> sizes;
        for (const DimensionId axis : weight.axes)
            sizes.push_back(graph[axis].size);
        weights.push_back(chooser.nameless(sizes));
    }
    std::ranges::sort(weights);
    return fmt::format("{}>{};{};{}", shape(graph.input()), shape(graph.output()), fmt::join(weights, ","),
                       chooser.nameless(chooser.iterators()));
}

} // namespace

std::string fingerprint(const PGraph& graph)
{
    const ProbeChooser chooser(graph);
    std::string text = signature(graph, chooser);
    for (int probe = 0; probe < ProbeChooser::probes; ++probe) {
        const std::optional<Binding> binding = chooser.choose(probe);
        const auto hash = binding ? probeHash(graph, *binding) : std::nullopt;
        if (hash)
            text += ';' + hex(*hash);
        else if (probe == 0)
            text += ';' + canonicalHash(graph); // too large to be probed: equal only to itself
    }
    return hexDigest(text);
}

} // namespace synoscope
