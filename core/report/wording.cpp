#include "core/report/wording.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>

namespace synoscope::report {

std::string percent(double share)
{
    return fmt::format("{:.1f}\u00A0%", 100 * share);
}

std::string percent(const std::optional<double>& share)
{
    return share ? percent(*share) : unknown;
}

std::string ratio(double value)
{
    return fmt::format("{:.3f}", value);
}

std::string ratio(const std::optional<double>& value)
{
    return value ? ratio(*value) : unknown;
}

std::string reward(const std::optional<double>& value)
{
    return value ? fmt::format("{:.4f}", *value) : unknown;
}

std::string microseconds(double us)
{
    if (us >= 1e6)
        return fmt::format("{:#.3g} s", us / 1e6);
    return us >= 1e3 ? fmt::format("{:#.3g} ms", us / 1e3) : fmt::format("{:#.3g} µs", us);
}

std::string seconds(double s)
{
    if (s < 60)
        return fmt::format("{:.1f} s", s);
    const auto whole = std::llround(s);
    if (whole < 3600)
        return fmt::format("{} min {} s", whole / 60, whole % 60);
    return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string moment(Timestamp when)
{
    const auto whole = std::chrono::floor<std::chrono::seconds>(when);
    return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::chrono::system_clock::to_time_t(whole)));
}

std::string number(std::int64_t value)
{
    std::string digits = std::to_string(value);
    for (int at = static_cast<int>(digits.size()) - 3; at > (value < 0 ? 1 : 0); at -= 3)
        digits.insert(static_cast<std::size_t>(at), "\u202F");
    return digits;
}

std::string counted(std::int64_t value, const char* one, const char* many)
{
    return number(value) + " " + (value == 1 ? one : many);
}

std::string shapeText(const PGraph& graph, std::span<const DimensionId> axes)
{
    std::string text;
    for (const DimensionId axis : axes)
        text += (text.empty() ? "" : " × ") + toString(graph[axis].size, graph.variables());
    return text;
}

std::string bindingText(const VariableTable& variables, const Binding& binding)
{
    std::string text;
    for (int v = 0; v < variables.size(); ++v) {
        const VariableId id{static_cast<std::uint8_t>(v)};
        if (variables[id].kind == VariableKind::primary && binding.bound(id))
            text += fmt::format("{}{}={}", text.empty() ? "" : " ", variables[id].name, binding[id]);
    }
    return text;
}

} // namespace synoscope::report
