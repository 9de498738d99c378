#include "isomorphism.h"

#include "core/base/hash.h"
#include "core/graph/terms.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace synoscope::test {

namespace {

using Vertex = std::uint32_t;
using Colours = std::vector<std::uint64_t>;

// Vertices: positions along unordered axes and entries of weights, those that occur. Every term has one of each class.
struct Structure
{
    struct Term
    {
        std::vector<std::int64_t> places; // along ordered axes
        std::vector<Vertex> vertices;     // by class
        friend auto operator<=>(const Term&, const Term&) = default;
    };
    std::vector<Term> terms;
    std::vector<std::size_t> classOf; // by vertex
};

std::vector<std::int64_t> positions(std::int64_t element, std::span<const std::int64_t> shape)
{
    std::vector<std::int64_t> result(shape.size());
    for (std::size_t i = shape.size(); i-- > 0; element /= shape[i])
        result[i] = element % shape[i];
    return result;
}

struct Naming // of axes and weights: which of the graph's comes at each place
{
    std::vector<std::size_t> input, output, weights;
};

Structure structureOf(const PGraph& graph, std::size_t layer, const Equivalence& equivalence, const Naming& naming)
{
    const Binding& binding = graph.bindings()[layer];
    Structure result;
    std::map<std::pair<std::size_t, std::int64_t>, Vertex> vertices;
    const auto vertex = [&](std::size_t ofClass, std::int64_t member) {
        const auto [entry, fresh] = vertices.try_emplace({ofClass, member}, static_cast<Vertex>(vertices.size()));
        if (fresh)
            result.classOf.push_back(ofClass);
        return entry->second;
    };
    const auto input = graph.shape(graph.input(), binding);
    const auto output = graph.shape(graph.output(), binding);
    Terms(graph, binding).forEach([&](std::int64_t o, std::int64_t i, std::span<const std::int64_t> w) {
        Structure::Term term;
        std::size_t ofClass = 0;
        const auto axes = [&](const std::vector<std::int64_t>& at, const std::vector<std::size_t>& order,
                              const std::vector<bool>& unordered) {
            for (std::size_t axis = 0; axis < order.size(); ++axis) {
                if (axis < unordered.size() && unordered[axis])
                    term.vertices.push_back(vertex(ofClass++, at[order[axis]]));
                else
                    term.places.push_back(at[order[axis]]);
            }
        };
        axes(positions(i, input), naming.input, equivalence.unorderedInput);
        axes(positions(o, output), naming.output, equivalence.unorderedOutput);
        for (const std::size_t weight : naming.weights)
            term.vertices.push_back(vertex(ofClass++, w[weight]));
        result.terms.push_back(std::move(term));
    });
    return result;
}

class Matching
{
public:
    Matching(const Structure& a, const Structure& b) : structures_{&a, &b} {}

    std::optional<bool> run()
    {
        std::array<Colours, 2> colours;
        for (std::size_t side = 0; side < 2; ++side)
            for (const std::size_t ofClass : structures_[side]->classOf)
                colours[side].push_back(mix(ofClass));
        const bool found = extend(std::move(colours));
        return budget_ > 0 ? std::optional(found) : std::nullopt;
    }

private:
    static Colours sorted(Colours colours)
    {
        std::ranges::sort(colours);
        return colours;
    }

    Colours next(std::size_t side, const Colours& colours)
    {
        Colours sums(colours.size());
        budget_ -= static_cast<std::int64_t>(structures_[side]->terms.size());
        for (const Structure::Term& term : structures_[side]->terms) {
            std::uint64_t hash = 1;
            for (const std::int64_t place : term.places)
                hash = combine(hash, static_cast<std::uint64_t>(place));
            for (const Vertex vertex : term.vertices)
                hash = combine(hash, colours[vertex]);
            for (const Vertex vertex : term.vertices)
                sums[vertex] += mix(hash);
        }
        for (std::size_t v = 0; v < sums.size(); ++v)
            sums[v] = combine(colours[v], sums[v]);
        return sums;
    }

    bool refine(std::array<Colours, 2>& colours)
    {
        for (std::size_t cells = 0;;) {
            Colours inA = sorted(colours[0]);
            if (inA != sorted(colours[1]) || budget_ <= 0)
                return false;
            inA.erase(std::ranges::unique(inA).begin(), inA.end());
            if (inA.size() == cells)
                return true;
            cells = inA.size();
            for (std::size_t side = 0; side < 2; ++side)
                colours[side] = next(side, colours[side]);
        }
    }

    bool extend(std::array<Colours, 2> colours)
    {
        if (!refine(colours))
            return false;
        std::map<std::uint64_t, std::vector<Vertex>> cells;
        for (Vertex v = 0; v < colours[0].size(); ++v)
            cells[colours[0][v]].push_back(v);
        const std::vector<Vertex>* cell = nullptr;
        for (const auto& [colour, members] : cells)
            if (members.size() > 1 && (!cell || members.size() < cell->size()))
                cell = &members;
        if (!cell)
            return maps(colours);
        const Vertex chosen = cell->front();
        for (Vertex v = 0; v < colours[1].size(); ++v) {
            if (colours[1][v] != colours[0][chosen])
                continue;
            std::array<Colours, 2> one = colours;
            one[0][chosen] = one[1][v] = mix(one[0][chosen]);
            if (extend(std::move(one)))
                return true;
        }
        return false;
    }

    // With every vertex of its own colour: does the mapping by colours take one set of terms to the other?
    bool maps(const std::array<Colours, 2>& colours) const
    {
        std::map<std::uint64_t, Vertex> inB;
        for (Vertex v = 0; v < colours[1].size(); ++v)
            inB[colours[1][v]] = v;
        std::vector<Structure::Term> mapped = structures_[0]->terms;
        for (Structure::Term& term : mapped)
            for (Vertex& vertex : term.vertices)
                vertex = inB.at(colours[0][vertex]);
        std::vector<Structure::Term> expected = structures_[1]->terms;
        std::ranges::sort(mapped);
        std::ranges::sort(expected);
        return mapped == expected;
    }

    std::array<const Structure*, 2> structures_;
    std::int64_t budget_ = 20'000'000; // of visits of terms
};

std::vector<std::size_t> inOrder(std::size_t count)
{
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    return order;
}

std::vector<std::int64_t> sortedWeights(const PGraph& graph, std::size_t layer)
{
    std::vector<std::int64_t> sizes;
    for (const Weight& weight : graph.weights())
        sizes.push_back(saturatingProduct(graph.shape(weight.axes, graph.bindings()[layer])));
    std::ranges::sort(sizes);
    return sizes;
}

} // namespace

std::optional<bool> isomorphic(const PGraph& a, const PGraph& b, std::size_t layer, const Equivalence& equivalence)
{
    if (a.input().size() != b.input().size() || a.output().size() != b.output().size())
        return false;
    if (sortedWeights(a, layer) != sortedWeights(b, layer))
        return false;
    Naming plain{inOrder(a.input().size()), inOrder(a.output().size()), inOrder(a.weights().size())};
    const Structure ofA = structureOf(a, layer, equivalence, plain);
    std::vector<Naming> namings{plain};
    for (const auto& [one, other] : equivalence.interchangeable) {
        if (static_cast<std::size_t>(std::max(one, other)) >= std::min(a.input().size(), a.output().size()))
            continue;
        Naming mirror = plain;
        std::swap(mirror.input[static_cast<std::size_t>(one)], mirror.input[static_cast<std::size_t>(other)]);
        std::swap(mirror.output[static_cast<std::size_t>(one)], mirror.output[static_cast<std::size_t>(other)]);
        namings.push_back(mirror);
    }
    const auto shapeUnder = [&](const PGraph& graph, const Naming& naming) {
        std::vector<std::int64_t> shape;
        for (const std::size_t i : naming.input)
            shape.push_back(*evaluate(graph[graph.input()[i]].size, graph.bindings()[layer]));
        shape.push_back(-1);
        for (const std::size_t i : naming.output)
            shape.push_back(*evaluate(graph[graph.output()[i]].size, graph.bindings()[layer]));
        return shape;
    };
    bool sure = true;
    for (Naming& naming : namings) {
        if (shapeUnder(a, plain) != shapeUnder(b, naming))
            continue;
        do {
            const auto same = Matching(ofA, structureOf(b, layer, equivalence, naming)).run();
            if (same == true)
                return true;
            sure = sure && same.has_value();
        } while (std::ranges::next_permutation(naming.weights).found);
    }
    return sure ? std::optional(false) : std::nullopt;
}

} // namespace synoscope::test
