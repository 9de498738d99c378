// How many operators a problem's space has, from a second or two.
//
// First rollouts: how many of them end in an operator, and how fast. A space that they exhaust is counted. How often
// they find an operator again says nothing about the others: they go where they have not been.
//
// Then the space is thinned out: of the things that moves do (their kind and the sizes they are about) a share q is
// kept, chosen by a hash with a seed. An operator that takes m of them is kept with probability q^m, whatever the order
// of its moves. What is left is enumerated, and every operator there stands for q^-m (Horvitz and Thompson 1952).
// Random descents (Knuth 1975) would count the ways to operators; this counts operators. The mean over several seeds is
// the estimate. It tells the order of magnitude: it varies much, and is up to twice too large, as some operators are
// made of different moves in different ways.
#pragma once

#include "core/synthesis/problem.h"

#include <cstdint>
#include <functional>
#include <memory>

namespace synoscope {

struct SpaceEstimate
{
    std::uint64_t found = 0; // distinct operators seen
    bool exhausted = false;  // they are all there are
    bool estimated = false;  // the next three are known
    double likely = 0;
    double least = 0; // the bounds of an interval of about 95 %
    double most = 0;
    int thinnings = 0; // enumerated for it
    std::uint64_t rollouts = 0;
    std::uint64_t finished = 0; // that ended in an operator
    double rolloutSeconds = 0;  // that they took
    double seconds = 0;
};

struct SpaceEffort
{
    double seconds = 2;
    std::uint64_t rollouts = 0; // instead of the first part of the time; 0: by time
    std::uint64_t states = 0;   // visited in thinned spaces, instead of the rest of the time; 0: by time
    std::uint64_t seed = 0;
};

// On this thread. `goOn` is asked after every rollout, and often between, with what is known so far; false ends it.
SpaceEstimate estimateSpace(const std::shared_ptr<const Problem>& problem, const SpaceEffort& effort,
                            const std::function<bool(const SpaceEstimate&)>& goOn = {});

} // namespace synoscope
