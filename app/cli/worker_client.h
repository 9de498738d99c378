// Asks a worker process (synoscope-worker) to train or to measure, for the commands that do one such thing and end.
#pragma once

#include "core/evaluation/protocol/protocol.h"
#include "core/jobs/line_worker.h"

#include <atomic>

namespace synoscope::cli {

class WorkerClient
{
public:
    WorkerClient();

    // The request's last event. Progress is shown, epochs go to `epoch`; an interrupt cancels. What the worker does not
    // survive comes back as Failed. `id` is set here.
    protocol::Event ask(
        protocol::Request request, const std::atomic<bool>& interrupted,
        const std::function<void(const protocol::Epoch&)>& epoch = [](const protocol::Epoch&) {});

private:
    LineWorker worker_;
    std::int64_t requests_ = 0;
};

} // namespace synoscope::cli
