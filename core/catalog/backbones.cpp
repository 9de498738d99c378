#include "core/catalog/backbones.h"

#include <algorithm>
#include <array>

namespace synoscope {

std::int64_t SlotShape::parameters() const
{
    return outChannels * (inChannels / groups) * kernel * kernel;
}

double SlotShape::flops() const
{
    return 2.0 * static_cast<double>(parameters()) * static_cast<double>(height * width);
}

namespace {

// The one square shape most slots have.
SlotShape square(std::int64_t in, std::int64_t out, std::int64_t side, int count, int stride = 1, int kernel = 3)
{
    return {.inChannels = in, .outChannels = out, .height = side, .width = side,
            .kernel = kernel, .stride = stride, .count = count};
}

// Stem 3->16 at 16x16, three stages of one basic block with 16, 32 and 64 channels. The six 3x3 convolutions behind the
// stem are slots; the 1x1 shortcuts are not.
Backbone resnet8()
{
    return {.name = "resnet8", .title = "ResNet-8 (tiny)", .image = 16, .classes = 10, .trainable = true,
            .parameters = 78'042, .flops = 6'251'776,
            .slots = {square(16, 16, 16, 2), square(16, 32, 8, 1, 2), square(32, 32, 8, 1), square(32, 64, 4, 1, 2),
                      square(64, 64, 4, 1)}};
}

// ResNet-18 and -34 differ in how many 3x3 convolutions keep the channels of their stage. The 1x1 shortcuts are slots.
std::vector<SlotShape> resnetSlots(const std::array<int, 4>& keeping)
{
    std::vector<SlotShape> slots{square(64, 64, 56, keeping[0])};
    std::int64_t channels = 64;
    std::int64_t side = 56;
    for (int stage = 1; stage < 4; ++stage) {
        side /= 2;
        slots.push_back(square(channels, 2 * channels, side, 1, 2));
        slots.push_back(square(channels, 2 * channels, side, 1, 2, 1));
        channels *= 2;
        slots.push_back(square(channels, channels, side, keeping[stage]));
    }
    return slots;
}

Backbone resnet18()
{
    return {.name = "resnet18", .title = "ResNet-18", .image = 224, .classes = 1000, .trainable = true,
            .parameters = 11'689'512, .flops = 3'628'146'688, .slots = resnetSlots({4, 3, 3, 3})};
}

Backbone resnet34()
{
    return {.name = "resnet34", .title = "ResNet-34", .image = 224, .classes = 1000, .parameters = 21'797'672,
            .flops = 7'327'522'816, .slots = resnetSlots({6, 7, 11, 5})};
}

Backbone resnext29()
{
    Backbone backbone{.name = "resnext29", .title = "ResNeXt-29 2x64d", .image = 224, .classes = 100,
                      .slots = {square(128, 128, 56, 3), square(256, 256, 28, 3), square(512, 512, 14, 3),
                                square(1024, 1024, 7, 1)}};
    for (SlotShape& slot : backbone.slots)
        slot.groups = 2;
    return backbone;
}

Backbone densenet121()
{
    return {.name = "densenet121", .title = "DenseNet-121", .image = 224, .classes = 1000, .parameters = 7'978'856,
            .flops = 5'668'323'328,
            .slots = {square(128, 32, 56, 6), square(128, 32, 28, 12), square(128, 32, 14, 24), square(128, 32, 7, 16)}};
}

// The fused blocks' 3x3 convolutions without groups. The slots that open a stage are strided; (24, 24) opens none.
Backbone efficientnetv2s()
{
    return {.name = "efficientnetv2s", .title = "EfficientNetV2-S", .image = 224, .classes = 1000,
            .parameters = 21'458'488, .flops = 5'699'791'744,
            .slots = {square(24, 24, 112, 2), square(24, 96, 56, 1, 2), square(48, 192, 56, 3), square(48, 192, 28, 1, 2),
                      square(64, 256, 28, 3)}};
}

// The slot is the projection to queries, keys and values.
Backbone gpt2()
{
    return {.name = "gpt2", .title = "GPT-2 small", .sequence = true, .image = 2048, .classes = 50'257,
            .parameters = 124'439'808, .flops = 660'606'025'728,
            .slots = {{.inChannels = 768, .outChannels = 2304, .height = 2048, .width = 1, .kernel = 1, .count = 12}}};
}

std::vector<Backbone> makeAll()
{
    std::vector<Backbone> all{resnet8(),     resnet18(),        resnet34(), resnext29(),
                              densenet121(), efficientnetv2s(), gpt2()};
    for (Backbone& backbone : all)
        for (const SlotShape& slot : backbone.slots)
            backbone.slotFlops += slot.count * slot.flops();
    return all;
}

} // namespace

std::span<const Backbone> backbones()
{
    static const std::vector<Backbone> all = makeAll();
    return all;
}

const Backbone* findBackbone(std::string_view name)
{
    const auto all = backbones();
    const auto it = std::ranges::find(all, name, &Backbone::name);
    return it == all.end() ? nullptr : &*it;
}

std::string backboneNames()
{
    std::string names;
    for (const Backbone& backbone : backbones())
        names += (names.empty() ? "" : ", ") + backbone.name;
    return names;
}

std::vector<SlotShape> distinctShapes(const Backbone& backbone)
{
    std::vector<SlotShape> distinct;
    for (const SlotShape& slot : backbone.slots) {
        const auto same = std::ranges::find_if(distinct, [&](const SlotShape& other) {
            return other.inChannels == slot.inChannels && other.outChannels == slot.outChannels
                && other.height == slot.height && other.width == slot.width;
        });
        if (same == distinct.end()) {
            distinct.push_back(slot);
            continue;
        }
        same->count += slot.count;
        // The largest original layer stands for all of them; a stride that only some have is none.
        same->kernel = std::max(same->kernel, slot.kernel);
        if (same->stride != slot.stride)
            same->stride = 1;
        if (same->groups != slot.groups)
            same->groups = 1;
    }
    return distinct;
}

} // namespace synoscope
