// The parts of a problem that stand for themselves: limits, rules, reward.
#include "core/synthesis/problem_json.h"
#include "core/synthesis/rules.h"

#include <fmt/format.h>

namespace synoscope::problemJson {

namespace {

// The limits that are there, each into its place.
class LimitsReader
{
public:
    explicit LimitsReader(const Json& json) : json_(json) {}

    template <typename Number>
    void whole(const char* key, Number& target, std::int64_t least, std::int64_t most) const
    {
        if (const auto found = json_.find(key); found != json_.end())
            target = static_cast<Number>(integer(*found, join("limits", key), least, most));
    }
    void real(const char* key, double& target, double least, double most) const
    {
        if (const auto found = json_.find(key); found != json_.end())
            target = number(*found, join("limits", key), least, most);
    }
    void flag(const char* key, bool& target) const
    {
        if (const auto found = json_.find(key); found != json_.end())
            target = boolean(*found, join("limits", key));
    }
    const Json* pair(const char* key) const
    {
        const auto found = json_.find(key);
        return found == json_.end() ? nullptr : &list(*found, join("limits", key), 2, 2);
    }

private:
    const Json& json_;
};

void readBudgets(const LimitsReader& reader, Limits& limits)
{
    constexpr int mostPrimitives = 32;
    reader.whole("depth", limits.depth, 1, mostPrimitives);
    reader.whole("chain", limits.chain, 1, mostPrimitives);
    reader.whole("weights", limits.weights, 1, 8); // an operator has something to learn
    reader.whole("reductions", limits.reductions, 0, 8);
    reader.whole("merges", limits.merges, 0, 16);
    reader.whole("splits", limits.splits, 0, 16);
    reader.whole("shifts", limits.shifts, 0, 16);
    reader.whole("strides", limits.strides, 0, 16);
    reader.whole("unfolds", limits.unfolds, 0, 16);
    reader.whole("expands", limits.expands, 0, 16);
}

void readSizes(const LimitsReader& reader, Limits& limits)
{
    constexpr std::int64_t large = 1 << 20;
    reader.whole("variables_in_size", limits.variablesInSize, 1, maxVariables);
    reader.whole("powers_in_size", limits.powersInSize, 1, Size::maxExponent);
    reader.whole("pooling", limits.pooling, 1, large);
    reader.whole("min_weight_params", limits.minWeightParameters, 1, 1 << 30);
    reader.whole("outer_product", limits.outerProduct, 1, std::int64_t{1} << 40);
    reader.whole("unfold_max", limits.unfoldMax, 2, large);
    reader.whole("shift_reshape", limits.shiftReshape, 1, large);
    reader.whole("repeat", limits.repeat, 1, large);
    reader.flag("tile", limits.tile);
    reader.flag("odd_windows", limits.oddWindows);
    reader.real("unfold_ratio", limits.unfoldRatio, 1, 1e6);
    reader.real("reduce_ratio", limits.reduceRatio, 1e-6, 1e6);
    if (limits.tile && limits.repeat == 1)
        throw Refused{"limits.tile", "'limits.tile' has no meaning without 'limits.repeat' above 1: expected both or "
                                     "neither"};
    if (const Json* pair = reader.pair("low_rank")) {
        limits.lowRank = {integer((*pair)[0], "limits.low_rank[0]", 1, 1 << 30),
                          integer((*pair)[1], "limits.low_rank[1]", 1, 1 << 30)};
        if (limits.lowRank.first > limits.lowRank.second)
            throw Refused{"limits.low_rank", "'limits.low_rank' must be [least, largest]"};
    }
}

void readCosts(const LimitsReader& reader, Limits& limits)
{
    reader.real("max_params", limits.maxParameters, 0, 1e15);
    reader.real("max_peak_bytes", limits.maxPeakBytes, 0, 1e15);
    if (const Json* pair = reader.pair("flops_ratio")) {
        limits.flopsLow = number((*pair)[0], "limits.flops_ratio[0]", 0, 1e6);
        limits.flopsHigh = number((*pair)[1], "limits.flops_ratio[1]", 0, 1e6);
        if (limits.flopsLow >= limits.flopsHigh)
            throw Refused{"limits.flops_ratio", "'limits.flops_ratio' must be [least, largest]"};
    }
}

} // namespace

Limits readLimits(const Json& json)
{
    onlyKeys(json, "limits",
             {"depth",          "weights",      "reductions", "merges",      "splits",         "shifts",
              "strides",        "unfolds",      "expands",    "chain",       "pooling",        "variables_in_size",
              "powers_in_size", "flops_ratio",  "max_params", "low_rank",    "max_peak_bytes", "min_weight_params",
              "outer_product",  "unfold_ratio", "unfold_max", "odd_windows", "reduce_ratio",   "shift_reshape",
              "repeat",         "tile"});
    Limits limits;
    const LimitsReader reader(json);
    readBudgets(reader, limits);
    readSizes(reader, limits);
    readCosts(reader, limits);
    return limits;
}

RatioObjective readObjective(const Json& json, const std::string& path)
{
    RatioObjective objective;
    onlyKeys(json, path, {"limit", "target", "weight"});
    if (json.contains("limit"))
        objective.limit = number(json["limit"], join(path, "limit"), 1e-6, 1e6);
    if (json.contains("target"))
        objective.target = number(json["target"], join(path, "target"), 1e-6, 1e6);
    if (json.contains("weight"))
        objective.weight = number(json["weight"], join(path, "weight"), 0, 100);
    return objective;
}

RewardSettings readReward(const Json& json)
{
    RewardSettings reward;
    onlyKeys(json, "reward", {"accuracy", "power", "latency", "flops"});
    if (json.contains("accuracy")) {
        const Json& pair = list(json["accuracy"], "reward.accuracy", 2, 2);
        reward.accuracyFloor = number(pair[0], "reward.accuracy[0]", 0, 1);
        reward.accuracyCeiling = number(pair[1], "reward.accuracy[1]", 0, 1);
        if (reward.accuracyFloor >= reward.accuracyCeiling)
            throw Refused{"reward.accuracy", "'reward.accuracy' must be [floor, ceiling], the floor below"};
    }
    if (json.contains("power"))
        reward.power = number(json["power"], "reward.power", 0.01, 100);
    if (json.contains("latency"))
        reward.latency = readObjective(json["latency"], "reward.latency");
    if (json.contains("flops"))
        reward.flops = readObjective(json["flops"], "reward.flops");
    return reward;
}

std::map<std::string, bool> readRules(const Json& json)
{
    std::map<std::string, bool> rules;
    for (const auto& [name, on] : object(json, "rules").items()) {
        const std::string path = join("rules", name);
        if (!isRuleName(name))
            throw Refused{path, fmt::format("there is no rule '{}' that could be switched", name)};
        rules[name] = boolean(on, path);
    }
    return rules;
}

} // namespace synoscope::problemJson
