// How the enumerations of records.h are spelt in the file. The words are part of the format: never change one.
#pragma once

#include "core/store/records.h"

#include <array>
#include <optional>
#include <string_view>

namespace synoscope {

template <typename Enum>
struct Words;

template <>
struct Words<CandidateState>
{
    static constexpr std::array<std::string_view, 4> list{"active", "pruned", "duplicate", "removed"};
};

template <>
struct Words<EvaluationKind>
{
    static constexpr std::array<std::string_view, 4> list{"benchmark", "training", "verification", "proxy"};
};

template <>
struct Words<EvaluationStatus>
{
    static constexpr std::array<std::string_view, 6> list{"queued", "running",   "done",
                                                          "failed", "cancelled", "interrupted"};
};

template <>
struct Words<ConstraintAction>
{
    static constexpr std::array<std::string_view, 2> list{"pin", "prune"};
};

template <typename Enum>
constexpr std::string_view wordOf(Enum value)
{
    return Words<Enum>::list.at(static_cast<std::size_t>(value));
}

template <typename Enum>
constexpr std::optional<Enum> fromWord(std::string_view word)
{
    for (std::size_t i = 0; i < Words<Enum>::list.size(); ++i) {
        if (Words<Enum>::list[i] == word)
            return static_cast<Enum>(i);
    }
    return std::nullopt;
}

} // namespace synoscope
