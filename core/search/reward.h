// Rewards and their sums as integers.
//
// Steering takes iterations out of a node's values and puts them back (DESIGN 3.2). Floating-point sums would drift by
// their rounding; integer sums return to the same bits in any order.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace synoscope {

// A reward in units of 2^-32, limited to +-64 so that sums over 2^24 iterations cannot overflow.
class Reward
{
public:
    static constexpr double limit = 64;

    constexpr Reward() = default;
    static constexpr Reward ofRaw(std::int64_t raw) { return Reward(raw); }
    static Reward of(double value)
    {
        if (!(value == value))
            return Reward();
        return Reward(std::llround(std::clamp(value, -limit, limit) * 0x1.0p32));
    }

    constexpr std::int64_t raw() const { return raw_; }
    constexpr double value() const { return static_cast<double>(raw_) * 0x1.0p-32; }
    // The square in units of 2^-26, computed from 16 binary places: exact integer arithmetic, ample for a variance.
    constexpr std::int64_t square() const
    {
        const std::int64_t rounded = raw_ / (std::int64_t{1} << 16);
        return (rounded * rounded) >> 6;
    }

    friend constexpr auto operator<=>(Reward, Reward) = default;

private:
    constexpr explicit Reward(std::int64_t raw) : raw_(raw) {}
    std::int64_t raw_ = 0;
};

// The least reward there is: the best of nothing.
inline constexpr Reward noReward = Reward::ofRaw(INT64_MIN);

inline double meanOf(std::int64_t sum, double count)
{
    return count > 0 ? static_cast<double>(sum) * 0x1.0p-32 / count : 0;
}

inline double varianceOf(std::int64_t sum, std::int64_t squares, double count)
{
    if (count <= 0)
        return 0;
    const double mean = meanOf(sum, count);
    return std::max(0.0, static_cast<double>(squares) * 0x1.0p-26 / count - mean * mean);
}

} // namespace synoscope
