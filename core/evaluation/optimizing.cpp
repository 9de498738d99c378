#include "core/evaluation/optimizing.h"

#include <ATen/autocast_mode.h>
#include <algorithm>
#include <cmath>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>
#include <torch/utils.h>
#include <torch/version.h>

namespace synoscope {

namespace {

using protocol::TrainRecipe;

std::vector<torch::Tensor> gradientsOf(const std::vector<torch::Tensor>& parameters)
{
    std::vector<torch::Tensor> gradients;
    gradients.reserve(parameters.size());
    for (const torch::Tensor& parameter : parameters)
        if (parameter.grad().defined())
            gradients.push_back(parameter.grad());
    return gradients;
}

// libtorch renamed these; the old names are gone from the newest.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
void setAutocast(bool on)
{
    at::autocast::set_autocast_enabled(at::kCUDA, on);
}
void setAutocastType(at::ScalarType type)
{
    at::autocast::set_autocast_dtype(at::kCUDA, type);
}
#else
void setAutocast(bool on)
{
    at::autocast::set_enabled(on);
}
void setAutocastType(at::ScalarType type)
{
    at::autocast::set_autocast_gpu_dtype(type);
}
#endif

template <typename Optimizer, typename Options>
std::unique_ptr<torch::optim::Optimizer> withGroups(const torch::nn::Module& network, const TrainRecipe& recipe, Options options)
{
    std::vector<torch::Tensor> decaying;
    std::vector<torch::Tensor> others;
    for (const torch::Tensor& parameter : network.parameters())
        (parameter.dim() > 1 ? decaying : others).push_back(parameter);
    options.weight_decay(recipe.weightDecay);
    std::vector<torch::optim::OptimizerParamGroup> groups;
    groups.emplace_back(decaying, std::make_unique<Options>(options));
    options.weight_decay(0);
    groups.emplace_back(others, std::make_unique<Options>(options));
    return std::make_unique<Optimizer>(std::move(groups), options);
}

} // namespace

std::unique_ptr<torch::optim::Optimizer> makeOptimizer(const torch::nn::Module& network, const TrainRecipe& recipe)
{
    if (recipe.optimizer == "adamw")
        return withGroups<torch::optim::AdamW>(
            network, recipe, torch::optim::AdamWOptions(recipe.learningRate).betas({recipe.momentum, recipe.beta2}));
    return withGroups<torch::optim::SGD>(
        network, recipe, torch::optim::SGDOptions(recipe.learningRate).momentum(recipe.momentum).nesterov(recipe.nesterov));
}

void setLearningRate(torch::optim::Optimizer& optimizer, double rate)
{
    for (auto& group : optimizer.param_groups())
        group.options().set_lr(rate);
}

double clipGradients(const std::vector<torch::Tensor>& parameters, double limit)
{
    const torch::NoGradGuard noGrad;
    const std::vector<torch::Tensor> gradients = gradientsOf(parameters);
    if (limit <= 0 || gradients.empty())
        return 0;
    const double norm = torch::stack(at::_foreach_norm(gradients, 2)).norm().item<double>();
    if (norm > limit && std::isfinite(norm))
        at::_foreach_mul_(gradients, limit / norm);
    return norm;
}

PrecisionScope::PrecisionScope(const TrainRecipe& recipe) : on_(recipe.precision != "float32")
{
    if (!on_)
        return;
    at::autocast::increment_nesting();
    setAutocastType(recipe.precision == "float16" ? at::kHalf : at::kBFloat16);
    setAutocast(true);
}

PrecisionScope::~PrecisionScope()
{
    if (!on_)
        return;
    setAutocast(false);
    if (at::autocast::decrement_nesting() == 0)
        at::autocast::clear_cache();
}

bool LossScale::unscale(const std::vector<torch::Tensor>& parameters)
{
    if (!on_)
        return true;
    const torch::NoGradGuard noGrad;
    const std::vector<torch::Tensor> gradients = gradientsOf(parameters);
    at::_foreach_mul_(gradients, 1 / value_);
    const bool finite = std::isfinite(torch::stack(at::_foreach_norm(gradients, 2)).sum().item<double>());
    constexpr int patience = 2000; // steps
    if (!finite)
        value_ = std::max(1.0, value_ / 2);
    else if (++goodSteps_ >= patience)
        value_ *= 2;
    if (!finite || goodSteps_ >= patience)
        goodSteps_ = 0;
    return finite;
}

} // namespace synoscope
