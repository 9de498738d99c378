#include "core/jobs/line_worker.h"

#include <fmt/format.h>

namespace synoscope {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds pauseSlice{50}; // how late a wish to pause may be noticed while the child says nothing

RequestEnd endOf(ChildEnd end)
{
    switch (end) {
    case ChildEnd::timeLimit:
        return RequestEnd::timeLimit;
    case ChildEnd::memoryLimit:
        return RequestEnd::memoryLimit;
    default:
        return RequestEnd::crashed;
    }
}

} // namespace

LineWorker::LineWorker(std::string name, ChildCommand command) : name_(std::move(name)), command_(std::move(command))
{
    command_.limits = {};
}

LineWorker::~LineWorker()
{
    if (child_)
        close();
}

bool LineWorker::running()
{
    return child_ && child_->running();
}

int LineWorker::processId() const
{
    return child_ ? child_->processId() : 0;
}

Expected<void> LineWorker::ensureStarted()
{
    if (running())
        return {};
    child_.reset();
    auto started = ChildProcess::start(command_);
    if (!started)
        return started.error();
    child_ = std::move(*started);
    ++starts_;
    return {};
}

RequestOutcome LineWorker::request(const WorkerRequest& request, const LineHandler& handler, std::stop_token stop)
{
    // A kept child may have died since it was last looked at: then a fresh one gets the line.
    for (bool kept = running();; kept = false) {
        if (stop.stop_requested())
            return cancelled();
        if (auto started = ensureStarted(); !started)
            return {RequestEnd::notStarted, started.error()};
        child_->setLimits(request.limits);
        if (child_->writeLine(request.line, stop))
            break;
        if (stop.stop_requested()) { // half a request may be under way: this child cannot be kept
            child_.reset();
            return cancelled();
        }
        if (!kept)
            return ended();
        child_.reset();
    }
    try {
        return listen(request, handler, stop);
    } catch (...) {
        child_.reset(); // in the middle of an answer
        throw;
    }
}

RequestOutcome LineWorker::listen(const WorkerRequest& request, const LineHandler& handler, std::stop_token stop)
{
    const RequestPause& pause = request.pause;
    auto since = Clock::now();
    milliseconds worked{0};
    bool pauseAsked = false;
    for (;;) {
        if (!pauseAsked && pause.wanted && pause.wanted())
            pauseAsked = child_->writeLine(pause.pauseLine, stop).hasValue();
        const ReadResult read = child_->readLine(pause.wanted ? std::optional(pauseSlice) : std::nullopt, stop);
        if (read.status == ReadStatus::stopped)
            return cancelGently(request, handler);
        if (read.status == ReadStatus::timeout)
            continue;
        if (read.status != ReadStatus::line)
            return ended();
        const LineVerdict verdict = handler(read.line);
        if (verdict == LineVerdict::finished) {
            child_->setLimits({});
            return {};
        }
        if (verdict == LineVerdict::paused && pauseAsked) {
            worked += std::chrono::duration_cast<milliseconds>(Clock::now() - since);
            rest(request, worked);
            since = Clock::now();
            pauseAsked = false;
        }
    }
}

// Waits, then lets the child go on with what is left of its time. A child that died meanwhile shows when it is read.
void LineWorker::rest(const WorkerRequest& request, milliseconds worked)
{
    request.pause.wait();
    ChildLimits limits = request.limits;
    if (limits.time)
        limits.time = std::max(milliseconds(1), *limits.time - worked);
    child_->setLimits(limits);
    (void)child_->writeLine(request.pause.resumeLine);
}

RequestOutcome LineWorker::cancelGently(const WorkerRequest& request, const LineHandler& handler)
{
    const auto deadline = Clock::now() + request.grace;
    ChildLimits limits = request.limits;
    limits.time = request.grace; // also for a child that does not even read the cancel line
    child_->setLimits(limits);
    if (!request.cancelLine.empty() && child_->writeLine(request.cancelLine)) {
        for (;;) {
            const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
            const ReadResult read = child_->readLine(std::max(left, milliseconds(0)));
            if (read.status != ReadStatus::line)
                break;
            if (handler(read.line) == LineVerdict::finished) {
                child_->setLimits({});
                return cancelled();
            }
        }
    }
    child_.reset(); // kills it
    return cancelled();
}

RequestOutcome LineWorker::cancelled() const
{
    return {RequestEnd::cancelled, Error{fmt::format("{} was cancelled", name_)}};
}

// The child has closed its output: by ending, or it soon will.
RequestOutcome LineWorker::ended()
{
    const ChildExit exit = child_->wait(milliseconds(1000));
    child_.reset();
    RequestOutcome outcome;
    outcome.end = endOf(exit.end);
    outcome.error.message = exit.succeeded() ? fmt::format("{} ended in the middle of its work", name_)
                                             : fmt::format("{} {}", name_, exit.sentence);
    outcome.error.details = exit.errorOutput;
    return outcome;
}

void LineWorker::close(milliseconds grace)
{
    if (!child_)
        return;
    child_->closeInput();
    child_->wait(grace);
    child_.reset();
}

} // namespace synoscope
