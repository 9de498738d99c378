#include "core/experiment/settings.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace synoscope {

// One list of the members, read and written alike.
template <typename Settings, typename Visit>
static void visitSettings(Settings& s, Visit&& visit)
{
    visit("algorithm", s.algorithm);
    visit("seed", s.seed);
    visit("search_threads", s.searchThreads);
    visit("evaluations_in_flight", s.evaluationsInFlight);
    visit("benchmark", s.benchmark);
    visit("train", s.train);
    visit("latency_limit", s.latencyLimit);
    visit("dataset", s.dataset);
    visit("train_images", s.trainImages);
    visit("test_images", s.testImages);
    visit("epochs", s.epochs);
    protocol::visitRecipe(s.recipe, visit);
    visit("milestones", s.milestones);
    visit("halving", s.halving);
    visit("first_epochs", s.firstEpochs);
    visit("proxy", s.proxy);
    visit("proxy_share", s.proxyShare);
    visit("repeats", s.repeats);
    visit("benchmark_seconds", s.benchmarkSeconds);
    visit("job_seconds", s.jobSeconds);
    visit("job_bytes", s.jobBytes);
}

std::string ExperimentSettings::toJson() const
{
    nlohmann::ordered_json json;
    visitSettings(*this, [&](const char* key, const auto& value) { json[key] = value; });
    return json.dump();
}

Expected<ExperimentSettings> ExperimentSettings::fromJson(std::string_view text)
{
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object())
        return Error{"the experiment's settings are damaged; expected a JSON object"};
    ExperimentSettings settings;
    std::string wrong;
    visitSettings(settings, [&](const char* key, auto& value) {
        const auto found = json.find(key);
        if (found == json.end())
            return;
        try {
            value = found->get<std::remove_reference_t<decltype(value)>>();
        } catch (const nlohmann::json::exception&) {
            wrong = key;
        }
    });
    if (!wrong.empty())
        return Error{fmt::format("the experiment's setting '{}' has a value of the wrong type", wrong)};
    if (const auto refusal = protocol::refusalOf(settings.recipe))
        return Error{fmt::format("the experiment's setting {}", *refusal)};
    if (const auto milestones = protocol::parseMilestones(settings.milestones); !milestones)
        return milestones.error();
    return settings;
}

} // namespace synoscope
