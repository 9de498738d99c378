// How networks are trained, as options that train and search share.
#pragma once

#include "app/cli/command.h"
#include "core/evaluation/protocol/train_recipe.h"

namespace synoscope::cli {

struct TrainingOptions
{
    protocol::TrainRecipe recipe{};
    std::optional<double> rate{}, decay{}; // not given: what suits the optimiser
    std::string milestones{};
};

// Declares them on the command, in a group of their own. `options` must outlive the command line.
void addTrainingOptions(CLI::App& command, TrainingOptions& options);

// Checked; what was not given is filled in.
Expected<protocol::TrainRecipe> recipeOf(const TrainingOptions& options);

Json recipeJson(const protocol::TrainRecipe& recipe);

} // namespace synoscope::cli
