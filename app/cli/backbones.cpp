// backbones: what there is to put operators into.
#include "core/catalog/backbones.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"

#include <fmt/format.h>

namespace synoscope::cli {

namespace {

Json slotJson(const SlotShape& slot)
{
    return {{"in_channels", slot.inChannels},
            {"out_channels", slot.outChannels},
            {"height", slot.height},
            {"width", slot.width},
            {"kernel", slot.kernel},
            {"stride", slot.stride},
            {"groups", slot.groups},
            {"sequence", slot.sequence},
            {"count", slot.count}};
}

std::string slotText(const SlotShape& slot)
{
    if (slot.sequence)
        return fmt::format("{:>4} x linear {} -> {} on {} tokens\n", slot.count, slot.inChannels, slot.outChannels,
                           slot.height);
    return fmt::format("{:>4} x {}x{} convolution {} -> {} to {} x {}{}{}\n", slot.count, slot.kernel, slot.kernel,
                       slot.inChannels, slot.outChannels, slot.height, slot.width,
                       slot.stride > 1 ? fmt::format(", stride {}", slot.stride) : "",
                       slot.groups > 1 ? fmt::format(", {} groups", slot.groups) : "");
}

void add(Answer& answer, const Backbone& backbone)
{
    Json slots = Json::array();
    int places = 0;
    for (const SlotShape& slot : backbone.slots) {
        slots.push_back(slotJson(slot));
        places += slot.count;
    }
    answer.json["backbones"].push_back({{"name", backbone.name},
                                        {"title", backbone.title},
                                        {"params", backbone.parameters},
                                        {"flops", number(backbone.flops)},
                                        {"slot_flops", number(backbone.slotFlops)},
                                        {backbone.sequence ? "tokens" : "image", backbone.image},
                                        {"classes", backbone.classes},
                                        {"trainable", backbone.trainable},
                                        {"slots", std::move(slots)}});
    answer.text += fmt::format("{:<18} {:>12} {:>10} {:>10}  {}\n", backbone.name, backbone.parameters,
                               humanNumber(backbone.flops), humanNumber(backbone.slotFlops), places);
}

// All that there are, or the one that is named, with its slots.
Answer list(const std::string& which)
{
    Answer answer;
    answer.json["backbones"] = Json::array();
    answer.text = fmt::format("{:<18} {:>12} {:>10} {:>10}  {}\n", "name", "parameters", "FLOPs", "in slots", "slots");
    if (which.empty()) {
        for (const Backbone& backbone : backbones())
            add(answer, backbone);
        return answer;
    }
    const auto backbone = backboneNamed(which);
    if (!backbone)
        return backbone.error();
    add(answer, **backbone);
    for (const SlotShape& slot : (*backbone)->slots)
        answer.text += slotText(slot);
    return answer;
}

} // namespace

void addBackbones(Commands& commands)
{
    const auto which = std::make_shared<std::string>();
    CLI::App& command =
        commands.add("backbones", "List the networks whose layers can be replaced", [which] { return list(*which); });
    command.add_option("network", *which,
                       std::string(backboneHelp) + "; all that come with the program if none is given");
}

} // namespace synoscope::cli
