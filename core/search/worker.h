// A thread's part in the search: its own space, its own random numbers, and the stages of an iteration.
//
//     select ---> expand ---> roll out ---> identify ---> propose - - - (evaluation, outside) - - -> back-propagate
//     (lock)      (lock)      (no lock)     (no lock)       |                                           (lock)
//        ^                                                  | known: rewarded at once
//        +--------------------------------------------------+
//
// A worker is confined to one thread at a time; several work on one engine, which must outlive them.
#pragma once

#include "core/search/search_state.h"
#include "core/search/space.h"

#include <stop_token>

namespace synoscope {

// An operator to evaluate. Answer by SearchEngine::reward, fail or withdraw.
struct Proposal
{
    std::uint64_t ticket = 0;
    std::vector<Move> path; // from the root, Finalize included
    PGraph graph;
    std::string hash;        // canonical
    std::string fingerprint;
    std::uint64_t node = 0;  // the tree node from which it was found
};

class SearchWorker
{
public:
    SearchWorker(SearchState& state, std::unique_ptr<Space> space, std::uint64_t seed, bool deferred);
    ~SearchWorker();
    SearchWorker(SearchWorker&&) noexcept;

    // Works until it has found an operator that is new. Nothing: the search has ended (SearchEngine::ended), or nothing
    // new can be reached until a reward arrives, or a share of work is done (call again), or `stop` was requested.
    std::optional<Proposal> propose(std::stop_token stop = {});
    // The same, with the iteration's way forced through a node of the tree ("roll out from here").
    std::optional<Proposal> proposeFrom(std::uint64_t node, std::stop_token stop = {});

    Space& space() { return *space_; }

private:
    enum class Outcome {
        go,       // to the next stage
        again,    // a new iteration; something was learned
        hold,     // a new iteration; this one keeps its virtual loss, so that the next goes elsewhere
        proposal, // a new operator
        end,
    };
    struct Trial
    {
        Way way;
        std::vector<Move> moves; // of the way, as far as known
        std::vector<std::uint64_t> tailKeys;
        std::shared_ptr<const SteeringContext> context; // at the leaf
        std::shared_ptr<const SteeringFilter> filter;
        std::uint64_t epoch = 0; // of the steering
        Choice choice;
        std::unique_ptr<Guide> guide; // nothing: rollouts are random
        StateId state{}; // of the leaf, then of the operator
        std::uint64_t finalKey = 0;
    };

    std::optional<Proposal> work(std::uint64_t through, const std::stop_token& stop);
    Outcome iterate(Trial& trial, std::uint64_t through, Proposal& proposal);
    Outcome select(Trial& trial, std::uint64_t through);
    bool force(Trial& trial, std::uint64_t through);
    void follow(Trial& trial, std::uint32_t edge);
    Outcome expand(Trial& trial);
    std::vector<Move> unseen(const Trial& trial, std::span<const Move> moves);
    Outcome rollOut(Trial& trial);
    Outcome giveUp(Trial& trial);
    enum class Try { found, refused, nothing };
    Try tryRollout(Trial& trial);
    std::optional<Rollout> guided(Trial& trial);
    std::optional<Rollout> withRequiredSizes(const Trial& trial, Rollout rollout);
    bool hasRequiredSizes(const Trial& trial, const Rollout& rollout) const;
    bool obeys(const Trial& trial, const Rollout& rollout, std::vector<std::uint64_t>& keys);
    void growAlong(Trial& trial);
    Outcome identify(Trial& trial, Proposal& proposal);
    std::uint32_t recognise(Trial& trial, Proposal& proposal);
    Outcome conclude(Trial& trial, std::uint32_t candidate, Proposal& proposal);
    StateId stateOf(const Trial& trial); // invalid: the way is none in this space

    SearchState* state_;
    std::unique_ptr<Space> space_;
    Random random_;
    bool deferred_; // SearchOptions
    std::vector<StateId> states_; // by node, where this space has been
    SearchState::Opening opening_;
    std::size_t countedBytes_ = 0;
    unsigned calls_ = 0;
};

} // namespace synoscope
