#include "core/graph/canonical.h"

#include "core/graph/labelling.h"

#include <algorithm>

namespace synoscope {

std::vector<AxisOrigin> axisOrigins(const PGraph& graph)
{
    std::vector<AxisOrigin> origins(graph.dimensions().size());
    for (std::size_t i = 0; i < graph.input().size(); ++i)
        origins[graph.input()[i].index] = {AxisRole::data, static_cast<int>(i)};
    for (const Primitive& p : graph.primitives()) {
        const AxisOrigin top = p.top().empty() ? AxisOrigin{} : origins[p.topIds[0].index];
        for (const DimensionId bottom : p.bottom())
            origins[bottom.index] = {AxisRole::view, top.position};
        if (p.kind == PrimitiveKind::expand)
            origins[p.bottomIds[0].index] = {AxisRole::expanded, static_cast<int>(graph.output().size())};
        if (p.kind == PrimitiveKind::share || p.kind == PrimitiveKind::shift || p.kind == PrimitiveKind::unfold)
            origins[p.bottomIds[0].index] = top;
        if (p.kind == PrimitiveKind::unfold)
            origins[p.bottomIds[1].index] = {AxisRole::window, top.position};
    }
    // An expanded axis is known by the output it becomes; upwards, bottom to top.
    for (std::size_t i = 0; i < graph.output().size(); ++i)
        if (AxisOrigin& origin = origins[graph.output()[i].index]; origin.role == AxisRole::expanded)
            origin.position = static_cast<int>(i);
    for (std::size_t i = graph.primitives().size(); i-- > 0;) {
        const Primitive& p = graph.primitives()[i];
        if (p.kind != PrimitiveKind::share && p.kind != PrimitiveKind::shift)
            continue;
        if (AxisOrigin& top = origins[p.topIds[0].index]; top.role == AxisRole::expanded)
            top.position = origins[p.bottomIds[0].index].position;
    }
    for (const Primitive& p : graph.primitives())
        if (p.kind == PrimitiveKind::share)
            origins[p.topIds[1].index] = origins[p.topIds[0].index];
    return origins;
}

namespace {

// A dataflow order: always the least primitive whose operands are there.
std::vector<PrimitiveId> dataflowOrder(const PGraph& graph, std::span<const std::uint32_t> rankOfPrimitive)
{
    std::vector<PrimitiveId> waiting;
    waiting.reserve(graph.primitives().size());
    for (std::size_t i = 0; i < graph.primitives().size(); ++i)
        if (graph.primitives()[i].kind != PrimitiveKind::reduce)
            waiting.emplace_back(i);
    std::ranges::sort(waiting, {}, [&](PrimitiveId id) { return rankOfPrimitive[id.index]; });

    std::vector<PrimitiveId> order;
    order.reserve(waiting.size());
    std::vector<char> done(graph.primitives().size());
    const auto ready = [&](PrimitiveId id) {
        return std::ranges::all_of(graph[id].top(), [&](DimensionId top) {
            return !graph[top].above.valid() || done[graph[top].above.index];
        });
    };
    while (!waiting.empty()) {
        const auto next = std::ranges::find_if(waiting, ready);
        done[next->index] = true;
        order.push_back(*next);
        waiting.erase(next);
    }
    return order;
}

} // namespace

CanonicalOrder canonicalOrder(const PGraph& graph, const SizeTexts& sizes)
{
    CanonicalOrder order;
    order.origins = axisOrigins(graph);
    const std::vector<std::uint32_t> ranks = canonicalRanks(graph, sizes, order.origins);
    const std::span all(ranks);
    const auto ofDimension = [&](DimensionId id) { return ranks[id.index]; };
    const auto ofPrimitive = all.subspan(graph.dimensions().size(), graph.primitives().size());
    const auto ofWeight = all.last(graph.weights().size());

    for (std::size_t i = 0; i < graph.weights().size(); ++i)
        order.weights.emplace_back(i);
    std::ranges::sort(order.weights, {}, [&](WeightId id) { return ofWeight[id.index]; });
    for (const WeightId weight : order.weights) {
        order.axes.push_back(graph[weight].axes);
        std::ranges::sort(order.axes.back(), {}, ofDimension);
    }
    order.primitives = dataflowOrder(graph, ofPrimitive);
    order.reductions.assign(graph.reductions().begin(), graph.reductions().end());
    std::ranges::sort(order.reductions, {}, ofDimension);
    return order;
}

} // namespace synoscope
