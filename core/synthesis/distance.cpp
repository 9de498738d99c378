#include "core/synthesis/distance.h"

#include "core/base/hash.h"

#include <algorithm>
#include <bit>

namespace synoscope {

namespace {

constexpr std::uint64_t highBits = 0x8080808080808080ull;

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
        const Size& has = sizes_[given].size;
        const Size& wants = sizes_[wanted_[wanted]].size;
        if (has == wants) {
            fit.kind = Fit::equal;
        } else if (sizes_.isPlausible(has / wants)) {
            fit.kind = Fit::more;
            fit.difference = sizes_.find(has / wants);
        } else {
            fit.kind = sizes_.isPlausible(wants / has) ? Fit::less : Fit::apart;
            fit.difference = sizes_.find(wants / has);
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

int ShapeDistance::miss(std::uint64_t key, std::span<const DistanceItem> items, const DistanceBudget& budget, int most)
{
    ++misses_;
    const int distance = compute(items, budget, most);
    *memo_.insert(key, {}).first = {static_cast<std::uint8_t>(distance), static_cast<std::uint8_t>(most)};
    return distance;
}

// Assigns the frontier dimensions, one after the other, to the groups of one partition of the desired sizes or to the
// drops.
struct ShapeDistance::Search
{
    ShapeDistance& distance;
    SizeTable& sizes;
    std::span<const DistanceItem> items;
    const DistanceBudget& budget;
    std::uint64_t demand;
    std::uint64_t scarce;
    std::uint64_t supply; // exponents of the primary variables in what is not dropped

    bool anySmallBlock = false;
    bool sumsStay = false;                            // DistanceItem::whole and stays hold
    bool oneMerge = false;                            // at most one merge is left, and it stands where rules let it
    bool outerPossible = false;                       // some dimension may be an outer axis, or part of it
    std::uint16_t mergeableFlags = 0;                 // which flags make a dimension mergeable here
    std::uint16_t axisFlags = 0;                      // and which an axis of an unfold
    int axes = 0;                                     // dimensions that could be one and are not outer axes
    std::array<SizeId, maxFrontier> sums{};           // product of the whole sums in a group
    std::array<std::uint32_t, maxFrontier> members{}; // of a group, as a mask of items

    int groups = 0;
    int baseMerges = 0;                             // that part the groups' products into desired sizes
    std::array<std::uint8_t, maxFrontier> wanted{}; // product of the desired sizes of a group: index into wanted_
    std::array<int, maxFrontier> wantedCount{};
    std::array<SizeId, maxFrontier> given{};
    std::array<int, maxFrontier> givenCount{};
    std::array<bool, maxFrontier> closed{}; // holds a frozen dimension
    int splits = 0;
    std::array<bool, maxFrontier> mergeable{}; // some member could be merged
    std::array<bool, maxFrontier> smallBlock{};
    std::array<int, 3> windows{}; // dropped, by the number of contractions still to come: swallowed by an unfold each
    int weightedWindows = 0;      // of windows[0], those that have met a weight
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
            if (alone && emptyTwinBefore(g))
                continue;
            if (closed[g] || (frozen && !(alone && wantedCount[g] == 1 && distance.wanted_[wanted[g]] == item.size)))
                continue;
            if (!alone && splits == budget.splits)
                continue;
            const SizeId joined = alone ? item.size : sizes.product(given[g], item.size);
            // With the last split spent a group that has something gets no more.
            if (splits + !alone == budget.splits && budget.strides == 0 &&
                distance.fit(joined, wanted[g]).kind >= Fit::less)
                continue;
            const SizeId sumsBefore = sums[g];
            if (sumsStay && (item.flags & DistanceItem::whole) && !(item.flags & DistanceItem::window)) {
                sums[g] = sizes.product(sumsBefore, item.size);
                if (!anySmallBlock && !sumsDivide(g)) {
                    sums[g] = sumsBefore;
                    continue;
                }
            }
            members[g] |= 1u << i;
            axes += (item.flags & axisFlags) != 0;
            const SizeId before = given[g];
            const bool mergeableBefore = mergeable[g];
            const bool smallBefore = smallBlock[g];
            mergeable[g] |= (item.flags & mergeableFlags) != 0;
            smallBlock[g] |= budget.shifts && (item.flags & DistanceItem::smallBlock);
            given[g] = joined;
            ++givenCount[g];
            splits += !alone;
            closed[g] = frozen;
            assign(i + 1);
            axes -= (item.flags & axisFlags) != 0;
            members[g] &= ~(1u << i);
            sums[g] = sumsBefore;
            closed[g] = false;
            splits -= !alone;
            --givenCount[g];
            given[g] = before;
            mergeable[g] = mergeableBefore;
            smallBlock[g] = smallBefore;
        }
        if (frozen || (sumsStay && (item.flags & DistanceItem::stays)))
            return;
        // No byte borrows from the next: exponents are small and the supply is at least what is taken.
        const std::uint64_t taken = sizes[item.size].primaries;
        const std::uint64_t left = supply - taken;
        if ((((left | highBits) - demand) & scarce) != scarce)
            return;
        supply = left;
        const bool axis =
            (item.flags & axisFlags) && (item.flags & DistanceItem::window); // before it is a window itself
        axes += axis;
        drop(item.flags, 1);
        assign(i + 1);
        drop(item.flags, -1);
        axes -= axis;
        supply += taken;
    }

    // An empty group before it wants the same: what is tried there need not be tried here.
    bool emptyTwinBefore(int g) const
    {
        for (int other = 0; other < g; ++other)
            if (givenCount[other] == 0 && wanted[other] == wanted[g] && wantedCount[other] == wantedCount[g])
                return true;
        return false;
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
        countIn(0, window);
        weightedWindows += !bare && window ? count : 0;
        if (strided || !(flags & DistanceItem::outer)) {
            countIn(1, window);
            if (strided || !(flags & DistanceItem::lowRank))
                countIn(2, window);
        }
    }

    void finish()
    {
        int merges = baseMerges;
        int remainders = 0;
        int strides = 0;
        int reductions = 0;
        int joints = 0; // splits that join a supplied dimension to its group
        int others = 0; // steps of one kind or another
        for (int g = 0; g < groups; ++g) {
            if (givenCount[g] == 0) {
                const SizeId missing = distance.wanted_[wanted[g]];
                ++reductions;
                others += !distance.couldReduce(distance.rankOf(missing), missing, items);
                if (reductions > budget.reductions)
                    return;
                continue;
            }
            const Fit fit = distance.fit(given[g], wanted[g]);
            if (fit.kind == Fit::equal && wantedCount[g] == 1)
                continue;
            if (anySmallBlock && !smallBlock[g] && !sumsDivide(g))
                return;
            if (closed[g])
                return;
            if (fit.kind >= Fit::less) {
                if (strides < budget.strides) {
                    ++strides; // a stride could supply what is missing
                    continue;
                }
                ++reductions;
                ++joints;
                if (reductions > budget.reductions)
                    return;
                others += fit.kind == Fit::apart || !distance.couldReduce(fit.missing, fit.difference, items);
                continue;
            }
            if (!canMerge(g) || (oneMerge && fit.kind == Fit::more && !canPart(g, fit.difference)))
                return;
            others += !mergeable[g]; // the shift that makes it so
            if (fit.kind == Fit::more) {
                ++merges;
                ++remainders;
            }
        }
        if (splits + joints > budget.splits || merges > budget.merges)
            return;
        const int cost = dropCost(remainders, merges);
        const int total = splits + joints + reductions + merges + strides + others + cost;
        if (cost != infiniteDistance && total < best && windowsFit())
            best = total;
    }

    // With no merge left, what is only summed is dropped as a window of something that stays, or of another window: of
    // a dimension that is no sum, or of several that a split joins and a weight shares.
    bool windowsFit() const
    {
        if (!sumsStay || budget.merges > 0)
            return true;
        std::uint32_t kept = 0;
        for (int g = 0; g < groups; ++g)
            kept |= members[g];
        for (std::size_t i = 0; i < items.size(); ++i) {
            constexpr int kinds = DistanceItem::whole | DistanceItem::window | DistanceItem::lowRank;
            if (!(kept >> i & 1) && (items[i].flags & kinds) == (DistanceItem::whole | DistanceItem::window) &&
                !windowFits(items[i].size, kept))
                return false;
        }
        return true;
    }

    bool windowFits(SizeId window, std::uint32_t kept) const
    {
        for (std::size_t i = 0; i < items.size(); ++i)
            if ((items[i].flags & axisFlags) && ((kept >> i & 1) || (items[i].flags & DistanceItem::window)) &&
                distance.fits(items[i].size, window))
                return true;
        for (int g = 0; g < groups && budget.weights > 0; ++g) {
            bool allSums = true;
            for (std::size_t i = 0; i < items.size(); ++i)
                allSums &= !(members[g] >> i & 1) || (items[i].flags & DistanceItem::whole);
            if (!allSums && givenCount[g] > 1 && distance.fits(given[g], window))
                return true;
        }
        return false;
    }

    // What has been decided so far already costs too much or exceeds the budgets: both only grow.
    bool hopeless() const
    {
        const int reshapes = budget.splits - splits + budget.merges + budget.repeats;
        for (int contractions = budget.needsWeight ? 1 : 0; contractions <= std::min<int>(2, budget.weights);
             ++contractions) {
            const int single = windows[contractions] + others[contractions];
            if (single <= budget.unfolds + reshapes && others[contractions] <= reshapes &&
                splits + baseMerges + contractions + single < best)
                return false;
        }
        return true;
    }

    // What cannot be cut off again must be part of what the group wants. (A small block can be, together with what it
    // shifts.)
    bool sumsDivide(int g)
    {
        if (!sumsStay || sums[g] == sizes.one())
            return true;
        const auto kind = distance.fit(sums[g], wanted[g]).kind;
        return kind == Fit::equal || kind == Fit::less;
    }

    bool canMerge(int g) const { return mergeable[g] || (givenCount[g] > 1 && smallBlock[g]); }

    // Whether one merge could part something of this size off a member.
    bool canPart(int g, SizeId part) const
    {
        if (smallBlock[g] || !part.valid() || (givenCount[g] > 1 && distance.couldBeWindow(part)))
            return true; // or a window together with another member
        for (std::uint32_t rest = members[g]; rest != 0; rest &= rest - 1) {
            const DistanceItem& item = items[static_cast<std::size_t>(std::countr_zero(rest))];
            if (!(item.flags & mergeableFlags))
                continue;
            const auto& legal = distance.moves_.divisors(item.size);
            if (std::ranges::find(legal, part) != legal.end() ||
                std::ranges::find(legal, sizes.quotient(item.size, part)) != legal.end())
                return true;
        }
        return false;
    }

    // The cheapest way to drop what is to be dropped: with no, one or two contractions more.
    int dropCost(int remainders, int merges) const
    {
        const int spareMerges = budget.merges - merges;
        const int reshapes = budget.splits - splits + spareMerges + budget.repeats;
        int cost = infiniteDistance;
        for (int contractions = budget.needsWeight ? 1 : 0; contractions <= std::min<int>(2, budget.weights);
             ++contractions) {
            if (contractions > 0 && !outerPossible)
                continue;
            // A bare reduction is no window, but may be part of one.
            if (contractions == 0 && windows[0] > 0 && weightedWindows == 0 && remainders == 0)
                continue;
            const int halves = contractions == 0 ? remainders : 0; // else they are outer axes
            if (windows[contractions] > 0 && axes == 0 && oneMerge && budget.merges == 0)
                continue;
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
    // Whether an unfold could come: there is a window, or the halves of another merge may be one.
    bool unfolds = budget.merges >= 2;
    bool anySmallBlock = false;
    const int shiftFirst = budget.shifts ? DistanceItem::shiftFirst : 0;
    const int smallBlock = budget.shifts ? DistanceItem::smallBlock : 0;
    for (const DistanceItem& item : items) {
        unfolds |= (item.flags & DistanceItem::window) != 0;
        anySmallBlock |= (item.flags & smallBlock) != 0;
    }
    unfolds |= budget.reductions > 0;
    anySmallBlock |= budget.reductions > 0 && budget.shifts;
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
