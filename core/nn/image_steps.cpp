// Layers of images, and of single elements.
#include "core/nn/steps.h"

#include <torch/nn/functional/activation.h>
#include <torch/nn/functional/pooling.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/dropout.h>

namespace synoscope {

namespace {

Made batchNorm(const NetworkLayer& layer, torch::nn::Module& home)
{
    const auto norm =
        home.register_module(layer.name, torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(layer.out.channels).eps(layer.epsilon)));
    return {[norm](const torch::Tensor& input) mutable { return norm->forward(input); }, true};
}

Made relu(bool inPlace)
{
    if (inPlace)
        return {[](torch::Tensor input) { return input.relu_(); }};
    return {[](const torch::Tensor& input) { return input.relu(); }};
}

Made pooling(const NetworkLayer& layer)
{
    const std::int64_t kernel = layer.kernel;
    const std::int64_t stride = layer.stride;
    if (layer.kind == LayerKind::averagePool)
        return {[kernel](const torch::Tensor& input) { return torch::avg_pool2d(input, kernel); }, true};
    const std::int64_t padding = kernel % 2 == 1 ? kernel / 2 : 0;
    return {[=](const torch::Tensor& input) { return torch::max_pool2d(input, kernel, stride, padding); }};
}

// All of a sample or nothing of it, with the same expectation (Huang et al. 2016).
Made dropPath(const NetworkLayer& layer, torch::nn::Module& home)
{
    const auto switched = home.register_module(layer.name, std::make_shared<torch::nn::Module>("drop_path")); // knows train() and eval()
    const double kept = 1 - layer.rate;
    return {[switched, kept](const torch::Tensor& input) {
        if (!switched->is_training() || kept == 1)
            return input;
        std::vector<std::int64_t> shape(static_cast<std::size_t>(input.dim()), 1);
        shape[0] = input.size(0);
        return input * torch::empty(shape, input.options()).bernoulli_(kept).div_(kept);
    }};
}

} // namespace

Made imageStep(const NetworkLayer& layer, torch::nn::Module& home, bool inputIsFresh)
{
    switch (layer.kind) {
    case LayerKind::batchNorm:
        return batchNorm(layer, home);
    case LayerKind::relu:
        return relu(inputIsFresh);
    case LayerKind::silu:
        return {[](const torch::Tensor& input) { return torch::silu(input); }};
    case LayerKind::gelu:
        return {[](const torch::Tensor& input) { return torch::gelu(input); }};
    case LayerKind::geluTanh:
        return {[](const torch::Tensor& input) { return torch::gelu(input, "tanh"); }};
    case LayerKind::sigmoid:
        return {[](const torch::Tensor& input) { return torch::sigmoid(input); }};
    case LayerKind::maxPool:
    case LayerKind::averagePool:
        return pooling(layer);
    case LayerKind::globalAverage:
        if (layer.in.form == Flow::Form::image)
            return {[](const torch::Tensor& input) { return input.mean({2, 3}); }, true};
        return {[](const torch::Tensor& input) { return input.mean(1); }, true};
    case LayerKind::flatten:
        return {[](const torch::Tensor& input) { return input.flatten(1); }};
    case LayerKind::dropout: {
        const auto dropout = home.register_module(layer.name, torch::nn::Dropout(layer.rate));
        return {[dropout](const torch::Tensor& input) mutable { return dropout->forward(input); }};
    }
    case LayerKind::dropPath:
        return dropPath(layer, home);
    default:
        return sequenceStep(layer, home);
    }
}

} // namespace synoscope
