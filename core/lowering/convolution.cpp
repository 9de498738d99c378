#include "core/lowering/convolution.h"

#include <algorithm>

namespace synoscope::lowering {

namespace {

bool contains(const std::vector<int>& list, int item)
{
    return std::ranges::find(list, item) != list.end();
}

// Spatial axes without a window. They come along where that spares a permutation: behind the channels, and no more
// than a library's convolution takes.
void addPassiveSpatialAxes(ConvolutionRoles& roles, const std::vector<int>& data, std::size_t mostPassive)
{
    const auto isChannel = [&](int axis) { return contains(roles.groups, axis) || contains(roles.channels, axis); };
    const auto last = std::ranges::find_if(data.rbegin(), data.rend(), isChannel);
    if (last == data.rend())
        return;
    std::vector<int> passive;
    for (auto axis = last.base(); axis != data.end(); ++axis)
        if (contains(roles.batch, *axis))
            passive.push_back(*axis);
    if (passive.size() > mostPassive)
        return;
    for (const int axis : passive) {
        std::erase(roles.batch, axis);
        roles.spatial.push_back(axis);
    }
}

int windowOver(int axis, const std::vector<int>& weight, const std::vector<int>& summed,
               const std::vector<PendingUnfold>& unfolds)
{
    for (std::size_t i = 0; i < unfolds.size(); ++i)
        if (unfolds[i].axis == axis && contractsWindow(unfolds[i], weight, summed))
            return static_cast<int>(i);
    return -1;
}

} // namespace

bool contractsWindow(const PendingUnfold& unfold, const std::vector<int>& weight, const std::vector<int>& summed)
{
    return unfold.plain && contains(weight, unfold.window) && contains(summed, unfold.window) &&
           !contains(weight, unfold.axis);
}

std::optional<ConvolutionRoles> recogniseConvolution(const std::vector<int>& data, const std::vector<int>& weight,
                                                     const std::vector<int>& summed,
                                                     const std::vector<PendingUnfold>& unfolds)
{
    ConvolutionRoles roles;
    for (const int axis : data) {
        if (windowOver(axis, weight, summed, unfolds) >= 0)
            roles.spatial.push_back(axis);
        else if (!contains(weight, axis))
            roles.batch.push_back(axis);
        else
            (contains(summed, axis) ? roles.channels : roles.groups).push_back(axis);
    }
    const auto isWindow = [&](int item) {
        return std::ranges::any_of(unfolds, [&](const PendingUnfold& u) { return u.window == item; });
    };
    for (const int item : weight)
        if (!contains(data, item) && !isWindow(item))
            roles.outputs.push_back(item);

    if (roles.spatial.empty()) {
        addPassiveSpatialAxes(roles, data, 2);
        const bool pointwise =
            !roles.spatial.empty() && !roles.batch.empty() && !roles.channels.empty() && !roles.outputs.empty();
        if (!pointwise)
            return std::nullopt;
    } else if (roles.spatial.size() == 1) {
        addPassiveSpatialAxes(roles, data, 1);
    }
    std::ranges::sort(roles.spatial, {}, [&](int axis) { return std::ranges::find(data, axis) - data.begin(); });
    for (const int axis : roles.spatial)
        roles.windows.push_back(windowOver(axis, weight, summed, unfolds));
    return roles;
}

} // namespace synoscope::lowering
