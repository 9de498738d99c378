// Random descents to final states. A rollout goes back a step where it runs into a dead end, and remembers that the end
// is dead: per steering, as what is impossible under one may be possible under another.
#include "core/synthesis/engine.h"

#include "core/base/hash.h"

namespace synoscope {

namespace {

bool forbidden(const Move& move, const Steering& steering)
{
    if (steering.forbiddenKinds >> static_cast<int>(move.kind) & 1)
        return true;
    return std::ranges::any_of(steering.forbiddenSizes,
                               [&](const auto& pair) { return pair.first == move.kind && pair.second == move.size; });
}

} // namespace

bool SynthesisEngine::allowed(const Tally& tally, const Move& move, const Steering& steering) const
{
    if (steering.empty())
        return true;
    if (forbidden(move, steering))
        return false;
    // What is still required must fit into what remains; reductions can only come first.
    int missing = 0;
    for (int kind = 0; kind < moveKinds; ++kind) {
        const bool required = steering.requiredKinds >> kind & 1;
        if (!required || tally.used[kind] > 0 || static_cast<int>(move.kind) == kind)
            continue;
        ++missing;
        if (static_cast<MoveKind>(kind) == MoveKind::reduce)
            return false;
    }
    if (move.kind == MoveKind::finalize)
        return missing == 0;
    return missing <= problem->limits.depth - tally.depth() - 1;
}

bool SynthesisEngine::isDead(StateId id, std::uint64_t steering) const
{
    return dead_.contains(combine(steering, states_[id.index].key));
}

// One step of a descent: which of the moves of a state may be taken, and one of them at random.
class SynthesisEngine::Chooser
{
public:
    Chooser(const SynthesisEngine& engine, const Steering& steering, Random& random)
        : engine_(engine), steering_(steering), random_(random), scope_(steering.fingerprint()),
          wandering_(random.unit())
    {}

    std::uint64_t scope() const { return scope_; }
    bool steered() const { return steered_; } // some move was left out because of the steering alone

    // First the kind, then the move: a kind with hundreds of moves must not drown the others. Steps at random wander
    // off to where nothing can finish, steps that come nearer to the input's shape find the same short operators again
    // and again: each descent mixes them in a proportion of its own.
    std::optional<std::size_t> choose(StateId state, const MoveList& list, int distance)
    {
        if (random_.unit() >= wandering_)
            if (const auto nearer = chooseBelow(state, list, distance))
                return nearer;
        return chooseBelow(state, list, infiniteDistance);
    }

private:
    std::optional<std::size_t> chooseBelow(StateId state, const MoveList& list, int distance)
    {
        steered_ = false;
        std::array<std::uint16_t, moveKinds> open{};
        int kinds = 0;
        for (std::size_t i = 0; i < list.moves.size(); ++i)
            if (list.distances[i] < distance && isOpen(state, list, i))
                kinds += open[static_cast<int>(list.moves[i].kind)]++ == 0;
        if (kinds == 0)
            return std::nullopt;
        auto chosenKind = random_.below(static_cast<std::uint32_t>(kinds));
        int kind = 0;
        for (;; ++kind)
            if (open[kind] > 0 && chosenKind-- == 0)
                break;
        auto chosen = random_.below(open[kind]);
        for (std::size_t i = 0;; ++i)
            if (static_cast<int>(list.moves[i].kind) == kind && list.distances[i] < distance &&
                isOpen(state, list, i) && chosen-- == 0)
                return i;
    }

    bool isOpen(StateId state, const MoveList& list, std::size_t i)
    {
        const StateId child = list.children[i];
        if (child.valid() && engine_.isDead(child, 0))
            return false;
        const bool open = engine_.allowed(engine_.states_[state.index].tally, list.moves[i], steering_) &&
                          !(child.valid() && scope_ != 0 && engine_.isDead(child, scope_));
        steered_ |= !open;
        return open;
    }

    const SynthesisEngine& engine_;
    const Steering& steering_;
    Random& random_;
    std::uint64_t scope_;
    double wandering_; // share of steps that may lead anywhere
    bool steered_ = false;
};

std::optional<Rollout> SynthesisEngine::rollout(StateId from, const Steering& steering, Random& random, int effort)
{
    Chooser chooser(*this, steering, random);
    std::vector<std::pair<StateId, std::size_t>> path; // states and the move taken there
    StateId at = from;
    while (effort-- > 0 && !states_[at.index].final) {
        const MoveList& list = moves(at);
        const int distance = path.empty()
                                 ? infiniteDistance
                                 : moveLists_[states_[path.back().first.index].moves].distances[path.back().second];
        if (const auto move = chooser.choose(at, list, distance)) {
            path.emplace_back(at, *move);
            at = child(at, *move);
            continue;
        }
        dead_.insert(combine(chooser.steered() ? chooser.scope() : 0, states_[at.index].key));
        if (path.empty())
            return std::nullopt;
        // Back to anywhere on the way: one step at a time would search a hopeless region to its end.
        path.resize(random.below(static_cast<std::uint32_t>(path.size())) + 1);
        at = path.back().first;
        path.pop_back();
    }
    if (!states_[at.index].final)
        return std::nullopt;
    Rollout found;
    for (const auto& [state, move] : path)
        found.moves.push_back(moves(state).moves[move]);
    found.final = at;
    return found;
}

} // namespace synoscope
