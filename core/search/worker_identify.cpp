// The second half of an iteration: is the operator new, and what becomes of it.
#include "core/search/worker.h"

#include "core/base/hash.h"

namespace synoscope {

// Stage 4, identify: by the key of its state, by its canonical form, by its fingerprint; the dearer, the later.
SearchWorker::Outcome SearchWorker::identify(Trial& trial, Proposal& proposal)
{
    {
        const std::lock_guard lock(state_->mutex);
        const std::uint32_t known = state_->candidates.byKey(trial.finalKey);
        if (known != CandidateTable::none && state_->candidates[known].state != FoundOperator::State::unseen)
            return conclude(trial, known, proposal);
    }
    proposal.graph = space_->build(trial.state);
    proposal.hash = space_->hash(proposal.graph, trial.state);
    const std::uint32_t candidate = recognise(trial, proposal);
    const std::lock_guard lock(state_->mutex);
    state_->candidates.nameKey(trial.finalKey, candidate);
    return conclude(trial, candidate, proposal);
}

std::uint32_t SearchWorker::recognise(Trial& trial, Proposal& proposal)
{
    CandidateTable& candidates = state_->candidates;
    {
        const std::lock_guard lock(state_->mutex);
        const std::uint32_t known = candidates.byHash(proposal.hash);
        if (known != CandidateTable::none && !candidates[known].fingerprint.empty())
            return known;
    }
    proposal.fingerprint = space_->fingerprint(proposal.graph, trial.state);
    const std::lock_guard lock(state_->mutex);
    const std::uint32_t known = candidates.byHash(proposal.hash);
    if (known != CandidateTable::none) {
        candidates.setFingerprint(known, proposal.fingerprint);
        return known;
    }
    const std::uint32_t twin = candidates.byFingerprint(proposal.fingerprint);
    if (twin == CandidateTable::none)
        return candidates.add(proposal.hash, proposal.fingerprint);
    candidates.nameHash(proposal.hash, twin);
    ++state_->twins;
    return twin;
}

// Stage 5, propose: a new operator is given out; a known one is rewarded at once; one that is just being evaluated is
// left. The lock is held.
SearchWorker::Outcome SearchWorker::conclude(Trial& trial, std::uint32_t id, Proposal& proposal)
{
    SearchState& s = *state_;
    if (trial.epoch != s.steering.epoch()) {
        s.release(trial.way);
        return Outcome::again;
    }
    if (!s.mayBegin()) { // another thread has reached a limit meanwhile
        s.release(trial.way);
        return Outcome::end;
    }
    if (s.algorithm->growsAlongRollouts())
        growAlong(trial);
    for (std::size_t i = trial.way.nodes.size(); i < trial.moves.size(); ++i)
        trial.way.steps.push_back(s.steps.intern(trial.moves[i]).index);
    for (const std::uint64_t key : trial.tailKeys)
        trial.way.tail.push_back(static_cast<std::uint32_t>(key));
    if (s.ledger.cutOf(trial.way.view()) != 0) { // an operator in the tree that lacks a pin
        s.release(trial.way);
        if (trial.tailKeys.empty())
            s.steering.close(trial.way.leaf(), *trial.context, TreeNode::exhausted, false);
        else
            s.countBarren(trial.way);
        return Outcome::again;
    }
    FoundOperator& candidate = s.candidates[id];
    if (candidate.state == FoundOperator::State::pending)
        return Outcome::hold;
    if (candidate.found == 0)
        ++s.distinct;
    if (candidate.answered()) {
        s.finish(trial.way, id);
        return Outcome::again;
    }
    candidate.state = FoundOperator::State::pending;
    candidate.hash = proposal.hash; // a twin stands in for one that was given back without an answer
    proposal.ticket = s.nextTicket++;
    proposal.path = trial.moves;
    proposal.fingerprint = candidate.fingerprint;
    proposal.node = publicId(trial.way.leaf());
    s.flights.emplace(proposal.ticket, Flight{std::move(trial.way), id});
    return Outcome::proposal;
}

// Follows the rollout as far as it lies in the tree, and one step further.
void SearchWorker::growAlong(Trial& trial)
{
    SearchState& s = *state_;
    std::size_t taken = 0;
    for (bool inTree = true; inTree && taken < trial.tailKeys.size(); ++taken) {
        const std::size_t i = trial.way.nodes.size();
        inTree = s.tree.find(trial.tailKeys[taken]).valid();
        s.grow(trial.way, trial.moves[i], trial.tailKeys[taken], i + 1 == trial.moves.size());
    }
    trial.tailKeys.erase(trial.tailKeys.begin(), trial.tailKeys.begin() + static_cast<std::ptrdiff_t>(taken));
}

} // namespace synoscope
