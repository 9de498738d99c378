#include "core/experiment/reward.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace synoscope {

std::string RewardComponents::toJson() const
{
    nlohmann::ordered_json json;
    if (accuracy)
        json["accuracy"] = *accuracy;
    if (latencyRatio)
        json["latency_ratio"] = *latencyRatio;
    json["flops_ratio"] = flopsRatio;
    if (proxy)
        json["proxy"] = *proxy;
    if (filtered)
        json["filtered"] = true;
    return json.dump();
}

Expected<RewardComponents> RewardComponents::fromJson(std::string_view text)
{
    const auto json = nlohmann::json::parse(text, nullptr, false);
    const auto number = [&json](const char* key) {
        const auto found = json.find(key);
        return found == json.end() || !found->is_number() ? std::nullopt : std::optional(found->get<double>());
    };
    if (!json.is_object() || !number("flops_ratio"))
        return Error{"the file is damaged: the parts of a reward cannot be read"};
    const auto filtered = json.find("filtered");
    return RewardComponents{.accuracy = number("accuracy"),
                            .latencyRatio = number("latency_ratio"),
                            .flopsRatio = *number("flops_ratio"),
                            .proxy = number("proxy"),
                            .filtered = filtered != json.end() && filtered->is_boolean() && filtered->get<bool>()};
}

namespace {

double share(const RatioObjective& objective, double ratio)
{
    if (ratio > objective.limit)
        return 0;
    return ratio > objective.target ? std::pow(objective.target / ratio, objective.weight) : 1;
}

} // namespace

double rewardOf(const RewardComponents& components, const RewardSettings& settings)
{
    if (components.filtered)
        return 0;
    const double objectives = share(settings.flops, components.flopsRatio) *
                              (components.latencyRatio ? share(settings.latency, *components.latencyRatio) : 1);
    if (components.accuracy) {
        const double span = settings.accuracyCeiling - settings.accuracyFloor;
        const double part = std::clamp((*components.accuracy - settings.accuracyFloor) / span, 0.0, 1.0);
        return std::pow(part, settings.power) * objectives;
    }
    return std::clamp(1.0 - components.latencyRatio.value_or(components.flopsRatio), 0.0, 1.0) * objectives;
}

} // namespace synoscope
