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
    request.kind = kind == EvaluationKind::benchmark ? protocol::RequestKind::bench : protocol::RequestKind::train;
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
    return request;
}

nlohmann::ordered_json measurementSettings(const protocol::Request& request)
{
    return {{"dataset", request.dataset}, {"epochs", request.epochs}, {"seed", request.seed}, {"repeats", request.repeats}};
}

EvaluationRecord measurementRecord(EvaluationKind kind, const protocol::Request& request)
{
    EvaluationRecord record;
    record.kind = kind;
    record.backend = "libtorch";
    record.device = "cpu";
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
