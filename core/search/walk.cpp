#include "core/search/walk.h"

namespace synoscope {

Walk::Walk(Space& space, const SteeringContext& context, const SteeringFilter& filter, StateId from,
           std::span<const Move> before, std::function<bool(std::uint64_t)> known)
    : space_(space), context_(context), filter_(filter), before_(before), known_(std::move(known)), states_{from},
      positions_{context.position}
{}

std::vector<Move> Walk::wholeWay() const
{
    std::vector<Move> way(before_.begin(), before_.end());
    way.insert(way.end(), taken_.begin(), taken_.end());
    return way;
}

void Walk::backTo(std::size_t steps)
{
    taken_.resize(steps);
    states_.resize(steps + 1);
    positions_.resize(steps + 1);
}

const std::vector<Move>& Walk::moves()
{
    const std::span<const Move> all = space_.moves(state());
    offered_.assign(all.begin(), all.end());
    if (!filter_.empty())
        std::erase_if(offered_, [this](const Move& move) {
            SteeringFilter::Position at = positions_.back();
            return filter_.take(at, filter_.rulesOf(move)) != 0;
        });
    return offered_;
}

bool Walk::step(const Move& move)
{
    const Move copy = move; // it may lie in offered_
    const StateId next = space_.follow(state(), copy);
    return next.valid() && !space_.isDead(next, context_.steering) && take(copy, next);
}

bool Walk::take(const Move& move, StateId next)
{
    SteeringFilter::Position at = positions_.back();
    if (!filter_.empty()) {
        std::uint64_t closing = filter_.take(at, filter_.rulesOf(move));
        closing |= filter_.enterTail(at, static_cast<std::uint32_t>(space_.key(next)));
        if (closing != 0)
            return false;
    }
    taken_.push_back(move);
    states_.push_back(next);
    positions_.push_back(at);
    return true;
}

bool Walk::rollOut(Random& random)
{
    if (finished())
        return true;
    const std::size_t before = taken_.size();
    const std::optional<Rollout> rollout = space_.rollout(state(), context_.steering, random);
    if (!rollout)
        return false;
    for (const Move& move : rollout->moves)
        if (!take(move, space_.apply(state(), move))) {
            backTo(before);
            return false;
        }
    return true;
}

} // namespace synoscope
