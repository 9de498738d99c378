#include "core/cluster/job_file.h"

#include "core/base/hash.h"
#include "core/cluster/json_file.h"
#include "core/graph/reader.h"
#include "core/graph/writer.h"

namespace synoscope {

namespace {

constexpr const char* kind = "synoscope job";

void checkOperator(JsonFile& file, const JobOperator& one)
{
    if (one.hash.empty() != one.pgraph.empty())
        return file.refuse("an operator lacks its hash or its text");
    if (one.hash.empty())
        return;
    const auto graph = parsePGraph(one.pgraph, one.hash);
    if (!graph)
        return file.refuse(fmt::format("the operator {} cannot be read: {}", one.hash, graph.error().message));
    if (const std::string hash = canonicalHash(*graph); hash != one.hash)
        file.refuse(fmt::format("the operator that is called {} is {}", one.hash, hash));
}

} // namespace

std::string experimentIdentity(const ExperimentRecord& experiment)
{
    return hexDigest(fmt::format("{}\n{}\n{}", experiment.name, experiment.created.time_since_epoch().count(),
                                 experiment.problem));
}

std::string programVersion()
{
    return SYNOSCOPE_VERSION;
}

std::string operatorName(const std::string& hash)
{
    return hash.empty() ? "the unchanged backbone" : "operator " + hash.substr(0, 8);
}

std::string JobFile::toJson() const
{
    nlohmann::ordered_json json{{"kind", kind},
                                {"format", clusterFormat},
                                {"program", program},
                                {"origin", originJson(origin)},
                                {"task", task},
                                {"backbone", backbone},
                                {"settings", nlohmann::ordered_json::parse(settings.toJson())},
                                {"problem", nlohmann::ordered_json::parse(problem)}};
    json["operators"] = nlohmann::ordered_json::array();
    for (const JobOperator& one : operators)
        json["operators"].push_back({{"hash", one.hash}, {"pgraph", one.pgraph}});
    return json.dump(1) + '\n';
}

Expected<JobFile> JobFile::read(const std::filesystem::path& path)
{
    auto file = JsonFile::read(path, kind);
    if (!file)
        return file.error();
    JobFile job;
    nlohmann::json origin, settings, problem;
    std::vector<nlohmann::json> operators;
    file->want(file->json(), "program", job.program);
    file->want(file->json(), "origin", origin);
    file->want(file->json(), "task", job.task);
    file->want(file->json(), "backbone", job.backbone);
    file->want(file->json(), "settings", settings);
    file->want(file->json(), "problem", problem);
    file->want(file->json(), "operators", operators);
    if (file->problem())
        return *file->problem();
    readOrigin(*file, origin, job.origin);
    job.problem = problem.dump();
    auto read = ExperimentSettings::fromJson(settings.dump());
    if (!read)
        return Error{.message = read.error().message, .file = path.string()};
    job.settings = std::move(*read);
    for (const nlohmann::json& entry : operators) {
        JobOperator one;
        file->want(entry, "hash", one.hash);
        file->want(entry, "pgraph", one.pgraph);
        checkOperator(*file, one);
        job.operators.push_back(std::move(one));
    }
    if (file->problem())
        return *file->problem();
    return job;
}

} // namespace synoscope
