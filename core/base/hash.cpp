#include "core/base/hash.h"

#include <fmt/format.h>
#include <xxhash.h>

namespace synoscope {

std::uint64_t hashBytes(std::span<const std::byte> bytes, std::uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::uint64_t hashText(std::string_view text, std::uint64_t seed)
{
    return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

std::string hexDigest(std::string_view text)
{
    const XXH128_hash_t digest = XXH3_128bits(text.data(), text.size());
    return fmt::format("{:016x}{:016x}", digest.high64, digest.low64);
}

std::string hex(std::uint64_t value)
{
    return fmt::format("{:016x}", value);
}

} // namespace synoscope
