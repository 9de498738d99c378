// DenseNet (Huang et al. 2017): each layer adds 32 channels to all before it. The slots are the 3x3 convolutions.
#include "core/catalog/networks.h"

#include <array>
#include <fmt/format.h>

namespace synoscope {

namespace {

constexpr std::int64_t growth = 32;
constexpr Initial he{Initial::Kind::heIn};

void addNorm(Layers& layers, std::string name)
{
    append(layers, {norm(LayerKind::batchNorm, std::move(name)), simple(LayerKind::relu)});
}

NetworkLayer denseLayer(std::string name)
{
    Layers layers;
    addNorm(layers, "norm1");
    layers.push_back(convolution("conv1", 4 * growth, 1, {.initial = he}));
    addNorm(layers, "norm2");
    layers.push_back(convolution("conv2", growth, 3, {.slot = true, .initial = he}));
    return group(LayerKind::concatenate, std::move(name), std::move(layers));
}

// Halves channels and image.
NetworkLayer transition(std::string name, std::int64_t channels)
{
    Layers layers;
    addNorm(layers, "norm");
    layers.push_back(convolution("conv", channels, 1, {.initial = he}));
    layers.push_back({.kind = LayerKind::averagePool, .kernel = 2, .stride = 2});
    return group(LayerKind::sequence, std::move(name), std::move(layers));
}

} // namespace

Layers densenet121()
{
    constexpr std::array<int, 4> blocks{6, 12, 24, 16};
    Layers features = largeStem("conv0", "norm0", he);
    std::int64_t channels = 64;
    for (std::size_t stage = 0; stage < blocks.size(); ++stage) {
        Layers block;
        for (int layer = 0; layer < blocks[stage]; ++layer)
            block.push_back(denseLayer(fmt::format("denselayer{}", layer + 1)));
        features.push_back(group(LayerKind::sequence, fmt::format("denseblock{}", stage + 1), std::move(block)));
        channels += blocks[stage] * growth;
        if (stage + 1 < blocks.size())
            features.push_back(transition(fmt::format("transition{}", stage + 1), channels /= 2));
    }
    addNorm(features, "norm5");
    return {group(LayerKind::sequence, "features", std::move(features)), simple(LayerKind::globalAverage),
            linear("classifier", perClass, {})};
}

} // namespace synoscope
