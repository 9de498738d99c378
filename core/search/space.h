// What the search needs of a space of operators. The synthesis is one (synthesizer_space.h); tests have small ones whose
// every operator is known.
//
// A space is confined to one thread at a time; each search thread has its own. States are handles of that space; what
// goes between threads are keys and Moves, which mean the same in every space of one problem.
#pragma once

#include "core/base/random.h"
#include "core/graph/pgraph.h"
#include "core/synthesis/synthesizer.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace synoscope {

class Space
{
public:
    virtual ~Space() = default;

    virtual StateId root() = 0;
    // Legal moves not known to be dead. Valid until the next call of moves().
    virtual std::span<const Move> moves(StateId state) = 0;
    virtual StateId apply(StateId state, const Move& move) = 0;
    // The state behind a move that may come from elsewhere; invalid where the state does not offer it.
    virtual StateId follow(StateId state, const Move& move);
    // Equal states, equal keys, by whatever way. A state that is not final has as many moves on all of its ways.
    virtual std::uint64_t key(StateId state) = 0;
    virtual bool isFinal(StateId state) = 0;
    virtual std::optional<Rollout> rollout(StateId from, const Steering& steering, Random& random) = 0;
    virtual bool isDead(StateId state, const Steering& steering) = 0;

    virtual PGraph build(StateId final) = 0;
    virtual std::string hash(const PGraph& graph, StateId final) = 0;
    virtual std::string fingerprint(const PGraph& graph, StateId final) = 0;

    virtual std::string describe(StateId state, const Move& move) = 0;
    virtual std::string describe(const Size& size) = 0;
    virtual std::size_t memoryBytes() = 0;
};

inline StateId Space::follow(StateId state, const Move& move)
{
    for (const Move& offered : moves(state))
        if (offered == move)
            return apply(state, Move(offered));
    return {};
}

using SpaceFactory = std::function<std::unique_ptr<Space>()>;

} // namespace synoscope
