// Sizes that moves may introduce, and the facts about dimensions that the shape distance and the generator share.
#include "core/synthesis/generator.h"

namespace synoscope {

namespace {

// Coefficients of a size a move introduces lie in this range, as in the paper's enumeration.
constexpr int largestCoefficientExponent = 2;

} // namespace

void SynthesisEngine::enumerateExponents(int variable, Size size, std::vector<Size>& found) const
{
    if (variable == problem->variables.size()) {
        found.push_back(size);
        return;
    }
    const VariableId id{static_cast<std::uint8_t>(variable)};
    const int allowance = problem->allowance[variable];
    const bool primary = sizes.isPrimary(id);
    const int most = primary ? allowance : std::min(allowance, largestCoefficientExponent);
    for (int exponent = primary ? 0 : -most; exponent <= most; ++exponent)
        enumerateExponents(variable + 1, size * Size::of(id, exponent), found);
}

void SynthesisEngine::enumerateReduceSizes()
{
    std::vector<Size> found;
    enumerateExponents(0, Size(), found);
    for (const Size& size : found) {
        int variables = 0;
        for (const int exponent : size.exponents())
            variables += exponent != 0;
        if (variables > problem->limits.variablesInSize)
            continue; // most of them: not worth a place in the table
        const SizeId id = sizes.intern(size);
        if (sizes[id].legal && !exceedsReduceRatio(id))
            reduceSizes_.push_back(id);
    }
    std::ranges::sort(reduceSizes_, [&](SizeId a, SizeId b) { return sizes[a].size < sizes[b].size; });
    for (std::size_t i = 0; i < reduceSizes_.size(); ++i)
        reduceRanks_.emplace(reduceSizes_[i], i);
}

bool SynthesisEngine::exceedsReduceRatio(SizeId product) const
{
    for (std::size_t layer = 0; layer < sizes.layers(); ++layer)
        if (static_cast<double>(sizes.value(product, layer)) >
            problem->limits.reduceRatio * static_cast<double>(sizes.value(inputProduct_, layer)))
            return true;
    return false;
}

const std::vector<SizeId>& SynthesisEngine::divisors(SizeId whole)
{
    const auto [entry, fresh] = divisors_.try_emplace(whole);
    if (!fresh)
        return entry->second;
    const Size size = sizes[whole].size;
    std::vector<Size> blocks{Size()};
    for (int v = 0; v < problem->variables.size(); ++v) {
        const VariableId id{static_cast<std::uint8_t>(v)};
        const int now = size.exponent(id);
        const int allowance = std::min(problem->allowance[v], largestCoefficientExponent);
        const int least = sizes.isPrimary(id) ? 0 : std::min(0, now) - allowance;
        const int most = sizes.isPrimary(id) ? now : std::max(0, now) + allowance;
        std::vector<Size> next;
        for (const Size& block : blocks)
            for (int exponent = least; exponent <= most; ++exponent)
                next.push_back(block * Size::of(id, exponent));
        blocks = std::move(next);
    }
    std::vector<SizeId> legal;
    for (const Size& block : blocks) {
        int variables = 0;
        for (const int exponent : block.exponents())
            variables += exponent != 0;
        if (variables > problem->limits.variablesInSize)
            continue;
        const SizeId id = sizes.intern(block);
        if (sizes[id].legal && sizes[sizes.quotient(whole, id)].legal)
            legal.push_back(id);
    }
    std::ranges::sort(legal, [&](SizeId a, SizeId b) { return sizes[a].size < sizes[b].size; });
    divisors_[whole] = std::move(legal);
    return divisors_[whole];
}

// An iterator or a half of a merge: an outer product. A reduction that met a weight: a low rank between two weights.
bool SynthesisEngine::couldBeOuter(NodeId id) const
{
    const Node& node = nodes[id];
    const NodeKind base = nodes[nodes.belowShares(id)].kind;
    if (base == NodeKind::iterator || base == NodeKind::mergeGroup || base == NodeKind::mergeBlock)
        return true;
    return base == NodeKind::reduce && node.kind == NodeKind::share && isLowRank(node.size);
}

bool SynthesisEngine::isLowRank(SizeId size) const
{
    const auto [least, most] = problem->limits.lowRank;
    return sizes[size].least >= least && sizes[size].largest <= most;
}

// Whether sharing this dimension too would use a primary variable more often than allowed.
bool SynthesisEngine::sharesOverAllowance(const Draft& draft, const Move& chosen, int position) const
{
    for (int v = 0; v < problem->variables.size(); ++v) {
        const VariableId id{static_cast<std::uint8_t>(v)};
        if (!sizes.isPrimary(id))
            continue;
        int uses = draft.tally.variables[v];
        for (int i = 0; i <= position; ++i)
            if (i == position || ((chosen.inner | chosen.outer) >> i & 1))
                uses += sizes[nodes[draft.frontier[i]].size].size.exponent(id);
        if (uses > problem->allowance[v])
            return true;
    }
    return false;
}

std::uint16_t SynthesisEngine::flagsOf(NodeId id)
{
    const Node& node = nodes[id];
    std::uint16_t flags = 0;
    if (node.height >= problem->limits.chain)
        flags |= DistanceItem::frozen;
    if (couldBeOuter(id) && !node.discards)
        flags |= DistanceItem::outer;
    if (distance_.couldBeWindow(node.size))
        flags |= DistanceItem::window;
    if (node.discards)
        flags |= DistanceItem::strided;
    if (node.kind == NodeKind::reduce)
        flags |= DistanceItem::bare;
    const bool smallSplit =
        node.kind == NodeKind::split && sizes[nodes[node.b].size].largest <= problem->limits.shiftReshape;
    const bool direct = node.kind == NodeKind::iterator || node.kind == NodeKind::unfold ||
                        node.kind == NodeKind::stride || node.kind == NodeKind::shift ||
                        node.kind == NodeKind::mergeBlock;
    if ((direct && !divisors(node.size).empty()) || smallSplit || sumsMayBeMerged_)
        flags |= DistanceItem::mergeable;
    if (!node.onlySums)
        flags |= DistanceItem::mergeableLater;
    if (sizes[node.size].largest <= problem->limits.shiftReshape || node.kind == NodeKind::mergeGroup)
        flags |= DistanceItem::smallBlock; // a shift above the group of a merge makes it mergeable as well
    if (nodes[nodes.belowShares(id)].kind == NodeKind::reduce && isLowRank(node.size))
        flags |= DistanceItem::lowRank;
    return flags;
}

int SynthesisEngine::distanceOf(const Draft& draft)
{
    const Limits& limits = problem->limits;
    const Tally& tally = draft.tally;
    const auto left = [](int limit, int used) { return static_cast<std::uint8_t>(std::max(0, limit - used)); };
    std::array<DistanceItem, maxFrontier> items;
    for (int i = 0; i < draft.frontier.count; ++i)
        items[i] = {nodes[draft.frontier[i]].size, flagsOf(draft.frontier[i])};
    DistanceBudget budget;
    budget.weights = left(std::min(limits.weights, maxWeights), draft.weights());
    budget.merges = left(limits.merges, tally[MoveKind::merge]);
    budget.splits = left(limits.splits, tally[MoveKind::split]);
    budget.unfolds = left(limits.unfolds, tally[MoveKind::unfold]);
    budget.repeats = limits.repeat > 1 ? left(limits.expands, tally.outerAxes) : 0;
    budget.strides = left(limits.strides, tally[MoveKind::stride]);
    budget.needsWeight = draft.weights() == 0;
    if (budget.weights == 0) { // what no weight has met by now is pooling
        SizeId pooled = sizes.one();
        for (const NodeId node : draft.frontier)
            pooled = sizes.product(pooled, nodes[node].pooled);
        if (sizes[pooled].largest > limits.pooling)
            return infiniteDistance;
    }
    if (draft.onlyReductions())
        budget.reductions = left(limits.reductions, tally[MoveKind::reduce]);
    return distance_(std::span(items).first(draft.frontier.count), budget);
}

const MoveList& SynthesisEngine::moves(StateId id)
{
    if (states_[id.index].moves == 0xffffffffu) {
        MoveList list;
        Generator generator(*this, id, rules);
        for (int kind = 0; kind < moveKinds; ++kind)
            generator.run(static_cast<MoveKind>(kind), list.moves, &list.distances);
        list.moves.shrink_to_fit();
        list.children.resize(list.moves.size());
        states_[id.index].moves = static_cast<std::uint32_t>(moveLists_.size());
        moveLists_.push_back(std::move(list));
    }
    return moveLists_[states_[id.index].moves];
}

std::vector<Refusal> SynthesisEngine::refusals(StateId id)
{
    std::vector<Refusal> refusals;
    RuleSet scratch = rules;
    Generator generator(*this, id, scratch);
    for (int kind = 0; kind < moveKinds; ++kind) {
        const RuleSet before = scratch;
        std::vector<Move> offered;
        generator.run(static_cast<MoveKind>(kind), offered);
        for (int rule = 0; rule < ruleCount; ++rule) {
            const auto refused = scratch.refused(static_cast<Rule>(rule)) - before.refused(static_cast<Rule>(rule));
            const RuleInfo& about = info(static_cast<Rule>(rule));
            if (refused > 0)
                refusals.push_back({std::string(about.name), std::string(about.reason), static_cast<MoveKind>(kind),
                                    static_cast<int>(refused)});
        }
    }
    return refusals;
}

} // namespace synoscope
