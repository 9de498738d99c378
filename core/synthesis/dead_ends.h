// What could not finish before, in a form that transfers between states: the frontier as the shape distance sees it
// (sizes and flags), what is left of the budgets, and how many primitives are left.
//
// A guess and no proof, as rules also ask how dimensions were made, and the limits on FLOPs what they read: of some
// thousand guesses one is wrong. So rollouts put off what looks like a dead end, and nothing is lost. What is left with
// no more of anything than a known dead end had is one, too.
#pragma once

#include "core/synthesis/distance.h"

namespace synoscope {

class DeadEnds
{
public:
    // `items`: the sum of itemHash() over the frontier.
    bool looksLikeOne(std::uint64_t items, const DistanceBudget& budget, int remaining) const
    {
        const Known* known = known_.find(items);
        return known && !known->refuted &&
               (covers(known->ends[0], {budget, remaining}) || covers(known->ends[1], {budget, remaining}));
    }
    void learn(std::uint64_t items, const DistanceBudget& budget, int remaining)
    {
        Known& known = *known_.insert(items, {}).first;
        const End end{budget, remaining};
        if (covers(known.ends[0], end) || covers(known.ends[1], end))
            return;
        // The first stays the one with most left; the other is the last that it does not cover.
        if (known.ends[0].remaining < 0 || covers(end, known.ends[0]))
            known.ends[0] = end;
        else
            known.ends[1] = end;
    }
    // An operator was found there after all.
    void refute(std::uint64_t items) { known_.insert(items, {}).first->refuted = true; }

    std::size_t memoryBytes() const { return known_.memoryBytes(); }

private:
    struct End
    {
        DistanceBudget budget;
        int remaining = -1; // -1: none
    };
    struct Known
    {
        std::array<End, 2> ends;
        bool refuted = false;
    };

    static bool covers(const End& end, const End& other)
    {
        const DistanceBudget& a = end.budget;
        const DistanceBudget& b = other.budget;
        return end.remaining >= other.remaining && a.weights >= b.weights && a.merges >= b.merges &&
               a.splits >= b.splits && a.unfolds >= b.unfolds && a.repeats >= b.repeats && a.strides >= b.strides &&
               a.reductions >= b.reductions && a.needsWeight <= b.needsWeight && a.shifts >= b.shifts;
    }

    FlatMap<Known> known_;
};

} // namespace synoscope
