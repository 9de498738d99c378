// What the scheduler knows of one job. Guarded by the scheduler's mutex; only scheduler*.cpp see it.
#pragma once

#include "core/jobs/scheduler.h"

#include <deque>

namespace synoscope {

struct JobEntry
{
    using Clock = std::chrono::steady_clock;

    JobId id;
    JobRequest request;
    JobState state = JobState::queued;
    int attempt = 1;
    std::stop_source stop; // of this attempt
    std::thread thread;    // while the body runs or is paused
    bool parked = false;   // the thread waits: paused, or queued again after a pause
    bool pauseWanted = false;
    bool holdsResources = false;
    int callsPending = 0; // attempts that ended and whose `finished` has not returned

    double progress = 0;
    std::optional<Clock::time_point> expectedEnd; // where the job said so
    std::chrono::nanoseconds ranBefore{0};        // until the last pause
    std::optional<Clock::time_point> runningSince;
    std::deque<std::string> log;
    std::string message;
    std::string details;

    std::chrono::nanoseconds runningTime() const;
    std::optional<std::chrono::seconds> timeLeft() const;
    void stopClock();
    JobSnapshot snapshot() const;
    void addLog(std::string line, std::size_t kept);
    void beginAttempt(); // again
};

} // namespace synoscope
