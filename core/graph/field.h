// The prime field of 2^61 - 1: sums of products without rounding, in which different polynomials take different values
// at a random point, up to a chance of degree / 2^61.
#pragma once

#include <cstdint>

namespace synoscope {

inline constexpr std::uint64_t fieldPrime = (std::uint64_t{1} << 61) - 1;

namespace field {

// Both operands are below the prime.
constexpr std::uint64_t add(std::uint64_t a, std::uint64_t b)
{
    const std::uint64_t sum = a + b;
    return sum >= fieldPrime ? sum - fieldPrime : sum;
}

constexpr std::uint64_t multiply(std::uint64_t a, std::uint64_t b)
{
    __extension__ using Wide = unsigned __int128;
    const Wide product = Wide{a} * b;
    // 2^61 = 1 modulo the prime
    const std::uint64_t folded =
        static_cast<std::uint64_t>(product & fieldPrime) + static_cast<std::uint64_t>(product >> 61);
    return folded >= fieldPrime ? folded - fieldPrime : folded;
}

constexpr std::uint64_t power(std::uint64_t base, unsigned exponent)
{
    std::uint64_t result = 1;
    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1)
            result = multiply(result, base);
        base = multiply(base, base);
    }
    return result;
}

} // namespace field

} // namespace synoscope
