// Background work: who runs when, and what can be seen of it.
//
//     submit -> queued -> running -> done | failed        retry: failed, cancelled -> queued
//                  |       ^   |
//                  |       |   v
//                  |      paused          cancel: queued, running, paused -> cancelled
//
// Each running job has a thread of its own. A dispatcher hands out CPU cores and devices by rank (priority, then order
// of submission). A job that must wait reserves what it waits for: nothing of lower rank overtakes it to the same
// device or to cores, so nothing starves. A device has many shared users (training) or one exclusive user (a
// benchmark), never both.
//
// Cancelling and pausing are cooperative: a job asks its JobContext often (between batches, in every wait) and returns
// soon after cancellation, within a second. A paused job gives its cores and device back, and queues for them when
// resumed.
//
// Views see values: snapshots, and a counter that tells when to ask again. Nobody holds a pointer to a job.
#pragma once

#include "core/base/error.h"

#include <atomic>
#include <chrono>
#include <compare>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace synoscope {

struct JobId
{
    std::uint64_t value = 0; // 0: none
    constexpr bool valid() const { return value != 0; }
    friend constexpr auto operator<=>(JobId, JobId) = default;
};

enum class JobState : std::uint8_t
{
    queued,
    running,
    paused,
    done,
    failed,
    cancelled
};
const char* toString(JobState state);
constexpr bool isFinal(JobState state)
{
    return state == JobState::done || state == JobState::failed || state == JobState::cancelled;
}

enum class DeviceUse : std::uint8_t
{
    none,
    shared,    // beside others: training
    exclusive, // alone on the device: a benchmark
};

struct JobResources
{
    int cores = 1;              // 0: hardly any work of its own (waits for a child process, writes a file)
    std::string device = "cpu"; // "cpu", "cuda:0", ...
    DeviceUse use = DeviceUse::none;
};

struct JobSnapshot
{
    JobId id;
    std::string kind;
    std::string title;
    JobState state = JobState::queued;
    int priority = 0;
    int attempt = 1;
    double progress = 0;                          // 0..1
    std::optional<std::chrono::seconds> timeLeft; // while running, once there is progress to judge from
    std::chrono::milliseconds running{0};         // time spent running, pauses not counted
    std::string lastLine;                         // of the log
    std::string message;                          // why it failed: one sentence
    std::string details;                          // behind the sentence
};

class JobContext;
using JobBody = std::function<Expected<void>(JobContext&)>;

struct JobRequest
{
    std::string kind; // "search", "benchmark", "training", "compile", "export", ...
    std::string title;
    int priority = 0; // higher runs first
    JobResources resources{};
    JobBody run{}; // called again on retry
    // Called once per attempt, on the job's thread when it ran, otherwise on the dispatcher's. The job is already in
    // its final state and its resources are free. It may submit, cancel and retry; it must not wait for other jobs.
    std::function<void(const JobSnapshot&)> finished{};
};

class Scheduler;
struct JobEntry;

// What a running job may ask and tell. Only for the thread on which the job runs, except stopToken's value.
class JobContext
{
public:
    std::stop_token stopToken() const;
    bool cancelled() const { return stopToken().stop_requested(); }
    // Returns at once, or after the pause is over. False: cancelled, return soon.
    bool proceed();
    bool pauseRequested() const; // for jobs that must pause something else first, then call proceed()
    void setProgress(double fraction);
    void setTimeLeft(std::chrono::seconds left); // where the job knows better than progress does
    void setTitle(std::string title);
    void log(std::string line);
    JobId id() const;

private:
    friend class Scheduler;
    JobContext(Scheduler& scheduler, std::shared_ptr<JobEntry> entry);

    Scheduler& scheduler_;
    std::shared_ptr<JobEntry> entry_;
    std::stop_token stop_; // of this attempt
};

struct SchedulerOptions
{
    int cores = 0;                   // 0: as many as the machine has
    std::size_t keptFinished = 2000; // older finished jobs are forgotten
    std::size_t keptLogLines = 1000; // per job; the oldest go first
};

class Scheduler
{
public:
    explicit Scheduler(SchedulerOptions options = {});
    // Cancels everything and waits for the running jobs to return. Not to be called from a job.
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    // Fails when the job asks for more cores than there are, or the scheduler is closing.
    Expected<JobId> submit(JobRequest request);

    // These say whether the job was in a state where it makes sense. All return at once.
    bool cancel(JobId id);
    bool pause(JobId id); // a queued job stays paused until resumed; a running one pauses at its next proceed()
    bool resume(JobId id);
    bool retry(JobId id); // failed or cancelled ones
    bool setPriority(JobId id, int priority);
    void cancelAll();
    void clearFinished();
    void shutDown(); // what the destructor does; afterwards submit fails

    std::vector<JobSnapshot> snapshots() const; // in the order of submission
    std::optional<JobSnapshot> snapshot(JobId id) const;
    std::vector<std::string> log(JobId id) const;
    int cores() const { return options_.cores; }

    // Moves whenever a snapshot may have changed.
    std::uint64_t changeCount() const { return changes_.load(std::memory_order_acquire); }
    // Waits until the counter is no longer `seen`, or the time is over; returns the counter.
    std::uint64_t waitForChange(std::uint64_t seen, std::chrono::milliseconds atMost) const;
    // Waits for a final state. False: not reached in time, or no such job. Not to be called from a job.
    bool wait(JobId id, std::chrono::milliseconds atMost) const;
    bool waitIdle(std::chrono::milliseconds atMost) const; // no job queued or running (paused ones do not count)

private:
    friend class JobContext;
    using EntryPtr = std::shared_ptr<JobEntry>;

    // All but these four expect mutex_ to be held.
    void dispatch();
    void run(const EntryPtr& entry);
    void finish(const EntryPtr& entry, const Expected<void>& result, bool cancelled);
    bool waitWhilePaused(const EntryPtr& entry, const std::stop_token& stop);

    void startEligible();
    void start(const EntryPtr& entry);
    bool deviceFree(const JobResources& resources) const;
    void take(JobEntry& entry);
    void giveBack(JobEntry& entry);
    void callAbandoned(std::unique_lock<std::mutex>& lock);
    void call(const EntryPtr& entry, const JobSnapshot& snapshot, std::unique_lock<std::mutex>& lock);
    void joinFinished(std::unique_lock<std::mutex>& lock);
    std::optional<std::stop_source> markCancelled(const EntryPtr& entry);
    void forgetOld();
    void changed();
    void wakeDispatcher();
    EntryPtr find(JobId id) const;

    SchedulerOptions options_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;         // the dispatcher
    mutable std::condition_variable seen_; // waiters and paused jobs
    std::atomic<std::uint64_t> changes_{0};
    std::vector<EntryPtr> entries_;   // in the order of submission
    std::vector<EntryPtr> abandoned_; // cancelled before they ran: `finished` is still to be called
    std::vector<std::thread> finishedThreads_;
    int freeCores_ = 0;
    int threads_ = 0; // of jobs, up to the end of their `finished`
    std::uint64_t nextId_ = 1;
    bool closing_ = false;
    bool dispatchWanted_ = false; // something changed that may let a job start
    std::thread dispatcher_;      // last: it uses all the others
};

} // namespace synoscope
