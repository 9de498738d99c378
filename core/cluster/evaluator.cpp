#include "core/cluster/evaluator.h"

#include "core/base/file.h"
#include "core/experiment/measure.h"
#include "core/store/words.h"

#include <algorithm>
#include <fmt/format.h>

namespace synoscope {

namespace {

namespace fs = std::filesystem;

constexpr double probeSeconds = 120; // libtorch from a slow disk that many nodes share

// One operator on its way. Its jobs run one after the other, so nothing here is shared.
struct MeasuredCase
{
    std::string operatorText;
    int batch = 0;
    RewardComponents components; // as far as they decide what is measured next
    ResultFile result;
};
using MeasuredCasePtr = std::shared_ptr<MeasuredCase>;

// The results of one job. Its functions are called by the scheduler's threads.
class JobEvaluation
{
public:
    JobEvaluation(const JobFile& job, const EvaluatorOptions& options)
        : job_(job), options_(options), pool_(options.workers), scheduler_({.cores = options.cores})
    {
        summary_.operators = static_cast<int>(job.operators.size());
        state_.origin = job.origin;
        state_.place = TaskPlace::here(job.task);
    }

    Expected<EvaluatorSummary> run(std::stop_token stop);

private:
    bool known(const std::string& hash);
    MeasuredCasePtr caseOf(const JobOperator& one, int number) const;
    void wait(std::stop_token stop);
    void probe();
    void open(JobRequest request);
    void close();
    void fail(Error error);
    void begin(const MeasuredCasePtr& one);
    void submit(const MeasuredCasePtr& one, EvaluationKind kind);
    Expected<void> measure(MeasuredCase& one, EvaluationKind kind, JobContext& context);
    void finished(const MeasuredCasePtr& one, EvaluationKind kind, const JobSnapshot& job);
    void keep(const MeasuredCase& one);
    void note(const std::function<void()>& change = {});
    void say(const std::string& text) const
    {
        if (options_.say)
            options_.say(text);
    }

    const JobFile& job_;
    const EvaluatorOptions& options_;
    WorkerPool pool_;
    std::mutex mutex_; // guards all below but the scheduler
    EvaluatorSummary summary_;
    TaskState state_;
    std::vector<JobOperator> todo_; // set before the first job
    std::optional<Error> failure_; // of the whole: nothing more is measured
    int open_ = 0;                 // jobs whose `finished` has not returned
    std::condition_variable idle_;
    Scheduler scheduler_; // last: its jobs use all the others
};

// Whether an earlier run of this task has measured it.
bool JobEvaluation::known(const std::string& hash)
{
    std::error_code error;
    const fs::path file = options_.results / array_names::result(hash);
    if (!fs::exists(file, error))
        return false;
    const auto result = ResultFile::read(file);
    if (result && result->origin == job_.origin && result->hash == hash)
        return true;
    fs::rename(file, file.string() + ".damaged", error);
    say(result ? fmt::format("{}: The file is another array's; it is put aside.", file.string())
               : fmt::format("{} It is put aside.", result.error().text()));
    return false;
}

MeasuredCasePtr JobEvaluation::caseOf(const JobOperator& one, int number) const
{
    auto made = std::make_shared<MeasuredCase>();
    made->operatorText = one.pgraph;
    made->batch = number / options_.cores;
    made->result.origin = job_.origin;
    made->result.hash = one.hash;
    made->result.program = programVersion();
    made->result.place = state_.place;
    made->result.settings = job_.settings.toJson();
    return made;
}

Expected<EvaluatorSummary> JobEvaluation::run(std::stop_token stop)
{
    std::error_code error;
    fs::create_directories(options_.results, error);
    if (error)
        return Error{.message = fmt::format("The folder for results cannot be made: {}.", error.message()),
                     .file = options_.results.string()};
    note();
    for (const JobOperator& one : job_.operators)
        if (!known(one.hash))
            todo_.push_back(one);
    summary_.known = summary_.operators - static_cast<int>(todo_.size());
    if (!todo_.empty())
        probe();
    wait(stop);
    scheduler_.shutDown();
    note([this] {
        state_.ended = true;
        if (failure_)
            state_.message = failure_->text();
        else if (!summary_.complete())
            state_.message = "it was told to stop";
    });
    if (failure_)
        return *failure_;
    return summary_;
}

void JobEvaluation::wait(std::stop_token stop)
{
    std::unique_lock lock(mutex_);
    while (!idle_.wait_for(lock, std::chrono::milliseconds(50), [this] { return open_ == 0; })) {
        if (!failure_ && !stop.stop_requested())
            continue;
        lock.unlock();
        scheduler_.cancelAll(); // each time: a job that ended just now may have been followed by another
        lock.lock();
    }
}

// A node on which no worker runs says so once: its operators have not failed.
void JobEvaluation::probe()
{
    JobRequest request;
    request.kind = "probe";
    request.title = "the evaluation worker";
    request.run = [this](JobContext& context) -> Expected<void> {
        protocol::Request ping;
        ping.maxSeconds = probeSeconds;
        const auto answer = pool_.run(ping, context, [](const protocol::Event&) {});
        return answer ? Expected<void>() : Expected<void>(answer.error());
    };
    request.finished = [this](const JobSnapshot& job) {
        if (job.state == JobState::failed)
            fail(Error{.message = job.message, .details = job.details});
        if (job.state == JobState::done)
            for (std::size_t i = 0; i < todo_.size(); ++i)
                begin(caseOf(todo_[i], static_cast<int>(i)));
        close();
    };
    open(std::move(request));
}

void JobEvaluation::open(JobRequest request)
{
    {
        const std::lock_guard lock(mutex_);
        ++open_;
    }
    if (!scheduler_.submit(std::move(request)))
        close();
}

void JobEvaluation::close()
{
    const std::lock_guard lock(mutex_);
    if (--open_ == 0)
        idle_.notify_all();
}

void JobEvaluation::fail(Error error)
{
    const std::lock_guard lock(mutex_);
    if (!failure_)
        failure_ = std::move(error);
}

void JobEvaluation::begin(const MeasuredCasePtr& one)
{
    const bool benchmark = job_.settings.benchmark && !one->operatorText.empty();
    submit(one, benchmark ? EvaluationKind::benchmark : EvaluationKind::training);
}

void JobEvaluation::submit(const MeasuredCasePtr& one, EvaluationKind kind)
{
    JobRequest request;
    request.kind = std::string(wordOf(kind));
    request.title = operatorName(one->result.hash);
    request.priority = measurementPriority(one->batch, kind);
    request.resources.use = kind == EvaluationKind::benchmark ? DeviceUse::exclusive : DeviceUse::shared;
    request.run = [this, one, kind](JobContext& context) { return measure(*one, kind, context); };
    request.finished = [this, one, kind](const JobSnapshot& job) {
        finished(one, kind, job);
        close();
    };
    open(std::move(request));
}

Expected<void> JobEvaluation::measure(MeasuredCase& one, EvaluationKind kind, JobContext& context)
{
    note([&] {
        if (std::ranges::find(state_.measuring, one.result.hash) == state_.measuring.end())
            state_.measuring.push_back(one.result.hash);
    });
    protocol::Request request = measurementRequest(kind, one.operatorText, job_.backbone, job_.settings);
    // The worker ends before the task does: the operator fails with a sentence, and the others are still measured.
    if (const std::int64_t share = options_.memoryBytes / options_.cores; share > 0)
        request.maxBytes = request.maxBytes > 0 ? std::min(request.maxBytes, share) : share;
    Measurement measurement;
    measurement.kind = kind;
    measurement.started = currentTime();
    const auto answer = pool_.run(request, context, [&](const protocol::Event& event) {
        if (const auto* epoch = std::get_if<protocol::Epoch>(&event.what))
            measurement.epochs.push_back(*epoch);
    });
    measurement.finished = currentTime();
    if (answer && answer->cancelled)
        return {};
    if (answer) {
        EvaluationRecord unused;
        (void)applyMeasurement(answer->last, one.components, unused);
        measurement.result = answer->last;
    } else {
        measurement.message = answer.error().message;
    }
    one.result.measurements.push_back(std::move(measurement));
    return answer ? Expected<void>() : Expected<void>(answer.error());
}

void JobEvaluation::finished(const MeasuredCasePtr& one, EvaluationKind kind, const JobSnapshot& job)
{
    if (job.state == JobState::done && !concluded(one->components, kind, job_.settings))
        return submit(one, EvaluationKind::training);
    if (job.state == JobState::cancelled) // measured again, as a whole, when the task is started again
        return;
    if (one->result.measurements.empty()) // the job failed before it measured
        return;
    keep(*one);
}

void JobEvaluation::keep(const MeasuredCase& one)
{
    if (auto failure = writeWholeFile(options_.results / array_names::result(one.result.hash), one.result.toJson()))
        return fail(std::move(failure->error));
    const bool failed = one.result.failed();
    std::string text = fmt::format("{}: ", operatorName(one.result.hash));
    if (failed)
        text += one.result.measurements.back().message;
    else if (one.components.accuracy && one.components.latencyRatio)
        text += fmt::format("{:.3f} of the latency, accuracy {:.4f}", *one.components.latencyRatio,
                            *one.components.accuracy);
    else if (one.components.accuracy)
        text += fmt::format("accuracy {:.4f}", *one.components.accuracy);
    else
        text += fmt::format("{:.3f} of the latency", one.components.latencyRatio.value_or(0));
    say(text);
    note([&] {
        std::erase(state_.measuring, one.result.hash);
        ++summary_.measured;
        summary_.failed += failed;
    });
}

// Changes the notes and writes them down.
void JobEvaluation::note(const std::function<void()>& change)
{
    const std::lock_guard lock(mutex_); // also while writing: notes must not overtake each other
    if (change)
        change();
    auto failure = writeWholeFile(options_.results / array_names::state(state_.place.task), state_.toJson());
    if (failure && !failure_)
        failure_ = std::move(failure->error);
}

} // namespace

Expected<EvaluatorSummary> evaluateJob(const JobFile& job, const EvaluatorOptions& options, std::stop_token stop)
{
    return JobEvaluation(job, options).run(stop);
}

} // namespace synoscope
