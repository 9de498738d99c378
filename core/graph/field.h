// The prime field of 2^61 - 1: sums of products without rounding, in which different polynomials take different values
// at a random point, up to a chance of degree / 2^61.
#pragma once

#include <cstdint>

namespace synoscope {

inline constexpr std::uint64_t fieldPrime = (std::uint64_t{1} << 61) - 1;

namespace field {

__extension__ using Wide = unsigned __int128;

// Any number, modulo the prime: 2^61 = 1.
constexpr std::uint64_t reduce(Wide number)
{
    number = (number & fieldPrime) + (number >> 61);
    const std::uint64_t folded =
        static_cast<std::uint64_t>(number & fieldPrime) + static_cast<std::uint64_t>(number >> 61);
    return folded >= fieldPrime ? folded - fieldPrime : folded;
}

// All operands below are less than the prime.
constexpr std::uint64_t add(std::uint64_t a, std::uint64_t b)
{
    const std::uint64_t sum = a + b;
    return sum >= fieldPrime ? sum - fieldPrime : sum;
}

constexpr std::uint64_t multiply(std::uint64_t a, std::uint64_t b)
{
    const Wide product = Wide{a} * b;
    const std::uint64_t folded =
        static_cast<std::uint64_t>(product & fieldPrime) + static_cast<std::uint64_t>(product >> 61);
    return folded >= fieldPrime ? folded - fieldPrime : folded;
}

constexpr std::uint64_t power(std::uint64_t base, std::uint64_t exponent)
{
    std::uint64_t result = 1;
    for (; exponent > 1; exponent >>= 1) {
        if (exponent & 1)
            result = multiply(result, base);
        base = multiply(base, base);
    }
    return exponent == 0 ? result : multiply(result, base);
}

constexpr std::uint64_t inverse(std::uint64_t a)
{
    return power(a, fieldPrime - 2);
}

} // namespace field

} // namespace synoscope
