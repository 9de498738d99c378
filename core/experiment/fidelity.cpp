// Who trains, and for how long: the proxy's filter, the rungs of successive halving, and the checkpoints between them.
#include "core/experiment/measure.h"
#include "core/experiment/session.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace synoscope {

namespace {

// What an evaluation's request says, as it was kept.
int epochOf(const EvaluationRecord& evaluation)
{
    const auto request = nlohmann::json::parse(evaluation.request, nullptr, false);
    if (!request.is_object())
        return 0;
    return request.value("until_epoch", request.value("epochs", 0));
}

bool stoppedEarly(const EvaluationRecord& evaluation)
{
    const auto result = nlohmann::json::parse(evaluation.result, nullptr, false);
    return result.is_object() && result.value("stopped_early", false);
}

} // namespace

std::filesystem::path ExperimentSession::checkpointFolder() const
{
    std::filesystem::path folder = store->file();
    folder += ".checkpoints";
    return folder;
}

// Beside the store, not in it: they are large, and what is lost with them is time only. One that is missing, or of other settings, is
// made anew.
std::filesystem::path ExperimentSession::checkpointOf(const EvaluationCase& one) const
{
    return checkpointFolder() / ((one.operatorText.empty() ? std::string("unchanged") : one.hash) + ".checkpoint");
}

void ExperimentSession::prepareTraining(const EvaluationCase& one, protocol::Request& request) const
{
    const std::filesystem::path file = checkpointOf(one);
    std::error_code ignored; // without a folder the training says so
    std::filesystem::create_directories(file.parent_path(), ignored);
    request.checkpoint = std::filesystem::absolute(file, ignored).string();
    request.resume = request.restart = true;
    if (one.operatorText.empty()) // the yardstick trains to the end
        request.milestones.clear();
    else if (halving_.endOf(one.rung) < settings.epochs)
        request.untilEpoch = halving_.endOf(one.rung);
}

void ExperimentSession::removeCheckpoint(const EvaluationCase& one) const
{
    std::error_code ignored;
    std::filesystem::remove(checkpointOf(one), ignored);
}

// One that is in the way of others by its score is done with: it is not measured, and has no reward.
void ExperimentSession::applyProxy(EvaluationCase& one, const protocol::ProxyResult& result, EvaluationRecord& evaluation)
{
    const double score = scoreOf(result, settings.proxy);
    {
        std::lock_guard lock(mutex_);
        one.components.filtered = !proxyFilter_.passes(one.candidate.value, score);
    }
    if (std::isfinite(score))
        one.components.proxy = score;
    if (one.components.filtered)
        applyReward(one.components, problem->reward, evaluation);
}

// A training has come to the end of its rung.
void ExperimentSession::trained(const CasePtr& one)
{
    std::vector<Halving::Promotion> promotions;
    bool goesOn = false;
    bool keep = false;
    {
        std::lock_guard lock(mutex_);
        halving_.finished(one->candidate.value, one->rung, one->components.accuracy.value_or(0), one->hopeless);
        while (const auto next = halving_.next()) {
            goesOn = goesOn || next->candidate == one->candidate.value;
            if (next->candidate != one->candidate.value)
                promotions.push_back(*next);
        }
        keep = goesOn || halving_.near(one->candidate.value, one->rung);
    }
    if (!keep)
        removeCheckpoint(*one);
    promote(promotions); // first: there is no moment at which nobody waits
    if (goesOn) {
        ++one->rung;
        submit(one, EvaluationKind::training);
    } else {
        rewarded(one);
    }
}

void ExperimentSession::promoteAll()
{
    std::vector<Halving::Promotion> promotions;
    {
        std::lock_guard lock(mutex_);
        while (const auto next = halving_.next())
            promotions.push_back(*next);
    }
    promote(promotions);
}

// Others that may go on now. They were rewarded for the shorter training; the longer one's reward replaces that.
void ExperimentSession::promote(std::span<const Halving::Promotion> promotions)
{
    if (promotions.empty())
        return;
    auto reader = store->reader();
    for (const Halving::Promotion& promotion : promotions) {
        const auto row = reader ? reader->candidate(CandidateId(promotion.candidate)) : Expected<CandidateRecord>(reader.error());
        if (!row) {
            report(row.error());
            continue;
        }
        if (row->state != CandidateState::active)
            continue; // pruned meanwhile
        auto one = std::make_shared<EvaluationCase>();
        one->candidate = row->id;
        one->hash = row->hash;
        one->operatorText = row->pgraph;
        one->rung = promotion.rung;
        one->counted = true;
        one->components = {.latencyRatio = row->latencyRatio, .flopsRatio = row->flopsRatio};
        submit(one, EvaluationKind::training);
    }
}

void ExperimentSession::restoreEvaluation(const EvaluationRecord& one)
{
    const std::int64_t candidate = one.candidate.value;
    if (one.kind == EvaluationKind::training && one.status == EvaluationStatus::failed)
        return halving_.drop(candidate);
    if (one.kind == EvaluationKind::training && one.accuracy)
        return halving_.finished(candidate, halving_.rungAt(epochOf(one)), *one.accuracy, stoppedEarly(one));
    if (one.kind != EvaluationKind::proxy || one.status != EvaluationStatus::done)
        return;
    const auto event = protocol::eventFromJson(one.result);
    const auto* scores = event ? std::get_if<protocol::ProxyResult>(&event->what) : nullptr;
    if (scores)
        (void)proxyFilter_.passes(candidate, scoreOf(*scores, settings.proxy));
}

// What the store knows of rungs and scores. A training that was under way goes on, as whoever was to go on before is so again.
Expected<void> ExperimentSession::restoreFidelity(Reader& reader)
{
    auto all = reader.evaluations(record.id, EvaluationStatus::done);
    if (!all)
        return all.error();
    const auto failures = reader.evaluations(record.id, EvaluationStatus::failed);
    if (!failures)
        return failures.error();
    all->insert(all->end(), failures->begin(), failures->end());
    std::ranges::sort(*all, {}, &EvaluationRecord::id); // one that failed may have been tried again, with success
    for (const EvaluationRecord& one : *all)
        if (one.candidate.valid())
            restoreEvaluation(one);
    return {};
}

} // namespace synoscope
