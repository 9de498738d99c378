// Worker processes that benchmark and train, kept between requests: loading libtorch takes most of a second.
#pragma once

#include "core/evaluation/protocol/protocol.h"
#include "core/experiment/settings.h"
#include "core/jobs/line_worker.h"
#include "core/jobs/scheduler.h"

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace synoscope {

class WorkerPool
{
public:
    explicit WorkerPool(WorkerSettings settings) : settings_(std::move(settings)) {}

    struct Answer
    {
        protocol::Event last;   // bench_result or train_result
        bool cancelled = false; // then `last` means nothing
    };

    // Sends the request to a free worker, starting one if there is none, and waits for its last event. `onEvent` sees
    // every event. Pausing the job pauses the worker. Thread-safe: any number of requests at once.
    Expected<Answer> run(protocol::Request request, JobContext& job,
                         const std::function<void(const protocol::Event&)>& onEvent);

private:
    std::unique_ptr<LineWorker> take();
    void giveBack(std::unique_ptr<LineWorker> worker);

    WorkerSettings settings_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<LineWorker>> free_;
    std::int64_t nextId_ = 1;
};

} // namespace synoscope
