#include "core/catalog/layers.h"

#include <iterator>

namespace synoscope {

NetworkLayer convolution(std::string name, std::int64_t channels, int kernel, ConvolutionOptions options)
{
    return {.kind = LayerKind::convolution,
            .name = std::move(name),
            .channels = channels,
            .kernel = kernel,
            .stride = options.stride,
            .groups = options.groups,
            .bias = options.bias,
            .slot = options.slot,
            .initial = options.initial};
}

NetworkLayer linear(std::string name, std::int64_t channels, LinearOptions options)
{
    return {.kind = LayerKind::linear,
            .name = std::move(name),
            .channels = channels,
            .bias = true,
            .slot = options.slot,
            .initial = options.initial};
}

NetworkLayer norm(LayerKind kind, std::string name, double epsilon)
{
    return {.kind = kind, .name = std::move(name), .epsilon = epsilon};
}

NetworkLayer simple(LayerKind kind)
{
    return {.kind = kind};
}

NetworkLayer maxPool(int kernel, int stride)
{
    return {.kind = LayerKind::maxPool, .kernel = kernel, .stride = stride};
}

NetworkLayer group(LayerKind kind, std::string name, Layers layers)
{
    return {.kind = kind, .name = std::move(name), .layers = std::move(layers)};
}

void append(Layers& layers, Layers more)
{
    layers.insert(layers.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

} // namespace synoscope
