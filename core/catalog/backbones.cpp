#include "core/catalog/backbones.h"

#include "core/catalog/layer_list.h"

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

struct Entry
{
    Backbone (*make)(int image);
    int image; // as published
};
constexpr std::array<Entry, 7> entries{{{resnet8, 16},
                                        {resnet18, 224},
                                        {resnet34, 224},
                                        {resnext29, 224},
                                        {densenet121, 224},
                                        {efficientnetv2s, 224},
                                        {gpt2, 2048}}};

SlotShape slotOf(const NetworkLayer& layer)
{
    return {.inChannels = layer.inChannels,
            .outChannels = layer.outChannels,
            .height = layer.height,
            .width = layer.width,
            .kernel = layer.kernel,
            .stride = layer.stride,
            .count = 0,
            .groups = layer.groups};
}

// Equal slots are one with their count, where the first of them stands.
void addSlot(std::vector<SlotShape>& slots, SlotShape slot)
{
    const auto same = std::ranges::find_if(slots, [&](SlotShape other) {
        other.count = 0;
        return other == slot;
    });
    SlotShape& kept = same == slots.end() ? slots.emplace_back(slot) : *same;
    ++kept.count;
}

Backbone counted(Backbone backbone)
{
    for (const NetworkLayer& layer : backbone.layers) {
        backbone.parameters += layer.parameters();
        backbone.flops += layer.flops();
        if (layer.slot)
            addSlot(backbone.slots, slotOf(layer));
    }
    for (const SlotShape& slot : backbone.slots)
        backbone.slotFlops += slot.count * slot.flops();
    return backbone;
}

std::vector<Backbone> makeAll()
{
    std::vector<Backbone> all;
    for (const Entry& entry : entries)
        all.push_back(counted(entry.make(entry.image)));
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

std::optional<Backbone> backboneAt(std::string_view name, int image)
{
    const Backbone* known = findBackbone(name);
    if (!known || image < 1 || image % known->granularity != 0)
        return std::nullopt;
    return counted(entries[static_cast<std::size_t>(known - backbones().data())].make(image));
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
