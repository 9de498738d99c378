#include "core/jobs/job_entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace synoscope {

const char* toString(JobState state)
{
    switch (state) {
    case JobState::queued:
        return "queued";
    case JobState::running:
        return "running";
    case JobState::paused:
        return "paused";
    case JobState::done:
        return "done";
    case JobState::failed:
        return "failed";
    case JobState::cancelled:
        return "cancelled";
    }
    return "";
}

std::chrono::nanoseconds JobEntry::runningTime() const
{
    return ranBefore + (runningSince ? Clock::now() - *runningSince : Clock::duration(0));
}

std::optional<std::chrono::seconds> JobEntry::timeLeft() const
{
    using std::chrono::seconds;
    if (!runningSince)
        return std::nullopt;
    if (expectedEnd)
        return std::max(seconds(0), std::chrono::ceil<seconds>(*expectedEnd - Clock::now()));
    const double ran = std::chrono::duration<double>(runningTime()).count();
    if (progress < 0.01 || ran < 0.5) // too early: the first guesses would jump
        return std::nullopt;
    return seconds(static_cast<std::int64_t>(std::ceil(ran * (1 - progress) / progress)));
}

void JobEntry::stopClock()
{
    ranBefore = runningTime();
    runningSince.reset();
    expectedEnd.reset();
}

JobSnapshot JobEntry::snapshot() const
{
    JobSnapshot s;
    s.id = id;
    s.kind = request.kind;
    s.title = request.title;
    s.state = state;
    s.priority = request.priority;
    s.attempt = attempt;
    s.progress = progress;
    s.timeLeft = timeLeft();
    s.running = std::chrono::duration_cast<std::chrono::milliseconds>(runningTime());
    s.lastLine = log.empty() ? std::string() : log.back();
    s.message = message;
    s.details = details;
    return s;
}

void JobEntry::addLog(std::string line, std::size_t kept)
{
    log.push_back(std::move(line));
    while (log.size() > kept)
        log.pop_front();
}

void JobEntry::beginAttempt()
{
    ++attempt;
    state = JobState::queued;
    stop = std::stop_source();
    pauseWanted = false;
    progress = 0;
    ranBefore = std::chrono::nanoseconds(0);
    message.clear();
    details.clear();
}

} // namespace synoscope
