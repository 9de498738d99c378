// Strong 32-bit handles into arenas: an index that cannot be confused with another kind of index.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace synoscope {

template <typename Tag>
struct Id
{
    static constexpr std::uint32_t none = 0xffffffffu;
    std::uint32_t index = none;

    constexpr Id() = default;
    constexpr explicit Id(std::size_t i) : index(static_cast<std::uint32_t>(i)) {}

    constexpr bool valid() const { return index != none; }
    friend constexpr auto operator<=>(Id, Id) = default;
};

} // namespace synoscope

template <typename Tag>
struct std::hash<synoscope::Id<Tag>>
{
    std::size_t operator()(synoscope::Id<Tag> id) const noexcept { return id.index; }
};
