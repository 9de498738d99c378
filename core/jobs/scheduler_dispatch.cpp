// The dispatcher, and the life of a job's thread.
//
// dispatch() alone starts and joins threads. A thread that ends hands its own handle over before its last word, so that
// a retry may give the job a new thread meanwhile.
#include "core/jobs/job_entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <system_error>

namespace synoscope {

void Scheduler::dispatch()
{
    std::unique_lock lock(mutex_);
    for (;;) {
        callAbandoned(lock);
        joinFinished(lock);
        if (!closing_)
            startEligible();
        else if (threads_ == 0 && abandoned_.empty() && finishedThreads_.empty())
            return;
        wake_.wait(lock, [this] {
            const bool somethingEnded = !abandoned_.empty() || !finishedThreads_.empty();
            const bool somethingWaits = !closing_ && std::exchange(dispatchWanted_, false);
            return somethingEnded || somethingWaits || (closing_ && threads_ == 0);
        });
    }
}

// By rank. What a job must wait for is reserved for it: nothing of lower rank takes it.
void Scheduler::startEligible()
{
    std::vector<EntryPtr> waiting;
    for (const EntryPtr& entry : entries_) {
        if (entry->state == JobState::queued)
            waiting.push_back(entry);
    }
    std::stable_sort(waiting.begin(), waiting.end(),
                     [](const EntryPtr& a, const EntryPtr& b) { return a->request.priority > b->request.priority; });
    std::vector<std::string> reservedDevices;
    bool coresReserved = false;
    for (const EntryPtr& entry : waiting) {
        const JobResources& wanted = entry->request.resources;
        const bool usesDevice = wanted.use != DeviceUse::none;
        if (usesDevice &&
            std::find(reservedDevices.begin(), reservedDevices.end(), wanted.device) != reservedDevices.end())
            continue;
        const bool lacksDevice = usesDevice && !deviceFree(wanted);
        const bool lacksCores = wanted.cores > 0 && (coresReserved || freeCores_ < wanted.cores);
        if (!lacksDevice && !lacksCores) {
            start(entry);
            continue;
        }
        if (usesDevice)
            reservedDevices.push_back(wanted.device);
        if (!lacksDevice) // while it waits for a device, others may have the cores
            coresReserved = true;
    }
}

bool Scheduler::deviceFree(const JobResources& wanted) const
{
    return std::none_of(entries_.begin(), entries_.end(), [&](const EntryPtr& entry) {
        const JobResources& held = entry->request.resources;
        return entry->holdsResources && held.use != DeviceUse::none && held.device == wanted.device &&
               (held.use == DeviceUse::exclusive || wanted.use == DeviceUse::exclusive);
    });
}

void Scheduler::take(JobEntry& entry)
{
    entry.holdsResources = true;
    freeCores_ -= entry.request.resources.cores;
}

void Scheduler::giveBack(JobEntry& entry)
{
    if (!std::exchange(entry.holdsResources, false))
        return;
    freeCores_ += entry.request.resources.cores;
    wakeDispatcher();
}

void Scheduler::start(const EntryPtr& entry)
{
    take(*entry);
    entry->state = JobState::running;
    entry->runningSince = JobEntry::Clock::now();
    changed(); // a parked thread sees that it may go on
    if (entry->parked)
        return;
    try {
        entry->thread = std::thread([this, entry] { run(entry); });
        ++threads_;
    } catch (const std::system_error& error) {
        giveBack(*entry);
        entry->stopClock();
        entry->state = JobState::failed;
        entry->message = fmt::format("the system has no thread left for this job ({})", error.what());
        ++entry->callsPending;
        abandoned_.push_back(entry);
    }
}

void Scheduler::run(const EntryPtr& entry)
{
    JobContext context(*this, entry);
    Expected<void> result;
    try {
        result = entry->request.run(context);
    } catch (const std::exception& error) {
        result = Error{fmt::format("the job stopped on an unexpected error: {}", error.what())};
    } catch (...) {
        result = Error{"the job stopped on an unexpected error"};
    }
    finish(entry, result, context.cancelled());
}

// A job whose stop was requested counts as cancelled whatever it returned: a stopped run must surely show as stopped.
void Scheduler::finish(const EntryPtr& entry, const Expected<void>& result, bool cancelled)
{
    std::unique_lock lock(mutex_);
    entry->stopClock();
    entry->pauseWanted = false;
    if (cancelled) {
        entry->state = JobState::cancelled;
    } else if (result) {
        entry->state = JobState::done;
        entry->progress = 1;
    } else {
        entry->state = JobState::failed;
        entry->message = result.error().text();
        entry->details = result.error().details;
    }
    giveBack(*entry);
    ++entry->callsPending;
    std::thread self = std::move(entry->thread);
    const JobSnapshot last = entry->snapshot();
    changed();
    call(entry, last, lock);
    --threads_;
    finishedThreads_.push_back(std::move(self));
    wake_.notify_all();
}

void Scheduler::call(const EntryPtr& entry, const JobSnapshot& snapshot, std::unique_lock<std::mutex>& lock)
{
    if (entry->request.finished) {
        lock.unlock();
        std::string failure;
        try {
            entry->request.finished(snapshot);
        } catch (const std::exception& error) {
            failure = fmt::format("what follows the job failed unexpectedly: {}", error.what());
        } catch (...) {
            failure = "what follows the job failed unexpectedly";
        }
        lock.lock();
        if (!failure.empty())
            entry->addLog(std::move(failure), options_.keptLogLines);
    }
    --entry->callsPending;
    changed();
}

void Scheduler::callAbandoned(std::unique_lock<std::mutex>& lock)
{
    for (const EntryPtr& entry : std::exchange(abandoned_, {})) {
        JobSnapshot last = entry->snapshot();
        last.state = isFinal(last.state) ? last.state : JobState::cancelled; // a retry may have been quicker
        call(entry, last, lock);
    }
}

void Scheduler::joinFinished(std::unique_lock<std::mutex>& lock)
{
    std::vector<std::thread> ended = std::exchange(finishedThreads_, {});
    if (ended.empty())
        return;
    lock.unlock();
    for (std::thread& thread : ended)
        thread.join();
    lock.lock();
}

bool Scheduler::waitWhilePaused(const EntryPtr& entry, const std::stop_token& stop)
{
    std::unique_lock lock(mutex_);
    if (stop.stop_requested())
        return false;
    if (!entry->pauseWanted)
        return true;
    entry->stopClock();
    entry->state = JobState::paused;
    entry->parked = true;
    giveBack(*entry);
    changed();
    seen_.wait(lock, [&] { return stop.stop_requested() || entry->state == JobState::running; });
    entry->parked = false;
    return !stop.stop_requested();
}

} // namespace synoscope
