// Where the elements of a value lie: the algebra by which the kernel compiler folds views into addresses.
//
// Each axis of a value is a list of strided digits, the first outermost: a split axis is cut between digits, merged
// axes are joined lists, a slice is a larger stride, an expanded axis a stride of zero. An axis may besides be rolled;
// and it knows how many zeros lie before and behind it in memory, which is what a window needs. What this form cannot
// express is for the caller to copy.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace synoscope::codegen {

struct Digit
{
    std::int64_t extent = 1;
    std::int64_t stride = 0;
    friend bool operator==(const Digit&, const Digit&) = default;
};

struct AxisAccess
{
    std::vector<Digit> digits{}; // none: extent 1
    std::int64_t roll = 0;       // element i is element (i + roll) mod extent of the digits
    std::int64_t front = 0;      // zeros in memory before the first and behind the last element; one digit only
    std::int64_t back = 0;

    std::int64_t extent() const;
    friend bool operator==(const AxisAccess&, const AxisAccess&) = default;
};

struct Access
{
    int buffer = 0;
    std::int64_t offset = 0;
    std::vector<AxisAccess> axes;

    bool rolled() const;
};

AxisAccess axisOf(std::int64_t extent, std::int64_t stride);
// Dense, row-major.
Access denseAccess(int buffer, std::span<const std::int64_t> shape);

// Each returns nothing where the form cannot express the result.
std::optional<Access> reshaped(const Access& access, std::span<const std::int64_t> shape);
std::optional<Access> sliced(const Access& access, std::size_t axis, std::int64_t step);
// The window becomes the last axis; the axis must have the zeros that the window reaches.
std::optional<Access> unfolded(const Access& access, std::size_t axis, std::int64_t window);

// Digits of the same extents for several axes of one extent: result[digit] has a stride for each axis.
struct CommonDigit
{
    std::int64_t extent = 1;
    std::vector<std::int64_t> strides;
};
std::optional<std::vector<CommonDigit>> commonDigits(std::span<const AxisAccess> axes);

} // namespace synoscope::codegen
