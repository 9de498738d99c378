#include "core/base/json_demands.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace synoscope::jsonDemands {

std::string join(const std::string& path, const std::string& key)
{
    return path.empty() ? key : path + '.' + key;
}

std::string shown(const Json& value)
{
    constexpr std::size_t longest = 40;
    if (value.is_array())
        return "a list";
    if (value.is_object())
        return "an object";
    std::string all = value.dump();
    if (all.size() <= longest)
        return all;
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(all[end]) & 0xC0) == 0x80) // within a character
        --end;
    return all.substr(0, end) + "...";
}

const Json& member(const Json& object, const std::string& key, const std::string& path)
{
    const auto found = object.find(key);
    if (found == object.end())
        throw Refused{path, fmt::format("the key '{}' is missing", join(path, key))};
    return *found;
}

const Json& object(const Json& value, const std::string& path)
{
    if (!value.is_object())
        throw Refused{path, fmt::format("'{}' must be an object {{...}}, not {}", path.empty() ? "the file" : path,
                                        shown(value))};
    return value;
}

void onlyKeys(const Json& value, const std::string& path, std::initializer_list<std::string_view> known)
{
    for (const auto& [key, inner] : object(value, path).items())
        if (std::ranges::find(known, key) == known.end())
            throw Refused{join(path, key), fmt::format("unknown key '{}'; expected one of: {}", join(path, key),
                                                       fmt::join(known, ", "))};
}

std::int64_t integer(const Json& value, const std::string& path, std::int64_t least, std::int64_t most)
{
    // (What does not fit into 64 signed bits reads as a negative number; no demand here takes one.)
    if (!value.is_number_integer() || value.get<std::int64_t>() < least || value.get<std::int64_t>() > most)
        throw Refused{path, fmt::format("'{}' must be a whole number between {} and {}, not {}", path, least, most,
                                        shown(value))};
    return value.get<std::int64_t>();
}

double number(const Json& value, const std::string& path, double least, double most)
{
    if (!value.is_number() || !(value.get<double>() >= least && value.get<double>() <= most))
        throw Refused{path,
                      fmt::format("'{}' must be a number between {} and {}, not {}", path, least, most, shown(value))};
    return value.get<double>();
}

bool boolean(const Json& value, const std::string& path)
{
    if (!value.is_boolean())
        throw Refused{path, fmt::format("'{}' must be true or false, not {}", path, shown(value))};
    return value.get<bool>();
}

std::string text(const Json& value, const std::string& path)
{
    constexpr std::size_t longest = 200; // bytes
    if (!value.is_string() || value.get_ref<const std::string&>().empty())
        throw Refused{path, fmt::format("'{}' must be a text, not {}", path, shown(value))};
    const std::string& all = value.get_ref<const std::string&>();
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (all.size() > longest || std::ranges::any_of(all, control))
        throw Refused{path, fmt::format("'{}' must be a text of one line and at most {} bytes", path, longest)};
    return all;
}

const Json& list(const Json& value, const std::string& path, std::size_t least, std::size_t most)
{
    if (!value.is_array() || value.size() < least || value.size() > most)
        throw Refused{path, least == most
                                ? fmt::format("'{}' must be a list [...] of {} entries", path, least)
                                : fmt::format("'{}' must be a list [...] of {} to {} entries", path, least, most)};
    return value;
}

} // namespace synoscope::jsonDemands
