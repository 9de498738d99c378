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
    reduceRanks_.assign(sizes.count(), static_cast<std::uint32_t>(reduceSizes_.size()));
    for (std::size_t i = 0; i < reduceSizes_.size(); ++i)
        reduceRanks_[reduceSizes_[i].index] = static_cast<std::uint32_t>(i);
    distance_.setMoves({reduceRanks_, static_cast<std::uint32_t>(reduceSizes_.size()),
                        [this](SizeId size) -> const std::vector<SizeId>& { return divisors(size); }, mergesAnywhere_});
}

std::size_t SynthesisEngine::reduceRank(SizeId size) const
{
    return size.index < reduceRanks_.size() ? reduceRanks_[size.index] : reduceSizes_.size();
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
    if (whole.index < divisors_.size() && divisors_[whole.index])
        return *divisors_[whole.index];
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
    if (divisors_.size() <= whole.index)
        divisors_.resize(sizes.count());
    divisors_[whole.index] = std::make_unique<std::vector<SizeId>>(std::move(legal));
    return *divisors_[whole.index];
}

// An iterator or a half of a merge: an outer product. What is only summed and has met a weight: a low rank between two
// weights.
bool SynthesisEngine::couldBeOuter(const Node& node) const
{
    const bool part = node.base == NodeKind::mergeGroup || node.base == NodeKind::mergeBlock;
    if (node.onlySums)
        return (part || node.base == NodeKind::reduce) && node.tags != 0 && isLowRank(node.size);
    return part || node.base == NodeKind::iterator;
}

bool SynthesisEngine::isLowRank(SizeId size) const
{
    const auto [least, most] = problem->limits.lowRank;
    return sizes[size].least >= least && sizes[size].largest <= most;
}

// Whether the variables' allowances let a weight have an axis of this size.
bool SynthesisEngine::mayBeShared(SizeId size) const
{
    for (int v = 0; v < problem->variables.size(); ++v) {
        const VariableId id{static_cast<std::uint8_t>(v)};
        if (sizes.isPrimary(id) && sizes[size].size.exponent(id) > problem->allowance[v])
            return false;
    }
    return true;
}

std::uint16_t SynthesisEngine::flagsOf(const Node& node)
{
    std::uint16_t flags = 0;
    if (node.height >= problem->limits.chain)
        flags |= DistanceItem::frozen;
    const bool shareable = mayBeShared(node.size);
    if (couldBeOuter(node) && !node.discards && shareable)
        flags |= DistanceItem::outer;
    const bool unfoldsAbove = node.kind != NodeKind::split && node.kind != NodeKind::shift;
    if (!node.onlySums && (mergesAnywhere_ || unfoldsAbove))
        flags |= DistanceItem::axis;
    if (!node.onlySums && shareable)
        flags |= DistanceItem::axisLater;
    if (distance_.couldBeWindow(node.size))
        flags |= DistanceItem::window;
    if (node.discards)
        flags |= DistanceItem::strided;
    if (node.pooled != sizes.one())
        flags |= DistanceItem::bare;
    const bool smallSplit =
        node.kind == NodeKind::split && sizes[nodes[node.b].size].largest <= problem->limits.shiftReshape;
    const bool direct = node.kind == NodeKind::iterator || node.kind == NodeKind::unfold ||
                        node.kind == NodeKind::stride || node.kind == NodeKind::shift ||
                        node.kind == NodeKind::mergeBlock;
    if (mergesAnywhere_ || (direct && !divisors(node.size).empty()))
        flags |= DistanceItem::mergeable;
    if (smallSplit || node.kind == NodeKind::mergeGroup)
        flags |= DistanceItem::shiftFirst;
    // No unfold stands directly above a split or a shift; above the group of a merge or a Share one does, and a merge
    // above that.
    if (!node.onlySums && (mergesAnywhere_ || unfoldsAbove || shareable) && !divisors(node.size).empty())
        flags |= DistanceItem::mergeableLater;
    if (sizes[node.size].largest <= problem->limits.shiftReshape)
        flags |= DistanceItem::smallBlock;
    if (node.onlySums && !mergesAnywhere_ && !smallSplit && node.kind != NodeKind::shift) {
        flags |= DistanceItem::whole;
        if (!distance_.couldBeWindow(node.size) && !isLowRank(node.size))
            flags |= DistanceItem::stays;
    }
    if (node.onlySums && node.base != NodeKind::split && isLowRank(node.size))
        flags |= DistanceItem::lowRank;
    return flags;
}

DistanceBudget SynthesisEngine::budgetOf(const Draft& draft) const
{
    const Limits& limits = problem->limits;
    const Tally& tally = draft.tally;
    const auto left = [](int limit, int used) { return static_cast<std::uint8_t>(std::max(0, limit - used)); };
    DistanceBudget budget;
    budget.weights = left(std::min(limits.weights, maxWeights), draft.weights());
    budget.merges = left(limits.merges, tally[MoveKind::merge]);
    budget.splits = left(limits.splits, tally[MoveKind::split]);
    budget.unfolds = left(limits.unfolds, tally[MoveKind::unfold]);
    budget.repeats = limits.repeat > 1 ? left(limits.expands, tally.outerAxes) : 0;
    budget.strides = left(limits.strides, tally[MoveKind::stride]);
    budget.needsWeight = draft.weights() == 0;
    budget.shifts = tally[MoveKind::shift] < limits.shifts;
    if (draft.onlyReductions())
        budget.reductions = left(limits.reductions, tally[MoveKind::reduce]);
    return budget;
}

std::uint64_t SynthesisEngine::allowanceOf(const Tally& tally) const
{
    std::uint64_t allowance = 0;
    for (int v = 0; v < std::min(8, problem->variables.size()); ++v)
        if (sizes.isPrimary(VariableId{static_cast<std::uint8_t>(v)}))
            allowance |= static_cast<std::uint64_t>(std::max(0, problem->allowance[v] - tally.variables[v])) << (8 * v);
    return allowance;
}

void SynthesisEngine::limitWeights(DistanceBudget& budget, std::span<const DistanceItem> items,
                                   std::uint64_t allowance) const
{
    if (budget.weights == 0 || budget.reductions > 0 || budget.strides > 0 || mergesAnywhere_)
        return;
    const int parts = DistanceItem::mergeable | DistanceItem::mergeableLater |
                      (budget.shifts ? DistanceItem::smallBlock | DistanceItem::shiftFirst : 0);
    int shareable = 0;
    bool outer = false;
    for (const DistanceItem& item : items) {
        if (budget.merges > 0 && (item.flags & parts))
            return; // what a merge parts off may be shared
        shareable += within(sizes[item.size].primaries, allowance);
        outer |= (item.flags & (DistanceItem::outer | DistanceItem::lowRank)) != 0;
    }
    if (shareable < 2 || !outer)
        budget.weights = 0;
}

int SynthesisEngine::distanceOf(const Draft& draft)
{
    std::array<DistanceItem, maxFrontier> items;
    SizeId pooled = sizes.one();
    const std::uint64_t allowance = allowanceOf(draft.tally);
    for (int i = 0; i < draft.frontier.count; ++i) {
        const Node& node = nodes[draft.frontier[i]];
        items[i] = itemOf(node, allowance);
        pooled = sizes.product(pooled, node.pooled);
    }
    const auto all = std::span<const DistanceItem>(items).first(draft.frontier.count);
    DistanceBudget budget = budgetOf(draft);
    limitWeights(budget, all, allowance);
    if (budget.weights == 0 && sizes[pooled].largest > problem->limits.pooling)
        return infiniteDistance; // what no weight has met by now is pooling
    return distance_(all, budget);
}

std::vector<Refusal> SynthesisEngine::refusals(StateId id)
{
    std::vector<Refusal> refusals;
    RuleSet scratch = rules;
    Generator generator(*this, load(id), scratch);
    for (int kind = 0; kind < moveKinds; ++kind) {
        const RuleSet before = scratch;
        std::vector<Edge> offered;
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
