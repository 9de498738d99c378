// Which assignments of the frontier to the input's axes are operators, and what they cost.
#include "core/synthesis/generator.h"

#include "core/lowering/plan.h"

#include <numeric>

namespace synoscope {

// Whether a Shift is among what splits and Shares have put on top.
bool Generator::shiftOnTop(NodeId id) const
{
    const Node& node = engine_.nodes[engine_.nodes.belowShares(id)];
    return node.kind == NodeKind::shift || (node.kind == NodeKind::split && (shiftOnTop(node.a) || shiftOnTop(node.b)));
}

void Generator::finals(Moves& moves)
{
    const auto& desired = engine_.desired();
    const int count = draft_.frontier.count;
    if (count != static_cast<int>(desired.size()))
        return;
    std::array<int, maxFrontier> positions;
    std::iota(positions.begin(), positions.begin() + count, 0);
    bool shapesMeet = false;
    do {
        bool equal = true;
        for (int i = 0; i < count && equal; ++i)
            equal = node(positions[i]).size == desired[i] && !node(positions[i]).discards;
        if (!equal)
            continue;
        if (!shapesMeet) { // what does not depend on the assignment
            shapesMeet = true;
            if (refuses(Rule::needsWeight, draft_.weights() == 0) || refuses(Rule::pooling, poolsTooMuch(0, {})) ||
                refuses(Rule::flops, engine_.flopsFloor(draft_) > engine_.problem->flopsWindow().second))
                return;
        }
        offerFinal(std::span(positions).first(count), moves);
    } while (std::next_permutation(positions.begin(), positions.begin() + count));
}

void Generator::offerFinal(std::span<const int> positions, Moves& moves)
{
    Edge edge;
    for (std::size_t i = positions.size(); i-- > 0;)
        edge.argument = edge.argument * static_cast<std::uint32_t>(positions.size()) + positions[i];
    if (only_ && edge.argument != only_->argument)
        return;
    for (std::size_t i = 0; i < positions.size(); ++i)
        if (refuses(Rule::unorderedShift, engine_.problem->input[engine_.desiredAxes()[i]].unordered &&
                                              shiftOnTop(draft_.frontier[positions[i]])))
            return;
    Draft child = draft_;
    engine_.applyTo(child, edge);
    const std::uint64_t key = engine_.identify(child).key;
    if (refuses(Rule::normalForm, !offered_.insert(key, 0).second) ||
        refuses(Rule::flops, !engine_.withinCostLimits(child, key)))
        return;
    moves.push_back(edge);
}

NetworkCost SynthesisEngine::networkCostOf(const Draft& final, std::uint64_t key)
{
    if (const auto known = sharedOperators_ ? sharedOperators_->cost(key) : std::nullopt)
        return *known;
    const NetworkCost cost = networkCost(build(final, 0), bindings_, counts_);
    if (sharedOperators_)
        toldBytes_ += sharedOperators_->tell(key, cost);
    return cost;
}

bool SynthesisEngine::withinCostLimits(const Draft& final, std::uint64_t key)
{
    if (const std::int32_t* known = offeredByKey_.find(key))
        return *known >= 0;
    const NetworkCost cost = networkCostOf(final, key);
    const Limits& limits = problem->limits;
    const auto [least, most] = problem->flopsWindow();
    const bool within = cost.flops >= least && cost.flops <= most &&
                        (limits.maxPeakBytes <= 0 || cost.peakBytes <= limits.maxPeakBytes) &&
                        (limits.maxParameters <= 0 || cost.parameters <= limits.maxParameters);
    offeredByKey_.insert(key, within ? addOperator(cost) : -1);
    return within;
}

std::int32_t SynthesisEngine::addOperator(const NetworkCost& cost)
{
    const double ratio = problem->baselineFlops > 0 ? cost.flops / problem->baselineFlops : 0;
    operators_.push_back({{.flops = cost.flops, .parameters = cost.parameters, .flopsRatio = ratio}, 0, {}});
    return static_cast<std::int32_t>(operators_.size()) - 1;
}

void SynthesisEngine::offerAnyway(const Draft& final, std::uint64_t key)
{
    std::int32_t& known = *offeredByKey_.insert(key, -1).first;
    if (known < 0)
        known = addOperator(networkCostOf(final, key));
}

} // namespace synoscope
