// ResNets (He et al. 2016) and ResNeXt (Xie et al. 2017).
#include "core/catalog/networks.h"

#include <array>
#include <fmt/format.h>

namespace synoscope {

namespace {

NetworkLayer batchNorm(std::string name)
{
    return norm(LayerKind::batchNorm, std::move(name));
}

// Where a block changes the shape, a 1x1 convolution brings its input there.
Layers shortcut(std::int64_t channels, int stride, bool slot)
{
    return {convolution("0", channels, 1, {.stride = stride, .slot = slot}), batchNorm("1")};
}

// Two 3x3 convolutions around which the input is added.
NetworkLayer basicBlock(std::string name, std::int64_t channels, int stride, Layers shortcut)
{
    NetworkLayer block =
        group(LayerKind::residual, "",
              {convolution("conv1", channels, 3, {.stride = stride, .slot = true}), batchNorm("bn1"),
               simple(LayerKind::relu), convolution("conv2", channels, 3, {.slot = true}), batchNorm("bn2")});
    block.shortcut = std::move(shortcut);
    return group(LayerKind::sequence, std::move(name), {block, simple(LayerKind::relu)});
}

// 1x1, a grouped 3x3 and 1x1 convolution; the middle one is the slot.
NetworkLayer bottleneck(std::string name, std::int64_t width, int stride, Layers shortcut)
{
    NetworkLayer block =
        group(LayerKind::residual, "",
              {convolution("conv1", width, 1, {}), batchNorm("bn1"), simple(LayerKind::relu),
               convolution("conv2", width, 3, {.stride = stride, .groups = 2, .slot = true}), batchNorm("bn2"),
               simple(LayerKind::relu), convolution("conv3", 2 * width, 1, {}), batchNorm("bn3")});
    block.shortcut = std::move(shortcut);
    return group(LayerKind::sequence, std::move(name), {block, simple(LayerKind::relu)});
}

// The stages of basic blocks; each but the first doubles the channels and halves the image.
void addBasicStages(Layers& net, std::int64_t channels, const std::vector<int>& blocks, bool shortcutsAreSlots)
{
    for (std::size_t stage = 0; stage < blocks.size(); ++stage, channels *= 2) {
        Layers made;
        for (int block = 0; block < blocks[stage]; ++block) {
            const bool opens = stage > 0 && block == 0;
            made.push_back(basicBlock(std::to_string(block), channels, opens ? 2 : 1,
                                      opens ? shortcut(channels, 2, shortcutsAreSlots) : Layers{}));
        }
        net.push_back(group(LayerKind::sequence, fmt::format("layer{}", stage + 1), std::move(made)));
    }
}

void addClassifier(Layers& net)
{
    append(net, {simple(LayerKind::globalAverage), linear("fc", perClass, {})});
}

Layers resnet(const std::vector<int>& blocks)
{
    Layers net = largeStem("conv1", "bn1", {});
    addBasicStages(net, 64, blocks, true);
    addClassifier(net);
    return net;
}

} // namespace

Layers largeStem(std::string convolutionName, std::string normName, Initial initial)
{
    return {convolution(std::move(convolutionName), 64, 7, {.stride = 2, .initial = initial}),
            batchNorm(std::move(normName)), simple(LayerKind::relu), maxPool(3, 2)};
}

// Stem 3->16, three stages of one basic block with 16, 32 and 64 channels. The six 3x3 convolutions behind the stem are
// slots; the 1x1 shortcuts are not.
Layers resnet8()
{
    Layers net{convolution("conv1", 16, 3, {}), batchNorm("bn1"), simple(LayerKind::relu)};
    addBasicStages(net, 16, {1, 1, 1}, false);
    addClassifier(net);
    return net;
}

Layers resnet18()
{
    return resnet({2, 2, 2, 2});
}

Layers resnet34()
{
    return resnet({3, 4, 6, 3});
}

// Bottleneck blocks with two groups of 64 channels; the last stage has a single block.
Layers resnext29()
{
    constexpr std::array<int, 4> blocks{3, 3, 3, 1};
    Layers net = largeStem("conv1", "bn1", {});
    for (std::size_t stage = 0; stage < blocks.size(); ++stage) {
        const std::int64_t width = std::int64_t{128} << stage;
        Layers made;
        for (int block = 0; block < blocks[stage]; ++block) {
            const int stride = stage > 0 && block == 0 ? 2 : 1;
            made.push_back(bottleneck(std::to_string(block), width, stride,
                                      block == 0 ? shortcut(2 * width, stride, false) : Layers{}));
        }
        net.push_back(group(LayerKind::sequence, fmt::format("layer{}", stage + 1), std::move(made)));
    }
    addClassifier(net);
    return net;
}

} // namespace synoscope
