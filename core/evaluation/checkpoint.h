// The state of a training as a file: the network, the optimiser, libtorch's generators and where it stands. A training that goes on
// from it continues, on the CPU, bit by bit as if it had not stopped. Includes libtorch: for sources of this folder.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <torch/nn/module.h>
#include <torch/optim/optimizer.h>

namespace synoscope {

struct Checkpoint
{
    // Flat: what the figures follow from. A checkpoint of other settings is refused.
    nlohmann::ordered_json settings;
    // Where it stands, in the training's own words.
    nlohmann::ordered_json progress;
};

// Replaces the file at once, when all of it is on the disk.
std::optional<Error> writeCheckpoint(const std::filesystem::path& file, const Checkpoint& checkpoint, const torch::nn::Module& network,
                                     const torch::optim::Optimizer& optimizer);

// Puts everything back, and returns the progress. Fails, with a sentence, for what is no whole checkpoint, and for one whose settings
// are not these; then network, optimiser and generators may have been changed in part.
Expected<nlohmann::ordered_json> readCheckpoint(const std::filesystem::path& file, const nlohmann::ordered_json& settings,
                                                torch::nn::Module& network, torch::optim::Optimizer& optimizer);

} // namespace synoscope
