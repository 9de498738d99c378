#include "core/synthesis/distance_search.h"

#include <algorithm>
#include <bit>

namespace synoscope {

void ShapeDistance::Search::assign(std::size_t i)
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
    const bool axis = (item.flags & axisFlags) && (item.flags & DistanceItem::window); // before it is a window itself
    axes += axis;
    drop(item.flags, 1);
    assign(i + 1);
    drop(item.flags, -1);
    axes -= axis;
    supply += taken;
}

// An empty group before it wants the same: what is tried there need not be tried here.
bool ShapeDistance::Search::emptyTwinBefore(int g) const
{
    for (int other = 0; other < g; ++other)
        if (givenCount[other] == 0 && wanted[other] == wanted[g] && wantedCount[other] == wantedCount[g])
            return true;
    return false;
}

void ShapeDistance::Search::drop(std::uint16_t flags, int count)
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

void ShapeDistance::Search::finish()
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
bool ShapeDistance::Search::windowsFit() const
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

bool ShapeDistance::Search::windowFits(SizeId window, std::uint32_t kept) const
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
bool ShapeDistance::Search::hopeless() const
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
bool ShapeDistance::Search::sumsDivide(int g)
{
    if (!sumsStay || sums[g] == sizes.one())
        return true;
    const auto kind = distance.fit(sums[g], wanted[g]).kind;
    return kind == Fit::equal || kind == Fit::less;
}

bool ShapeDistance::Search::canMerge(int g) const
{
    return mergeable[g] || (givenCount[g] > 1 && smallBlock[g]);
}

// Whether one merge could part something of this size off a member.
bool ShapeDistance::Search::canPart(int g, SizeId part) const
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
int ShapeDistance::Search::dropCost(int remainders, int merges) const
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
        // Without a contraction a merge makes two of one, and each half goes a way of its own.
        const int parted = contractions == 0 && others[0] > 0 && budget.repeats == 0 ? 2 : 0;
        const bool possible =
            single <= budget.unfolds + reshapes && others[contractions] <= reshapes &&
            (others[contractions] == 0 || (spareMerges > 0 && (unmergeable[contractions] == 0 || anySmallBlock)) ||
             budget.repeats > 0);
        if (possible)
            cost = std::min(cost, contractions + single + parted);
    }
    return cost;
}

} // namespace synoscope
