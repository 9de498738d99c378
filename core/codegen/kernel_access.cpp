#include "core/codegen/kernel_access.h"

#include <algorithm>

namespace synoscope::codegen {

namespace {

// Cuts the inner `extent` elements off a list of digits; false where no cut lies between digits or within one.
bool takeInner(std::vector<Digit>& digits, std::int64_t extent, std::vector<Digit>& taken)
{
    taken.clear();
    while (extent > 1) {
        if (digits.empty())
            return false;
        Digit& last = digits.back();
        if (extent % last.extent == 0) {
            extent /= last.extent;
            taken.insert(taken.begin(), last);
            digits.pop_back();
        } else if (last.extent % extent == 0) {
            taken.insert(taken.begin(), {extent, last.stride});
            last = {last.extent / extent, last.stride * extent};
            extent = 1;
        } else {
            return false;
        }
    }
    return true;
}

// The axes of a run become axes of other extents and the same product.
bool cutAnew(std::span<const AxisAccess> from, std::span<const std::int64_t> shape, std::vector<AxisAccess>& to)
{
    std::vector<Digit> digits;
    for (const AxisAccess& axis : from) {
        if (axis.roll != 0)
            return false;
        for (const Digit& digit : axis.digits) {
            // Where one follows the other without a gap, the two are one, which can be cut anywhere.
            if (!digits.empty() && digits.back().stride == digit.extent * digit.stride)
                digits.back() = {digits.back().extent * digit.extent, digit.stride};
            else if (digit.extent > 1)
                digits.push_back(digit);
        }
    }
    std::vector<AxisAccess> cut(shape.size());
    for (std::size_t i = shape.size(); i-- > 0;)
        if (!takeInner(digits, shape[i], cut[i].digits))
            return false;
    to.insert(to.end(), cut.begin(), cut.end());
    return true;
}

} // namespace

std::int64_t AxisAccess::extent() const
{
    std::int64_t product = 1;
    for (const Digit& digit : digits)
        product *= digit.extent;
    return product;
}

bool Access::rolled() const
{
    return std::ranges::any_of(axes, [](const AxisAccess& axis) { return axis.roll != 0; });
}

AxisAccess axisOf(std::int64_t extent, std::int64_t stride)
{
    return extent == 1 ? AxisAccess{} : AxisAccess{{{extent, stride}}};
}

Access denseAccess(int buffer, std::span<const std::int64_t> shape)
{
    Access access{buffer, 0, std::vector<AxisAccess>(shape.size())};
    std::int64_t stride = 1;
    for (std::size_t i = shape.size(); i-- > 0;) {
        access.axes[i] = axisOf(shape[i], stride);
        stride *= shape[i];
    }
    return access;
}

// Old and new axes are matched in runs of equal products; an axis that stays as it is keeps its roll and its zeros.
std::optional<Access> reshaped(const Access& access, std::span<const std::int64_t> shape)
{
    Access result{access.buffer, access.offset, {}};
    std::size_t from = 0;
    std::size_t to = 0;
    while (from < access.axes.size() || to < shape.size()) {
        if (from < access.axes.size() && to < shape.size() && access.axes[from].extent() == shape[to]) {
            result.axes.push_back(access.axes[from]);
            ++from, ++to;
            continue;
        }
        if (from < access.axes.size() && access.axes[from].extent() == 1) { // fits anywhere
            ++from;
            continue;
        }
        const std::size_t fromBegin = from;
        const std::size_t toBegin = to;
        std::int64_t before = 1;
        std::int64_t after = 1;
        do {
            if (to == shape.size() || (before < after && from < access.axes.size()))
                before *= access.axes[from++].extent();
            else
                after *= shape[to++];
        } while (before != after);
        if (!cutAnew(std::span(access.axes).subspan(fromBegin, from - fromBegin), shape.subspan(toBegin, to - toBegin),
                     result.axes))
            return std::nullopt;
    }
    return result;
}

std::optional<Access> sliced(const Access& access, std::size_t axis, std::int64_t step)
{
    Access result = access;
    AxisAccess& sliced = result.axes[axis];
    if (sliced.roll != 0)
        return std::nullopt;
    sliced.front = sliced.back = 0;
    while (step > 1) {
        Digit& last = sliced.digits.back();
        if (last.extent % step == 0) {
            last = {last.extent / step, last.stride * step};
            step = 1;
            if (last.extent == 1)
                sliced.digits.pop_back();
        } else if (step % last.extent == 0) {
            step /= last.extent;
            sliced.digits.pop_back();
        } else {
            return std::nullopt;
        }
    }
    return result;
}

std::optional<Access> unfolded(const Access& access, std::size_t axis, std::int64_t window)
{
    Access result = access;
    AxisAccess& under = result.axes[axis];
    if (window == 1) {
        result.axes.emplace_back();
        return result;
    }
    if (under.roll != 0 || under.digits.size() != 1 || under.front < window / 2 || under.back < window - 1 - window / 2)
        return std::nullopt;
    const std::int64_t stride = under.digits[0].stride;
    under.front = under.back = 0; // a window over this window would have to see zeros where it ends
    result.offset -= window / 2 * stride;
    result.axes.push_back(axisOf(window, stride));
    return result;
}

std::optional<std::vector<CommonDigit>> commonDigits(std::span<const AxisAccess> axes)
{
    std::vector<std::vector<Digit>> left;
    for (const AxisAccess& axis : axes) {
        if (axis.roll != 0)
            return std::nullopt;
        left.push_back(axis.digits);
        std::erase_if(left.back(), [](const Digit& digit) { return digit.extent == 1; });
    }
    std::vector<CommonDigit> result;
    while (std::ranges::any_of(left, [](const auto& digits) { return !digits.empty(); })) {
        CommonDigit common{0, {}};
        for (const auto& digits : left) {
            if (digits.empty())
                return std::nullopt;
            common.extent = common.extent == 0 ? digits.back().extent : std::min(common.extent, digits.back().extent);
        }
        std::vector<Digit> taken;
        for (auto& digits : left) {
            if (!takeInner(digits, common.extent, taken) || taken.size() != 1)
                return std::nullopt;
            common.strides.push_back(taken[0].stride);
        }
        result.insert(result.begin(), std::move(common));
    }
    return result;
}

} // namespace synoscope::codegen
