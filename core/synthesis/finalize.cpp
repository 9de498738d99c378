// Which assignments of the frontier to the input's axes are operators, and what they cost.
#include "core/synthesis/generator.h"

#include "core/lowering/plan.h"

namespace synoscope {

namespace {

void collectReductions(const NodeArena& nodes, NodeId id, std::unordered_set<NodeId>& found)
{
    const Node& node = nodes[id];
    if (node.kind == NodeKind::reduce)
        found.insert(id);
    if (node.a.valid())
        collectReductions(nodes, node.a, found);
    if (node.b.valid())
        collectReductions(nodes, node.b, found);
}

} // namespace

// Reductions that no weight sees are plain sums over the input: pooling.
bool Generator::poolsTooMuch() const
{
    std::unordered_set<NodeId> all;
    std::unordered_set<NodeId> weighted;
    for (const NodeId id : draft_.frontier)
        collectReductions(engine_.nodes, id, all);
    for (const NodeId id : draft_.weightAxes)
        collectReductions(engine_.nodes, id, weighted);
    SizeId pooled = engine_.sizes.one();
    for (const NodeId id : all)
        if (!weighted.contains(id))
            pooled = engine_.sizes.product(pooled, engine_.nodes[id].size);
    return engine_.sizes[pooled].largest > limits_.pooling;
}

// On an axis of the input that has no order, of two splits with exchanged sides only one is made: the larger block.
bool Generator::unorderedSplitOutOfOrder(NodeId id) const
{
    const Node& node = engine_.nodes[engine_.nodes.belowShares(id)];
    if (node.kind != NodeKind::split)
        return false;
    const Node& group = engine_.nodes[node.a];
    const Node& block = engine_.nodes[node.b];
    const Size& groupSize = engine_.sizes[group.size].size;
    const Size& blockSize = engine_.sizes[block.size].size;
    if (blockSize < groupSize || (blockSize == groupSize && block.hash < group.hash))
        return true;
    return unorderedSplitOutOfOrder(node.a) || unorderedSplitOutOfOrder(node.b);
}

bool Generator::shiftsUnordered(NodeId id) const
{
    const Node& node = engine_.nodes[engine_.nodes.belowShares(id)];
    if (node.kind == NodeKind::split)
        return shiftsUnordered(node.a) || shiftsUnordered(node.b);
    return node.kind == NodeKind::shift;
}

bool Generator::assignmentRefused(const std::vector<int>& positions)
{
    for (std::size_t i = 0; i < positions.size(); ++i) {
        if (!engine_.problem->input[engine_.desiredAxes()[i]].unordered)
            continue;
        const NodeId id = draft_.frontier[positions[i]];
        if (refuses(Rule::unorderedShift, shiftsUnordered(id)) ||
            refuses(Rule::unorderedSplit, unorderedSplitOutOfOrder(id)))
            return true;
    }
    return false;
}

void Generator::finals(Moves& moves)
{
    const auto& desired = engine_.desired();
    const int count = draft_.frontier.count;
    if (count != static_cast<int>(desired.size()))
        return;
    std::vector<int> positions(desired.size());
    for (int i = 0; i < count; ++i)
        positions[i] = i;
    bool shapesMeet = false;
    do {
        bool equal = true;
        for (int i = 0; i < count && equal; ++i)
            equal = node(positions[i]).size == desired[i] && !node(positions[i]).discards;
        if (!equal)
            continue;
        if (!shapesMeet) { // what does not depend on the assignment
            shapesMeet = true;
            if (refuses(Rule::needsWeight, draft_.weights() == 0) || refuses(Rule::pooling, poolsTooMuch()))
                return;
        }
        int code = 0;
        for (int i = count; i-- > 0;)
            code = code * count + positions[i];
        Move move;
        move.kind = MoveKind::finalize;
        move.second = static_cast<std::uint8_t>(code & 0xff);
        move.first = static_cast<std::uint8_t>(code >> 8);
        if (passedOver(move.first, move.second) || assignmentRefused(positions))
            continue;
        Draft child = draft_;
        engine_.applyTo(child, move);
        if (refuses(Rule::flops, !engine_.withinCostLimits(child)))
            continue;
        move.key = moveKey(move);
        moves.push_back(move);
        if (distances_)
            distances_->push_back(0);
    } while (std::next_permutation(positions.begin(), positions.end()));
}

std::optional<OperatorCost> SynthesisEngine::costWithinLimits(const Draft& final)
{
    const Plan plan = lower(build(final));
    OperatorCost total;
    for (const Layer& layer : problem->layers) {
        const Cost one = synoscope::cost(plan, layer.binding);
        total.flops += one.flops * layer.count;
        total.parameters += one.parameters * layer.count;
        if (problem->limits.maxPeakBytes > 0 && one.peakBytes > problem->limits.maxPeakBytes)
            return std::nullopt;
    }
    total.flopsRatio = problem->baselineFlops > 0 ? total.flops / problem->baselineFlops : 0;
    const auto [least, most] = problem->flopsWindow();
    if (total.flops < least || total.flops > most ||
        (problem->limits.maxParameters > 0 && total.parameters > problem->limits.maxParameters))
        return std::nullopt;
    return total;
}

bool SynthesisEngine::withinCostLimits(const Draft& final)
{
    const std::uint64_t key = keyOf(final);
    if (costByKey_.contains(key))
        return true;
    const auto cost = costWithinLimits(final);
    if (cost)
        costByKey_.emplace(key, *cost);
    return cost.has_value();
}

} // namespace synoscope
