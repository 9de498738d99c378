// Layers of tokens: [samples, tokens, channels].
#include "core/nn/initial.h"
#include "core/nn/steps.h"

#include <cmath>
#include <limits>

namespace synoscope {

namespace {

// A module that only holds a weight.
struct Holder : torch::nn::Module
{
    torch::Tensor weight;
};

std::shared_ptr<Holder> hold(const NetworkLayer& layer, torch::nn::Module& home, torch::IntArrayRef shape, Initial standard)
{
    const auto holder = home.register_module(layer.name, std::make_shared<Holder>());
    holder->weight = holder->register_parameter("weight", torch::empty(shape));
    const auto channels = static_cast<double>(shape.back());
    initialise(holder->weight, initialOr(layer.initial, standard), channels, channels);
    return holder;
}

constexpr Initial small{Initial::Kind::normal, 0.02}; // of what is looked up

Made positions(const NetworkLayer& layer, torch::nn::Module& home)
{
    const auto held = hold(layer, home, {layer.entries, layer.out.channels}, small);
    return {[held](const torch::Tensor& input) { return input + held->weight.slice(0, 0, input.size(1)); }, true};
}

Made classToken(const NetworkLayer& layer, torch::nn::Module& home)
{
    const auto held = hold(layer, home, {1, 1, layer.out.channels}, {Initial::Kind::zero});
    return {[held](const torch::Tensor& input) { return torch::cat({held->weight.expand({input.size(0), -1, -1}), input}, 1); }, true};
}

Made layerNorm(const NetworkLayer& layer, torch::nn::Module& home)
{
    const auto norm = home.register_module(layer.name, std::make_shared<torch::nn::Module>("layer_norm"));
    const std::int64_t channels = layer.out.channels;
    const bool image = layer.out.form == Flow::Form::image; // over the channels of each place
    const torch::Tensor weight = norm->register_parameter("weight", torch::ones({channels}));
    const torch::Tensor bias = norm->register_parameter("bias", torch::zeros({channels}));
    return {[=, epsilon = layer.epsilon](const torch::Tensor& input) {
                const torch::Tensor last = image ? input.permute({0, 2, 3, 1}) : input;
                const torch::Tensor normed = torch::layer_norm(last, {channels}, weight, bias, epsilon);
                return image ? normed.permute({0, 3, 1, 2}) : normed;
            }, !image};
}

// Queries, keys and values are the thirds of the channels, heads the parts of each.
Made attention(const NetworkLayer& layer)
{
    const std::int64_t heads = layer.heads;
    return {[heads, causal = layer.causal](const torch::Tensor& input) {
                const std::int64_t samples = input.size(0);
                const std::int64_t tokens = input.size(1);
                const std::int64_t channels = input.size(2) / 3;
                const torch::Tensor parts = input.reshape({samples, tokens, 3, heads, channels / heads}).permute({2, 0, 3, 1, 4});
                const double scale = 1 / std::sqrt(static_cast<double>(channels) / static_cast<double>(heads));
                torch::Tensor scores = torch::matmul(parts[0] * scale, parts[1].transpose(2, 3));
                if (causal) {
                    const torch::Tensor later = torch::ones({tokens, tokens}, input.options().dtype(torch::kBool)).triu_(1);
                    scores = scores.masked_fill(later, -std::numeric_limits<double>::infinity());
                }
                return torch::matmul(scores.softmax(-1), parts[2]).transpose(1, 2).reshape({samples, tokens, channels});
            }};
}

} // namespace

Made sequenceStep(const NetworkLayer& layer, torch::nn::Module& home)
{
    switch (layer.kind) {
    case LayerKind::embedding: {
        const auto held = hold(layer, home, {layer.in.channels, layer.out.channels}, small);
        return {[held](const torch::Tensor& words) { return torch::embedding(held->weight, words); }, true};
    }
    case LayerKind::positions:
        return positions(layer, home);
    case LayerKind::classToken:
        return classToken(layer, home);
    case LayerKind::layerNorm:
        return layerNorm(layer, home);
    case LayerKind::attention:
        return attention(layer);
    case LayerKind::firstToken:
        return {[](const torch::Tensor& input) { return input.select(1, 0); }};
    default:
        TORCH_CHECK(false, "no step is a layer of type ", layerKindName(layer.kind));
    }
}

TensorStep tiedStep(const torch::Tensor& embedding)
{
    return [embedding](const torch::Tensor& tokens) { return torch::matmul(tokens, embedding.t()); };
}

} // namespace synoscope
