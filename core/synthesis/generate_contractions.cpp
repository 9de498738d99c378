// Contractions: which frontier dimensions one new weight meets, and which of them only the weight keeps.
#include "core/synthesis/generator.h"

namespace synoscope {

void Generator::contractions(Moves& moves)
{
    if (refuses(Rule::budget, draft_.weights() >= limits_.weights || draft_.weights() >= maxWeights))
        return;
    Move move;
    move.kind = MoveKind::contraction;
    chooseAxes(0, move, moves);
}

// Three choices for each dimension: left alone, inner, outer. Cut off as soon as a budget is exceeded.
void Generator::chooseAxes(int position, Move& move, Moves& moves)
{
    if (position == draft_.frontier.count) {
        if ((move.inner | move.outer) != 0 && !contractionRefused(move))
            offer(move, moves);
        return;
    }
    const bool wantedInner = !only_ || (only_->inner >> position & 1);
    const bool wantedOuter = !only_ || (only_->outer >> position & 1);
    if (!only_ || (!wantedInner && !wantedOuter))
        chooseAxes(position + 1, move, moves);

    const NodeId id = draft_.frontier[position];
    const Node n = node(position);
    if (refuses(Rule::chain, n.height >= limits_.chain) || refuses(Rule::strideAbsorbed, n.discards) ||
        refuses(Rule::allowance, engine_.sharesOverAllowance(draft_, move, position)) ||
        draft_.weightAxes.count + std::popcount(move.inner) + std::popcount(move.outer) >= maxWeightAxes)
        return;
    const auto bit = static_cast<std::uint16_t>(1u << position);
    if (wantedInner &&
        !refuses(Rule::equalReductions, equalReductionBefore(id, move.inner | 0xffffu << (position + 1)))) {
        move.inner |= bit;
        chooseAxes(position + 1, move, moves);
        move.inner &= static_cast<std::uint16_t>(~bit);
    }
    if (wantedOuter && engine_.couldBeOuter(id) &&
        draft_.tally.outerAxes + std::popcount(move.outer) < limits_.expands) {
        move.outer |= bit;
        chooseAxes(position + 1, move, moves);
        move.outer &= static_cast<std::uint16_t>(~bit);
    }
}

bool Generator::contractionRefused(const Move& move)
{
    if (refuses(Rule::contractionAxes, move.inner == 0 || move.outer == 0))
        return true;
    SizeTable& sizes = engine_.sizes;
    SizeId parameters = sizes.one();
    SizeId outer = draft_.tally.outerProduct;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        if ((move.inner | move.outer) >> i & 1)
            parameters = sizes.product(parameters, node(i).size);
        if ((move.outer >> i & 1) &&
            engine_.nodes[engine_.nodes.belowShares(draft_.frontier[i])].kind != NodeKind::reduce)
            outer = sizes.product(outer, node(i).size);
        // Chosen as if all equal reductions behind it were chosen as well: check what really was.
        if ((move.inner >> i & 1) &&
            refuses(Rule::equalReductions, equalReductionBefore(draft_.frontier[i], move.inner)))
            return true;
    }
    return refuses(Rule::weightMinimum, sizes[parameters].least < limits_.minWeightParameters) ||
           refuses(Rule::outerProduct, sizes[outer].largest > limits_.outerProduct) ||
           refuses(Rule::weightOrder, outOfOrder(move)) || refuses(Rule::outerNeighbours, outerNeighbours(move));
}

// A contraction that touches nothing of the one before could have come first: of the two orders, only that with rising
// leaders (the least of the shared dimensions) is made.
bool Generator::outOfOrder(const Move& move) const
{
    const int weights = draft_.weights();
    if (weights == 0)
        return false;
    std::uint64_t leader = ~0ull;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        if (!((move.inner | move.outer) >> i & 1))
            continue;
        if (node(i).tags >> (weights - 1) & 1)
            return false;
        leader = std::min(leader, node(i).hash);
    }
    std::uint64_t before = ~0ull;
    const int end = draft_.weightAxes.count;
    for (int axis = end - draft_.weightSizes[weights - 1]; axis < end; ++axis)
        before = std::min(before, engine_.nodes[engine_.nodes[draft_.weightAxes[axis]].a].hash);
    return leader < before;
}

bool Generator::outerNeighbours(const Move& move) const
{
    for (int i = 0; i < draft_.frontier.count; ++i)
        for (int j = 0; j < draft_.frontier.count; ++j)
            if ((move.outer >> i & 1) && (move.outer >> j & 1) && node(i).rightEdge != freshEdge &&
                node(i).rightEdge == node(j).leftEdge && node(i).tags == node(j).tags &&
                node(i).rightEdge != reduceEdge)
                return true;
    return false;
}

} // namespace synoscope
