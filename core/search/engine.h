// The search (DESIGN 3): finds operators, learns from their rewards, is steered, and shows what it does.
//
//   driver threads            SearchEngine                                     outside
//   --------------            ------------                                     -------
//   SearchWorker::propose --> SearchState: tree, ledger, candidates, steering
//        ^                      |   lock: choosing and booking only        <-- constrain, lift        (steering)
//        |  operator            |                                          --> drain, status, marks   (values)
//        v                      |                                          --> drainLog               (store)
//     evaluation --> reward, fail, withdraw                                <-- restore                (resume)
//
// A tour of this folder:
//   worker.h         the stages of an iteration, in order
//   algorithm.h      what algorithms decide; mcts.cpp is the default one
//   walk.h           ways that algorithms build          path_mutation.h ways changed a little
//   surrogate.h      rewards by formula
//   tree.h           nodes and edges                     iterations.h    every iteration's way, in memory
//   constraint.h     what prune and pin mean             filter.h        the constraints, compiled
//   ledger.h         values = sums over open iterations  steering_desk.h what constraints mean for the tree
//   candidates.h     known operators                     log.h           iterations as values, for the store
//   stop.h           limits                              publisher.h     changes as values, for views
//   space.h          what is asked of the synthesis
//
// Thread rules: all functions are thread-safe, except restore (before the first worker) and destruction (after the last).
// With one worker, rewards given in the order of the proposals, and one seed, a search is deterministic.
#pragma once

#include "core/base/error.h"
#include "core/search/constraint.h"
#include "core/search/log.h"
#include "core/search/published.h"
#include "core/search/stop.h"
#include "core/search/worker.h"

#include <functional>
#include <span>

namespace synoscope {

class Publisher;

class SearchEngine
{
public:
    // Each worker gets a space from the factory. Fails when there is no such algorithm.
    static Expected<std::unique_ptr<SearchEngine>> create(SpaceFactory spaces, const SearchOptions& options);
    ~SearchEngine();

    SearchWorker makeWorker();

    // Answers to proposals; later answers to the same ticket are ignored. A failed operator counts with reward 0 and is not
    // proposed again. One that is withdrawn (its evaluation was cancelled) leaves no trace and may be proposed again.
    void reward(std::uint64_t ticket, double reward);
    void fail(std::uint64_t ticket, const std::string& reason);
    void withdraw(std::uint64_t ticket);
    // Operators known from elsewhere. Those found already keep what is known of them, but for a reward: a failure that turned
    // out well in another attempt, and an operator that was trained for longer, have it from now on.
    void learn(std::span<const KnownOperator> known);

    // Steering (constraint.h). In force at once: iterations under way that break it come to nothing. When the call
    // returns, which in a tree of a million nodes takes longer, the values and marks of all nodes have followed.
    Expected<std::uint64_t> constrain(const Constraint& constraint);
    Expected<void> lift(std::uint64_t id);
    std::vector<ConstraintRecord> constraints() const; // lifted ones too, in the order in which they were set
    std::vector<CandidateMark> drainMarks();           // candidates that steering closed or opened since the last call

    // Limits; replacing them lets a search that ended at one go on.
    void setStops(std::vector<std::unique_ptr<StopCondition>> stops);
    std::vector<StopProgress> stopProgress() const;
    std::string ended(); // why the search has ended, looking at the limits once more; empty while it goes on

    TreeBatch drain(std::size_t most = 5000); // at most so many nodes; the rest comes with the next call
    void republish();
    SearchStatus status() const;

    // Iterations completed since the last call, oldest first, at most so many.
    std::vector<LogEntry> drainLog(std::size_t most = 10000);
    // Rebuilds a new engine from a log and the constraints as they were last: node ids, visits and sums are those of the
    // search that wrote it. After an error the engine is of no use. Known operators supply fingerprints, and rewards of what has not been found yet.
    Expected<void> restore(std::span<const LogEntry> log, std::vector<ConstraintRecord> constraints,
                           std::span<const KnownOperator> known);
    // The same from a log that nobody holds in memory; what is known was learned before.
    using LogVisitor = std::function<Expected<void>(const LogEntry&)>;
    Expected<void> restore(const std::function<Expected<void>(const LogVisitor&)>& eachEntry,
                           std::vector<ConstraintRecord> constraints);

    std::vector<Move> pathTo(std::uint64_t node) const;            // by the way at which it is shown
    bool prunes(const std::string& hash) const; // was found, and steering has closed all ways to it
    std::vector<std::string> candidatesBelow(std::uint64_t node) const; // hashes, in the order in which they were found

    // For tests and audits; only while no worker works.
    const SearchState& state() const { return *state_; }

private:
    SearchEngine(SpaceFactory spaces, const SearchOptions& options, std::unique_ptr<Algorithm> algorithm);
    void settleSteering();
    Expected<void> replay(const LogEntry& entry, std::vector<TreeNodeId>& seenFrom);
    bool leadsWhereItLed(const LogEntry& entry);
    LogEntry logEntry(std::size_t iteration) const;

    SpaceFactory spaces_;
    SearchOptions options_;
    std::unique_ptr<Space> space_; // of the engine itself: the root, texts
    std::unique_ptr<SearchState> state_;
    std::unique_ptr<Publisher> publisher_;
    std::uint64_t workers_ = 0;
    struct Rate
    {
        std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now();
        std::uint64_t iterations = 0;
        double perSecond = 0;
    };
    mutable Rate rate_;
};

} // namespace synoscope
