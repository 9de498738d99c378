// Contractions: which frontier dimensions one new weight meets, and which of them only the weight keeps.
#include "core/synthesis/generator.h"

namespace synoscope {

void Generator::contractions(Moves& moves)
{
    if (refuses(Rule::budget, draft_.weights() >= limits_.weights || draft_.weights() >= maxWeights))
        return;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        shared_[i] = engine_.nodes.share(draft_.frontier[i], draft_.weights());
        shared_[i].flags = engine_.flagsOf(shared_[i]);
    }
    chooseAxes(0, 0, 0, moves);
}

// Three choices for each dimension: left alone, inner, outer. Cut off as soon as a budget is exceeded.
void Generator::chooseAxes(int position, std::uint32_t inner, std::uint32_t outer, Moves& moves)
{
    if (position == draft_.frontier.count) {
        if ((inner | outer) == 0 || contractionRefused(inner, outer))
            return;
        std::array<Node, maxFrontier> added;
        std::size_t count = 0;
        for (int i = 0; i < draft_.frontier.count; ++i)
            if (inner >> i & 1)
                added[count++] = shared_[i];
        std::uint64_t used = 0;
        for (std::uint32_t rest = inner | outer; rest != 0; rest &= rest - 1)
            used += engine_.sizes[node(std::countr_zero(rest)).size].primaries;
        if (!tooFar(MoveKind::contraction, inner | outer, std::span(added).first(count), used))
            offer({{}, inner | outer << 16, MoveKind::contraction}, moves);
        return;
    }
    const bool wantedInner = !only_ || (only_->argument >> position & 1);
    const bool wantedOuter = !only_ || (only_->argument >> (position + 16) & 1);
    if (!only_ || (!wantedInner && !wantedOuter))
        chooseAxes(position + 1, inner, outer, moves);

    const NodeId id = draft_.frontier[position];
    const Node n = node(position);
    if (refuses(Rule::chain, n.height >= limits_.chain) || refuses(Rule::strideAbsorbed, n.discards) ||
        refuses(Rule::allowance, sharesOverAllowance(inner | outer, position)) ||
        draft_.weightAxes.count + std::popcount(inner) + std::popcount(outer) >= maxWeightAxes)
        return;
    const std::uint32_t bit = 1u << position;
    if (wantedInner && !refuses(Rule::equalReductions, equalReductionBefore(id, inner | 0xffffu << (position + 1))))
        chooseAxes(position + 1, inner | bit, outer, moves);
    if (wantedOuter && engine_.couldBeOuter(n) && draft_.expanded.count + std::popcount(outer) < maxExpanded &&
        !refuses(Rule::budget, draft_.tally.outerAxes + std::popcount(outer) >= limits_.expands))
        chooseAxes(position + 1, inner, outer | bit, moves);
}

bool Generator::contractionRefused(std::uint32_t inner, std::uint32_t outer)
{
    if (refuses(Rule::contractionAxes, inner == 0 || outer == 0))
        return true;
    SizeTable& sizes = engine_.sizes;
    SizeId parameters = sizes.one();
    SizeId product = draft_.tally.outerProduct;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        if ((inner | outer) >> i & 1)
            parameters = sizes.product(parameters, node(i).size);
        if ((outer >> i & 1) && !engine_.nodes[draft_.frontier[i]].onlySums)
            product = sizes.product(product, node(i).size);
        // Chosen as if all equal reductions behind it were chosen as well: check what really was.
        if ((inner >> i & 1) && refuses(Rule::equalReductions, equalReductionBefore(draft_.frontier[i], inner)))
            return true;
    }
    return refuses(Rule::weightMinimum, sizes[parameters].least < limits_.minWeightParameters) ||
           refuses(Rule::outerProduct, sizes[product].largest > limits_.outerProduct) ||
           refuses(Rule::outerNeighbours, outerNeighbours(outer));
}

// Whether sharing this dimension too would use a primary variable more often than allowed.
bool Generator::sharesOverAllowance(std::uint32_t chosen, int position) const
{
    const Problem& problem = *engine_.problem;
    for (int v = 0; v < problem.variables.size(); ++v) {
        const VariableId id{static_cast<std::uint8_t>(v)};
        if (!engine_.sizes.isPrimary(id))
            continue;
        int uses = draft_.tally.variables[v];
        for (int i = 0; i <= position; ++i)
            if (i == position || (chosen >> i & 1))
                uses += engine_.sizes[engine_.nodes[draft_.frontier[i]].size].size.exponent(id);
        if (uses > problem.allowance[v])
            return true;
    }
    return false;
}

// Both halves of one merge that went through the same weights, where the whole could be an outer axis itself.
bool Generator::outerNeighbours(std::uint32_t outer) const
{
    const NodeArena& nodes = engine_.nodes;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        const Node& group = nodes[nodes.belowShares(draft_.frontier[i])];
        if (!(outer >> i & 1) || group.kind != NodeKind::mergeGroup)
            continue;
        for (int j = 0; j < draft_.frontier.count; ++j) {
            const Node& block = nodes[nodes.belowShares(draft_.frontier[j])];
            if ((outer >> j & 1) && block.kind == NodeKind::mergeBlock && block.a == group.a &&
                block.parameter == group.parameter && node(i).tags == node(j).tags &&
                engine_.couldBeOuter(nodes[group.a]))
                return true;
        }
    }
    return false;
}

} // namespace synoscope
