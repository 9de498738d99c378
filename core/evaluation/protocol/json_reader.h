// What both directions of the protocol share: lines to JSON objects and back, and reading an object's members with
// refusals instead of exceptions. Used by this folder's sources only.
#pragma once

#include "core/base/error.h"

#include <concepts>
#include <cstdint>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace synoscope::protocol {

using Json = nlohmann::json;

std::string dump(const Json& json); // one line

Error refusal(std::string_view line, std::string_view what);

// The line as an object with a text "type", which is stored in `type`.
Expected<Json> parseObject(std::string_view line, std::string& type);

// Reads the members of one object; the first refusal stays, later reads do nothing.
class Reader
{
public:
    explicit Reader(const Json& json) : json_(json) {}

    void read(const char* key, std::string& value)
    {
        if (const Json* member = find(key, &Json::is_string, "a text"))
            value = member->get_ref<const std::string&>();
    }
    void read(const char* key, bool& value)
    {
        if (const Json* member = find(key, &Json::is_boolean, "true or false"))
            value = member->get<bool>();
    }
    // Null is how a number that is not finite is written.
    void read(const char* key, double& value)
    {
        const auto it = json_.find(key);
        if (it != json_.end() && it->is_null())
            value = std::numeric_limits<double>::quiet_NaN();
        else if (const Json* member = find(key, &Json::is_number, "a number"))
            value = member->get<double>();
    }
    void read(const char* key, std::uint64_t& value)
    {
        if (const Json* member = find(key, &Json::is_number_unsigned, "a whole number of at least 0"))
            value = member->get<std::uint64_t>();
    }
    template <std::signed_integral Integer>
    void read(const char* key, Integer& value, std::int64_t least = 0)
    {
        const Json* member = find(key, &Json::is_number_integer, "a whole number");
        if (!member)
            return;
        const bool tooLarge = member->is_number_unsigned()
            && member->get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<Integer>::max());
        if (tooLarge || member->get<std::int64_t>() < least)
            refuse(fmt::format("'{}' must be a whole number between {} and {}", key, least,
                               std::numeric_limits<Integer>::max()));
        else
            value = member->get<Integer>();
    }
    void read(const char* key, std::vector<int>& values)
    {
        const Json* member = find(key, &Json::is_array, "a list of whole numbers");
        if (!member)
            return;
        values.clear();
        for (const Json& one : *member) {
            const bool fits = one.is_number_integer() && !(one.is_number_unsigned() && one > std::numeric_limits<int>::max())
                && one >= std::numeric_limits<int>::min();
            if (!fits)
                return refuse(fmt::format("'{}' must be a list of whole numbers", key));
            values.push_back(one.get<int>());
        }
    }
    void need(const char* key)
    {
        if (!json_.contains(key))
            refuse(fmt::format("'{}' is missing", key));
    }
    void require(bool holds, std::string_view sentence)
    {
        if (!holds)
            refuse(std::string(sentence));
    }
    void refuse(std::string sentence)
    {
        if (!problem_)
            problem_ = std::move(sentence);
    }
    const Json* list(const char* key) { return find(key, &Json::is_array, "a list"); }
    const Json* object(const char* key) { return find(key, &Json::is_object, "an object"); }

    const std::optional<std::string>& problem() const { return problem_; }

private:
    const Json* find(const char* key, bool (Json::*is)() const noexcept, std::string_view expected)
    {
        const auto it = json_.find(key);
        if (it == json_.end())
            return nullptr;
        if ((*it.*is)())
            return &*it;
        refuse(fmt::format("'{}' must be {}", key, expected));
        return nullptr;
    }

    const Json& json_;
    std::optional<std::string> problem_;
};

} // namespace synoscope::protocol
