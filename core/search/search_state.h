// Everything the search knows, and the operations on it that need its lock: private to the engine and its workers.
//
// The lock (`mutex`) is held for choosing and for booking, never during a rollout, while an operator is built and
// identified, or while it is evaluated. Functions here expect it to be held.
#pragma once

#include "core/search/algorithm.h"
#include "core/search/steering_desk.h"
#include "core/search/stop.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <unordered_map>

namespace synoscope {

// An iteration that waits for its reward.
struct Flight
{
    Way way;
    std::uint32_t candidate = 0;
};

struct SearchState
{
    SearchState(std::uint64_t rootKey, std::unique_ptr<Algorithm> chosen);

    mutable std::mutex mutex;

    Tree tree;
    StepTable steps;
    CandidateTable candidates;
    DirtySet dirty;
    Ledger ledger;
    SteeringDesk steering;
    std::unique_ptr<Algorithm> algorithm;

    std::unordered_map<std::uint64_t, Flight> flights; // by ticket
    std::uint64_t nextTicket = 1;
    std::uint64_t distinct = 0;   // operators found or under evaluation
    std::uint64_t duplicates = 0; // iterations that found a known operator
    std::uint64_t twins = 0;      // operators equal to another by fingerprint only
    Reward best = noReward;       // of all candidates, closed ones too
    std::uint64_t epoch = 1;      // of what is published
    std::uint64_t drained = 0;    // iterations given to the log

    std::vector<std::unique_ptr<StopCondition>> stops;
    std::string ended;            // why the search has ended; empty while it goes on
    bool exhausted = false;
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now(); // the limits on time count from here
    std::atomic<std::size_t> spaceBytes{0}; // of the workers' spaces

    // Edges that may be followed under the context. Busy ones (their operator is under evaluation) are left out.
    struct Opening
    {
        std::vector<std::uint32_t> edges;
        bool busy = false;
    };
    void open(TreeNodeId node, const std::shared_ptr<const SteeringContext>& context, Opening& opening);

    // A way is begun, extended and ended; in-flight counts of its nodes and edges follow.
    void begin(Way& way);
    void extend(Way& way, std::uint32_t edge);
    void release(const Way& way);
    // Finds or makes the child behind a move and extends the way by it.
    void grow(Way& way, const Move& move, std::uint64_t key, bool final);
    void countBarren(const Way& way);

    // The iteration is done: its reward enters the values. Releases the way.
    void finish(const Way& way, std::uint32_t candidate);
    void finishAs(const Way& way, std::uint32_t candidate, Reward reward, bool failed);
    void answer(std::uint64_t ticket, FoundOperator::State state, Reward reward);

    SearchFigures figures() const;
    std::size_t memoryBytes() const;
    // Looks at the stop conditions; true when the search has ended.
    bool checkEnd();
    // Whether one more iteration may begin, or be completed by a known operator.
    bool mayBegin() const;
    void steeringChanged();
};

} // namespace synoscope
