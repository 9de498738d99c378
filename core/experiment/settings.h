// How an experiment searches and evaluates. Stored with it as JSON, so that resuming goes on in the same way.
#pragma once

#include "core/base/error.h"
#include "core/evaluation/protocol/train_recipe.h"

#include <cstdint>
#include <string>
#include <vector>

namespace synoscope {

struct ExperimentSettings
{
    // the search
    std::string algorithm = "mcts";
    std::uint64_t seed = 1;
    int searchThreads = 1;
    int evaluationsInFlight = 24; // operators that wait for their reward; the search pauses when there are more

    // the evaluation
    bool benchmark = true;
    bool train = true;
    double latencyLimit = 2; // operators slower than this many baselines get no training, and no reward
    std::string dataset = "builtin10-16";
    int trainImages = 0; // 0: the data set's default
    int testImages = 0;
    int epochs = 3;
    protocol::TrainRecipe recipe{};
    std::string milestones{}; // as protocol::parseMilestones reads them
    int halving = 0;          // so many times fewer candidates train so many times longer; below 2: all train to the end
    int firstEpochs = 1;      // with halving: all train so long
    std::string proxy{};      // one of protocol::proxyNames decides who trains at all; empty: none
    double proxyShare = 0.5;  // of the candidates: those with the best scores
    int repeats = 20;
    double benchmarkSeconds = 0.1; // least time spent on one layer's measurement
    double jobSeconds = 300;       // a job that takes longer fails
    std::int64_t jobBytes = std::int64_t{4} << 30;

    std::string toJson() const;
    static Expected<ExperimentSettings> fromJson(std::string_view json); // missing keys take the defaults
};

// How an evaluation is carried out on this machine: not stored.
struct WorkerSettings
{
    std::vector<std::string> command; // the program that speaks core/evaluation/protocol, and its arguments
    bool deferred = false;            // nothing is evaluated here: what is found waits for a later run, or a cluster
};

} // namespace synoscope
