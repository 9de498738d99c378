#include "core/experiment/measure.h"

#include <nlohmann/json.hpp>

namespace synoscope {

namespace {

std::string environmentJson(const protocol::Environment& environment)
{
    return nlohmann::ordered_json{{"cpu", environment.cpu},           {"device", environment.device},
                                  {"libtorch", environment.libtorch}, {"blas", environment.blas},
                                  {"compiler", environment.compiler}, {"threads", environment.threads}}
        .dump();
}

} // namespace

int measurementPriority(int batch, EvaluationKind kind)
{
    return -2 * batch - (kind == EvaluationKind::training ? 1 : 0);
}

protocol::Request measurementRequest(EvaluationKind kind, const std::string& operatorText, const std::string& backbone,
                                     const ExperimentSettings& settings)
{
    protocol::Request request;
    request.kind = kind == EvaluationKind::benchmark ? protocol::RequestKind::bench
        : kind == EvaluationKind::proxy              ? protocol::RequestKind::proxies
                                                     : protocol::RequestKind::train;
    request.operatorText = operatorText;
    request.backbone = backbone;
    request.threads = 1;
    request.maxSeconds = settings.jobSeconds;
    request.maxBytes = settings.jobBytes;
    request.repeats = settings.repeats;
    request.minSeconds = settings.benchmarkSeconds;
    request.dataset = settings.dataset;
    request.epochs = settings.epochs;
    request.seed = settings.seed;
    request.trainImages = settings.trainImages;
    request.testImages = settings.testImages;
    request.recipe = settings.recipe;
    if (auto milestones = protocol::parseMilestones(settings.milestones))
        request.milestones = std::move(*milestones);
    return request;
}

nlohmann::ordered_json measurementSettings(const protocol::Request& request)
{
    if (request.kind == protocol::RequestKind::bench)
        return {{"repeats", request.repeats}, {"min_seconds", request.minSeconds}};
    nlohmann::ordered_json json{{"dataset", request.dataset}, {"epochs", request.epochs}, {"seed", request.seed}};
    if (request.trainImages > 0)
        json["train_images"] = request.trainImages;
    if (request.testImages > 0)
        json["test_images"] = request.testImages;
    if (request.untilEpoch > 0)
        json["until_epoch"] = request.untilEpoch;
    if (!request.milestones.empty())
        json["milestones"] = toText(request.milestones);
    visitRecipe(request.recipe, [&](const char* key, const auto& value) { json[key] = value; });
    return json;
}

EvaluationRecord measurementRecord(EvaluationKind kind, const protocol::Request& request)
{
    EvaluationRecord record;
    record.kind = kind;
    record.backend = "libtorch";
    record.device = kind == EvaluationKind::training ? request.recipe.device : "cpu";
    record.dtype = kind == EvaluationKind::training ? request.recipe.precision : "float32";
    record.threads = request.threads;
    return record;
}

std::string applyMeasurement(const protocol::Event& event, RewardComponents& components, EvaluationRecord& record)
{
    record.result = nlohmann::json::parse(toJson(event)).dump();
    if (const auto* training = std::get_if<protocol::TrainResult>(&event.what))
        record.accuracy = components.accuracy = training->accuracy;
    const auto* bench = std::get_if<protocol::BenchResult>(&event.what);
    if (!bench)
        return {};
    record.latencyRatio = components.latencyRatio = bench->ratio;
    return environmentJson(bench->environment);
}

void applyReward(const RewardComponents& components, const RewardSettings& settings, EvaluationRecord& record)
{
    record.reward = rewardOf(components, settings);
    record.rewardComponents = components.toJson();
}

bool concluded(const RewardComponents& components, EvaluationKind kind, const ExperimentSettings& settings)
{
    return kind == EvaluationKind::training || !settings.train ||
           components.latencyRatio.value_or(0) > settings.latencyLimit;
}

} // namespace synoscope
