// From a stored candidate to its reward: a benchmark, then a training run, each a job.
#include "core/experiment/session.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace synoscope {

namespace {

constexpr int baselinePriority = -2; // after the first batch: somebody waits for the first rewards

// A benchmark needs the machine for itself, training runs share it: so candidates go in batches of as many as can train
// at once, first measured one by one, then trained together. Older batches come first: rewards arrive early.
int priorityOf(int batch, EvaluationKind kind)
{
    return -2 * batch - (kind == EvaluationKind::training ? 1 : 0);
}

const char* name(EvaluationKind kind)
{
    return kind == EvaluationKind::benchmark ? "benchmark" : "training";
}

std::string environmentJson(const protocol::Environment& environment)
{
    return nlohmann::ordered_json{{"cpu", environment.cpu},           {"device", environment.device},
                                  {"libtorch", environment.libtorch}, {"blas", environment.blas},
                                  {"compiler", environment.compiler}, {"threads", environment.threads}}
        .dump();
}

} // namespace

// Whether an evaluation of this kind was the last that the operator needs. One that is much too slow is not trained: its
// reward, without an accuracy, is 0.
bool ExperimentSession::concluded(const EvaluationCase& one, EvaluationKind kind) const
{
    return kind == EvaluationKind::training || !settings.train ||
           one.components.latencyRatio.value_or(0) > settings.latencyLimit;
}

void ExperimentSession::evaluate(const CasePtr& one)
{
    {
        std::lock_guard lock(mutex_);
        one->batch = cases_++ / scheduler.cores();
    }
    if (settings.benchmark)
        return submit(one, EvaluationKind::benchmark);
    if (settings.train)
        return submit(one, EvaluationKind::training);
    // Nothing to measure: the reward follows from what is known.
    if (!one->rewardKept) {
        const auto stored = store->setReward(one->candidate, rewardOf(one->components, problem->reward));
        if (!stored) {
            notKept(*one, stored.error());
            return withdrawn(*one);
        }
    }
    rewarded(*one);
}

void ExperimentSession::submit(const CasePtr& one, EvaluationKind kind)
{
    JobRequest request;
    request.kind = name(kind);
    request.title =
        one->operatorText.empty() ? std::string("the unchanged backbone") : "operator " + one->hash.substr(0, 8);
    request.priority = one->operatorText.empty() ? baselinePriority : priorityOf(one->batch, kind);
    request.resources.cores = 1;
    request.resources.use = kind == EvaluationKind::benchmark ? DeviceUse::exclusive : DeviceUse::shared;
    request.run = [this, one, kind](JobContext& job) { return runJob(*one, kind, job); };
    request.finished = [this, one, kind](const JobSnapshot& job) { finished(one, kind, job); };
    setWaiting(*one, true);
    const auto id = scheduler.submit(std::move(request));
    if (id) {
        std::lock_guard lock(mutex_);
        byJob_[id->value] = one->candidate;
    } else {
        setWaiting(*one, false);
        withdrawn(*one); // closing
    }
}

// The jobs of an operator follow each other, so it waits or it does not, also when somebody tries a job again.
void ExperimentSession::setWaiting(EvaluationCase& one, bool waiting)
{
    std::lock_guard lock(mutex_);
    if (std::exchange(one.waiting, waiting) != waiting)
        waiting ? ++waiting_ : --waiting_;
}

protocol::Request ExperimentSession::requestFor(const EvaluationCase& one, EvaluationKind kind) const
{
    protocol::Request request;
    request.kind = kind == EvaluationKind::benchmark ? protocol::RequestKind::bench : protocol::RequestKind::train;
    request.operatorText = one.operatorText;
    request.backbone = problem->backbone;
    request.threads = 1;
    request.maxSeconds = settings.jobSeconds;
    request.maxBytes = settings.jobBytes;
    request.repeats = settings.repeats;
    request.minSeconds = settings.benchmarkSeconds;
    request.dataset = settings.dataset;
    request.epochs = settings.epochs;
    request.seed = settings.seed;
    return request;
}

void ExperimentSession::applyResult(EvaluationCase& one, const protocol::Event& event, EvaluationRecord& record)
{
    record.result = nlohmann::json::parse(toJson(event)).dump();
    if (const auto* bench = std::get_if<protocol::BenchResult>(&event.what)) {
        record.latencyRatio = one.components.latencyRatio = bench->ratio;
        if (const auto environment = store->addEnvironment(environmentJson(bench->environment)))
            record.environment = *environment;
    }
    if (const auto* training = std::get_if<protocol::TrainResult>(&event.what))
        record.accuracy = one.components.accuracy = training->accuracy;
    if (one.candidate.valid() && concluded(one, record.kind)) {
        record.reward = rewardOf(one.components, problem->reward);
        record.rewardComponents = one.components.toJson();
    }
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
Expected<void> ExperimentSession::runJob(EvaluationCase& one, EvaluationKind kind, JobContext& job)
{
    setWaiting(one, true); // it may be another attempt
    const protocol::Request request = requestFor(one, kind);
    EvaluationRecord evaluation;
    evaluation.experiment = record.id;
    evaluation.candidate = one.candidate;
    evaluation.kind = kind;
    evaluation.status = EvaluationStatus::running;
    evaluation.backend = "libtorch";
    evaluation.device = "cpu";
    evaluation.threads = request.threads;
    evaluation.request = nlohmann::ordered_json{
        {"dataset", request.dataset},
        {"epochs", request.epochs},
        {"seed", request.seed},
        {"repeats",
         request.repeats}}.dump();
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
    setWaiting(*one, false);
    const bool baseline = one->operatorText.empty();
    if (job.state == JobState::done && baseline) {
        std::lock_guard lock(mutex_);
        baselineAccuracy_ = one->components.accuracy;
    } else if (job.state == JobState::done && !concluded(*one, kind)) {
        submit(one, EvaluationKind::training);
    } else if (job.state == JobState::done) {
        rewarded(*one);
    } else if (job.state == JobState::failed && one->unkept) {
        withdrawn(*one);
    } else if (job.state == JobState::failed) {
        baseline
            ? report(
                  {fmt::format("The {} of {} failed: {}", name(kind), job.title, job.message), {}, 0, 0, job.details})
            : failed(*one, job.message);
    } else {
        withdrawn(*one);
    }
}

void ExperimentSession::rewarded(EvaluationCase& one)
{
    const double reward = rewardOf(one.components, problem->reward);
    if (one.ticket != 0)
        engine->reward(one.ticket, reward);
    else
        engine->learn(std::vector{KnownOperator{one.hash, {}, reward}});
    {
        std::lock_guard lock(mutex_);
        inFlight_.erase(std::exchange(one.ticket, 0));
        evaluated_ += failures_.erase(one.hash) == 0; // a failure counted already
        touched_.insert(one.candidate.value);
    }
    wake_.notify_all();
}

void ExperimentSession::failed(EvaluationCase& one, const std::string& reason)
{
    if (one.ticket != 0)
        engine->fail(one.ticket, reason);
    else
        engine->learn(std::vector{KnownOperator{one.hash, {}, {}, true, reason}});
    {
        std::lock_guard lock(mutex_);
        inFlight_.erase(std::exchange(one.ticket, 0));
        evaluated_ += failures_.insert_or_assign(one.hash, reason).second;
        touched_.insert(one.candidate.value);
    }
    wake_.notify_all();
}

void ExperimentSession::withdrawn(EvaluationCase& one)
{
    if (one.ticket != 0)
        engine->withdraw(one.ticket);
    {
        std::lock_guard lock(mutex_);
        inFlight_.erase(std::exchange(one.ticket, 0));
    }
    wake_.notify_all();
}

// What the unchanged backbone reaches in as many epochs: the yardstick of all accuracies. Once per experiment.
void ExperimentSession::evaluateBaseline()
{
    if (!settings.train)
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
