// The learning rate over the course of a training. No libtorch here.
#pragma once

#include "core/evaluation/protocol/train_recipe.h"

namespace synoscope {

// After `done` of `epochs` epochs, in [0, epochs): a fraction within one. It depends on nothing else, so that a training which was
// interrupted goes on as if it had not been.
double learningRateAt(const protocol::TrainRecipe& recipe, int epochs, double done);

} // namespace synoscope
