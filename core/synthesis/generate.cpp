#include "core/synthesis/generator.h"

namespace synoscope {

Generator::Generator(SynthesisEngine& engine, const Draft& draft, RuleSet& rules)
    : engine_(engine), limits_(engine.problem->limits), draft_(draft), rules_(rules),
      remaining_(engine.remaining(draft)), budget_(engine.budgetOf(draft)), allowance_(engine.allowanceOf(draft.tally))
{
    for (int i = 0; i < draft_.frontier.count; ++i) {
        items_[i] = engine_.itemOf(engine_.nodes[draft_.frontier[i]], allowance_);
        itemHashes_[i] = itemHash(items_[i]);
        itemSum_ += itemHashes_[i];
    }
    lastWeights_ = lastWeights();
}

void Generator::run(MoveKind kind, Moves& moves)
{
    if (draft_.final)
        return;
    if (kind == MoveKind::finalize)
        return finals(moves);
    if (remaining_ == 0)
        return;
    if (kind == MoveKind::reduce)
        return reduces(moves);
    // No more reductions follow: whatever is built from these has too few FLOPs.
    if (draft_.onlyReductions() &&
        refuses(Rule::flops, engine_.flopsCeiling(draft_) < engine_.problem->flopsWindow().first))
        return;
    switch (kind) {
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
    case MoveKind::reduce:
    case MoveKind::finalize:
        return;
    }
}

std::optional<std::pair<std::string, std::string>> Generator::whyNot(const Edge& wanted)
{
    using Answer = std::pair<std::string, std::string>;
    only_ = &wanted;
    const RuleSet before = rules_;
    std::vector<Edge> offered;
    run(wanted.kind, offered);
    only_ = nullptr;
    if (std::ranges::any_of(offered, [&](const Edge& edge) { return edge.sameMove(wanted); }))
        return std::nullopt;
    if (remaining_ == 0 && wanted.kind != MoveKind::finalize)
        return Answer{"depth", "the operator has no room for another primitive"};
    for (int rule = 0; rule < ruleCount; ++rule)
        if (rules_.refused(static_cast<Rule>(rule)) > before.refused(static_cast<Rule>(rule))) {
            const RuleInfo& about = info(rules_.lastRefusal());
            return Answer{about.name, about.reason};
        }
    return Answer{info(Rule::legalSize).name, "the size or shape is not among those the problem lets a move introduce"};
}

bool Generator::passedOver(int first, int second, SizeId size) const
{
    return only_ && ((first >= 0 && first != only_->first) || (second >= 0 && second != only_->second) ||
                     (size.valid() && size.index != only_->argument));
}

bool Generator::usable(int position)
{
    const Node& n = engine_.nodes[draft_.frontier[position]];
    return !refuses(Rule::chain, n.height >= limits_.chain) && !refuses(Rule::strideAbsorbed, n.discards);
}

// Equal reductions that are still bare are interchangeable: the one with the lower number goes first.
bool Generator::equalReductionBefore(NodeId id, std::uint32_t alsoUsed) const
{
    const Node& reduction = engine_.nodes[id];
    if (reduction.kind != NodeKind::reduce || reduction.amount == 0)
        return false;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        const Node& other = engine_.nodes[draft_.frontier[i]];
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

bool Generator::usesOverAllowance(const Size& size) const
{
    for (int v = 0; v < engine_.problem->variables.size(); ++v)
        if (draft_.tally.variables[v] + std::abs(size.exponents()[v]) > engine_.problem->allowance[v])
            return true;
    return false;
}

int Generator::distanceAfter(MoveKind kind, std::uint32_t removed, std::span<const Node> added, std::uint64_t used)
{
    DistanceBudget budget = budget_;
    const auto spend = [](std::uint8_t& left) { left = left > 0 ? left - 1 : 0; };
    if (kind != MoveKind::reduce)
        budget.reductions = 0;
    switch (kind) {
    case MoveKind::reduce:
        spend(budget.reductions);
        break;
    case MoveKind::contraction:
        spend(budget.weights);
        budget.needsWeight = false;
        for (std::size_t gone = std::popcount(removed) - added.size(); gone > 0; --gone)
            spend(budget.repeats);
        break;
    case MoveKind::merge:
        spend(budget.merges);
        break;
    case MoveKind::split:
        spend(budget.splits);
        break;
    case MoveKind::unfold:
        spend(budget.unfolds);
        break;
    case MoveKind::expand:
        spend(budget.repeats);
        break;
    case MoveKind::stride:
        spend(budget.strides);
        break;
    case MoveKind::shift:
        budget.shifts = draft_.tally[MoveKind::shift] + 1 < limits_.shifts;
        break;
    case MoveKind::finalize:
        break;
    }
    if (!within(used, allowance_))
        return infiniteDistance;
    const std::uint64_t allowance = allowance_ - used;
    std::array<DistanceItem, maxFrontier> items;
    std::size_t count = 0;
    std::uint64_t sum = 0;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        if (removed >> i & 1)
            continue;
        if (used == 0) {
            items[count++] = items_[i];
            sum += itemHashes_[i];
        } else {
            items[count] = engine_.itemOf(engine_.nodes[draft_.frontier[i]], allowance);
            sum += itemHash(items[count++]);
        }
    }
    for (const Node& node : added) {
        items[count] = engine_.itemOf(node, allowance);
        sum += itemHash(items[count++]);
    }
    const auto all = std::span<const DistanceItem>(items).first(count);
    engine_.limitWeights(budget, all, allowance);
    if (budget.weights == 0 && poolsTooMuch(removed, added))
        return infiniteDistance;
    return engine_.distance().at(sum, budget, remaining_ - 1, all);
}

// What no weight has met, and none will meet, is pooling.
bool Generator::poolsTooMuch(std::uint32_t removed, std::span<const Node> added) const
{
    SizeId pooled = engine_.sizes.one();
    for (int i = 0; i < draft_.frontier.count; ++i)
        if (!(removed >> i & 1))
            pooled = engine_.sizes.product(pooled, engine_.nodes[draft_.frontier[i]].pooled);
    for (const Node& node : added)
        pooled = engine_.sizes.product(pooled, node.pooled);
    return engine_.sizes[pooled].largest > limits_.pooling;
}

bool Generator::tooFar(MoveKind kind, std::uint32_t removed, std::span<const Node> added, std::uint64_t used)
{
    distance_ = distanceAfter(kind, removed, added, used);
    return refuses(Rule::distance, distance_ > remaining_ - 1);
}

void Generator::offer(Edge edge, Moves& moves)
{
    Draft child = draft_;
    engine_.applyTo(child, edge);
    if (refuses(Rule::allowance, overAllowance(child.tally)))
        return;
    if ((edge.kind == MoveKind::contraction || edge.kind == MoveKind::unfold) &&
        (refuses(Rule::flops, engine_.flopsFloor(child) > engine_.problem->flopsWindow().second) ||
         refuses(Rule::parameters, engine_.exceedsParameters(child))))
        return;
    if (refuses(Rule::normalForm, !offered_.insert(engine_.identify(child).key, 0).second))
        return;
    edge.distance = static_cast<std::uint8_t>(distance_);
    moves.push_back(edge);
}

void Generator::reduces(Moves& moves)
{
    if (!draft_.onlyReductions() ||
        refuses(Rule::budget, draft_.sums.count >= limits_.reductions || draft_.sums.count == maxSums) ||
        refuses(Rule::budget, draft_.frontier.count >= maxFrontier))
        return;
    // In the order of the candidates: the same set of reductions is made in one order only.
    const SizeId last = draft_.sums.count > 0 ? engine_.nodes[draft_.sums[draft_.sums.count - 1]].size : SizeId();
    const std::size_t first = last.valid() ? engine_.reduceRank(last) : 0;
    for (std::size_t i = first; i < engine_.reduceSizes().size(); ++i) {
        const SizeId size = engine_.reduceSizes()[i];
        if (passedOver(-1, -1, size) || refuses(Rule::allowance, usesOverAllowance(engine_.sizes[size].size)) ||
            refuses(Rule::reduceRatio,
                    engine_.exceedsReduceRatio(engine_.sizes.product(draft_.tally.reductions, size))))
            continue;
        Node made = engine_.nodes.reduce(0, size);
        made.flags = engine_.flagsOf(made);
        if (!tooFar(MoveKind::reduce, 0, std::span(&made, 1), engine_.sizes[size].primaries))
            offer({{}, size.index, MoveKind::reduce}, moves);
    }
}

void Generator::shifts(Moves& moves)
{
    if (refuses(Rule::budget, draft_.tally[MoveKind::shift] >= limits_.shifts))
        return;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        const Node n = node(i);
        if (passedOver(i) || !usable(i) || refuses(Rule::viewsBeforeContraction, belongsBefore(n.tags)) ||
            refuses(Rule::shiftChain, n.kind == NodeKind::shift) ||
            refuses(Rule::shiftReduce, n.kind == NodeKind::reduce) ||
            refuses(Rule::viewAboveShare, n.kind == NodeKind::share) ||
            refuses(Rule::unorderedShift, n.unorderedScope.valid() || shiftsOnlyNames(draft_.frontier[i])) ||
            refuses(Rule::shiftAboveMerge, shiftsBelowSplit(n)) ||
            refuses(Rule::equalReductions, equalReductionBefore(draft_.frontier[i], 0)) ||
            refuses(Rule::shiftAboveSplit,
                    n.kind == NodeKind::split && engine_.sizes[engine_.nodes[n.b].size].largest > limits_.shiftReshape))
            continue;
        Node made = engine_.nodes.shift(draft_.frontier[i], 1);
        made.flags = engine_.flagsOf(made);
        if (!tooFar(MoveKind::shift, 1u << i, std::span(&made, 1)))
            offer({{}, 0, MoveKind::shift, static_cast<std::uint8_t>(i)}, moves);
    }
}

void Generator::strides(Moves& moves)
{
    if (limits_.strides == 0 || refuses(Rule::budget, draft_.tally[MoveKind::stride] >= limits_.strides))
        return;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        const Node n = node(i);
        if (passedOver(i) || !usable(i) || refuses(Rule::viewsBeforeContraction, belongsBefore(n.tags)) ||
            refuses(Rule::viewAboveShare, n.kind == NodeKind::share) ||
            refuses(Rule::equalReductions, equalReductionBefore(draft_.frontier[i], 0)) ||
            refuses(Rule::strideChain,
                    n.kind == NodeKind::stride || n.kind == NodeKind::unfold || n.kind == NodeKind::split))
            continue;
        for (const SizeId step : engine_.reduceSizes()) {
            const SizeId product = engine_.sizes.product(n.size, step);
            if (passedOver(i, -1, step) || refuses(Rule::allowance, usesOverAllowance(engine_.sizes[step].size)) ||
                refuses(Rule::legalSize, !engine_.sizes[product].legal) ||
                refuses(Rule::unfoldWindow,
                        engine_.sizes[product].largest > limits_.unfoldMax * engine_.sizes[step].largest))
                continue;
            Node made = engine_.nodes.stride(draft_.frontier[i], step);
            made.flags = engine_.flagsOf(made);
            if (!tooFar(MoveKind::stride, 1u << i, std::span(&made, 1)))
                offer({{}, step.index, MoveKind::stride, static_cast<std::uint8_t>(i)}, moves);
        }
    }
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
            Node made = engine_.nodes.split(draft_.frontier[i], draft_.frontier[j]);
            made.flags = engine_.flagsOf(made);
            if (!tooFar(MoveKind::split, 1u << i | 1u << j, std::span(&made, 1)))
                offer({{}, 0, MoveKind::split, static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(j)}, moves);
        }
    }
}

void Generator::unfolds(Moves& moves)
{
    if (refuses(Rule::budget, draft_.tally[MoveKind::unfold] >= limits_.unfolds))
        return;
    for (int j = 0; j < draft_.frontier.count; ++j) {
        if (only_ && j != only_->second)
            continue;
        const Node window = node(j);
        const SizeFacts& size = engine_.sizes[window.size];
        if (refuses(Rule::chain, window.height >= limits_.chain) ||
            refuses(Rule::unfoldWindow, window.pooled != engine_.sizes.one() || (limits_.oddWindows && !size.odd) ||
                                            size.largest > limits_.unfoldMax))
            continue;
        for (int i = 0; i < draft_.frontier.count; ++i) {
            if (i == j || passedOver(i, j) || !usable(i) || unfoldRefused(draft_.frontier[i], draft_.frontier[j]))
                continue;
            Node made = engine_.nodes.unfold(draft_.frontier[i], draft_.frontier[j]);
            made.flags = engine_.flagsOf(made);
            if (!tooFar(MoveKind::unfold, 1u << i | 1u << j, std::span(&made, 1)))
                offer({{}, 0, MoveKind::unfold, static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(j)}, moves);
        }
    }
}

void Generator::expands(Moves& moves)
{
    if (limits_.repeat <= 1 || refuses(Rule::budget, draft_.tally.outerAxes >= limits_.expands) ||
        draft_.expanded.full())
        return;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        const Node n = node(i);
        const bool block = n.kind == NodeKind::mergeBlock;
        const bool group = n.kind == NodeKind::mergeGroup && limits_.tile;
        const SizeId repeats = engine_.sizes.product(draft_.tally.repeats, n.size);
        if (passedOver(i) || !usable(i) || refuses(Rule::viewsBeforeContraction, belongsBefore(n.tags)) ||
            refuses(Rule::repeatPlace, !(block || group) || engine_.sizes[repeats].largest > limits_.repeat) ||
            refuses(Rule::repeatOfSums, n.onlySums))
            continue;
        if (!tooFar(MoveKind::expand, 1u << i, {}))
            offer({{}, 0, MoveKind::expand, static_cast<std::uint8_t>(i)}, moves);
    }
}

bool Generator::shiftsReduction(NodeId id) const
{
    const Node& node = engine_.nodes[engine_.nodes.belowShares(id)];
    return node.kind == NodeKind::shift && engine_.nodes[node.a].base == NodeKind::reduce;
}

void Generator::merges(Moves& moves)
{
    if (refuses(Rule::budget, draft_.tally[MoveKind::merge] >= limits_.merges) || draft_.frontier.count >= maxFrontier)
        return;
    for (int i = 0; i < draft_.frontier.count; ++i) {
        const NodeId whole = draft_.frontier[i];
        const Node n = node(i);
        if (passedOver(i) || !usable(i) || refuses(Rule::viewsBeforeContraction, belongsBefore(n.tags)) ||
            refuses(Rule::viewAboveShare, n.kind == NodeKind::share) ||
            refuses(Rule::equalReductions, equalReductionBefore(whole, 0)) ||
            refuses(Rule::stackedMerge, n.base == NodeKind::split || n.base == NodeKind::reduce ||
                                            n.base == NodeKind::mergeGroup || shiftsReduction(whole)))
            continue;
        const std::size_t count = engine_.divisors(n.size).size();
        for (std::size_t d = 0; d < count; ++d) {
            const SizeId block = engine_.divisors(n.size)[d];
            if (passedOver(i, -1, block) || mergeRefused(whole, block))
                continue;
            std::array<Node, 2> made{engine_.nodes.mergeGroup(whole, block), engine_.nodes.mergeBlock(whole, block)};
            for (Node& half : made)
                half.flags = engine_.flagsOf(half);
            if (!tooFar(MoveKind::merge, 1u << i, made))
                offer({{}, block.index, MoveKind::merge, static_cast<std::uint8_t>(i)}, moves);
        }
    }
}

} // namespace synoscope
