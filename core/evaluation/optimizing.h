// From gradients to steps: optimisers, clipping, mixed precision. Includes libtorch: for sources of this folder.
#pragma once

#include "core/evaluation/protocol/train_recipe.h"

#include <memory>
#include <torch/nn/module.h>
#include <torch/optim/optimizer.h>

namespace synoscope {

// Weights with two axes or more decay; biases and the scales of norms do not.
std::unique_ptr<torch::optim::Optimizer> makeOptimizer(const torch::nn::Module& network, const protocol::TrainRecipe& recipe);
void setLearningRate(torch::optim::Optimizer& optimizer, double rate);

// The norm of all gradients together. Where it is above `limit`, they are scaled down to it; 0: they are left alone.
double clipGradients(const std::vector<torch::Tensor>& parameters, double limit);

// While it lives, libtorch computes products and convolutions on CUDA in the recipe's precision.
class PrecisionScope
{
public:
    explicit PrecisionScope(const protocol::TrainRecipe& recipe);
    ~PrecisionScope();
    PrecisionScope(const PrecisionScope&) = delete;
    PrecisionScope& operator=(const PrecisionScope&) = delete;

private:
    bool on_;
};

// Small gradients vanish in float16: the loss is multiplied by as much as goes without an overflow. A step whose gradients
// overflow is left out. With other precisions it does nothing.
class LossScale
{
public:
    explicit LossScale(const protocol::TrainRecipe& recipe) : on_(recipe.precision == "float16") {}

    torch::Tensor scaled(const torch::Tensor& loss) const { return on_ ? loss * value_ : loss; }
    // Divides the gradients by it again. False: they have overflowed; take no step.
    bool unscale(const std::vector<torch::Tensor>& parameters);

    // What a training that goes on needs to know.
    double value() const { return value_; }
    int goodSteps() const { return goodSteps_; }
    void restore(double value, int goodSteps)
    {
        value_ = value;
        goodSteps_ = goodSteps;
    }

private:
    bool on_;
    double value_ = 65536;
    int goodSteps_ = 0; // since it was last changed
};

} // namespace synoscope
