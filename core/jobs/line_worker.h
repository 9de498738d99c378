// A worker that stays: one child process that answers requests with lines (JSON lines, opaque here).
//
//     request line  ->  child
//     lines         <-  child ... until the caller's handler says `finished`
//
// The child is started by the first request, kept between requests, and started again by the next request after it
// crashed, hung or was killed. Pausing sends the caller's pause line; the child goes on to where it can wait, and says
// so; then the caller's thread waits too, and the resume line follows. Cancelling sends the caller's cancel line, goes on delivering lines for a grace period,
// so that the child can finish in good order and live on, and then kills it.
//
// Used by one thread at a time.
#pragma once

#include "core/jobs/child_process.h"

#include <functional>

namespace synoscope {

enum class RequestEnd : std::uint8_t
{
    finished,  // the handler said so
    cancelled, // by the stop token
    timeLimit,
    memoryLimit,
    crashed,    // the child ended by itself, with whatever status
    notStarted, // the program could not be run
};

struct RequestOutcome
{
    RequestEnd end = RequestEnd::finished;
    Error error{}; // unless finished: a sentence, and the end of the child's standard error as details

    bool finished() const { return end == RequestEnd::finished; }
};

enum class LineVerdict : std::uint8_t
{
    more,
    paused, // the child has begun to wait for the resume line
    finished
};
using LineHandler = std::function<LineVerdict(std::string_view line)>;

// How a request is paused while it runs. Both functions are called on the thread that made the request.
struct RequestPause
{
    std::string pauseLine{};
    std::string resumeLine{};
    std::function<bool()> wanted{}; // asked often; empty: this request is never paused
    std::function<void()> wait{};   // returns when the pause is over, or the request is cancelled
};

struct WorkerRequest
{
    std::string line{};
    std::string cancelLine{}; // empty: cancelling kills at once
    ChildLimits limits{};     // for this request; time spent paused does not count
    std::chrono::milliseconds grace{800};
    RequestPause pause{};
};

class LineWorker
{
public:
    // `name` is how sentences call it: "the training worker"; cancelling reads
    // "the training worker was cancelled". The command's own limits are not used.
    LineWorker(std::string name, ChildCommand command);

    RequestOutcome request(const WorkerRequest& request, const LineHandler& handler, std::stop_token stop = {});

    // Closes the child's input, gives it the time to leave, then kills it. The destructor allows 200 ms.
    void close(std::chrono::milliseconds grace = std::chrono::milliseconds(200));
    ~LineWorker();
    LineWorker(LineWorker&&) noexcept = default;
    LineWorker& operator=(LineWorker&&) noexcept = default;

    bool running();
    int processId() const;                 // 0: no child
    int starts() const { return starts_; } // how often a child was started

private:
    Expected<void> ensureStarted();
    RequestOutcome listen(const WorkerRequest& request, const LineHandler& handler, std::stop_token stop);
    void rest(const WorkerRequest& request, std::chrono::milliseconds worked);
    RequestOutcome cancelGently(const WorkerRequest& request, const LineHandler& handler);
    RequestOutcome cancelled() const;
    RequestOutcome ended();

    std::string name_;
    ChildCommand command_;
    std::optional<ChildProcess> child_;
    int starts_ = 0;
};

} // namespace synoscope
