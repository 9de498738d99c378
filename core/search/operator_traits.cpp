#include "core/search/operator_traits.h"

#include "core/base/hash.h"
#include "core/graph/coordinates.h"
#include "core/lowering/plan.h"

#include <algorithm>

namespace synoscope {
namespace {

constexpr std::int64_t mostTerms = 1024;

// The places that terms read along one axis of the input.
struct Places
{
    std::vector<bool> seen;
    std::int64_t count = 0;

    void add(std::int64_t place)
    {
        const auto at = static_cast<std::size_t>(place);
        if (at >= seen.size())
            seen.resize(at + 1);
        count += !seen[at];
        seen[at] = true;
    }
};

// One term of the sum: its number as digits, or, where there are too many of them, scattered over all.
void termAt(std::int64_t number, bool all, std::span<const std::int64_t> extents, std::span<std::int64_t> point)
{
    std::int64_t rest = number;
    for (std::size_t i = 0; i < extents.size(); ++i) {
        const std::uint64_t scattered = mix(combine(static_cast<std::uint64_t>(number), i));
        point[i] = all ? rest % extents[i] : static_cast<std::int64_t>(scattered % static_cast<std::uint64_t>(extents[i]));
        rest /= extents[i];
    }
}

std::vector<Places> placesRead(const PGraph& graph, const Binding& binding)
{
    const Coordinates coordinates(graph, Simplify::no);
    ConcreteCoordinates concrete(coordinates, binding);
    const auto extents = concrete.extents();
    const auto outputs = static_cast<std::size_t>(coordinates.outputs());
    std::vector<std::int64_t> point(extents.begin(), extents.end());
    for (std::size_t i = 0; i < outputs; ++i)
        point[i] /= 2;
    const auto sums = extents.subspan(outputs);
    std::int64_t terms = 1;
    for (const std::int64_t extent : sums)
        terms = std::min(terms * extent, mostTerms + 1);
    std::vector<Places> places(graph.input().size());
    for (std::int64_t term = 0; term < std::min(terms, mostTerms); ++term) {
        termAt(term, terms <= mostTerms, sums, std::span(point).subspan(outputs));
        if (!concrete.evaluate(point))
            continue;
        for (std::size_t axis = 0; axis < places.size(); ++axis)
            places[axis].add(concrete[coordinates[graph.input()[axis]]]);
    }
    return places;
}

bool isFixed(const Problem& problem, std::size_t axis)
{
    return std::ranges::any_of(problem.fixed,
                               [axis](const auto& pair) { return static_cast<std::size_t>(pair.first) == axis; });
}

double productOfUnordered(std::span<const ShapeAxis> axes, const Binding& binding)
{
    double product = 1;
    for (const ShapeAxis& axis : axes)
        if (axis.unordered)
            product *= static_cast<double>(evaluate(axis.size, binding).value_or(1));
    return product;
}

std::vector<std::uint64_t> neighboursIn(const PGraph& graph)
{
    const auto named = [](const Primitive& primitive) {
        return combine(static_cast<std::uint64_t>(primitive.kind) + 1,
                       primitive.parameter.hash() + static_cast<std::uint64_t>(primitive.amount));
    };
    std::vector<std::uint64_t> found;
    for (const Primitive& primitive : graph.primitives())
        for (const DimensionId top : primitive.top()) {
            const Dimension& dimension = graph[top];
            const std::uint64_t above = dimension.above.valid() ? named(graph[dimension.above])
                                                                : combine(dimension.weight.valid(), dimension.size.hash());
            found.push_back(combine(above, named(primitive)));
        }
    std::ranges::sort(found);
    found.erase(std::ranges::unique(found).begin(), found.end());
    return found;
}

} // namespace

OperatorTraits traitsOf(const PGraph& graph, const Problem& problem)
{
    OperatorTraits traits;
    std::vector<int> counts;
    double dense = 0;
    for (const Layer& layer : problem.layers) {
        counts.push_back(layer.count);
        dense += layer.count * productOfUnordered(problem.input, layer.binding) *
                 productOfUnordered(problem.output, layer.binding);
    }
    const NetworkCost cost = networkCost(graph, graph.bindings(), counts);
    traits.flopsRatio = problem.baselineFlops > 0 ? cost.flops / problem.baselineFlops : 0;
    traits.parameters = cost.parameters;
    traits.parameterRatio = dense > 0 ? cost.parameters / dense : 0;
    traits.weights = static_cast<int>(graph.weights().size());
    traits.neighbours = neighboursIn(graph);

    const Binding& binding = graph.bindings().front();
    const std::vector<Places> places = placesRead(graph, binding);
    bool ordered = false;
    for (std::size_t axis = 0; axis < places.size(); ++axis) {
        const auto read = static_cast<double>(places[axis].count);
        if (problem.input[axis].unordered) {
            traits.mixing *= read / static_cast<double>(evaluate(problem.input[axis].size, binding).value_or(1));
        } else if (!isFixed(problem, axis)) {
            traits.field *= read;
            traits.narrowest = ordered ? std::min(traits.narrowest, read) : read;
            ordered = true;
        }
    }
    return traits;
}

} // namespace synoscope
