// Reading this folder's files: objects with a format's number, whose members are wanted as they should be. The first
// refusal stays and names the file.
#pragma once

#include "core/base/error.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <optional>

namespace synoscope {

class JsonFile
{
public:
    // An object with a "format" of at most clusterFormat and this "kind".
    static Expected<JsonFile> read(const std::filesystem::path& file, const std::string& kind);

    const nlohmann::json& json() const { return json_; }

    // The member as a T; a damaged file, and not a wrong value, is what remains to be told.
    template <typename T>
    void want(const nlohmann::json& object, const char* key, T& value)
    {
        const auto found = object.is_object() ? object.find(key) : object.end();
        try {
            if (found == object.end())
                refuse(fmt::format("'{}' is missing", key));
            else
                value = found->template get<T>();
        } catch (const nlohmann::json::exception&) {
            refuse(fmt::format("'{}' is of the wrong type", key));
        }
    }
    void refuse(const std::string& what);
    const std::optional<Error>& problem() const { return problem_; }

private:
    JsonFile(std::filesystem::path file, nlohmann::json json) : file_(std::move(file)), json_(std::move(json)) {}

    std::filesystem::path file_;
    nlohmann::json json_;
    std::optional<Error> problem_;
};

struct ArrayOrigin;
nlohmann::ordered_json originJson(const ArrayOrigin& origin);
void readOrigin(JsonFile& file, const nlohmann::json& object, ArrayOrigin& origin);

} // namespace synoscope
