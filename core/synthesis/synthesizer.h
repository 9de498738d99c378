// The synthesis engine's face: states, moves, rollouts (DESIGN 2).
//
// A Synthesizer is confined to one thread; each thread has its own over the same Problem. States are handles into its
// arena; what travels between threads and runs are keys (of states, of moves) and Moves.
#pragma once

#include "core/base/random.h"
#include "core/graph/pgraph.h"
#include "core/synthesis/move.h"
#include "core/synthesis/problem.h"

#include <memory>
#include <optional>
#include <span>

namespace synoscope {

using StateId = Id<struct StateTag>;

struct Rollout
{
    std::vector<Move> moves; // from the state where it began, Finalize included
    StateId final{};
};

struct RuleCount
{
    std::string rule;
    std::string reason;
    std::uint64_t refused = 0;
};

struct OperatorCost
{
    double flops = 0;      // all layers, counts included
    double parameters = 0; // all layers, counts included
    double flopsRatio = 0; // against the slots' own operators
};

class SynthesisEngine;
struct Sharing; // sharing.h
class SharedOperators;

class Synthesizer
{
public:
    explicit Synthesizer(std::shared_ptr<const Problem> problem);
    ~Synthesizer();
    Synthesizer(Synthesizer&&) noexcept;
    Synthesizer& operator=(Synthesizer&&) noexcept;

    const Problem& problem() const;
    StateId root() const;

    // The legal moves whose results are not known to be dead, in a fixed order: every rule of DESIGN 1.3 and 2.2 holds,
    // and the shape distance does not exceed the remaining depth. Valid until the next call.
    std::span<const Move> moves(StateId state);
    // Of a move that this synthesizer or another of the problem offers in this state (by key); invalid for any other.
    StateId apply(StateId state, const Move& move);

    bool isFinal(StateId state) const;
    int depth(StateId state) const;           // primitives so far
    std::uint64_t key(StateId state) const;   // equal states or operators, equal keys: in any thread and run
    std::uint16_t kinds(StateId state) const; // bit per MoveKind that is part of the state

    // A random final descendant within the steering, or nothing when none was found within `effort` visited states.
    // One that no rollout has found before, as long as there are any. Proven dead ends are remembered per steering.
    std::optional<Rollout> rollout(StateId from, const Steering& steering, Random& random, int effort = 10000);
    // Rollouts have found every final descendant within the limits (under whatever steering).
    bool isExhausted(StateId state) const;
    // Several synthesizers of one problem, each in a thread of its own (numbered from 0 to 254), that are to find
    // different operators.
    void share(std::shared_ptr<Sharing> sharing, int thread);
    // Several that go where they like, and only spare each other what they have found out.
    void share(std::shared_ptr<SharedOperators> operators);
    bool allowed(StateId state, const Move& move, const Steering& steering) const;
    // True when it has been proved that no final state lies below within the steering.
    bool isDead(StateId state, const Steering& steering) const;

    // The operator of a final state, with the problem's layers as bindings.
    PGraph build(StateId final) const;
    OperatorCost cost(StateId final) const;
    std::string fingerprint(StateId final) const; // equal: the same operator (DESIGN 2.2), and the same key

    std::string describe(StateId state, const Move& move) const; // "unfold H by k"
    std::vector<Refusal> refusals(StateId state);                // why moves are not offered there
    std::vector<RuleCount> ruleCounts() const;                   // since construction

    std::size_t states() const;
    std::size_t memoryBytes() const;

private:
    std::unique_ptr<SynthesisEngine> engine_;
    std::vector<Move> moves_;
};

} // namespace synoscope
