// Residuals, concatenations, gates.
#include "core/nn/steps.h"

namespace synoscope {

namespace {

TensorStep residual(const Made& layers, TensorStep shortcut)
{
    return [layers = layers.step, shortcut = std::move(shortcut), inPlace = layers.fresh](const torch::Tensor& input) {
        torch::Tensor output = layers(input);
        const torch::Tensor beside = shortcut ? shortcut(input) : input;
        return inPlace ? output.add_(beside) : output + beside;
    };
}

TensorStep gate(TensorStep layers)
{
    return [layers = std::move(layers)](const torch::Tensor& input) {
        torch::Tensor factor = layers(input);
        if (factor.dim() == 2 && input.dim() == 4) // one number a channel
            factor = factor.unsqueeze(-1).unsqueeze(-1);
        return input * factor;
    };
}

} // namespace

Made groupStep(LayerKind kind, Made layers, TensorStep shortcut)
{
    switch (kind) {
    case LayerKind::residual:
        return {residual(layers, std::move(shortcut)), true};
    case LayerKind::concatenate: // images and vectors have channels second, tokens last
        return {[inner = layers.step](const torch::Tensor& input) {
                    return torch::cat({input, inner(input)}, input.dim() == 3 ? 2 : 1);
                }, true};
    case LayerKind::gate:
        return {gate(layers.step), true};
    default:
        return layers;
    }
}

} // namespace synoscope
