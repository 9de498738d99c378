// Shape distance (DESIGN 2.3): a lower bound on the primitives still needed to turn the frontier into the input's
// shape.
//
// What the moves do to the sizes on the frontier, seen from the output upwards:
//   split        joins two dimensions into one of their product           1 step
//   merge        parts one dimension into two factors                      1 step
//   unfold       swallows a window                                         1 step a window
//   expand       drops the block of a merge (repeat)                       1 step
//   contraction  drops any number of outer axes at once                    1 step for all of them
//   shift, share, stride: leave the count; a stride multiplies a size
//
// Take any completion. Follow each of the input's axes and each dropped dimension downwards: they fall into connected
// groups of frontier dimensions and input axes, joined by the splits and merges between them. A group of f frontier
// dimensions that becomes d input axes and nothing else needs f-1 splits and d-1 merges, as each changes the number of
// parts by one; if it also drops a remainder, one merge more and a drop. A group with d = 0 is dropped, whole, or part
// by part. Counting each group's least cost, and one step for all drops that one contraction could do, never exceeds
// the cost of that completion; the minimum over all partitions therefore never exceeds that of the best one.
//
// Facts about a dimension sharpen the count without breaking the argument, because they say which drops no rule allows:
//   - the next contraction can take as outer axes only iterators and halves of merges; one after it also reductions of
//     low rank, which the first has given a weight; so every other drop costs a step of its own;
//   - a window is small (and odd, where the problem says so), and a bare reduction must meet a weight before it is one,
//   or
//     be joined to one that has;
//   - what can be neither needs a merge in the end (a split only makes it larger), whose halves can be dropped;
//   - where the near-duplicate rules are on, a merge stands directly above iterators, unfolds and blocks of merges
//   only;
//     above anything else that is not all sums an unfold must come between, which takes a window, or a shift that a
//     small block allows;
//   - under the same rules no merge parts what is only summed (a block of two that a shift lets through leaves the
//   other
//     half as large as it was), while nothing small that is no sum is there to shift it with: what is neither a window
//     nor of low rank must then reach the input; and what could be no part of a window divides what its group wants;
//   - a single merge parts one dimension: what a group has too much must be a legal part of one that a merge may part,
//   or
//     a window together with another;
//   - a shift and the merge above it are two steps, with the split that puts a small block below them three: where fewer
//     remain, no merge comes that way; and an unfold needs a window, which there is, or which a merge can part off;
//   - what is dropped whole without a contraction or a repeat, and is no window, is parted by a merge: two halves, each
//     with a step of its own;
//   - a window needs an axis for its unfold, long enough for the problem's ratio;
//   - a contraction needs an inner and an outer axis that the variables' allowances still let a weight have;
//   - sizes have no negative powers of primary variables, so of a primary variable that nothing can supply (no
//   reduction
//     may have it) no more is dropped than the input can spare;
//   - a dimension at the end of its chain takes part in nothing, so it must match as it is.
// While reductions may still be introduced, a group that lacks something costs the one that supplies it, and the split
// that joins it where the group is not empty. If no single reduction is just what is missing (they come in the order of
// their ranks, within the variables' allowances), it takes another step: a second one, or a merge of what is too much.
#pragma once

#include "core/synthesis/sharing.h"
#include "core/synthesis/size_table.h"

#include <array>
#include <functional>
#include <span>

namespace synoscope {

inline constexpr int maxFrontier = 16;
inline constexpr int infiniteDistance = 255;

// One frontier dimension as the bound sees it.
struct DistanceItem
{
    enum Flag : std::uint16_t
    {
        outer = 1,            // could be an outer axis of the next contraction
        window = 2,           // small enough for the window of an unfold
        frozen = 4,           // its chain is used up
        strided = 8,          // discards data: must become a window
        bare = 16,            // a reduction that has not met a weight
        lowRank = 32,         // a reduction that a contraction after the next could take as an outer axis
        mergeable = 64,       // a merge may stand directly above it
        mergeableLater = 128, // a merge could come to stand above it, after an unfold that takes it as its axis
        smallBlock = 256,     // a shift may stand above a split with this block, and a merge above the shift
        whole = 512,          // only summed, and no merge will part it
        stays = 1024,         // whole, and neither a window nor of low rank
        axis = 2048,          // an unfold may stand above it
        axisLater = 4096,     // and above it after a Share
        shiftFirst = 8192,    // a merge may stand above it after a shift
    };
    SizeId size;
    std::uint16_t flags = 0;

    // What it may become shrinks where a weight can have no such axis any more.
    static constexpr std::uint16_t onlyShared = outer | lowRank | axisLater;

    std::uint64_t code() const { return std::uint64_t{size.index} << 16 | flags; }
};

struct DistanceBudget
{
    std::uint8_t weights = 0;
    std::uint8_t merges = 0;
    std::uint8_t splits = 0;
    std::uint8_t unfolds = 0;
    std::uint8_t repeats = 0;
    std::uint8_t strides = 0;
    std::uint8_t reductions = 0; // may still be introduced
    bool needsWeight = false;
    bool shifts = false; // some are left

    std::uint64_t code() const
    {
        return std::uint64_t{weights} | std::uint64_t{merges} << 8 | std::uint64_t{splits} << 16 |
               std::uint64_t{unfolds} << 24 | std::uint64_t{repeats} << 32 | std::uint64_t{strides} << 40 |
               std::uint64_t{needsWeight} << 48 | std::uint64_t{shifts} << 49 | std::uint64_t{reductions} << 56;
    }
};

// The hash of an item; those of a frontier add up to a hash of the multiset.
std::uint64_t itemHash(const DistanceItem& item);

// What the engine knows before any state: which sizes reductions may have, and how merges may part a size.
struct SizeMoves
{
    std::vector<std::uint32_t> reductionRanks; // by size; `noReduction`: none
    std::uint32_t noReduction = 0;
    std::function<const std::vector<SizeId>&(SizeId)> divisors;
    bool merges = false; // merges stand above anything
};

class ShapeDistance
{
public:
    // `desired`: the sizes of the input's axes that are not fixed.
    ShapeDistance(SizeTable& sizes, std::vector<SizeId> desired, const Problem& problem);

    void setMoves(SizeMoves moves) { moves_ = std::move(moves); }
    void share(SharedDistances* shared) { shared_ = shared; }

    // infiniteDistance when unreachable, or when the distance exceeds `most`. Memoised; `items` may be in any order.
    int operator()(std::span<const DistanceItem> items, const DistanceBudget& budget, int most = infiniteDistance);

    // The same where the items' hashes are already added up.
    int at(std::uint64_t itemHashes, const DistanceBudget& budget, int most, std::span<const DistanceItem> items)
    {
        ++evaluations_;
        const std::uint64_t key = keyOf(itemHashes, budget);
        if (const Known* known = memo_.find(key); known && (known->distance != infiniteDistance || known->most >= most))
            return known->distance <= most ? known->distance : infiniteDistance;
        return miss(key, items, budget, most);
    }

    bool couldBeWindow(SizeId size) const;

    std::size_t memoryBytes() const { return memo_.memoryBytes(); }
    std::uint64_t evaluations() const { return evaluations_; }
    std::uint64_t misses() const { return misses_; }

private:
    struct Search;
    using Known = SharedDistances::Known;
    // How what a group has been given meets what it wants.
    struct Fit
    {
        enum Kind : std::uint8_t
        {
            unknown,
            equal,
            more,  // by a size that could be dropped
            less,  // by a size that could be supplied
            apart, // both too much and too little
        } kind = unknown;
        std::uint32_t missing = 0; // less: rank of the reduction that supplies what is missing; `none`: not one alone
        SizeId difference{};       // less: what is missing; more: what is too much
    };
    struct Group
    {
        std::uint8_t wanted; // index into wanted_
        std::uint8_t count;
    };

    static std::uint64_t keyOf(std::uint64_t itemHashes, const DistanceBudget& budget);
    std::uint64_t sharedKey(std::span<const DistanceItem> items, const DistanceBudget& budget) const;
    int miss(std::uint64_t key, std::span<const DistanceItem> items, const DistanceBudget& budget, int most);
    int compute(std::span<const DistanceItem> items, const DistanceBudget& budget, int most);
    const Fit& fit(SizeId given, std::uint8_t wanted);
    // Whether an unfold over an axis of this size could have this window.
    bool fits(SizeId axis, SizeId window);
    // Whether a merge of this size could give a window.
    bool hasWindow(SizeId whole);
    // Whether one more reduction could have this size, when those in `items` are there.
    bool couldReduce(std::uint32_t rank, SizeId size, std::span<const DistanceItem> items) const;
    std::uint32_t rankOf(SizeId size) const
    {
        return size.index < moves_.reductionRanks.size() ? moves_.reductionRanks[size.index] : moves_.noReduction;
    }

    SizeTable& sizes_;
    const Problem& problem_;
    SizeMoves moves_;
    std::vector<SizeId> desired_;
    std::uint64_t demand_ = 0; // exponents of the primary variables in the input, a byte for each (SizeFacts)
    std::uint64_t scarce_ = 0; // the high bit of each byte whose variable no reduction and no stride can supply
    bool evenWindows_;
    std::int64_t largestWindow_;
    std::vector<SizeId> wanted_;                 // the products of desired sizes that groups want
    std::vector<std::vector<Fit>> fits_;         // by wanted product, by given size; as far as asked for
    std::vector<std::vector<Group>> partitions_; // of the desired sizes, each once
    FlatMap<Known> memo_;
    SharedDistances* shared_ = nullptr; // with other threads
    FlatMap<bool> windowFits_;          // by axis and window
    std::uint64_t evaluations_ = 0;
    std::uint64_t misses_ = 0;
};

} // namespace synoscope
