#include "core/search/engine.h"

#include "core/search/publisher.h"

#include <thread>

namespace synoscope {

Expected<std::unique_ptr<SearchEngine>> SearchEngine::create(SpaceFactory spaces, const SearchOptions& options)
{
    auto algorithm = makeAlgorithm(options);
    if (!algorithm)
        return algorithm.error();
    return std::unique_ptr<SearchEngine>(new SearchEngine(std::move(spaces), options, std::move(*algorithm)));
}

SearchEngine::SearchEngine(SpaceFactory spaces, const SearchOptions& options, std::unique_ptr<Algorithm> algorithm)
    : spaces_(std::move(spaces)), options_(options), space_(spaces_()),
      state_(std::make_unique<SearchState>(space_->key(space_->root()), std::move(algorithm))),
      publisher_(std::make_unique<Publisher>(*state_, spaces_()))
{}

SearchEngine::~SearchEngine() = default;

SearchWorker SearchEngine::makeWorker()
{
    auto space = spaces_();
    const std::lock_guard lock(state_->mutex);
    const std::uint64_t seed = combine(combine(options_.seed, workers_++), state_->ledger.iterations().size());
    return SearchWorker(*state_, std::move(space), seed, options_.deferred);
}

void SearchEngine::reward(std::uint64_t ticket, double reward)
{
    if (!(reward == reward))
        return fail(ticket, "the reward is not a number");
    const std::lock_guard lock(state_->mutex);
    state_->answer(ticket, FoundOperator::State::rewarded, Reward::of(reward));
}

void SearchEngine::fail(std::uint64_t ticket, const std::string& reason)
{
    const std::lock_guard lock(state_->mutex);
    if (const auto flight = state_->flights.find(ticket); flight != state_->flights.end())
        state_->candidates[flight->second.candidate].reason = reason;
    state_->answer(ticket, FoundOperator::State::failed, Reward());
}

void SearchEngine::withdraw(std::uint64_t ticket)
{
    const std::lock_guard lock(state_->mutex);
    state_->answer(ticket, FoundOperator::State::unseen, Reward());
}

void SearchEngine::learn(std::span<const KnownOperator> known)
{
    const std::lock_guard lock(state_->mutex);
    CandidateTable& candidates = state_->candidates;
    for (const KnownOperator& one : known) {
        std::uint32_t id = candidates.byHash(one.hash);
        if (id == CandidateTable::none)
            id = candidates.add(one.hash, one.fingerprint);
        candidates.setFingerprint(id, one.fingerprint);
        FoundOperator& candidate = candidates[id];
        // A reward is news also of an operator that failed, or that was rewarded after a shorter training.
        const bool seen = candidate.state == FoundOperator::State::failed || candidate.state == FoundOperator::State::rewarded;
        const bool news = candidate.state == FoundOperator::State::unseen || (seen && one.reward);
        if (!news || (!one.reward && !one.failed))
            continue;
        candidate.state = one.failed ? FoundOperator::State::failed : FoundOperator::State::rewarded;
        candidate.reward = one.failed ? Reward() : Reward::of(*one.reward);
        candidate.reason = one.reason;
    }
}

Expected<std::uint64_t> SearchEngine::constrain(const Constraint& constraint)
{
    std::unique_lock lock(state_->mutex);
    const bool named = constraint.predicate.what == Predicate::What::kindWithSize;
    auto id = state_->steering.set(constraint, named ? space_->describe(constraint.predicate.size) : std::string());
    if (id)
        state_->steeringChanged();
    lock.unlock();
    settleSteering();
    return id;
}

Expected<void> SearchEngine::lift(std::uint64_t id)
{
    std::unique_lock lock(state_->mutex);
    auto lifted = state_->steering.lift(id);
    if (lifted)
        state_->steeringChanged();
    lock.unlock();
    settleSteering();
    return lifted;
}

// The constraints are in force; the values of a large tree take a moment to follow. Nobody waits for them: between two
// shares others get the lock.
void SearchEngine::settleSteering()
{
    for (;;) {
        {
            const std::lock_guard lock(state_->mutex);
            if (state_->steering.settle())
                return;
        }
        std::this_thread::sleep_for(std::chrono::microseconds(50)); // a mutex alone would hand itself back to us
    }
}

std::vector<ConstraintRecord> SearchEngine::constraints() const
{
    const std::lock_guard lock(state_->mutex);
    const auto records = state_->steering.records();
    return {records.begin(), records.end()};
}

std::vector<CandidateMark> SearchEngine::drainMarks()
{
    const std::lock_guard lock(state_->mutex);
    return state_->candidates.drainMarks();
}

void SearchEngine::setStops(std::vector<std::unique_ptr<StopCondition>> stops)
{
    const std::lock_guard lock(state_->mutex);
    state_->stops = std::move(stops);
    state_->started = std::chrono::steady_clock::now();
    if (!state_->exhausted)
        state_->ended.clear();
}

std::vector<StopProgress> SearchEngine::stopProgress() const
{
    const std::lock_guard lock(state_->mutex);
    const SearchFigures figures = state_->figures();
    std::vector<StopProgress> all;
    for (const auto& stop : state_->stops)
        all.push_back(stop->progress(figures));
    return all;
}

std::string SearchEngine::ended()
{
    const std::lock_guard lock(state_->mutex);
    state_->checkEnd();
    return state_->ended;
}

TreeBatch SearchEngine::drain(std::size_t most)
{
    return publisher_->drain(most);
}

void SearchEngine::republish()
{
    publisher_->republish();
}

SearchStatus SearchEngine::status() const
{
    const std::lock_guard lock(state_->mutex);
    state_->checkEnd();
    SearchStatus status;
    status.iterations = state_->ledger.iterations().size();
    status.nodes = state_->tree.nodeCount();
    status.candidates = state_->distinct;
    status.duplicates = state_->duplicates;
    status.twins = state_->twins;
    status.inFlight = state_->flights.size();
    status.bestReward = state_->best == noReward ? 0 : state_->best.value();
    status.memoryBytes = state_->memoryBytes();
    status.running = state_->ended.empty();
    status.stopped = state_->ended;
    // The rate over at least half a second; shorter looks keep the figure they have.
    const auto now = std::chrono::steady_clock::now();
    if (const double seconds = std::chrono::duration<double>(now - rate_.at).count(); seconds >= 0.5) {
        rate_.perSecond = static_cast<double>(status.iterations - rate_.iterations) / seconds;
        rate_.at = now;
        rate_.iterations = status.iterations;
    }
    status.iterationsPerSecond = rate_.perSecond;
    return status;
}

std::vector<Move> SearchEngine::pathTo(std::uint64_t node) const
{
    const std::lock_guard lock(state_->mutex);
    std::vector<Move> path;
    if (!state_->tree.exists(nodeOf(node)))
        return path;
    const CanonicalWay way = canonicalWay(state_->tree, nodeOf(node));
    for (std::size_t i = 0; i < way.edges.size(); ++i)
        path.push_back(state_->steps[state_->tree.edges(way.nodes[i])[way.edges[i]].step]);
    return path;
}

bool SearchEngine::prunes(const std::string& hash) const
{
    const std::lock_guard lock(state_->mutex);
    const std::uint32_t id = state_->candidates.byHash(hash);
    return id != CandidateTable::none && state_->candidates[id].found > 0 && state_->candidates[id].open == 0;
}

std::vector<std::string> SearchEngine::candidatesBelow(std::uint64_t node) const
{
    const std::lock_guard lock(state_->mutex);
    std::vector<std::string> hashes;
    std::vector<bool> seen(state_->candidates.size());
    const IterationStore& iterations = state_->ledger.iterations();
    for (std::size_t i = 0; i < iterations.size(); ++i) {
        const WayView way = iterations.way(iterations[i]);
        const std::uint32_t candidate = iterations[i].candidate;
        for (std::size_t k = 0; k <= way.nodes.size() && !seen[candidate]; ++k)
            if (publicId(way.node(k)) == node) {
                seen[candidate] = true;
                hashes.push_back(state_->candidates[candidate].hash);
            }
    }
    return hashes;
}

} // namespace synoscope
