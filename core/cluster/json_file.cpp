#include "core/cluster/json_file.h"

#include "core/base/file.h"
#include "core/cluster/job_file.h"

namespace synoscope {

Expected<JsonFile> JsonFile::read(const std::filesystem::path& path, const std::string& kind)
{
    const auto text = readWholeFile(path);
    if (!text)
        return text.error();
    JsonFile file(path, nlohmann::json::parse(*text, nullptr, false));
    if (!file.json_.is_object())
        file.refuse(file.json_.is_discarded() ? "it is cut off, or no JSON" : "expected an object");
    std::string found;
    int format = 0;
    file.want(file.json_, "kind", found);
    file.want(file.json_, "format", format);
    if (!file.problem_ && found != kind)
        file.problem_ = Error{.message = fmt::format("This is a '{}'; expected a '{}'.", found, kind),
                              .file = path.string()};
    if (!file.problem_ && format > clusterFormat)
        file.problem_ = Error{.message = fmt::format("The file was written by a newer Synoscope: its format is {}, and "
                                                     "this program knows formats up to {}.",
                                                     format, clusterFormat),
                              .file = path.string()};
    if (file.problem_)
        return *file.problem_;
    return file;
}

void JsonFile::refuse(const std::string& what)
{
    if (!problem_)
        problem_ = Error{.message = fmt::format("The file is damaged: {}.", what), .file = file_.string()};
}

nlohmann::ordered_json originJson(const ArrayOrigin& origin)
{
    return {{"experiment", origin.experiment}, {"name", origin.name}, {"array", origin.array}};
}

void readOrigin(JsonFile& file, const nlohmann::json& object, ArrayOrigin& origin)
{
    file.want(object, "experiment", origin.experiment);
    file.want(object, "name", origin.name);
    file.want(object, "array", origin.array);
}

} // namespace synoscope
