#include "core/experiment/session.h"
#include "core/experiment/stored_forms.h"

#include <chrono>

namespace synoscope {

namespace {

constexpr std::size_t candidatesAtOnce = 5000; // told by changes()
constexpr auto shortWait = std::chrono::milliseconds(50);

} // namespace

ExperimentSession::ExperimentSession(std::unique_ptr<Store> s, ExperimentRecord r, std::shared_ptr<const Problem> p,
                                     ExperimentSettings chosen, WorkerSettings workers)
    : store(std::move(s)), record(std::move(r)), problem(std::move(p)), settings(std::move(chosen)),
      deferred_(workers.deferred), pool_(std::move(workers)),
      halving_(settings.epochs, settings.firstEpochs, settings.halving), proxyFilter_(settings.proxyShare)
{}

ExperimentSession::~ExperimentSession()
{
    close();
}

void ExperimentSession::start()
{
    if (!whyNotSearching_.empty())
        return report(Error{whyNotSearching_});
    evaluateRest(); // first, as it takes the place of new proposals
    {
        std::lock_guard lock(mutex_);
        if (closed_ || running_)
            return;
        running_ = true;
        ranOut_ = false;
        if (threads_.empty()) {
            for (int i = 0; i < settings.searchThreads; ++i)
                threads_.emplace_back([this](std::stop_token stop) { search(stop); });
            threads_.emplace_back([this](std::stop_token stop) { keep(stop); });
        }
    }
    wake_.notify_all();
    evaluateBaseline();
    promoteAll();
}

void ExperimentSession::pause()
{
    std::lock_guard lock(mutex_);
    running_ = ranOut_ = false;
}

void ExperimentSession::step()
{
    if (!whyNotSearching_.empty())
        return report(Error{whyNotSearching_});
    const bool first = [this] {
        std::lock_guard lock(mutex_);
        ++steps_;
        return threads_.empty();
    }();
    if (first) { // the threads are there, but no more is proposed than was asked for
        start();
        pause();
    }
    wake_.notify_all();
}

void ExperimentSession::rolloutFrom(std::uint64_t node)
{
    if (!whyNotSearching_.empty())
        return report(Error{whyNotSearching_});
    {
        std::lock_guard lock(mutex_);
        rollouts_.push_back(node);
    }
    step();
}

bool ExperimentSession::running() const
{
    std::lock_guard lock(mutex_);
    return running_;
}

void ExperimentSession::close()
{
    {
        std::lock_guard lock(mutex_);
        if (closed_)
            return;
        closed_ = true;
        running_ = ranOut_ = false;
    }
    for (std::jthread& thread : threads_)
        thread.request_stop();
    wake_.notify_all();
    scheduler.cancelAll();
    threads_.clear(); // joins
    scheduler.shutDown();
    std::error_code ignored;
    std::filesystem::remove(checkpointFolder(), ignored); // when it is empty: not before, as others may be about to write there
    writeLog();
}

// Operators that wait for their reward: those of the search, and those that an earlier run left.
std::size_t ExperimentSession::underEvaluation() const
{
    return std::max<std::size_t>(inFlight_.size(), waiting_);
}

bool ExperimentSession::hasRoom() const
{
    return deferred_ || static_cast<int>(underEvaluation()) + proposing_ < settings.evaluationsInFlight;
}

// What a search thread is to do next; waits while there is nothing.
ExperimentSession::Task ExperimentSession::nextTask(std::stop_token stop, std::uint64_t& node)
{
    std::unique_lock lock(mutex_);
    wake_.wait(lock, stop, [this] { return steps_ > 0 || (running_ && hasRoom()); });
    if (stop.stop_requested())
        return Task::none;
    ++proposing_;
    if (!rollouts_.empty()) {
        node = rollouts_.front();
        rollouts_.pop_front();
        --steps_;
        return Task::rollout;
    }
    if (steps_ > 0)
        --steps_;
    return Task::propose;
}

void ExperimentSession::search(std::stop_token stop)
{
    SearchWorker worker = engine->makeWorker();
    while (!stop.stop_requested()) {
        std::uint64_t node = 0;
        const Task task = nextTask(stop, node);
        if (task == Task::none)
            return;
        std::optional<Proposal> proposal = task == Task::rollout ? worker.proposeFrom(node, stop) : worker.propose(stop);
        const bool found = proposal.has_value();
        if (found)
            admit(worker, std::move(*proposal));
        const bool ended = !found && !engine->ended().empty();
        if (ended)
            writeLog(); // what is not running has everything in its file
        std::unique_lock lock(mutex_);
        --proposing_;
        if (found)
            continue;
        if (ended)
            ranOut_ |= std::exchange(running_, false);
        else // nothing new can be reached until a reward arrives
            wake_.wait_for(lock, stop, shortWait, [] { return false; });
    }
}

Expected<std::uint64_t> ExperimentSession::constrain(const Constraint& constraint)
{
    if (!whyNotSearching_.empty())
        return Error{whyNotSearching_};
    const auto id = engine->constrain(constraint);
    if (!id)
        return id;
    for (const ConstraintRecord& one : engine->constraints()) {
        if (one.id != *id)
            continue;
        StoredConstraint row = storedForm(one);
        row.experiment = record.id;
        auto stored = store->addConstraint(row);
        if (!stored) {
            (void)engine->lift(*id); // what cannot be kept does not take effect
            return stored.error();
        }
        std::lock_guard lock(mutex_);
        storedConstraints_[*id] = *stored;
    }
    std::lock_guard lock(mutex_);
    steeringChanged_ = true;
    wake_.notify_all();
    return id;
}

Expected<void> ExperimentSession::lift(std::uint64_t constraint)
{
    if (auto lifted = engine->lift(constraint); !lifted)
        return lifted;
    std::unique_lock lock(mutex_);
    steeringChanged_ = true;
    const auto stored = storedConstraints_.find(constraint);
    if (stored == storedConstraints_.end())
        return {};
    const ConstraintId id = stored->second;
    lock.unlock();
    wake_.notify_all();
    return store->liftConstraint(id);
}

Expected<void> ExperimentSession::setStarred(CandidateId candidate, bool starred)
{
    auto done = store->setStarred(candidate, starred);
    if (done)
        touched(candidate);
    return done;
}

Expected<void> ExperimentSession::setNote(CandidateId candidate, const std::string& note)
{
    auto done = store->setNote(candidate, note);
    if (done)
        touched(candidate);
    return done;
}

Expected<void> ExperimentSession::setRemoved(CandidateId candidate, bool removed)
{
    auto reader = store->reader();
    const auto row = reader ? reader->candidate(candidate) : Expected<CandidateRecord>(reader.error());
    if (!row)
        return row.error();
    auto done = removed ? store->setState(candidate, CandidateState::removed)
                        : store->setState(candidate, engine->prunes(row->hash) ? CandidateState::pruned : CandidateState::active);
    if (done)
        touched(candidate);
    return done;
}

std::vector<CandidateId> ExperimentSession::candidatesBelow(std::uint64_t node) const
{
    std::vector<CandidateId> candidates;
    const std::vector<std::string> hashes = engine->candidatesBelow(node);
    std::lock_guard lock(mutex_);
    for (const std::string& hash : hashes)
        if (const auto found = byHash_.find(hash); found != byHash_.end())
            candidates.push_back(found->second);
    return candidates;
}

CandidateId ExperimentSession::candidateOf(JobId job) const
{
    std::lock_guard lock(mutex_);
    const auto found = byJob_.find(job.value);
    return found == byJob_.end() ? CandidateId() : found->second;
}

std::string ExperimentSession::failureOf(const std::string& hash) const
{
    std::lock_guard lock(mutex_);
    const auto found = failures_.find(hash);
    return found == failures_.end() ? std::string() : found->second;
}

ExperimentChanges ExperimentSession::changes()
{
    TreeBatch tree = engine->drain();
    ExperimentChanges changes = changesBesidesTree(); // what the tree shows is in the file before anybody hears of it
    changes.tree = std::move(tree);
    return changes;
}

ExperimentChanges ExperimentSession::changesBesidesTree()
{
    writeLog();
    ExperimentChanges changes;
    std::lock_guard lock(mutex_);
    auto told = touched_.begin();
    for (; told != touched_.end() && changes.candidates.size() < candidatesAtOnce; ++told)
        changes.candidates.emplace_back(*told);
    touched_.erase(touched_.begin(), told);
    changes.curves = std::exchange(curves_, {});
    changes.errors = std::exchange(errors_, {});
    changes.steering = std::exchange(steeringChanged_, false);
    return changes;
}

ExperimentStatus ExperimentSession::status() const
{
    ExperimentStatus status;
    status.search = engine->status();
    for (const StopProgress& stop : engine->stopProgress())
        if (stop.secondsLeft)
            status.secondsLeft = std::min(status.secondsLeft.value_or(*stop.secondsLeft), *stop.secondsLeft);
    std::lock_guard lock(mutex_);
    status.search.running = running_;
    if (!whyNotSearching_.empty())
        status.search.stopped = whyNotSearching_;
    status.candidates = candidates_;
    status.evaluated = evaluated_;
    status.waiting = waiting_;
    if (running_ && proposing_ == 0 && !hasRoom())
        status.standsFor = underEvaluation();
    status.baselineAccuracy = baselineAccuracy_;
    return status;
}

void ExperimentSession::report(Error error)
{
    std::lock_guard lock(mutex_);
    errors_.push_back(std::move(error));
}

void ExperimentSession::touched(CandidateId candidate)
{
    std::lock_guard lock(mutex_);
    touched_.insert(candidate.value);
}

} // namespace synoscope
