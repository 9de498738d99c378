// Random descents to final states. A rollout goes back a step where it runs into a dead end, and remembers that the end is
// dead: per steering, as what is impossible under one may be possible under another.
#include "core/synthesis/engine.h"

#include "core/base/hash.h"

namespace synoscope {

namespace {

bool forbidden(const Move& move, const Steering& steering)
{
    if (steering.forbiddenKinds >> static_cast<int>(move.kind) & 1)
        return true;
    return std::ranges::any_of(steering.forbiddenSizes, [&](const auto& pair) {
        return pair.first == move.kind && pair.second == move.size;
    });
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

std::optional<Rollout> SynthesisEngine::rollout(StateId from, const Steering& steering, Random& random, int effort)
{
    const std::uint64_t scope = steering.fingerprint();
    const auto dead = [&](StateId id) { return isDead(id, 0) || (scope != 0 && isDead(id, scope)); };
    if (states_[from.index].final)
        return Rollout{{}, from};

    std::vector<std::pair<StateId, std::size_t>> path; // states and the move taken there
    StateId at = from;
    while (effort-- > 0) {
        if (states_[at.index].final) {
            Rollout found;
            for (const auto& [state, move] : path)
                found.moves.push_back(moves(state).moves[move]);
            found.final = at;
            return found;
        }
        const MoveList& list = moves(at);
        // First the kind, then the move: a kind with hundreds of moves must not drown the others.
        std::array<std::uint16_t, moveKinds> open{};
        int kinds = 0;
        bool steered = false; // some move was left out because of the steering alone
        const auto isOpen = [&](std::size_t i) {
            if (list.children[i].valid() && isDead(list.children[i], 0))
                return false;
            const bool ok = allowed(states_[at.index].tally, list.moves[i], steering) &&
                            !(list.children[i].valid() && dead(list.children[i]));
            steered |= !ok;
            return ok;
        };
        for (std::size_t i = 0; i < list.moves.size(); ++i)
            if (isOpen(i))
                kinds += open[static_cast<int>(list.moves[i].kind)]++ == 0;
        if (kinds == 0) {
            dead_.insert(combine(steered ? scope : 0, states_[at.index].key));
            if (path.empty())
                return std::nullopt;
            at = path.back().first;
            path.pop_back();
            continue;
        }
        auto chosenKind = random.below(static_cast<std::uint32_t>(kinds));
        int kind = 0;
        for (;; ++kind)
            if (open[kind] > 0 && chosenKind-- == 0)
                break;
        auto chosen = random.below(open[kind]);
        for (std::size_t i = 0; i < list.moves.size(); ++i) {
            if (static_cast<int>(list.moves[i].kind) != kind || !isOpen(i) || chosen-- > 0)
                continue;
            path.emplace_back(at, i);
            at = child(at, i);
            break;
        }
    }
    return std::nullopt;
}

} // namespace synoscope
