#include "core/synthesis/distance.h"

#include "core/base/hash.h"
#include "core/synthesis/distance_search.h"

#include <algorithm>
#include <bit>

namespace synoscope {

namespace {

// All set partitions of n things, as restricted growth strings.
void growPartitions(std::vector<std::uint8_t>& prefix, std::size_t n, std::vector<std::vector<std::uint8_t>>& all)
{
    if (prefix.size() == n) {
        all.push_back(prefix);
        return;
    }
    const int next = prefix.empty() ? 0 : *std::ranges::max_element(prefix) + 1;
    for (int group = 0; group <= next; ++group) {
        prefix.push_back(static_cast<std::uint8_t>(group));
        growPartitions(prefix, n, all);
        prefix.pop_back();
    }
}

} // namespace

ShapeDistance::ShapeDistance(SizeTable& sizes, std::vector<SizeId> desired, const Problem& problem)
    : sizes_(sizes), problem_(problem), desired_(std::move(desired)), evenWindows_(!problem.limits.oddWindows),
      largestWindow_(problem.limits.unfoldMax)
{
    for (const SizeId size : desired_)
        demand_ += sizes_[size].primaries;
    for (int v = 0; v < std::min(8, problem.variables.size()); ++v)
        if (sizes_.isPrimary(VariableId{static_cast<std::uint8_t>(v)}) && problem.allowance[v] == 0)
            scarce_ |= std::uint64_t{0x80} << (8 * v);

    std::vector<std::uint8_t> prefix;
    std::vector<std::vector<std::uint8_t>> all;
    growPartitions(prefix, desired_.size(), all);
    for (const auto& partition : all) {
        std::vector<std::pair<SizeId, int>> groups;
        for (std::size_t i = 0; i < desired_.size(); ++i) {
            if (partition[i] == groups.size())
                groups.emplace_back(sizes_.one(), 0);
            auto& [wanted, count] = groups[partition[i]];
            wanted = sizes_.product(wanted, desired_[i]);
            ++count;
        }
        std::ranges::sort(groups);
        std::vector<Group> made;
        for (const auto& [wanted, count] : groups) {
            const auto at = std::ranges::find(wanted_, wanted);
            made.push_back({static_cast<std::uint8_t>(at - wanted_.begin()), static_cast<std::uint8_t>(count)});
            if (at == wanted_.end())
                wanted_.push_back(wanted);
        }
        const auto equal = [&](const std::vector<Group>& other) { // equal desired sizes make equal partitions
            return std::ranges::equal(
                other, made, [](const Group& a, const Group& b) { return a.wanted == b.wanted && a.count == b.count; });
        };
        if (std::ranges::none_of(partitions_, equal))
            partitions_.push_back(std::move(made));
    }
    fits_.resize(wanted_.size());
}

const ShapeDistance::Fit& ShapeDistance::fit(SizeId given, std::uint8_t wanted)
{
    std::vector<Fit>& row = fits_[wanted];
    if (row.size() <= given.index)
        row.resize(std::max<std::size_t>(given.index + 1, sizes_.count()));
    Fit& fit = row[given.index];
    if (fit.kind == Fit::unknown) {
        const Size has = sizes_[given].size; // copies: interning moves the table
        const Size wants = sizes_[wanted_[wanted]].size;
        if (has == wants) {
            fit.kind = Fit::equal;
        } else if (sizes_.isPlausible(has / wants)) {
            fit.kind = Fit::more;
            fit.difference = sizes_.intern(has / wants); // not: find, or it would matter which sizes have been met
        } else {
            fit.kind = sizes_.isPlausible(wants / has) ? Fit::less : Fit::apart;
            fit.difference = sizes_.find(wants / has); // those of reductions are there from the beginning
            fit.missing = fit.difference.valid() ? rankOf(fit.difference) : moves_.noReduction;
        }
    }
    return fit;
}

bool ShapeDistance::couldBeWindow(SizeId size) const
{
    const SizeFacts& facts = sizes_[size];
    return facts.largest <= largestWindow_ && (evenWindows_ || facts.odd);
}

std::uint64_t itemHash(const DistanceItem& item)
{
    return mix(item.code() + 1);
}

std::uint64_t ShapeDistance::keyOf(std::uint64_t itemHashes, const DistanceBudget& budget)
{
    return mix(itemHashes ^ mix(budget.code()));
}

int ShapeDistance::operator()(std::span<const DistanceItem> items, const DistanceBudget& budget, int most)
{
    std::uint64_t sum = 0;
    for (const DistanceItem& item : items)
        sum += itemHash(item);
    return at(sum, budget, most, items);
}

// Sizes have numbers of their own in every thread.
std::uint64_t ShapeDistance::sharedKey(std::span<const DistanceItem> items, const DistanceBudget& budget) const
{
    std::uint64_t sum = 0;
    for (const DistanceItem& item : items)
        sum += mix(sizes_[item.size].hash + item.flags);
    return keyOf(sum, budget);
}

int ShapeDistance::miss(std::uint64_t key, std::span<const DistanceItem> items, const DistanceBudget& budget, int most)
{
    ++misses_;
    const std::uint64_t common = shared_ ? sharedKey(items, budget) : 0;
    std::optional<Known> known = shared_ ? shared_->find(common) : std::nullopt;
    if (!known || (known->distance == infiniteDistance && known->most < most)) {
        const int distance = compute(items, budget, most);
        known = Known{static_cast<std::uint8_t>(distance), static_cast<std::uint8_t>(most)};
        if (shared_)
            shared_->insert(common, *known);
    }
    *memo_.insert(key, {}).first = *known;
    return known->distance <= most ? known->distance : infiniteDistance;
}

bool ShapeDistance::fits(SizeId axis, SizeId window)
{
    const auto [known, fresh] = windowFits_.insert(mix(std::uint64_t{axis.index} << 32 | window.index), false);
    if (fresh)
        *known = sizes_.leastRatio(axis, window) >= problem_.limits.unfoldRatio;
    return *known;
}

bool ShapeDistance::couldReduce(std::uint32_t rank, SizeId size, std::span<const DistanceItem> items) const
{
    if (rank == moves_.noReduction)
        return false;
    std::array<int, maxVariables> uses{};
    const auto use = [&](SizeId of) {
        for (int v = 0; v < problem_.variables.size(); ++v)
            uses[v] += std::abs(sizes_[of].size.exponents()[v]);
    };
    use(size);
    for (const DistanceItem& item : items) {
        if (!(item.flags & DistanceItem::bare))
            continue;
        if (rankOf(item.size) > rank)
            return false;
        use(item.size);
    }
    for (int v = 0; v < problem_.variables.size(); ++v)
        if (uses[v] > problem_.allowance[v])
            return false;
    return true;
}

bool ShapeDistance::hasWindow(SizeId whole)
{
    return std::ranges::any_of(moves_.divisors(whole), [&](SizeId block) {
        return couldBeWindow(block) || couldBeWindow(sizes_.quotient(whole, block));
    });
}

int ShapeDistance::compute(std::span<const DistanceItem> items, const DistanceBudget& budget, int most)
{
    if (budget.needsWeight && budget.weights == 0)
        return infiniteDistance;
    std::uint64_t supply = 0;
    for (const DistanceItem& item : items)
        supply += sizes_[item.size].primaries;
    const std::uint64_t scarce = budget.reductions == 0 && budget.strides == 0 ? highBits : scarce_;
    if ((((supply | highBits) - demand_) & scarce) != scarce)
        return infiniteDistance;
    // A shift, and a merge above it; for a small block the split before.
    const bool shiftsForMerge = budget.shifts && budget.merges > 0;
    const int shiftFirst = shiftsForMerge && most >= 2 ? DistanceItem::shiftFirst : 0;
    const int smallBlock = shiftsForMerge && most >= 3 ? DistanceItem::smallBlock : 0;
    bool anySmallBlock = budget.reductions > 0 && smallBlock != 0;
    for (const DistanceItem& item : items)
        anySmallBlock |= (item.flags & smallBlock) != 0;
    // Whether an unfold could come: there is a window, or the halves of another merge may be one.
    bool unfolds = moves_.merges || budget.reductions > 0 || (budget.merges >= 2 && anySmallBlock);
    for (const DistanceItem& item : items)
        unfolds |=
            (item.flags & DistanceItem::window) ||
            (budget.merges >= 2 && (item.flags & (DistanceItem::mergeable | shiftFirst)) && hasWindow(item.size));
    const bool oneMerge = budget.merges <= 1 && !moves_.merges;
    bool sumsStay = oneMerge;
    // An outer axis: there is one, or it is the half of a merge that may come before.
    bool outerPossible = moves_.merges || (budget.reductions > 0 && budget.merges > 0);
    for (const DistanceItem& item : items) {
        sumsStay &= !(item.flags & smallBlock) || (item.flags & DistanceItem::whole);
        constexpr int soon = DistanceItem::mergeableLater | DistanceItem::axis;
        const bool parted = (item.flags & (DistanceItem::mergeable | smallBlock)) || (item.flags & soon) == soon ||
                            (item.flags & shiftFirst);
        outerPossible |= (item.flags & DistanceItem::outer) || (budget.merges > 0 && parted);
        // A reduction of low rank becomes one with a weight.
        outerPossible |= !budget.needsWeight && (item.flags & DistanceItem::lowRank);
    }
    const auto mergeableFlags = static_cast<std::uint16_t>(
        DistanceItem::mergeable | shiftFirst | (unfolds && budget.unfolds > 0 ? DistanceItem::mergeableLater : 0));
    const auto axisFlags =
        static_cast<std::uint16_t>(DistanceItem::axis | (budget.weights > 0 ? DistanceItem::axisLater : 0));
    // The hardest to drop first: hopeless assignments are cut near the root.
    std::array<DistanceItem, maxFrontier> ordered;
    std::ranges::copy(items, ordered.begin());
    const auto ease = [](const DistanceItem& item) {
        const bool outer = item.flags & DistanceItem::outer;
        const bool window = item.flags & DistanceItem::window;
        return (item.flags & (DistanceItem::frozen | DistanceItem::stays)) ? -1 : 2 * outer + window;
    };
    std::sort(ordered.begin(), ordered.begin() + static_cast<std::ptrdiff_t>(items.size()),
              [&](const DistanceItem& a, const DistanceItem& b) { return ease(a) < ease(b); });
    const auto sorted = std::span<const DistanceItem>(ordered).first(items.size());
    const int unreached = std::min(most + 1, infiniteDistance);
    int best = unreached;
    for (const std::vector<Group>& partition : partitions_) {
        Search search{*this,    sizes_,        std::span(ordered).first(items.size()),
                      budget,   demand_,       scarce,
                      supply,   anySmallBlock, sumsStay,
                      oneMerge, outerPossible, mergeableFlags,
                      axisFlags};
        for (const Group& group : partition) {
            search.wanted[search.groups] = group.wanted;
            search.sums[search.groups] = sizes_.one();
            search.wantedCount[search.groups++] = group.count;
            search.baseMerges += group.count - 1;
        }
        search.best = best; // only better partitions matter
        search.assign(0);
        best = std::min(best, search.best);
    }
    return best == unreached ? infiniteDistance : best;
}

} // namespace synoscope
