// EfficientNetV2-S (Tan and Le 2021). The slots are the fused blocks' 3x3 convolutions without groups.
#include "core/catalog/networks.h"

#include <array>

namespace synoscope {

namespace {

struct Stage
{
    bool fused; // a full 3x3 convolution instead of a 1x1 and a depthwise one
    int expansion;
    int stride;
    std::int64_t channels;
    int blocks;
};
constexpr std::array<Stage, 6> stages{{{true, 1, 1, 24, 2},
                                       {true, 4, 2, 48, 4},
                                       {true, 4, 2, 64, 4},
                                       {false, 4, 2, 128, 6},
                                       {false, 6, 1, 160, 9},
                                       {false, 6, 2, 256, 15}}};
constexpr int blocksInAll = 40;
constexpr double deepestDrop = 0.2; // of the last block's samples; less before

// A convolution, its norm, and SiLU where it is wanted, as "name.0" and "name.1".
NetworkLayer unit(std::string name, std::int64_t channels, int kernel, ConvolutionOptions options, bool active)
{
    Layers layers{convolution("0", channels, kernel, options), norm(LayerKind::batchNorm, "1", 1e-3)};
    if (active)
        layers.push_back(simple(LayerKind::silu));
    return group(LayerKind::sequence, std::move(name), std::move(layers));
}

NetworkLayer squeezeAndExcite(std::string name, std::int64_t channels, std::int64_t squeezed)
{
    const Initial he{Initial::Kind::heOut};
    return group(LayerKind::gate, std::move(name),
                 {simple(LayerKind::globalAverage), linear("fc1", squeezed, {.initial = he}), simple(LayerKind::silu),
                  linear("fc2", channels, {.initial = he}), simple(LayerKind::sigmoid)});
}

Layers blockLayers(const Stage& stage, std::int64_t before, int stride)
{
    const std::int64_t inside = before * stage.expansion;
    if (stage.fused && stage.expansion == 1)
        return {unit("0", stage.channels, 3, {.stride = stride, .slot = true}, true)};
    if (stage.fused)
        return {unit("0", inside, 3, {.stride = stride, .slot = true}, true), unit("1", stage.channels, 1, {}, false)};
    return {unit("0", inside, 1, {}, true),
            unit("1", inside, 3, {.stride = stride, .groups = static_cast<int>(inside)}, true),
            squeezeAndExcite("2", inside, before / 4), unit("3", stage.channels, 1, {}, false)};
}

NetworkLayer block(std::string name, const Stage& stage, std::int64_t before, int stride, double drop)
{
    NetworkLayer inner = group(LayerKind::sequence, "block", blockLayers(stage, before, stride));
    if (stride != 1 || before != stage.channels)
        return group(LayerKind::sequence, std::move(name), {inner});
    const NetworkLayer path{.kind = LayerKind::dropPath, .name = "stochastic_depth", .rate = drop};
    return group(LayerKind::residual, std::move(name), {inner, path});
}

} // namespace

Layers efficientnetv2s()
{
    Layers features{unit("0", 24, 3, {.stride = 2}, true)};
    std::int64_t channels = 24;
    int number = 0; // of blocks
    for (const Stage& stage : stages) {
        Layers made;
        for (int i = 0; i < stage.blocks; ++i, ++number) {
            made.push_back(block(std::to_string(i), stage, channels, i == 0 ? stage.stride : 1,
                                 deepestDrop * number / blocksInAll));
            channels = stage.channels;
        }
        features.push_back(group(LayerKind::sequence, std::to_string(features.size()), std::move(made)));
    }
    features.push_back(unit(std::to_string(features.size()), 1280, 1, {}, true));
    const NetworkLayer dropout{.kind = LayerKind::dropout, .name = "0", .rate = 0.2};
    return {group(LayerKind::sequence, "features", std::move(features)), simple(LayerKind::globalAverage),
            group(LayerKind::sequence, "classifier",
                  {dropout, linear("1", perClass, {.initial = {Initial::Kind::uniformOut}})})};
}

} // namespace synoscope
