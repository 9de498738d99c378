// From a stored candidate to its reward: a proxy's score, a benchmark, then training from rung to rung, each a job.
#include "core/experiment/measure.h"
#include "core/experiment/session.h"
#include "core/store/words.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace synoscope {

namespace {

constexpr int baselinePriority = -2; // after the first batch: somebody waits for the first rewards

} // namespace

void ExperimentSession::evaluate(const CasePtr& one)
{
    if (deferred_) // the search waits for it, and looks elsewhere meanwhile
        return;
    {
        std::lock_guard lock(mutex_);
        one->batch = cases_++ / scheduler.cores();
    }
    if (const auto first = kindAfter(*one, {}))
        return submit(one, *first);
    // Nothing to measure: the reward follows from what is known.
    if (auto stored = store->setReward(one->candidate, rewardOf(one->components, problem->reward)); !stored) {
        notKept(*one, stored.error());
        return withdrawn(one);
    }
    rewarded(one);
}

// What is to be asked next of an operator; nothing: its reward can be told.
std::optional<EvaluationKind> ExperimentSession::kindAfter(const EvaluationCase& one, std::optional<EvaluationKind> done) const
{
    if (!done && settings.train && !settings.proxy.empty())
        return EvaluationKind::proxy;
    if (one.components.filtered)
        return std::nullopt;
    if (settings.benchmark && (!done || done == EvaluationKind::proxy))
        return EvaluationKind::benchmark;
    if (!settings.train || (done && done != EvaluationKind::proxy && concluded(one.components, *done, settings)))
        return std::nullopt;
    return EvaluationKind::training;
}

void ExperimentSession::submit(const CasePtr& one, EvaluationKind kind)
{
    JobRequest request;
    request.kind = std::string(wordOf(kind));
    request.title =
        one->operatorText.empty() ? std::string("the unchanged backbone") : "operator " + one->hash.substr(0, 8);
    if (kind == EvaluationKind::training && one->rung > 0)
        request.title += fmt::format(", to epoch {}", halving_.endOf(one->rung));
    request.priority = one->operatorText.empty() ? baselinePriority : measurementPriority(one->batch, kind);
    request.resources.cores = 1;
    request.resources.use = kind == EvaluationKind::benchmark ? DeviceUse::exclusive : DeviceUse::shared;
    request.run = [this, one, kind](JobContext& job) { return runJob(one, kind, job); };
    request.finished = [this, one, kind](const JobSnapshot& job) { finished(one, kind, job); };
    setWaiting(one, true);
    const auto id = scheduler.submit(std::move(request));
    if (id) {
        std::lock_guard lock(mutex_);
        byJob_[id->value] = one->candidate;
    } else {
        setWaiting(one, false);
        withdrawn(one); // closing
    }
}

// The jobs of an operator follow each other without a gap, so it waits or it does not, also when somebody tries a job again.
void ExperimentSession::setWaiting(const CasePtr& one, bool waiting)
{
    {
        std::lock_guard lock(mutex_);
        if (std::exchange(one->waiting, waiting) != waiting)
            waiting ? ++waiting_ : --waiting_;
        waiting ? void(underWay_.insert_or_assign(one->hash, one)) : void(underWay_.erase(one->hash));
    }
    if (!waiting)
        wake_.notify_all(); // there is room
}

protocol::Request ExperimentSession::requestFor(const EvaluationCase& one, EvaluationKind kind) const
{
    protocol::Request request = measurementRequest(kind, one.operatorText, problem->backbone, settings);
    if (kind == EvaluationKind::training)
        prepareTraining(one, request);
    return request;
}

void ExperimentSession::applyResult(EvaluationCase& one, const protocol::Event& event, EvaluationRecord& record)
{
    if (const auto* training = std::get_if<protocol::TrainResult>(&event.what))
        one.hopeless = training->stoppedEarly;
    const std::string environment = applyMeasurement(event, one.components, record);
    if (!environment.empty())
        if (const auto id = store->addEnvironment(environment))
            record.environment = *id;
    if (const auto* scores = std::get_if<protocol::ProxyResult>(&event.what))
        return applyProxy(one, *scores, record);
    if (one.candidate.valid() && concluded(one.components, record.kind, settings))
        applyReward(one.components, problem->reward, record);
}

// A store that takes nothing is a reason to stop, and says nothing about the operator: it is evaluated again later.
Error ExperimentSession::notKept(EvaluationCase& one, const Error& why)
{
    one.unkept = true;
    pause();
    report(why);
    return why;
}

// On a job's thread. A failure of the store is a failure of the job: nothing counts that is not kept.
Expected<void> ExperimentSession::runJob(const CasePtr& shared, EvaluationKind kind, JobContext& job)
{
    setWaiting(shared, true); // it may be another attempt
    EvaluationCase& one = *shared;
    const protocol::Request request = requestFor(one, kind);
    EvaluationRecord evaluation = measurementRecord(kind, request);
    evaluation.experiment = record.id;
    evaluation.candidate = one.candidate;
    evaluation.status = EvaluationStatus::running;
    evaluation.request = measurementSettings(request).dump();
    evaluation.started = currentTime();
    one.unkept = false;
    const auto added = store->addEvaluation(evaluation);
    if (!added)
        return notKept(one, added.error());
    evaluation.id = *added;

    std::optional<Error> unkept;
    const auto answer = pool_.run(request, job, [&](const protocol::Event& event) {
        const auto* epoch = std::get_if<protocol::Epoch>(&event.what);
        if (!epoch)
            return;
        const EpochRecord row{evaluation.id, epoch->index, epoch->loss, epoch->accuracy, epoch->seconds};
        if (auto stored = store->addEpoch(row); !stored)
            unkept = stored.error();
        std::lock_guard lock(mutex_);
        curves_.push_back({one.candidate, row});
    });

    evaluation.finished = currentTime();
    if (!answer) {
        evaluation.status = EvaluationStatus::failed;
        evaluation.message = answer.error().message;
    } else if (answer->cancelled) {
        evaluation.status = EvaluationStatus::cancelled;
    } else {
        evaluation.status = EvaluationStatus::done;
        applyResult(one, answer->last, evaluation);
    }
    const auto stored = store->updateEvaluation(evaluation);
    if (one.candidate.valid())
        touched(one.candidate);
    if (!stored || unkept)
        return notKept(one, stored ? *unkept : stored.error());
    if (!answer)
        return answer.error();
    return {};
}

// The job is over and its result, if there is one, is stored.
void ExperimentSession::finished(const CasePtr& one, EvaluationKind kind, const JobSnapshot& job)
{
    const bool baseline = one->operatorText.empty();
    if (job.state == JobState::done && baseline) {
        removeCheckpoint(*one);
        setWaiting(one, false);
        std::lock_guard lock(mutex_);
        baselineAccuracy_ = one->components.accuracy;
    } else if (job.state == JobState::done && kind == EvaluationKind::training) {
        trained(one);
    } else if (job.state == JobState::done) {
        const auto next = kindAfter(*one, kind);
        next ? submit(one, *next) : rewarded(one);
    } else if (job.state == JobState::failed && one->unkept) {
        withdrawn(one);
    } else if (job.state == JobState::failed) {
        removeCheckpoint(*one);
        if (!baseline)
            return failed(one, job.message);
        setWaiting(one, false);
        report({fmt::format("The {} of {} failed: {}", wordOf(kind), job.title, job.message), {}, 0, 0, job.details});
    } else {
        withdrawn(one);
    }
}

// Answers the search, which may find the operator and ask for it at any moment until it has been told.
void ExperimentSession::answerSearch(EvaluationCase& one, const std::function<void(std::uint64_t ticket)>& tell)
{
    for (std::optional<std::uint64_t> told;;) {
        {
            std::lock_guard lock(mutex_);
            if (told == one.ticket) {
                inFlight_.erase(std::exchange(one.ticket, 0));
                underWay_.erase(one.hash);
                return;
            }
            told = one.ticket;
        }
        tell(*told);
    }
}

void ExperimentSession::rewarded(const CasePtr& one)
{
    const double reward = rewardOf(one->components, problem->reward);
    answerSearch(*one, [&](std::uint64_t ticket) {
        if (ticket != 0)
            engine->reward(ticket, reward);
        else
            engine->learn(std::vector{KnownOperator{one->hash, {}, reward}});
    });
    {
        std::lock_guard lock(mutex_);
        const bool counted = failures_.erase(one->hash) > 0 || std::exchange(one->counted, true); // before, or as a failure
        evaluated_ += !counted;
        touched_.insert(one->candidate.value);
    }
    setWaiting(one, false);
}

void ExperimentSession::failed(const CasePtr& one, const std::string& reason)
{
    if (one->rung > 0) { // what a shorter training had reached counts no more
        if (auto stored = store->setReward(one->candidate, 0); !stored)
            report(stored.error());
    }
    answerSearch(*one, [&](std::uint64_t ticket) {
        if (ticket != 0)
            engine->fail(ticket, reason);
        else if (one->rung > 0)
            engine->learn(std::vector{KnownOperator{one->hash, {}, 0.0}});
        else
            engine->learn(std::vector{KnownOperator{one->hash, {}, {}, true, reason}});
    });
    {
        std::lock_guard lock(mutex_);
        evaluated_ += failures_.insert_or_assign(one->hash, reason).second && !one->counted;
        halving_.drop(one->candidate.value);
        touched_.insert(one->candidate.value);
    }
    setWaiting(one, false);
}

void ExperimentSession::withdrawn(const CasePtr& one)
{
    answerSearch(*one, [&](std::uint64_t ticket) {
        if (ticket != 0)
            engine->withdraw(ticket);
    });
    setWaiting(one, false);
}

// What the unchanged backbone reaches in as many epochs: the yardstick of all accuracies. Once per experiment.
void ExperimentSession::evaluateBaseline()
{
    if (!settings.train || deferred_)
        return;
    {
        std::lock_guard lock(mutex_);
        if (baselineAsked_ || baselineAccuracy_)
            return;
        baselineAsked_ = true;
    }
    submit(std::make_shared<EvaluationCase>(), EvaluationKind::training);
}

// Candidates that an earlier run stored, but had no time to evaluate.
void ExperimentSession::evaluateRest()
{
    std::vector<CandidateId> rest;
    {
        std::lock_guard lock(mutex_);
        rest.swap(unevaluated_);
    }
    if (rest.empty())
        return;
    auto reader = store->reader();
    auto rows = reader ? reader->candidates(rest) : Expected<std::vector<CandidateRecord>>(reader.error());
    if (!rows)
        return report(rows.error());
    for (const CandidateRecord& row : *rows) {
        auto one = std::make_shared<EvaluationCase>();
        one->candidate = row.id;
        one->hash = row.hash;
        one->operatorText = row.pgraph;
        one->components.flopsRatio = row.flopsRatio;
        evaluate(one);
    }
}

} // namespace synoscope
