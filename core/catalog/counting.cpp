// Of a network's layers: parameters, FLOPs, slots.
#include "core/catalog/backbones.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace synoscope {

namespace {

constexpr std::int64_t mostParameters = 4'000'000'000;

// Equal slots are one with their count, where the first of them stands.
void addSlot(std::vector<SlotShape>& slots, SlotShape slot)
{
    const auto same = std::ranges::find_if(slots, [&](SlotShape other) {
        other.count = slot.count;
        return other == slot;
    });
    if (same == slots.end())
        slots.push_back(slot);
    else
        ++same->count;
}

void count(Backbone& backbone, const NetworkLayer& layer)
{
    backbone.parameters += layer.parameters();
    if (backbone.parameters > mostParameters)
        throw Misfit{layer.place,
                     fmt::format("with this layer the network has more than {} parameters", mostParameters)};
    backbone.flops += layer.flops();
    if (!backbone.sequence)
        backbone.granularity = static_cast<int>(std::lcm<std::int64_t>(backbone.granularity, layer.out.reduction));
    if (layer.slot) {
        addSlot(backbone.slots, slotOf(layer));
        backbone.slotFlops += slotOf(layer).flops();
    }
    for (const auto* part : {&layer.layers, &layer.shortcut})
        for (const NetworkLayer& inner : *part)
            count(backbone, inner);
}

} // namespace

void fitBackbone(Backbone& backbone)
{
    using Form = Flow::Form;
    const Flow input =
        backbone.sequence
            ? Flow{.form = Form::words, .channels = backbone.classes, .height = backbone.image, .width = 1}
            : Flow{.form = Form::image, .channels = 3, .height = backbone.image, .width = backbone.image};
    fit(backbone.network, input, backbone.classes);
    const Flow& out = backbone.network.out;
    if (out.form != (backbone.sequence ? Form::tokens : Form::vector) || out.channels != backbone.classes)
        throw Misfit{"layers", fmt::format("the network ends with {}; expected {} of {} channels, one for each {}",
                                           out.text(), backbone.sequence ? "tokens" : "a vector", backbone.classes,
                                           backbone.sequence ? "word" : "class")};
    backbone.parameters = 0;
    backbone.granularity = 1;
    backbone.flops = backbone.slotFlops = 0;
    backbone.slots.clear();
    count(backbone, backbone.network);
    if (backbone.slots.empty())
        throw Misfit{"layers",
                     "the network has no slot; expected \"slot\": true in at least one convolution or linear layer"};
}

} // namespace synoscope
