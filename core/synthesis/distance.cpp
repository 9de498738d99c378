#include "core/synthesis/distance.h"

#include "core/base/hash.h"

#include <algorithm>

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

ShapeDistance::ShapeDistance(SizeTable& sizes, std::vector<SizeId> desired, bool evenWindows,
                             std::int64_t largestWindow)
    : sizes_(sizes), desired_(std::move(desired)), desiredProduct_(sizes.one()), evenWindows_(evenWindows),
      largestWindow_(largestWindow)
{
    for (const SizeId size : desired_)
        desiredProduct_ = sizes_.product(desiredProduct_, size);
    std::vector<std::uint8_t> prefix;
    growPartitions(prefix, desired_.size(), partitions_);
}

bool ShapeDistance::couldBeWindow(SizeId size) const
{
    const SizeFacts& facts = sizes_[size];
    return facts.largest <= largestWindow_ && (evenWindows_ || facts.odd);
}

int ShapeDistance::operator()(std::span<const DistanceItem> items, const DistanceBudget& budget)
{
    ++evaluations_;
    std::array<std::uint64_t, maxFrontier> codes;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::uint64_t code = items[i].code();
        std::size_t at = i;
        for (; at > 0 && codes[at - 1] > code; --at)
            codes[at] = codes[at - 1];
        codes[at] = code;
    }
    std::uint64_t key = mix(budget.code());
    for (std::size_t i = 0; i < items.size(); ++i)
        key = combine(key, codes[i]);
    if (const auto known = memo_.find(key); known != memo_.end())
        return known->second;
    ++misses_;
    const int distance = compute(items, budget);
    memo_.emplace(key, static_cast<std::uint8_t>(distance));
    return distance;
}

// Assigns the frontier dimensions, one after the other, to the groups of one partition of the desired sizes or to the
// drops.
struct ShapeDistance::Search
{
    SizeTable& sizes;
    std::span<const DistanceItem> items;
    const DistanceBudget& budget;

    bool anySmallBlock = false;
    std::uint16_t mergeableFlags = 0; // which flags make a dimension mergeable here

    int groups = 0;
    std::array<SizeId, maxFrontier> wanted{}; // product of the desired sizes of a group
    std::array<int, maxFrontier> wantedCount{};
    std::array<SizeId, maxFrontier> given{};
    std::array<int, maxFrontier> givenCount{};
    std::array<bool, maxFrontier> closed{}; // holds a frozen dimension
    int splits = 0;
    std::array<bool, maxFrontier> mergeable{}; // some member could be merged
    std::array<bool, maxFrontier> smallBlock{};
    std::array<int, 3> windows{}; // dropped, by the number of contractions still to come: swallowed by an unfold each
    std::array<int, 3> others{};  // dropped in no other way than after a merge
    std::array<int, 3> unmergeable{}; // of the others, those above which none can stand
    int best = infiniteDistance;

    void assign(std::size_t i)
    {
        if (hopeless())
            return;
        if (i == items.size()) {
            finish();
            return;
        }
        const DistanceItem& item = items[i];
        const bool frozen = item.flags & DistanceItem::frozen;
        const bool strided = item.flags & DistanceItem::strided;
        for (int g = 0; g < groups && !strided; ++g) {
            const bool alone = givenCount[g] == 0;
            if (closed[g] || (frozen && !(alone && wantedCount[g] == 1 && wanted[g] == item.size)))
                continue;
            if (!alone && splits == budget.splits)
                continue;
            const SizeId before = given[g];
            const bool mergeableBefore = mergeable[g];
            const bool smallBefore = smallBlock[g];
            mergeable[g] |= (item.flags & mergeableFlags) != 0;
            smallBlock[g] |= (item.flags & DistanceItem::smallBlock) != 0;
            given[g] = alone ? item.size : sizes.product(before, item.size);
            ++givenCount[g];
            splits += !alone;
            closed[g] = frozen;
            assign(i + 1);
            closed[g] = false;
            splits -= !alone;
            --givenCount[g];
            given[g] = before;
            mergeable[g] = mergeableBefore;
            smallBlock[g] = smallBefore;
        }
        if (frozen)
            return;
        drop(item.flags, 1);
        assign(i + 1);
        drop(item.flags, -1);
    }

    void drop(std::uint16_t flags, int count)
    {
        const bool strided = flags & DistanceItem::strided;
        const bool window = strided || (flags & DistanceItem::window);
        const bool bare = flags & DistanceItem::bare;
        const auto countIn = [&](int contractions, bool asWindow) {
            (asWindow ? windows : others)[contractions] += count;
            if (!asWindow && !(flags & mergeableFlags))
                unmergeable[contractions] += count;
        };
        countIn(0, strided || (window && !bare));
        if (strided || !(flags & DistanceItem::outer)) {
            countIn(1, window);
            if (strided || !(flags & DistanceItem::lowRank))
                countIn(2, window);
        }
    }

    void finish()
    {
        int merges = 0;
        int remainders = 0;
        int strides = 0;
        int reductions = 0;
        int joints = 0; // splits that join a supplied dimension to its group
        for (int g = 0; g < groups; ++g) {
            merges += wantedCount[g] - 1;
            if (givenCount[g] == 0) {
                ++reductions;
                continue;
            }
            const SizeId quotient = sizes.quotient(given[g], wanted[g]);
            if (quotient == sizes.one()) {
                if (wantedCount[g] > 1 && !canMerge(g))
                    return;
                continue;
            }
            if (closed[g])
                return;
            if (sizes[quotient].plausible) {
                if (!canMerge(g))
                    return;
                ++merges;
                ++remainders;
            } else if (strides < budget.strides) {
                ++strides; // a stride could supply what is missing
            } else {
                ++reductions;
                ++joints;
            }
        }
        if (reductions > budget.reductions || splits + joints > budget.splits)
            return;
        if (merges > budget.merges)
            return;
        const int cost = dropCost(remainders, merges);
        if (cost != infiniteDistance)
            best = std::min(best, splits + joints + reductions + merges + strides + cost);
    }

    // What has been decided so far already costs too much or exceeds the budgets: both only grow.
    bool hopeless() const
    {
        const int reshapes = budget.splits - splits + budget.merges + budget.repeats;
        for (int contractions = budget.needsWeight ? 1 : 0; contractions <= std::min<int>(2, budget.weights);
             ++contractions) {
            const int single = windows[contractions] + others[contractions];
            if (single <= budget.unfolds + reshapes && others[contractions] <= reshapes &&
                splits + contractions + single < best)
                return false;
        }
        return true;
    }

    bool canMerge(int g) const { return mergeable[g] || (givenCount[g] > 1 && smallBlock[g]); }

    // The cheapest way to drop what is to be dropped: with no, one or two contractions more.
    int dropCost(int remainders, int merges) const
    {
        const int spareMerges = budget.merges - merges;
        const int reshapes = budget.splits - splits + spareMerges + budget.repeats;
        int cost = infiniteDistance;
        for (int contractions = budget.needsWeight ? 1 : 0; contractions <= std::min<int>(2, budget.weights);
             ++contractions) {
            const int halves = contractions == 0 ? remainders : 0; // else they are outer axes
            const int single = windows[contractions] + others[contractions] + halves;
            const bool possible =
                single <= budget.unfolds + reshapes && others[contractions] <= reshapes &&
                (others[contractions] == 0 || (spareMerges > 0 && (unmergeable[contractions] == 0 || anySmallBlock)) ||
                 budget.repeats > 0);
            if (possible)
                cost = std::min(cost, contractions + single);
        }
        return cost;
    }
};

int ShapeDistance::compute(std::span<const DistanceItem> items, const DistanceBudget& budget)
{
    if (budget.needsWeight && budget.weights == 0)
        return infiniteDistance;
    if (budget.strides == 0 && budget.reductions == 0) {
        SizeId product = sizes_.one();
        for (const DistanceItem& item : items)
            product = sizes_.product(product, item.size);
        const SizeId quotient = sizes_.quotient(product, desiredProduct_);
        // The dropped dimensions multiply to the quotient, so it has no negative primary exponent. It may still be no
        // legal size itself (too many variables): the limit is on each size, not on the product of all.
        const Size& size = sizes_[quotient].size;
        for (const SizeId wanted : desired_)
            for (int v = 0; v < maxVariables; ++v) {
                const VariableId id{static_cast<std::uint8_t>(v)};
                if (size.exponent(id) < 0 && sizes_[wanted].size.exponent(id) > 0 && sizes_.isPrimary(id))
                    return infiniteDistance;
            }
    }
    // Whether an unfold could come: there is a window, or the halves of another merge may be one.
    bool unfolds = budget.merges >= 2;
    bool anySmallBlock = false;
    for (const DistanceItem& item : items) {
        unfolds |= (item.flags & DistanceItem::window) != 0;
        anySmallBlock |= (item.flags & DistanceItem::smallBlock) != 0;
    }
    unfolds |= budget.reductions > 0;
    anySmallBlock |= budget.reductions > 0;
    const auto mergeableFlags = static_cast<std::uint16_t>(
        DistanceItem::mergeable | (unfolds && budget.unfolds > 0 ? DistanceItem::mergeableLater : 0));
    // The hardest to drop first: hopeless assignments are cut near the root.
    std::array<DistanceItem, maxFrontier> ordered;
    std::ranges::copy(items, ordered.begin());
    const auto ease = [](const DistanceItem& item) {
        const bool outer = item.flags & DistanceItem::outer;
        const bool window = item.flags & DistanceItem::window;
        return (item.flags & DistanceItem::frozen) ? -1 : 2 * outer + window;
    };
    std::sort(ordered.begin(), ordered.begin() + static_cast<std::ptrdiff_t>(items.size()),
              [&](const DistanceItem& a, const DistanceItem& b) { return ease(a) < ease(b); });
    int best = infiniteDistance;
    for (const std::vector<std::uint8_t>& partition : partitions_) {
        Search search{sizes_, std::span(ordered).first(items.size()), budget, anySmallBlock, mergeableFlags};
        for (std::size_t i = 0; i < desired_.size(); ++i) {
            const int g = partition[i];
            search.groups = std::max(search.groups, g + 1);
            search.wanted[g] =
                search.wantedCount[g]++ == 0 ? desired_[i] : sizes_.product(search.wanted[g], desired_[i]);
        }
        search.best = best; // only better partitions matter
        search.assign(0);
        best = std::min(best, search.best);
    }
    return best;
}

} // namespace synoscope
