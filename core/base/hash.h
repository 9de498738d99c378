// Hashes. Everything that is stored or compared between processes goes through these, so that it is the same
// on every machine and in every run.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace synoscope {

// A finaliser with full avalanche (the constants are those of SplitMix64, Steele et al. 2014).
constexpr std::uint64_t mix(std::uint64_t x)
{
    x += 0x9e3779b97f4a7c15ull;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
    return x ^ (x >> 31);
}

// Order-dependent combination.
constexpr std::uint64_t combine(std::uint64_t seed, std::uint64_t value)
{
    return mix(seed * 0x100000001b3ull ^ mix(value));
}

// XXH3, 64 bit.
std::uint64_t hashBytes(std::span<const std::byte> bytes, std::uint64_t seed = 0);
std::uint64_t hashText(std::string_view text, std::uint64_t seed = 0);

// XXH3, 128 bit, as 32 lower-case hexadecimal digits: the form in which operators are identified outside.
std::string hexDigest(std::string_view text);
std::string hex(std::uint64_t value); // 16 digits

} // namespace synoscope
