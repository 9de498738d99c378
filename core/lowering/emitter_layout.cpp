// The emitter's decisions about the order of axes, and the layout a convolution needs.
#include "core/lowering/emitter.h"

#include <algorithm>
#include <limits>

namespace synoscope::lowering {

namespace {

std::vector<int> joined(std::initializer_list<const std::vector<int>*> lists)
{
    std::vector<int> all;
    for (const std::vector<int>* list : lists)
        all.insert(all.end(), list->begin(), list->end());
    return all;
}

// Several axes as one: "g_c"; none: an axis of size 1.
Axis merged(std::span<const Axis> axes, const std::string& nameOfNone)
{
    Axis result{{}, {}};
    for (const Axis& axis : axes) {
        result.name += (result.name.empty() ? "" : "_") + axis.name;
        result.size = result.size * axis.size;
    }
    if (axes.empty())
        result.name = nameOfNone;
    return result;
}

} // namespace

void Emitter::convolve(const ConvolutionRoles& roles, ValueId weight, const std::vector<int>& items)
{
    arrange(joined({&roles.batch, &roles.groups, &roles.channels, &roles.spatial}));
    const Axis batch = merged(axesOf(roles.batch), "batch");
    const Axis groups = merged(axesOf(roles.groups), "group");
    const auto channelItems = joined({&roles.groups, &roles.channels});
    const auto outputItems = joined({&roles.groups, &roles.outputs});

    std::vector<Axis> dataAxes{batch, merged(axesOf(channelItems), "channel")};
    std::vector<Axis> weightAxes{merged(axesOf(outputItems), "out"), merged(axesOf(roles.channels), "channel")};
    std::vector<Axis> resultAxes{batch, weightAxes[0]};
    std::vector<int> weightOrder = joined({&roles.groups, &roles.outputs, &roles.channels});
    Convolution convolution{groups.size, {}, {}, {}};
    for (std::size_t i = 0; i < roles.spatial.size(); ++i) {
        Axis window{"window", {}};
        Size dilation;
        int offset = 0;
        if (roles.windows[i] >= 0) {
            const PendingUnfold& unfold = unfolds_[roles.windows[i]];
            window = axisOf(unfold.window);
            dilation = unfold.dilation;
            offset = unfold.offset;
            weightOrder.push_back(unfold.window);
        }
        dataAxes.push_back(axisOf(roles.spatial[i]));
        resultAxes.push_back(dataAxes.back());
        weightAxes.push_back(window);
        convolution.windows.push_back(window.size);
        convolution.dilations.push_back(dilation);
        convolution.offsets.push_back(offset);
    }

    std::vector<int> permutation;
    for (const int item : weightOrder)
        permutation.push_back(static_cast<int>(std::ranges::find(items, item) - items.begin()));
    weight = plan_.reshape(plan_.permute(weight, std::move(permutation)), weightAxes);
    data_ = plan_.convolution(plan_.reshape(data_, dataAxes), weight, std::move(convolution), resultAxes);
    axes_ = joined({&roles.batch, &roles.groups, &roles.outputs, &roles.spatial});
    data_ = plan_.reshape(data_, axesOf(axes_));
    std::erase_if(unfolds_,
                  [&](const PendingUnfold& unfold) { return std::ranges::find(items, unfold.window) != items.end(); });
}

std::vector<int> Emitter::rank(int item)
{
    return rankOfLabel(labelOf(item));
}

std::vector<int> Emitter::rankOfLabel(int label)
{
    constexpr int last = std::numeric_limits<int>::max();
    if (!ranks_[label].empty())
        return ranks_[label];
    if (ranking_[label]) // a reduced label whose place depends on itself
        return {last};
    ranking_[label] = true;
    const Label& l = network_.labels[label];
    std::vector<int> rank;
    if (l.consumer >= 0) {
        const View& view = network_.views[l.consumer];
        rank = rankOfLabel(view.bottom()[0]);
        if (view.kind == PrimitiveKind::merge)
            rank.push_back(view.top()[0] == label ? 0 : 1);
    } else if (l.reduced) {
        rank = rankOfReduced(label);
    } else {
        rank = {static_cast<int>(std::ranges::find(network_.output, label) - network_.output.begin())};
    }
    ranking_[label] = false;
    return ranks_[label] = rank;
}

// A contracted axis stands best where the axis stands that its weight puts in its place: channels for channels.
std::vector<int> Emitter::rankOfReduced(int label)
{
    for (const int axis : network_.labels[label].weightAxes) {
        for (const int other : network_.weights[network_.weightAxes[axis].weight]) {
            const int replacement = network_.weightAxes[other].label;
            if (network_.labels[replacement].expanded && !network_.labels[replacement].reduced)
                return rankOfLabel(replacement);
        }
    }
    return {std::numeric_limits<int>::max()};
}

} // namespace synoscope::lowering
