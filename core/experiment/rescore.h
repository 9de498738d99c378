// Another reward for an experiment that has measured already (DESIGN 5.4): everything follows from the components that
// are stored with its evaluations, and nothing is measured again.
#pragma once

#include "core/experiment/reward.h"
#include "core/store/store.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace synoscope {

struct BestCandidate
{
    std::string hash;
    double reward = 0;
};

struct Rescored
{
    std::int64_t candidates = 0; // with a reward
    std::int64_t changed = 0;    // of them, those that have another now
    std::int64_t iterations = 0; // of the search's log that have another reward now
    // Of these nobody knows any more what they were rewarded for (an operator that is no candidate): they stay as they
    // are.
    std::int64_t iterationsKept = 0;
    // Of these the log does not tell which of an operator's trainings, or whether a failure after them, they were
    // rewarded for, as the reward before was equal for several and now is not: they have that of the shortest training.
    std::int64_t iterationsUncertain = 0;
    std::optional<BestCandidate> before{}, after{};
};

// Who watches, and may cancel. Called on the thread that rescores.
struct RescoreWatch
{
    std::function<void(double)> progress{}; // the share that is done, 0 to 1
    std::stop_token stop{};                 // cancels: an error then, and nothing has changed
};

// The experiment gets the problem's text and reward; candidates, evaluations and the search's log get the rewards that
// follow, so that a search that goes on has the tree of one that was rewarded so from the beginning. Failures stay
// failures, and what was left without training stays so. All or nothing: one transaction, also when the process is
// killed. The way back restores everything but what is counted as uncertain then.
//
// Errors: the store's, or one that says that the file is damaged; then nothing has changed. Any thread; it keeps the
// store's turn until it is done (some 50 us a candidate).
// `problem`: the experiment's own, but for its reward (withReward). Nobody else writes meanwhile: `store` has the lock.
Expected<Rescored> rescore(Store& store, const ExperimentRecord& experiment, const Problem& problem,
                           const RescoreWatch& watch = {});

} // namespace synoscope
