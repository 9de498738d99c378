#include "core/cluster/result_file.h"

#include "core/base/hash.h"
#include "core/cluster/json_file.h"
#include "core/store/words.h"

#include <cstdlib>
#include <unistd.h>

namespace synoscope {

namespace {

constexpr const char* resultKind = "synoscope result";
constexpr const char* stateKind = "synoscope task state";

const char* environment(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

nlohmann::json placeJson(const TaskPlace& place)
{
    return {{"task", place.task}, {"node", place.node}, {"slurm_job", place.slurmJob}, {"restarts", place.restarts}};
}

void readPlace(JsonFile& file, const nlohmann::json& object, TaskPlace& place)
{
    file.want(object, "task", place.task);
    file.want(object, "node", place.node);
    file.want(object, "slurm_job", place.slurmJob);
    file.want(object, "restarts", place.restarts);
}

std::int64_t milliseconds(Timestamp time)
{
    return time.time_since_epoch().count();
}

// A protocol line as an object, so that the file can be read by others; null where there is none.
nlohmann::json eventJson(const std::optional<protocol::Event>& event)
{
    return event ? nlohmann::json::parse(toJson(*event)) : nlohmann::json();
}

nlohmann::json measurementJson(const Measurement& one)
{
    nlohmann::json epochs = nlohmann::json::array();
    for (const protocol::Epoch& epoch : one.epochs)
        epochs.push_back(eventJson(protocol::Event{0, epoch}));
    return {{"measurement", wordOf(one.kind)},        {"result", eventJson(one.result)},
            {"message", one.message},                 {"epochs", std::move(epochs)},
            {"started", milliseconds(one.started)},   {"finished", milliseconds(one.finished)}};
}

std::optional<protocol::Event> readEvent(JsonFile& file, const nlohmann::json& json)
{
    auto event = protocol::eventFromJson(json.dump());
    if (event)
        return std::move(*event);
    file.refuse(event.error().message);
    return std::nullopt;
}

void readMeasurement(JsonFile& file, const nlohmann::json& object, Measurement& one)
{
    std::string kind;
    nlohmann::json result;
    std::vector<nlohmann::json> epochs;
    std::int64_t started = 0, finished = 0;
    file.want(object, "measurement", kind);
    file.want(object, "result", result);
    file.want(object, "message", one.message);
    file.want(object, "epochs", epochs);
    file.want(object, "started", started);
    file.want(object, "finished", finished);
    one.started = Timestamp(std::chrono::milliseconds(started));
    one.finished = Timestamp(std::chrono::milliseconds(finished));
    const auto known = fromWord<EvaluationKind>(kind);
    if (!known || *known == EvaluationKind::verification)
        return file.refuse(fmt::format("'measurement' is '{}', expected benchmark or training", kind));
    one.kind = *known;
    for (const nlohmann::json& line : epochs)
        if (const auto event = readEvent(file, line); event && std::holds_alternative<protocol::Epoch>(event->what))
            one.epochs.push_back(std::get<protocol::Epoch>(event->what));
    if (result.is_null())
        return;
    one.result = readEvent(file, result);
    const bool fits = !one.result || (one.kind == EvaluationKind::benchmark
                                          ? std::holds_alternative<protocol::BenchResult>(one.result->what)
                                          : std::holds_alternative<protocol::TrainResult>(one.result->what));
    if (!fits)
        file.refuse(fmt::format("the result of the {} is another's", kind));
}

} // namespace

TaskPlace TaskPlace::here(int task)
{
    char host[256] = "";
    ::gethostname(host, sizeof host - 1);
    const char* node = environment("SLURMD_NODENAME");
    return {task, *node ? node : host, environment("SLURM_ARRAY_JOB_ID"), std::atoi(environment("SLURM_RESTART_COUNT"))};
}

std::string ResultFile::toJson() const
{
    nlohmann::json body{{"origin", originJson(origin)},
                        {"hash", hash},
                        {"program", program},
                        {"place", placeJson(place)},
                        {"settings", nlohmann::json::parse(settings)}};
    body["measurements"] = nlohmann::json::array();
    for (const Measurement& one : measurements)
        body["measurements"].push_back(measurementJson(one));
    const std::string digest = hexDigest(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    const nlohmann::ordered_json json{
        {"kind", resultKind}, {"format", clusterFormat}, {"digest", digest}, {"body", std::move(body)}};
    return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

Expected<ResultFile> ResultFile::read(const std::filesystem::path& path)
{
    auto file = JsonFile::read(path, resultKind);
    if (!file)
        return file.error();
    ResultFile result;
    nlohmann::json body, origin, place, settings;
    std::string digest;
    std::vector<nlohmann::json> measurements;
    file->want(file->json(), "digest", digest);
    file->want(file->json(), "body", body);
    if (!file->problem() && hexDigest(body.dump()) != digest)
        file->refuse("its content does not match its digest");
    file->want(body, "origin", origin);
    file->want(body, "hash", result.hash);
    file->want(body, "program", result.program);
    file->want(body, "place", place);
    file->want(body, "settings", settings);
    file->want(body, "measurements", measurements);
    if (file->problem())
        return *file->problem();
    readOrigin(*file, origin, result.origin);
    readPlace(*file, place, result.place);
    result.settings = settings.dump();
    for (const nlohmann::json& one : measurements)
        readMeasurement(*file, one, result.measurements.emplace_back());
    if (measurements.empty())
        file->refuse("it holds no measurement");
    if (file->problem())
        return *file->problem();
    return result;
}

std::string TaskState::toJson() const
{
    return nlohmann::ordered_json{{"kind", stateKind},          {"format", clusterFormat}, {"origin", originJson(origin)},
                                  {"place", placeJson(place)},  {"measuring", measuring},  {"ended", ended},
                                  {"message", message}}
               .dump(1, ' ', false, nlohmann::json::error_handler_t::replace) +
           '\n';
}

Expected<TaskState> TaskState::read(const std::filesystem::path& path)
{
    auto file = JsonFile::read(path, stateKind);
    if (!file)
        return file.error();
    TaskState state;
    nlohmann::json origin, place;
    file->want(file->json(), "origin", origin);
    file->want(file->json(), "place", place);
    file->want(file->json(), "measuring", state.measuring);
    file->want(file->json(), "ended", state.ended);
    file->want(file->json(), "message", state.message);
    readOrigin(*file, origin, state.origin);
    readPlace(*file, place, state.place);
    if (file->problem())
        return *file->problem();
    return state;
}

namespace array_names {

std::filesystem::path job(int task)
{
    return std::filesystem::path("jobs") / fmt::format("{}.json", task);
}

std::filesystem::path log(int task)
{
    return std::filesystem::path("log") / fmt::format("{}.txt", task);
}

std::filesystem::path state(int task)
{
    return fmt::format("task-{}.state", task);
}

std::filesystem::path result(const std::string& hash)
{
    return (hash.empty() ? "backbone" : hash) + ".json";
}

} // namespace array_names

} // namespace synoscope
