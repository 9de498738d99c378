// backbones: what there is to put operators into.
#include "core/catalog/backbones.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"

#include <fmt/format.h>

namespace synoscope::cli {

namespace {

Json slotJson(const SlotShape& slot)
{
    return {{"in_channels", slot.inChannels}, {"out_channels", slot.outChannels},
            {"height", slot.height},          {"width", slot.width},
            {"kernel", slot.kernel},          {"stride", slot.stride},
            {"groups", slot.groups},          {"count", slot.count}};
}

Answer list()
{
    Answer answer;
    Json& all = answer.json["backbones"] = Json::array();
    answer.text = fmt::format("{:<18} {:>12} {:>10} {:>10}  {}\n", "name", "parameters", "FLOPs", "in slots", "slots");
    for (const Backbone& backbone : backbones()) {
        Json slots = Json::array();
        int places = 0;
        for (const SlotShape& slot : backbone.slots) {
            slots.push_back(slotJson(slot));
            places += slot.count;
        }
        all.push_back({{"name", backbone.name},
                       {"title", backbone.title},
                       {"params", backbone.parameters},
                       {"flops", number(backbone.flops)},
                       {"slot_flops", number(backbone.slotFlops)},
                       {"trainable", backbone.trainable},
                       {"slots", std::move(slots)}});
        answer.text += fmt::format("{:<18} {:>12} {:>10} {:>10}  {}\n", backbone.name,
                                   backbone.parameters ? fmt::format("{}", backbone.parameters) : "-",
                                   backbone.flops > 0 ? humanNumber(backbone.flops) : "-",
                                   backbone.slotFlops > 0 ? humanNumber(backbone.slotFlops) : "-", places);
    }
    return answer;
}

} // namespace

void addBackbones(Commands& commands)
{
    commands.add("backbones", "List the networks whose layers can be replaced", list);
}

} // namespace synoscope::cli
