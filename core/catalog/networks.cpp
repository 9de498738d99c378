// The networks, layer by layer.
#include "core/catalog/layer_list.h"

#include <array>

namespace synoscope {

namespace {

// ResNets of basic blocks (He et al. 2016): two 3x3 convolutions around which the input is added. Where a stage opens
// with a stride, a 1x1 convolution brings the input to the new shape; it is listed beside the convolution with which it
// shares its shape.
struct BasicBlocks
{
    std::int64_t channels; // of the first stage; each further one has twice as many
    std::vector<int> blocks;
    bool shortcutsAreSlots;
};

void addBasicBlocks(LayerList& net, const BasicBlocks& plan)
{
    std::int64_t channels = plan.channels;
    for (std::size_t stage = 0; stage < plan.blocks.size(); ++stage, channels *= 2) {
        for (int block = 0; block < plan.blocks[stage]; ++block) {
            const bool opens = stage > 0 && block == 0;
            const std::int64_t before = net.channels();
            net.convolution(channels, 3, {.stride = opens ? 2 : 1, .slot = true}).normalisation();
            if (opens) // its stride is behind us already
                net.shortcut(before, channels, 2, plan.shortcutsAreSlots).normalisation();
            net.convolution(channels, 3, {.slot = true}).normalisation();
        }
    }
}

// A 7x7 convolution and a maximum, each halving the image.
LayerList largeStem(int image)
{
    LayerList net = LayerList::image(image);
    net.convolution(64, 7, {.stride = 2}).normalisation().pool(2);
    return net;
}

std::vector<NetworkLayer> classified(LayerList& net, int classes)
{
    net.poolAll().linear(classes);
    return net.layers();
}

Backbone resnet(std::string name, std::string title, int image, std::vector<int> blocks)
{
    LayerList net = largeStem(image);
    addBasicBlocks(net, {64, std::move(blocks), true});
    return {.name = std::move(name),
            .title = std::move(title),
            .image = image,
            .granularity = 32,
            .classes = 1000,
            .layers = classified(net, 1000)};
}

} // namespace

// Stem 3->16, three stages of one basic block with 16, 32 and 64 channels. The six 3x3 convolutions behind the stem are
// slots; the 1x1 shortcuts are not.
Backbone resnet8(int image)
{
    LayerList net = LayerList::image(image);
    net.convolution(16, 3).normalisation();
    addBasicBlocks(net, {16, {1, 1, 1}, false});
    return {.name = "resnet8",
            .title = "ResNet-8 (tiny)",
            .image = image,
            .granularity = 4,
            .classes = 10,
            .trainable = true,
            .layers = classified(net, 10)};
}

Backbone resnet18(int image)
{
    Backbone backbone = resnet("resnet18", "ResNet-18", image, {2, 2, 2, 2});
    backbone.trainable = true;
    return backbone;
}

Backbone resnet34(int image)
{
    return resnet("resnet34", "ResNet-34", image, {3, 4, 6, 3});
}

// ResNeXt (Xie et al. 2017) of bottleneck blocks with two groups of 64 channels; its last stage has a single block. The
// slots are the grouped 3x3 convolutions.
Backbone resnext29(int image)
{
    LayerList net = largeStem(image);
    constexpr std::array<int, 4> blocks{3, 3, 3, 1};
    for (std::size_t stage = 0; stage < blocks.size(); ++stage) {
        const std::int64_t width = std::int64_t{128} << stage;
        for (int block = 0; block < blocks[stage]; ++block) {
            const int stride = stage > 0 && block == 0 ? 2 : 1;
            const std::int64_t before = net.channels();
            net.convolution(width, 1).normalisation();
            net.convolution(width, 3, {.stride = stride, .groups = 2, .slot = true}).normalisation();
            net.convolution(2 * width, 1).normalisation();
            if (block == 0)
                net.shortcut(before, 2 * width, stride, false).normalisation();
        }
    }
    return {.name = "resnext29",
            .title = "ResNeXt-29 2x64d",
            .image = image,
            .granularity = 32,
            .classes = 100,
            .layers = classified(net, 100)};
}

// DenseNet (Huang et al. 2017): each layer adds 32 channels to all before it. The slots are the 3x3 convolutions.
Backbone densenet121(int image)
{
    constexpr std::int64_t growth = 32;
    constexpr std::array<int, 4> blocks{6, 12, 24, 16};
    LayerList net = largeStem(image);
    for (std::size_t stage = 0; stage < blocks.size(); ++stage) {
        for (int layer = 0; layer < blocks[stage]; ++layer) {
            const std::int64_t before = net.channels();
            net.normalisation().convolution(4 * growth, 1).normalisation();
            net.convolution(growth, 3, {.slot = true}).concatenate(before);
        }
        net.normalisation();
        if (stage + 1 < blocks.size())
            net.convolution(net.channels() / 2, 1).pool(2);
    }
    return {.name = "densenet121",
            .title = "DenseNet-121",
            .image = image,
            .granularity = 32,
            .classes = 1000,
            .layers = classified(net, 1000)};
}

namespace {

struct EfficientStage
{
    bool fused; // a full 3x3 convolution instead of a 1x1 and a depthwise one
    int expansion;
    int stride;
    std::int64_t channels;
    int blocks;
};

void addEfficientBlock(LayerList& net, const EfficientStage& stage, int stride)
{
    const std::int64_t before = net.channels();
    const std::int64_t inside = before * stage.expansion;
    if (stage.fused) {
        const std::int64_t out = stage.expansion == 1 ? stage.channels : inside;
        net.convolution(out, 3, {.stride = stride, .slot = true}).normalisation();
        if (stage.expansion == 1)
            return;
    } else {
        net.convolution(inside, 1).normalisation();
        net.convolution(inside, 3, {.stride = stride, .groups = static_cast<int>(inside)}).normalisation();
        net.squeeze(before / 4);
    }
    net.convolution(stage.channels, 1).normalisation();
}

} // namespace

// EfficientNetV2-S (Tan and Le 2021). The slots are the fused blocks' 3x3 convolutions without groups.
Backbone efficientnetv2s(int image)
{
    constexpr std::array<EfficientStage, 6> stages{{{true, 1, 1, 24, 2},
                                                    {true, 4, 2, 48, 4},
                                                    {true, 4, 2, 64, 4},
                                                    {false, 4, 2, 128, 6},
                                                    {false, 6, 1, 160, 9},
                                                    {false, 6, 2, 256, 15}}};
    LayerList net = LayerList::image(image);
    net.convolution(24, 3, {.stride = 2}).normalisation();
    for (const EfficientStage& stage : stages)
        for (int block = 0; block < stage.blocks; ++block)
            addEfficientBlock(net, stage, block == 0 ? stage.stride : 1);
    net.convolution(1280, 1).normalisation();
    return {.name = "efficientnetv2s",
            .title = "EfficientNetV2-S",
            .image = image,
            .granularity = 32,
            .classes = 1000,
            .layers = classified(net, 1000)};
}

// GPT-2 small (Radford et al. 2019): 1024 positions as published, whatever the length of the text. The slot is the
// projection to queries, keys and values.
Backbone gpt2(int tokens)
{
    constexpr std::int64_t channels = 768;
    constexpr std::int64_t words = 50'257;
    LayerList net(channels, tokens, 1);
    net.embedding(words).embedding(1024);
    for (int block = 0; block < 12; ++block) {
        net.normalisation().linear(3 * channels, true);
        net.select(channels).attention().linear(channels);
        net.normalisation().linear(4 * channels).linear(channels);
    }
    net.normalisation().tiedLinear(words);
    return {.name = "gpt2",
            .title = "GPT-2 small",
            .sequence = true,
            .image = tokens,
            .granularity = 1,
            .classes = static_cast<int>(words),
            .layers = net.layers()};
}

} // namespace synoscope
