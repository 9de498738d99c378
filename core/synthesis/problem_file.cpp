// From a text, or a file, to a problem.
#include "core/synthesis/problem_json.h"

#include <cmath>

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

std::string toJson(const RewardSettings& reward)
{
    using jsonDemands::Json;
    const auto objective = [](const RatioObjective& one) {
        Json json{{"target", one.target}, {"weight", one.weight}};
        if (std::isfinite(one.limit))
            json["limit"] = one.limit;
        return json;
    };
    return Json{{"accuracy", {reward.accuracyFloor, reward.accuracyCeiling}},
                {"power", reward.power},
                {"latency", objective(reward.latency)},
                {"flops", objective(reward.flops)}}
        .dump();
}

Expected<Problem> withReward(const Problem& problem, std::string_view reward, std::string_view fileName)
{
    using jsonDemands::Json;
    static const jsonDemands::DocumentKind kindOfReward{.name = "a reward", .largest = 1 << 16};
    Json whole = Json::parse(problem.text);
    const auto read = jsonDemands::readJson(reward, fileName, kindOfReward,
                                            [&](const Json& part) { whole["reward"] = part; });
    if (!read)
        return read.error();
    auto result = parseProblem(whole.dump(), fileName);
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
