#include "app/cli/worker_client.h"

#include "app/cli/interrupt.h"
#include "app/cli/output.h"
#include "core/base/resources.h"

#include <fmt/format.h>

namespace synoscope::cli {

namespace {

// A job looks at its own limit between runs; one that does not come back from a run is ended with its process.
std::optional<std::chrono::milliseconds> timeLimit(double seconds)
{
    if (seconds <= 0)
        return std::nullopt;
    return std::chrono::milliseconds(static_cast<std::int64_t>(1000 * (seconds + 20)));
}

// Of the process, libraries included; what it may ask for beyond them it knows itself.
std::optional<std::uint64_t> memoryLimit(std::int64_t bytes)
{
    return bytes > 0 ? std::optional(static_cast<std::uint64_t>(bytes)) : std::nullopt;
}

} // namespace

WorkerClient::WorkerClient() : worker_("the worker", ChildCommand{.words = {workerProgram().string(), "worker"}}) {}

protocol::Event WorkerClient::ask(protocol::Request request, const std::atomic<bool>& interrupted,
                                  const std::function<void(const protocol::Epoch&)>& epoch)
{
    request.id = ++requests_;
    const WorkerRequest line{.line = toJson(request),
                             .cancelLine = toJson(protocol::Control{request.id, protocol::Action::cancel}),
                             .limits = {.time = timeLimit(request.maxSeconds), .memoryBytes = memoryLimit(request.maxBytes)}};
    std::optional<protocol::Event> last;
    ProgressLine progress;
    const auto handle = [&](std::string_view text) {
        const auto event = protocol::eventFromJson(text);
        if (!event || event->id != request.id)
            return LineVerdict::more; // a library's chatter on standard output is no answer
        if (const auto* step = std::get_if<protocol::Progress>(&event->what))
            progress.show(fmt::format("{:3.0f} %  {}", 100 * step->fraction, step->message));
        if (const auto* done = std::get_if<protocol::Epoch>(&event->what))
            epoch(*done);
        if (!event->final())
            return LineVerdict::more;
        last = *event;
        return LineVerdict::finished;
    };
    const InterruptStop stop(interrupted);
    const RequestOutcome outcome = worker_.request(line, handle, stop.token());
    if (last)
        return *last;
    if (outcome.end == RequestEnd::cancelled)
        return {request.id, protocol::Cancelled{}};
    return {request.id, protocol::Failed{outcome.error.text(), outcome.error.details}};
}

} // namespace synoscope::cli
