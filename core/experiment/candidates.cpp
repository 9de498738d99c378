// From a proposal to a stored candidate.
#include "core/experiment/session.h"
#include "core/graph/writer.h"
#include "core/lowering/plan.h"
#include "core/synthesis/equivalence.h"
#include "core/synthesis/translate.h"

#include <cmath>

namespace synoscope {

CandidateRecord ExperimentSession::describe(const PGraph& graph) const
{
    CandidateRecord candidate;
    candidate.experiment = record.id;
    candidate.pgraph = writePGraph(graph);
    const Plan plan = lower(graph);
    double parameters = 0;
    for (std::size_t layer = 0; layer < problem->layers.size(); ++layer) {
        const Cost one = cost(plan, graph.bindings()[layer]);
        candidate.flops.push_back(one.flops);
        candidate.totalFlops += one.flops * problem->layers[layer].count;
        parameters += one.parameters * problem->layers[layer].count;
    }
    candidate.parameters = std::llround(parameters);
    candidate.flopsRatio = problem->baselineFlops > 0 ? candidate.totalFlops / problem->baselineFlops : 0;
    if (!settings.benchmark && !settings.train) // nothing to wait for
        candidate.reward = rewardOf({{}, {}, candidate.flopsRatio}, problem->reward);
    return candidate;
}

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

// Stored first, then told, then evaluated.
void ExperimentSession::admit(SearchWorker& worker, Proposal proposal)
{
    CandidateRecord candidate = describe(proposal.graph);
    candidate.hash = proposal.hash;
    candidate.fingerprint = proposal.fingerprint;
    for (const Move& move : proposal.path)
        candidate.path.push_back(move.key);
    candidate.moves = movesText(worker, proposal.path);
    candidate.iteration = static_cast<std::int64_t>(engine->status().iterations);
    const auto added = store->addCandidate(candidate);
    if (!added) {
        engine->withdraw(proposal.ticket);
        pause(); // a store that takes nothing is a reason to stop, not to go on without it
        return report(added.error());
    }
    auto one = std::make_shared<EvaluationCase>();
    one->candidate = added->id;
    one->hash = candidate.hash;
    one->operatorText = std::move(candidate.pgraph);
    one->ticket = proposal.ticket;
    one->components.flopsRatio = candidate.flopsRatio;
    one->rewardKept = added->isNew && candidate.reward;
    {
        std::lock_guard lock(mutex_);
        byHash_[one->hash] = added->id;
        touched_.insert(added->id.value);
        candidates_ += added->isNew;
        inFlight_[one->ticket] = one;
    }
    evaluate(one);
}

Expected<CandidateId> ExperimentSession::import(const PGraph& graph)
{
    if (!whyNotSearching_.empty())
        return Error{whyNotSearching_};
    const auto translation = Translation::find(graph, *problem);
    if (!translation)
        return translation.error();
    auto translated = translation->rebuild(graph, *problem);
    if (!translated)
        return translated.error();
    CandidateRecord candidate = describe(*translated);
    candidate.hash = canonicalHash(*translated);
    candidate.fingerprint = fingerprint(*translated, equivalenceOf(*problem));
    candidate.moves = "imported";
    candidate.note = graph.name();
    const auto added = store->addCandidate(candidate);
    if (!added)
        return added.error();
    touched(added->id);
    if (!added->isNew)
        return added->id;
    auto one = std::make_shared<EvaluationCase>();
    one->candidate = added->id;
    one->hash = candidate.hash;
    one->operatorText = std::move(candidate.pgraph);
    one->components.flopsRatio = candidate.flopsRatio;
    one->rewardKept = added->isNew && candidate.reward;
    {
        std::lock_guard lock(mutex_);
        byHash_[one->hash] = added->id;
        ++candidates_;
    }
    evaluate(one);
    return added->id;
}

} // namespace synoscope
