#include "core/experiment/worker_pool.h"

#include <fmt/format.h>

namespace synoscope {

std::unique_ptr<LineWorker> WorkerPool::take()
{
    std::lock_guard lock(mutex_);
    if (!free_.empty()) {
        auto worker = std::move(free_.back());
        free_.pop_back();
        return worker;
    }
    ChildCommand command;
    command.words = settings_.command;
    // glibc's trimming of its heap doubles the latency of large tensors; a quiet heap is part of measuring.
    command.environment = {{"MALLOC_MMAP_THRESHOLD_", "4294967296"},
                           {"MALLOC_TRIM_THRESHOLD_", "8589934592"},
                           {"MALLOC_TOP_PAD_", "67108864"}};
    return std::make_unique<LineWorker>("the evaluation worker", std::move(command));
}

void WorkerPool::giveBack(std::unique_ptr<LineWorker> worker)
{
    std::lock_guard lock(mutex_);
    free_.push_back(std::move(worker));
}

Expected<WorkerPool::Answer> WorkerPool::run(protocol::Request request, JobContext& job,
                                             const std::function<void(const protocol::Event&)>& onEvent)
{
    {
        std::lock_guard lock(mutex_);
        request.id = nextId_++;
    }
    WorkerRequest line;
    line.line = toJson(request);
    line.cancelLine = toJson(protocol::Control{request.id, protocol::Action::cancel});
    line.pause = {toJson(protocol::Control{request.id, protocol::Action::pause}),
                  toJson(protocol::Control{request.id, protocol::Action::resume}),
                  [&job] { return job.pauseRequested(); }, [&job] { (void)job.proceed(); }};
    if (request.maxSeconds > 0)
        line.limits.time = std::chrono::milliseconds(static_cast<std::int64_t>(request.maxSeconds * 1000));
    if (request.maxBytes > 0)
        line.limits.memoryBytes = static_cast<std::uint64_t>(request.maxBytes);

    Answer answer;
    std::optional<Error> failure;
    auto worker = take();
    const RequestOutcome outcome = worker->request(
        line,
        [&](std::string_view text) {
            const auto event = protocol::eventFromJson(text);
            if (!event) {
                failure = event.error();
                return LineVerdict::finished;
            }
            if (event->id != request.id)
                return LineVerdict::more; // the rest of an abandoned request
            if (const auto* progress = std::get_if<protocol::Progress>(&event->what)) {
                job.setProgress(progress->fraction);
                if (!progress->message.empty())
                    job.log(progress->message);
            }
            if (const auto* failed = std::get_if<protocol::Failed>(&event->what))
                failure = Error{failed->message, {}, 0, 0, failed->details};
            answer.cancelled = std::holds_alternative<protocol::Cancelled>(event->what);
            answer.last = *event;
            if (std::holds_alternative<protocol::Paused>(event->what))
                return LineVerdict::paused;
            onEvent(*event);
            return event->final() ? LineVerdict::finished : LineVerdict::more;
        },
        job.stopToken());
    giveBack(std::move(worker));

    if (outcome.end == RequestEnd::cancelled || answer.cancelled || job.cancelled()) {
        answer.cancelled = true;
        return answer;
    }
    if (!outcome.finished())
        return outcome.error;
    if (failure)
        return *failure;
    return answer;
}

} // namespace synoscope
