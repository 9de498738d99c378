#include "core/evaluation/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace synoscope {

namespace {

// How many of the drops lie behind.
int drops(const protocol::TrainRecipe& recipe, int epochs, double done)
{
    if (recipe.dropEpochs.empty())
        return (done >= 0.5 * epochs) + (done >= 0.75 * epochs);
    return static_cast<int>(std::ranges::count_if(recipe.dropEpochs, [done](int epoch) { return done >= epoch; }));
}

} // namespace

double learningRateAt(const protocol::TrainRecipe& recipe, int epochs, double done)
{
    const double position = done / epochs;
    if (position < recipe.warmUp)
        return recipe.learningRate * (0.05 + 0.95 * position / recipe.warmUp);
    if (recipe.schedule == "step")
        return recipe.learningRate * std::pow(recipe.dropFactor, drops(recipe, epochs, done));
    if (recipe.schedule == "constant")
        return recipe.learningRate;
    const double rest = (position - recipe.warmUp) / (1 - recipe.warmUp);
    return recipe.learningRate * 0.5 * (1 + std::cos(std::numbers::pi * rest));
}

} // namespace synoscope
