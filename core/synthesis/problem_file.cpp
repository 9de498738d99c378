// From a text, or a file, to a problem.
#include "core/synthesis/problem_json.h"

namespace synoscope {

namespace {

const jsonDemands::DocumentKind kind{.name = "a problem", .largest = 4 << 20};

} // namespace

Expected<Problem> parseProblem(std::string_view source, std::string_view fileName)
{
    Problem problem;
    const auto read = jsonDemands::readJson(source, fileName, kind, [&](const jsonDemands::Json& json) {
        problem = problemJson::readDocument(json, std::filesystem::path(fileName).parent_path());
    });
    if (!read)
        return read.error();
    return problem;
}

Expected<Problem> withReward(const Problem& problem, std::string_view reward, std::string_view fileName)
{
    using jsonDemands::Json;
    Json json = Json::parse(problem.text);
    const auto around = parseProblem(R"({"reward": )" + std::string(reward) + "}", fileName); // well-formed, at least
    const Json part = Json::parse(reward, nullptr, false, true);
    if (part.is_discarded())
        return around.error();
    json["reward"] = part;
    auto result = parseProblem(json.dump(), fileName);
    if (!result) // its position is that within the whole problem
        return Error{result.error().message, std::string(fileName)};
    return result;
}

Expected<Problem> readProblem(const std::filesystem::path& path)
{
    const auto content = jsonDemands::fileContent(path, kind);
    if (!content)
        return content.error();
    return parseProblem(*content, path.string());
}

} // namespace synoscope
