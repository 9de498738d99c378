// What everybody may call. The dispatcher and the life of a job's thread are in scheduler_dispatch.cpp.
#include "core/jobs/job_entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace synoscope {

Scheduler::Scheduler(SchedulerOptions options) : options_(options)
{
    if (options_.cores <= 0)
        options_.cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    freeCores_ = options_.cores;
    dispatcher_ = std::thread([this] { dispatch(); });
}

Scheduler::~Scheduler()
{
    shutDown();
}

void Scheduler::shutDown()
{
    {
        std::lock_guard lock(mutex_);
        closing_ = true;
    }
    cancelAll();
    {
        std::lock_guard lock(mutex_);
        wakeDispatcher();
    }
    if (dispatcher_.joinable())
        dispatcher_.join();
}

Expected<JobId> Scheduler::submit(JobRequest request)
{
    if (request.resources.cores > options_.cores)
        return Error{fmt::format("the job \"{}\" needs {} cores, and {} may be used here", request.title,
                                 request.resources.cores, options_.cores)};
    std::lock_guard lock(mutex_);
    if (closing_)
        return Error{fmt::format("the job \"{}\" was not started: the program is closing", request.title)};
    auto entry = std::make_shared<JobEntry>();
    entry->id = JobId{nextId_++};
    entry->request = std::move(request);
    entry->request.resources.cores = std::max(0, entry->request.resources.cores);
    entries_.push_back(entry);
    forgetOld();
    changed();
    wakeDispatcher();
    return entry->id;
}

// A job that has no thread ends here and now. One that has a thread ends by itself when its stop is requested, which
// must happen without the mutex: whoever listens to the stop may call back. Returns that stop.
std::optional<std::stop_source> Scheduler::markCancelled(const EntryPtr& entry)
{
    if (isFinal(entry->state))
        return std::nullopt;
    if (!entry->thread.joinable()) {
        entry->state = JobState::cancelled;
        entry->addLog("cancelled before it began", options_.keptLogLines);
        ++entry->callsPending;
        abandoned_.push_back(entry);
        changed();
        wakeDispatcher();
    }
    return entry->stop;
}

bool Scheduler::cancel(JobId id)
{
    std::optional<std::stop_source> stop;
    {
        std::lock_guard lock(mutex_);
        if (const EntryPtr entry = find(id))
            stop = markCancelled(entry);
    }
    if (!stop)
        return false;
    stop->request_stop();
    std::lock_guard lock(mutex_);
    changed(); // wakes it where it is paused
    return true;
}

void Scheduler::cancelAll()
{
    std::vector<std::stop_source> stops;
    {
        std::lock_guard lock(mutex_);
        for (const EntryPtr& entry : entries_) {
            if (auto stop = markCancelled(entry))
                stops.push_back(std::move(*stop));
        }
    }
    for (std::stop_source& stop : stops)
        stop.request_stop();
    std::lock_guard lock(mutex_);
    changed();
}

bool Scheduler::pause(JobId id)
{
    std::lock_guard lock(mutex_);
    const EntryPtr entry = find(id);
    if (!entry || (entry->state != JobState::queued && entry->state != JobState::running))
        return false;
    if (entry->state == JobState::queued) {
        entry->state = JobState::paused;
        wakeDispatcher(); // what it had reserved is free for others
    }
    entry->pauseWanted = true;
    changed();
    return true;
}

bool Scheduler::resume(JobId id)
{
    std::lock_guard lock(mutex_);
    const EntryPtr entry = find(id);
    if (!entry || isFinal(entry->state) || !entry->pauseWanted)
        return false;
    entry->pauseWanted = false;
    if (entry->state == JobState::paused)
        entry->state = JobState::queued;
    changed();
    wakeDispatcher();
    return true;
}

bool Scheduler::retry(JobId id)
{
    std::lock_guard lock(mutex_);
    const EntryPtr entry = find(id);
    if (!entry || closing_ || (entry->state != JobState::failed && entry->state != JobState::cancelled))
        return false;
    entry->beginAttempt();
    entry->addLog(fmt::format("attempt {}", entry->attempt), options_.keptLogLines);
    changed();
    wakeDispatcher();
    return true;
}

bool Scheduler::setPriority(JobId id, int priority)
{
    std::lock_guard lock(mutex_);
    const EntryPtr entry = find(id);
    if (!entry || isFinal(entry->state))
        return false;
    entry->request.priority = priority;
    changed();
    wakeDispatcher();
    return true;
}

void Scheduler::clearFinished()
{
    std::lock_guard lock(mutex_);
    std::erase_if(entries_, [](const EntryPtr& entry) { return isFinal(entry->state); });
    changed();
}

void Scheduler::forgetOld()
{
    const auto over = [](const EntryPtr& entry) { return isFinal(entry->state); };
    std::size_t finished = static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), over));
    // Some slack, so that a long list is not rebuilt for every job.
    if (finished <= options_.keptFinished + options_.keptFinished / 8)
        return;
    std::erase_if(entries_, [&](const EntryPtr& entry) {
        return over(entry) && finished > options_.keptFinished && finished-- > 0;
    });
}

std::vector<JobSnapshot> Scheduler::snapshots() const
{
    std::lock_guard lock(mutex_);
    std::vector<JobSnapshot> result;
    result.reserve(entries_.size());
    for (const EntryPtr& entry : entries_)
        result.push_back(entry->snapshot());
    return result;
}

std::optional<JobSnapshot> Scheduler::snapshot(JobId id) const
{
    std::lock_guard lock(mutex_);
    const EntryPtr entry = find(id);
    return entry ? std::optional(entry->snapshot()) : std::nullopt;
}

std::vector<std::string> Scheduler::log(JobId id) const
{
    std::lock_guard lock(mutex_);
    const EntryPtr entry = find(id);
    return entry ? std::vector<std::string>(entry->log.begin(), entry->log.end()) : std::vector<std::string>();
}

std::uint64_t Scheduler::waitForChange(std::uint64_t seen, std::chrono::milliseconds atMost) const
{
    std::unique_lock lock(mutex_);
    seen_.wait_for(lock, atMost, [&] { return changeCount() != seen; });
    return changeCount();
}

bool Scheduler::wait(JobId id, std::chrono::milliseconds atMost) const
{
    std::unique_lock lock(mutex_);
    const EntryPtr entry = find(id);
    return entry && seen_.wait_for(lock, atMost, [&] { return isFinal(entry->state) && entry->callsPending == 0; });
}

bool Scheduler::waitIdle(std::chrono::milliseconds atMost) const
{
    std::unique_lock lock(mutex_);
    return seen_.wait_for(lock, atMost, [&] {
        return std::all_of(entries_.begin(), entries_.end(), [](const EntryPtr& entry) {
            return entry->callsPending == 0 && entry->state != JobState::queued && entry->state != JobState::running;
        });
    });
}

void Scheduler::wakeDispatcher()
{
    dispatchWanted_ = true;
    wake_.notify_all();
}

void Scheduler::changed()
{
    changes_.fetch_add(1, std::memory_order_release);
    seen_.notify_all();
}

Scheduler::EntryPtr Scheduler::find(JobId id) const
{
    // Ids grow along the list.
    const auto place = std::lower_bound(entries_.begin(), entries_.end(), id,
                                        [](const EntryPtr& entry, JobId wanted) { return entry->id < wanted; });
    return place != entries_.end() && (*place)->id == id ? *place : nullptr;
}

// What a job may say

JobContext::JobContext(Scheduler& scheduler, std::shared_ptr<JobEntry> entry)
    : scheduler_(scheduler), entry_(std::move(entry))
{
    std::lock_guard lock(scheduler_.mutex_);
    stop_ = entry_->stop.get_token();
}

std::stop_token JobContext::stopToken() const
{
    return stop_;
}

bool JobContext::proceed()
{
    return scheduler_.waitWhilePaused(entry_, stop_);
}

bool JobContext::pauseRequested() const
{
    std::lock_guard lock(scheduler_.mutex_);
    return entry_->pauseWanted;
}

void JobContext::setProgress(double fraction)
{
    std::lock_guard lock(scheduler_.mutex_);
    entry_->progress = std::isnan(fraction) ? 0.0 : std::clamp(fraction, 0.0, 1.0);
    scheduler_.changed();
}

void JobContext::setTimeLeft(std::chrono::seconds left)
{
    std::lock_guard lock(scheduler_.mutex_);
    entry_->expectedEnd = JobEntry::Clock::now() + left;
    scheduler_.changed();
}

void JobContext::setTitle(std::string title)
{
    std::lock_guard lock(scheduler_.mutex_);
    entry_->request.title = std::move(title);
    scheduler_.changed();
}

void JobContext::log(std::string line)
{
    std::lock_guard lock(scheduler_.mutex_);
    entry_->addLog(std::move(line), scheduler_.options_.keptLogLines);
    scheduler_.changed();
}

JobId JobContext::id() const
{
    return entry_->id;
}

} // namespace synoscope
