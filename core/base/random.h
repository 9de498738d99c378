// The project's generator of random numbers: small, fast, the same on every platform (xoshiro256**, Blackman and
// Vigna 2018, seeded by SplitMix64). The distributions of <random> differ between libraries; these do not.
#pragma once

#include "core/base/hash.h"

#include <array>
#include <bit>
#include <cstdint>
#include <limits>

namespace synoscope {

class Random
{
public:
    using result_type = std::uint64_t;

    explicit Random(std::uint64_t seed = 0)
    {
        for (auto& word : state_)
            word = mix(seed += 0x9e3779b97f4a7c15ull);
    }

    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

    result_type operator()()
    {
        const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
        const std::uint64_t t = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= t;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    // Uniform in [0, bound); bound > 0. Lemire's multiplication; the bias is below 2^-32 for 32-bit bounds.
    std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(((*this)() >> 32) * bound >> 32); }

    // Uniform in [0, 1).
    double unit() { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }

    std::array<std::uint64_t, 4> save() const { return state_; }
    void restore(const std::array<std::uint64_t, 4>& state) { state_ = state; }

private:
    std::array<std::uint64_t, 4> state_{};
};

} // namespace synoscope
