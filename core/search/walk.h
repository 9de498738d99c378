// A way through the space beyond the tree, step by step: what algorithms use that build operators themselves.
//
// Steps that steering closes are refused as they come; whether pins are met can only be said of a whole way, and the
// worker asks (worker.h). Belongs to one worker for one iteration, and is used without the engine's lock.
#pragma once

#include "core/search/filter.h"
#include "core/search/space.h"

#include <functional>
#include <vector>

namespace synoscope {

class Walk
{
public:
    // `before` are the moves that led to where it begins; `known` says whether an operator needs no evaluation (by the
    // key of its final state).
    Walk(Space& space, const SteeringContext& context, const SteeringFilter& filter, StateId from,
         std::span<const Move> before, std::function<bool(std::uint64_t)> known);

    StateId start() const { return states_.front(); }
    StateId state() const { return states_.back(); }
    std::uint64_t key() { return space_.key(state()); }
    std::uint64_t keyBefore() { return space_.key(states_[states_.size() - 2]); } // of the state before the last step
    bool finished() { return space_.isFinal(state()); }
    bool isKnown() { return known_(key()); }
    std::span<const Move> taken() const { return taken_; }
    std::vector<Move> wholeWay() const; // from the root
    Space& space() { return space_; }

    void backTo(std::size_t steps); // keeps so many steps
    // The moves of the state that steering lets through. Valid until the next call of moves(), step() or rollOut().
    const std::vector<Move>& moves();
    // Takes a move that the state offers. False, and nothing changes: it does not, or steering is against it.
    bool step(const Move& move);
    // Goes on at random to an operator; false, and nothing changes: none was found.
    bool rollOut(Random& random);

    Rollout result() const { return {taken_, state()}; }

private:
    bool take(const Move& move, StateId next);

    Space& space_;
    const SteeringContext& context_;
    const SteeringFilter& filter_;
    std::span<const Move> before_;
    std::function<bool(std::uint64_t)> known_;
    std::vector<Move> taken_;
    std::vector<StateId> states_;
    std::vector<SteeringFilter::Position> positions_;
    std::vector<Move> offered_;
};

} // namespace synoscope
