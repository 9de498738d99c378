// Trains a backbone with an operator in its slots (DESIGN 5.3), in the calling thread and libtorch's own.
//
// Reproducible: the same settings give the same figures, on one machine with one thread; with a break in between too.
#pragma once

#include "core/evaluation/job_control.h"
#include "core/evaluation/protocol/protocol.h"
#include "core/graph/pgraph.h"

#include <functional>
#include <optional>
#include <variant>

namespace synoscope {

struct TrainSettings
{
    std::string backbone = "resnet8";
    std::string dataset = "builtin10-16";
    std::uint64_t seed = 1; // of initial weights, data and their order
    int trainImages = 0;    // 0: the data set's default
    int testImages = 0;
    protocol::TrainRecipe recipe{};
    int epochs = 3;     // the schedule's length
    int untilEpoch = 0; // ends here, to be resumed; 0: with the last
    std::vector<protocol::Milestone> milestones{}; // below one of them training ends early
    double maxSeconds = 0; // fails beyond; pauses do not count; 0: none
    // As in protocol::Request.
    std::string checkpoint{};
    bool resume = false, restart = false;
};

struct TrainObserver
{
    std::function<void(double fraction, const std::string& message)> progress = [](double, const std::string&) {};
    // Those before a break are told again when a training goes on.
    std::function<void(const protocol::Epoch&)> epoch = [](const protocol::Epoch&) {};
};

using TrainOutcome = std::variant<protocol::TrainResult, protocol::Failed, protocol::Cancelled>;

// Without an operator: the original network. Never throws for what settings and operator say; a loss that is no number, an
// unfit operator, a lack of memory and a checkpoint that is not this training's end in Failed.
TrainOutcome train(const std::optional<PGraph>& graph, const TrainSettings& settings, JobControl& control,
                   const TrainObserver& observer = {});

} // namespace synoscope
