// From a proposal to a stored candidate.
#include "core/experiment/import.h"
#include "core/experiment/session.h"

namespace synoscope {

namespace {

constexpr std::size_t foundAtMost = 4096; // beyond, the search writes itself before it goes on

} // namespace

std::string ExperimentSession::movesText(SearchWorker& worker, const std::vector<Move>& path) const
{
    Space& space = worker.space();
    std::string text;
    StateId state = space.root();
    for (const Move& move : path) {
        text += (text.empty() ? "" : "; ") + space.describe(state, move);
        state = space.apply(state, move);
    }
    return text;
}

CandidateRecord ExperimentSession::recordOf(SearchWorker& worker, const Proposal& proposal) const
{
    CandidateRecord candidate = describeCandidate(proposal.graph, *problem, record.id);
    candidate.hash = proposal.hash;
    candidate.fingerprint = proposal.fingerprint;
    for (const Move& move : proposal.path)
        candidate.path.push_back(move.key);
    candidate.moves = movesText(worker, proposal.path);
    candidate.iteration = static_cast<std::int64_t>(engine->status().iterations);
    return candidate;
}

void ExperimentSession::admit(SearchWorker& worker, Proposal proposal)
{
    CandidateRecord candidate = recordOf(worker, proposal);
    if (settings.benchmark || settings.train || deferred_)
        admitToEvaluation(std::move(candidate), proposal.ticket);
    else
        admitRewarded(std::move(candidate), proposal.ticket);
}

// Where nothing is measured the reward is known, and nobody waits for the store: many candidates are written as one, with
// the iterations that found them (keeping.cpp), and told thereafter. One by one they would cost a search a fifth of its speed.
void ExperimentSession::admitRewarded(CandidateRecord candidate, std::uint64_t ticket)
{
    const double reward = rewardOf({{}, {}, candidate.flopsRatio}, problem->reward);
    candidate.reward = reward;
    bool many = false;
    {
        std::lock_guard lock(mutex_);
        found_.push_back(std::move(candidate));
        many = found_.size() >= foundAtMost;
    }
    engine->reward(ticket, reward); // after: an iteration that can be written has its candidate among those found
    if (many)
        writeLog();
}

// Stored first, then told, then evaluated; unless that is under way: an earlier run left it, or it came in from outside.
void ExperimentSession::admitToEvaluation(CandidateRecord candidate, std::uint64_t ticket)
{
    const auto added = store->addCandidate(candidate);
    if (!added) {
        engine->withdraw(ticket);
        pause(); // a store that takes nothing is a reason to stop, not to go on without it
        return report(added.error());
    }
    auto one = std::make_shared<EvaluationCase>();
    one->candidate = added->id;
    one->hash = candidate.hash;
    one->operatorText = std::move(candidate.pgraph);
    one->ticket = ticket;
    one->components.flopsRatio = candidate.flopsRatio;
    {
        std::lock_guard lock(mutex_);
        byHash_[one->hash] = added->id;
        touched_.insert(added->id.value);
        candidates_ += added->isNew;
        const auto [asked, first] = underWay_.try_emplace(one->hash, one);
        inFlight_[ticket] = asked->second;
        if (!first) {
            asked->second->ticket = ticket;
            return;
        }
    }
    evaluate(one);
}

Expected<CandidateId> ExperimentSession::import(const PGraph& graph)
{
    if (!whyNotSearching_.empty())
        return Error{whyNotSearching_};
    auto imported = importOperator(*store, record.id, problem, graph, OutsideSpace::keep);
    if (!imported)
        return imported.error();
    CandidateRecord& candidate = imported->candidate;
    if (!candidate.id.valid())
        return Error{imported->path.reason};
    touched(candidate.id);
    if (!imported->isNew)
        return candidate.id;
    auto one = std::make_shared<EvaluationCase>();
    one->candidate = candidate.id;
    one->hash = candidate.hash;
    one->operatorText = std::move(candidate.pgraph);
    one->components.flopsRatio = candidate.flopsRatio;
    {
        std::lock_guard lock(mutex_);
        byHash_[one->hash] = candidate.id;
        ++candidates_;
    }
    evaluate(one);
    return candidate.id;
}

} // namespace synoscope
