// Trains a backbone with an operator in its slots (DESIGN 5.3): SGD with momentum, a cosine schedule after a short warm-up,
// label smoothing, flips and shifts. On the CPU, in the calling thread and libtorch's own.
//
// Reproducible: the same settings give the same figures, on one machine with one thread.
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
    int epochs = 3;
    std::uint64_t seed = 1; // of initial weights, data and their order
    int trainImages = 0;    // 0: the data set's default
    int testImages = 0;
    int batchSize = 64;
    double learningRate = 0.1; // at its peak
    double momentum = 0.9;
    double weightDecay = 5e-4; // not on biases and norms
    double labelSmoothing = 0.1;
    double warmUp = 0.1; // share of the steps
    double clipNorm = 5; // of the gradient
    double minAccuracy = 0; // after the first epoch below it, training ends early; 0: none
    double maxSeconds = 0;  // fails beyond; pauses do not count; 0: none
};

struct TrainObserver
{
    std::function<void(double fraction, const std::string& message)> progress = [](double, const std::string&) {};
    std::function<void(const protocol::Epoch&)> epoch = [](const protocol::Epoch&) {};
};

using TrainOutcome = std::variant<protocol::TrainResult, protocol::Failed, protocol::Cancelled>;

// Without an operator: the original network. Never throws for what settings and operator say; a loss that is no number, an
// unfit operator and a lack of memory end in Failed.
TrainOutcome train(const std::optional<PGraph>& graph, const TrainSettings& settings, JobControl& control,
                   const TrainObserver& observer = {});

} // namespace synoscope
