// How a network is trained (DESIGN 5.3), as far as that is a matter of taste: the optimiser and its schedule. What is trained on what, for
// how long and from which seed is the request's. The same values are options of the command line, settings of an experiment, and kept
// with each result; `visitRecipe` is the one list of them.
#pragma once

#include "core/base/error.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace synoscope::protocol {

inline constexpr std::array<std::string_view, 2> trainOptimizers{"sgd", "adamw"};
inline constexpr std::array<std::string_view, 3> trainSchedules{"cosine", "step", "constant"};
// Mixed precision: products and convolutions in 16 bits, weights and sums in 32. On CUDA only.
inline constexpr std::array<std::string_view, 3> trainPrecisions{"float32", "bfloat16", "float16"};
inline constexpr std::array<std::string_view, 2> trainDevices{"cpu", "cuda"};

struct TrainRecipe
{
    std::string optimizer = "sgd";
    int batchSize = 64;
    double learningRate = 0.1; // at its peak
    double momentum = 0.9;     // sgd; adamw: the mean of gradients decays by it (beta 1)
    bool nesterov = false;     // sgd
    double beta2 = 0.999;      // adamw: the mean of their squares decays by it
    double weightDecay = 5e-4; // of weights with two axes or more: not of biases and the scales of norms
    std::string schedule = "cosine"; // after the warm-up: half a cosine down to zero, steps, or none
    double warmUp = 0.1;             // share of the steps, in which the rate rises in a straight line
    std::vector<int> dropEpochs{};   // step: the rate falls after these; none: after half and after three quarters
    double dropFactor = 0.1;         // step: to this share
    double labelSmoothing = 0.1;
    double clipNorm = 5; // of the gradient of all weights together; 0: it is not clipped
    std::string precision = "float32";
    std::string device = "cpu";

    friend bool operator==(const TrainRecipe&, const TrainRecipe&) = default;
};

// What suits an optimiser where nobody chooses: its rate and decay.
TrainRecipe recipeFor(std::string_view optimizer);

// Names and members, in the order in which people read them.
template <typename Recipe, typename Visit>
void visitRecipe(Recipe& recipe, Visit&& visit)
{
    visit("optimizer", recipe.optimizer);
    visit("batch_size", recipe.batchSize);
    visit("learning_rate", recipe.learningRate);
    visit("momentum", recipe.momentum);
    visit("nesterov", recipe.nesterov);
    visit("beta2", recipe.beta2);
    visit("weight_decay", recipe.weightDecay);
    visit("schedule", recipe.schedule);
    visit("warm_up", recipe.warmUp);
    visit("drop_epochs", recipe.dropEpochs);
    visit("drop_factor", recipe.dropFactor);
    visit("label_smoothing", recipe.labelSmoothing);
    visit("clip_norm", recipe.clipNorm);
    visit("precision", recipe.precision);
    visit("device", recipe.device);
}

// Why nothing can be trained in this way: "'momentum' must be ..."; nothing when it can.
std::optional<std::string> refusalOf(const TrainRecipe& recipe);

// After this epoch, training with less than this accuracy on the test images is hopeless, and ends.
struct Milestone
{
    int epoch = 0;       // from 1
    double accuracy = 0; // in [0, 1]
    friend bool operator==(const Milestone&, const Milestone&) = default;
};

// "1:0.1 3:0.2", separated by commas or spaces; or "paper": those with which the paper's authors searched for ResNet-18 on
// CIFAR-100, in 100 epochs. Empty: none. Epochs must rise.
Expected<std::vector<Milestone>> parseMilestones(std::string_view text);
std::string toText(const std::vector<Milestone>& milestones);

} // namespace synoscope::protocol
