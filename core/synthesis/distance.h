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
//   low
//     rank, which the first has given a weight; so every other drop costs a step of its own;
//   - a window is small (and odd, where the problem says so), and a bare reduction must meet a weight before it is one;
//   - what can be neither needs a merge in the end (a split only makes it larger), whose halves can be dropped;
//   - a merge stands directly above iterators, unfolds and blocks of merges only; above anything else that is not all
//   sums an
//     unfold must come between, which takes a window, or a shift that a small block allows;
//   - a dimension at the end of its chain takes part in nothing, so it must match as it is.
// While reductions may still be introduced, a group that lacks something costs the one that supplies it, and the split
// that joins it where the group is not empty.
#pragma once

#include "core/synthesis/size_table.h"

#include <array>
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
    };
    SizeId size;
    std::uint16_t flags = 0;

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

    std::uint64_t code() const
    {
        return std::uint64_t{weights} | std::uint64_t{merges} << 8 | std::uint64_t{splits} << 16 |
               std::uint64_t{unfolds} << 24 | std::uint64_t{repeats} << 32 | std::uint64_t{strides} << 40 |
               std::uint64_t{needsWeight} << 48 | std::uint64_t{reductions} << 56;
    }
};

class ShapeDistance
{
public:
    // `desired`: the sizes of the input's axes that are not fixed.
    ShapeDistance(SizeTable& sizes, std::vector<SizeId> desired, bool evenWindows, std::int64_t largestWindow);

    // infiniteDistance when unreachable. Memoised; `items` may be in any order.
    int operator()(std::span<const DistanceItem> items, const DistanceBudget& budget);

    bool couldBeWindow(SizeId size) const;

    std::size_t memoryBytes() const { return memo_.size() * 40; }
    std::uint64_t evaluations() const { return evaluations_; }
    std::uint64_t misses() const { return misses_; }

private:
    struct Search;
    int compute(std::span<const DistanceItem> items, const DistanceBudget& budget);

    SizeTable& sizes_;
    std::vector<SizeId> desired_;
    SizeId desiredProduct_;
    bool evenWindows_;
    std::int64_t largestWindow_;
    std::vector<std::vector<std::uint8_t>> partitions_; // of the desired sizes: a group number for each
    std::unordered_map<std::uint64_t, std::uint8_t> memo_;
    std::uint64_t evaluations_ = 0;
    std::uint64_t misses_ = 0;
};

} // namespace synoscope
