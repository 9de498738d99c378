#include "core/synthesis/generator.h"

#include "core/base/hash.h"

namespace synoscope {

Generator::Generator(SynthesisEngine& engine, StateId state, RuleSet& rules)
    : engine_(engine), limits_(engine.problem->limits), draft_(engine.load(state)), rules_(rules),
      remaining_(engine.remaining(draft_))
{}

void Generator::run(MoveKind kind, Moves& moves, std::vector<std::uint8_t>* distances)
{
    distances_ = distances;
    if (draft_.final)
        return;
    if (kind == MoveKind::finalize)
        return finals(moves);
    if (remaining_ == 0)
        return;
    switch (kind) {
    case MoveKind::reduce:
        return reduces(moves);
    case MoveKind::contraction:
        return contractions(moves);
    case MoveKind::shift:
        return shifts(moves);
    case MoveKind::stride:
        return strides(moves);
    case MoveKind::split:
        return splits(moves);
    case MoveKind::unfold:
        return unfolds(moves);
    case MoveKind::expand:
        return expands(moves);
    case MoveKind::merge:
        return merges(moves);
    case MoveKind::finalize:
        return;
    }
}

bool Generator::usable(int position)
{
    const Node n = node(position);
    return !refuses(Rule::chain, n.height >= limits_.chain) && !refuses(Rule::strideAbsorbed, n.discards);
}

bool Generator::passedOver(int first, int second, SizeId size) const
{
    return only_ && ((first >= 0 && first != only_->first) || (second >= 0 && second != only_->second) ||
                     (size.valid() && engine_.sizes[size].size != only_->size));
}

std::pair<std::string, std::string> Generator::whyNot(const Move& wanted)
{
    only_ = &wanted;
    const RuleSet before = rules_;
    std::vector<Move> offered;
    run(wanted.kind, offered);
    only_ = nullptr;
    if (remaining_ == 0 && wanted.kind != MoveKind::finalize)
        return {"depth", "the operator has no room for another primitive"};
    for (int rule = 0; rule < ruleCount; ++rule)
        if (rules_.refused(static_cast<Rule>(rule)) > before.refused(static_cast<Rule>(rule))) {
            const RuleInfo& about = info(rules_.lastRefusal());
            return {std::string(about.name), std::string(about.reason)};
        }
    return {std::string(info(Rule::legalSize).name),
            "the size or shape is not among those the problem lets a move introduce"};
}

bool Generator::isLatest(NodeId id) const
{
    const int weights = draft_.weights();
    return weights == 0 || (engine_.nodes[id].tags >> (weights - 1) & 1);
}

// Equal reductions that are still bare are interchangeable: the one with the lower number goes first.
bool Generator::equalReductionBefore(NodeId id, std::uint32_t alsoUsed) const
{
    const Node& reduction = engine_.nodes[id];
    if (reduction.kind != NodeKind::reduce)
        return false;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        const Node other = node(i);
        if (other.kind == NodeKind::reduce && other.size == reduction.size && other.amount < reduction.amount &&
            !(alsoUsed >> i & 1))
            return true;
    }
    return false;
}

bool Generator::overAllowance(const Tally& tally) const
{
    for (int v = 0; v < engine_.problem->variables.size(); ++v)
        if (tally.variables[v] > engine_.problem->allowance[v])
            return true;
    return false;
}

std::uint64_t Generator::moveKey(const Move& move) const
{
    std::uint64_t key = combine(static_cast<std::uint64_t>(move.kind) + 1, move.size.hash());
    switch (move.kind) {
    case MoveKind::reduce:
        return key;
    case MoveKind::contraction: {
        std::uint64_t axes = 0;
        for (int i = 0; i < draft_.frontier.count; ++i) {
            if (move.inner >> i & 1)
                axes += mix(node(i).hash);
            if (move.outer >> i & 1)
                axes += mix(node(i).hash + 1);
        }
        return combine(key, axes);
    }
    case MoveKind::split:
    case MoveKind::unfold:
        return combine(combine(key, node(move.first).hash), node(move.second).hash);
    case MoveKind::finalize:
        return combine(key, static_cast<std::uint64_t>(move.first) << 8 | move.second);
    default:
        return combine(key, node(move.first).hash);
    }
}

// What all moves have in common: allowance, and the distance of what they lead to.
void Generator::offer(Move move, Moves& moves)
{
    Draft child = draft_;
    engine_.applyTo(child, move);
    if (refuses(Rule::allowance, overAllowance(child.tally)))
        return;
    const int distance = engine_.distanceOf(child);
    if (refuses(Rule::distance, distance > engine_.remaining(child)))
        return;
    if (!offered_.insert(engine_.keyOf(child)).second)
        return; // two ways to the same state
    move.key = moveKey(move);
    moves.push_back(move);
    if (distances_)
        distances_->push_back(static_cast<std::uint8_t>(distance));
}

void Generator::reduces(Moves& moves)
{
    if (!draft_.onlyReductions() || refuses(Rule::budget, draft_.tally[MoveKind::reduce] >= limits_.reductions))
        return;
    SizeId last{}; // in the order of the candidates: the same set of reductions is made in one order only
    for (const NodeId id : draft_.frontier) {
        const Node& n = engine_.nodes[id];
        if (n.kind == NodeKind::reduce && (!last.valid() || engine_.reduceRank(n.size) > engine_.reduceRank(last)))
            last = n.size;
    }
    const std::size_t first = last.valid() ? engine_.reduceRank(last) : 0;
    for (std::size_t i = first; i < engine_.reduceSizes().size(); ++i) {
        const SizeId size = engine_.reduceSizes()[i];
        if (passedOver(-1, -1, size))
            continue;
        const SizeId product = engine_.sizes.product(draft_.tally.reductions, size);
        if (refuses(Rule::reduceRatio, engine_.exceedsReduceRatio(product)))
            continue;
        Move move;
        move.kind = MoveKind::reduce;
        move.size = engine_.sizes[size].size;
        offer(move, moves);
    }
}

void Generator::shifts(Moves& moves)
{
    if (refuses(Rule::budget, draft_.tally[MoveKind::shift] >= limits_.shifts))
        return;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        if (passedOver(i) || !usable(i))
            continue;
        const NodeId id = draft_.frontier[i];
        const Node n = node(i);
        if (refuses(Rule::viewsBeforeContraction, !isLatest(id)) ||
            refuses(Rule::shiftChain, n.kind == NodeKind::shift) ||
            refuses(Rule::shiftReduce, n.kind == NodeKind::reduce) ||
            refuses(Rule::viewAboveShare, n.kind == NodeKind::share) ||
            refuses(Rule::unorderedShift, n.unorderedScope.valid()) ||
            refuses(Rule::shiftAboveSplit,
                    n.kind == NodeKind::split && engine_.sizes[engine_.nodes[n.b].size].largest > limits_.shiftReshape))
            continue;
        Move move;
        move.kind = MoveKind::shift;
        move.first = static_cast<std::uint8_t>(i);
        move.size = engine_.sizes[n.size].size;
        offer(move, moves);
    }
}

void Generator::strides(Moves& moves)
{
    if (limits_.strides == 0 || refuses(Rule::budget, draft_.tally[MoveKind::stride] >= limits_.strides))
        return;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        const Node n = node(i);
        if (passedOver(i) || !usable(i) || refuses(Rule::viewsBeforeContraction, !isLatest(draft_.frontier[i])) ||
            refuses(Rule::viewAboveShare, n.kind == NodeKind::share) ||
            refuses(Rule::strideChain,
                    n.kind == NodeKind::stride || n.kind == NodeKind::unfold || n.kind == NodeKind::split))
            continue;
        if (equalReductionBefore(draft_.frontier[i], 0))
            continue;
        for (const SizeId step : engine_.reduceSizes()) {
            if (passedOver(i, -1, step))
                continue;
            const SizeId product = engine_.sizes.product(n.size, step);
            if (refuses(Rule::legalSize, !engine_.sizes[product].legal) ||
                refuses(Rule::unfoldWindow,
                        engine_.sizes[product].largest > limits_.unfoldMax * engine_.sizes[step].largest))
                continue;
            Move move;
            move.kind = MoveKind::stride;
            move.first = static_cast<std::uint8_t>(i);
            move.size = engine_.sizes[step].size;
            offer(move, moves);
        }
    }
}

bool Generator::splitRefused(NodeId groupId, NodeId blockId)
{
    const Node& group = engine_.nodes[groupId];
    const Node& block = engine_.nodes[blockId];
    const bool bothShared =
        group.kind == NodeKind::share && block.kind == NodeKind::share && group.amount == block.amount;
    return refuses(Rule::legalSize, !engine_.sizes[engine_.sizes.product(group.size, block.size)].legal) ||
           refuses(Rule::viewsBeforeContraction, !isLatest(groupId) && !isLatest(blockId)) ||
           refuses(Rule::splitChain, group.kind == NodeKind::split) ||
           refuses(Rule::gluedTogether,
                   group.rightEdge != freshEdge && group.rightEdge == block.leftEdge && group.tags == block.tags) ||
           refuses(Rule::splitAboveShares, bothShared) ||
           refuses(Rule::gluedTogether, group.unorderedScope.valid() && group.unorderedScope == block.unorderedScope &&
                                            group.tags == block.tags) ||
           refuses(Rule::equalReductions, equalReductionBefore(groupId, 0) || equalReductionBefore(blockId, 0));
}

void Generator::splits(Moves& moves)
{
    if (refuses(Rule::budget, draft_.tally[MoveKind::split] >= limits_.splits))
        return;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        if (passedOver(i) || !usable(i))
            continue;
        for (int j = 0; j < draft_.frontier.count; ++j) {
            if (i == j || passedOver(i, j) || !usable(j) || splitRefused(draft_.frontier[i], draft_.frontier[j]))
                continue;
            Move move;
            move.kind = MoveKind::split;
            move.first = static_cast<std::uint8_t>(i);
            move.second = static_cast<std::uint8_t>(j);
            move.size = engine_.sizes[node(j).size].size;
            offer(move, moves);
        }
    }
}

bool Generator::unfoldRefused(NodeId axisId, NodeId windowId)
{
    const Node& axis = engine_.nodes[axisId];
    const Node& window = engine_.nodes[windowId];
    const SizeFacts& size = engine_.sizes[window.size];
    return refuses(Rule::unfoldWindow, window.kind == NodeKind::reduce || (limits_.oddWindows && !size.odd) ||
                                           size.largest > limits_.unfoldMax) ||
           refuses(Rule::unfoldRatio, engine_.sizes.leastRatio(axis.size, window.size) < limits_.unfoldRatio) ||
           refuses(Rule::unfoldOverSums, axis.onlySums) ||
           refuses(Rule::viewsBeforeContraction, !isLatest(axisId) && !isLatest(windowId)) ||
           refuses(Rule::unfoldAboveSplit, axis.kind == NodeKind::split) ||
           refuses(Rule::unfoldAboveShift, axis.kind == NodeKind::shift) ||
           refuses(Rule::unfoldChain,
                   axis.kind == NodeKind::unfold && size.least < engine_.sizes[engine_.nodes[axis.b].size].least);
}

void Generator::unfolds(Moves& moves)
{
    if (refuses(Rule::budget, draft_.tally[MoveKind::unfold] >= limits_.unfolds))
        return;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        if (passedOver(i) || !usable(i))
            continue;
        for (int j = 0; j < draft_.frontier.count; ++j) {
            if (i == j || passedOver(i, j) || refuses(Rule::chain, node(j).height >= limits_.chain) ||
                unfoldRefused(draft_.frontier[i], draft_.frontier[j]))
                continue;
            Move move;
            move.kind = MoveKind::unfold;
            move.first = static_cast<std::uint8_t>(i);
            move.second = static_cast<std::uint8_t>(j);
            move.size = engine_.sizes[node(j).size].size;
            offer(move, moves);
        }
    }
}

void Generator::expands(Moves& moves)
{
    if (limits_.repeat <= 1 || refuses(Rule::budget, draft_.tally.outerAxes >= limits_.expands))
        return;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        const Node n = node(i);
        const bool block = n.kind == NodeKind::mergeBlock;
        const bool group = n.kind == NodeKind::mergeGroup && limits_.tile;
        const SizeId repeats = engine_.sizes.product(draft_.tally.repeats, n.size);
        if (passedOver(i) || !usable(i) || refuses(Rule::viewsBeforeContraction, !isLatest(draft_.frontier[i])) ||
            refuses(Rule::repeatPlace, !(block || group) || engine_.sizes[repeats].largest > limits_.repeat))
            continue;
        Move move;
        move.kind = MoveKind::expand;
        move.first = static_cast<std::uint8_t>(i);
        move.size = engine_.sizes[n.size].size;
        offer(move, moves);
    }
}

bool Generator::mergeRefused(NodeId wholeId, SizeId block)
{
    const Node& whole = engine_.nodes[wholeId];
    const SizeFacts& size = engine_.sizes[block];
    const auto parameter = [&] { return engine_.sizes[whole.parameter]; };
    const auto window = [&] { return engine_.sizes[engine_.nodes[whole.b].size]; };
    return refuses(Rule::unorderedMerge,
                   whole.unorderedScope.valid() && size.size < engine_.sizes[whole.size].size / size.size) ||
           refuses(Rule::mergeAboveUnfold, whole.kind == NodeKind::unfold && size.least >= window().largest) ||
           refuses(Rule::mergeAboveStride, whole.kind == NodeKind::stride && size.least >= parameter().largest) ||
           refuses(Rule::mergeAboveShift, whole.kind == NodeKind::shift && size.largest > limits_.shiftReshape);
}

void Generator::merges(Moves& moves)
{
    if (refuses(Rule::budget, draft_.tally[MoveKind::merge] >= limits_.merges) || draft_.frontier.count >= maxFrontier)
        return;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        const Node n = node(i);
        if (passedOver(i) || !usable(i) || refuses(Rule::viewsBeforeContraction, !isLatest(draft_.frontier[i])) ||
            refuses(Rule::viewAboveShare, n.kind == NodeKind::share) ||
            refuses(Rule::mergeAboveSplit, n.kind == NodeKind::split) ||
            refuses(Rule::mergeChain, n.kind == NodeKind::mergeGroup) ||
            refuses(Rule::mergeAboveReduce, n.kind == NodeKind::reduce))
            continue;
        for (const SizeId block : engine_.divisors(n.size)) {
            if (passedOver(i, -1, block) || mergeRefused(draft_.frontier[i], block))
                continue;
            Move move;
            move.kind = MoveKind::merge;
            move.first = static_cast<std::uint8_t>(i);
            move.size = engine_.sizes[block].size;
            offer(move, moves);
        }
    }
}

} // namespace synoscope
