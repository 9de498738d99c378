// Ways that were gone before, changed a little: what evolution and the prospector make new operators from.
//
// A change never leaves the space: every step of the new way is one that its state offers, and what no longer applies is
// left out; what is then missing to an operator is rolled out at random.
#pragma once

#include "core/search/algorithm.h"

namespace synoscope {

// What is remembered of an iteration.
struct Specimen
{
    std::vector<Move> moves;
    std::vector<std::uint32_t> keys; // of the states behind the moves, the lower halves
    double reward = 0;

    static Specimen of(const Lesson& lesson) { return {lesson.moves(), lesson.keys(), lesson.reward}; }
    // The moves from where the walk begins on; nothing when the specimen's way does not pass there.
    std::optional<std::span<const Move>> from(Walk& walk) const;
    std::size_t memoryBytes() const;
};

// Each begins anew where the walk began, and tells whether it has come to an operator.
bool mutate(Walk& walk, std::span<const Move> way, Random& random);                               // one change
bool cross(Walk& walk, std::span<const Move> one, std::span<const Move> other, Random& random); // begins as one, ends as the other

} // namespace synoscope
