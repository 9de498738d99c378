// The reward of an evaluated operator (DESIGN 5.4), from components that are stored, so that it can be computed again.
#pragma once

#include "core/base/error.h"
#include "core/synthesis/problem.h"

#include <optional>
#include <string>
#include <string_view>

namespace synoscope {

struct RewardComponents
{
    std::optional<double> accuracy{};     // 0..1
    std::optional<double> latencyRatio{}; // to the baseline, below 1 is faster
    double flopsRatio = 0;
    std::optional<double> proxy{}; // a zero-cost proxy's score, where one was asked
    bool filtered = false;         // by that score: it is not trained

    std::string toJson() const;
    static Expected<RewardComponents> fromJson(std::string_view json); // an error: the file is damaged
};

// 0 when it was filtered, and below the accuracy floor, else ((accuracy - floor) / (ceiling - floor)) ^ power, at most 1; less for a latency or FLOPs
// above their targets, 0 above their limits (RatioObjective). Without an accuracy (training switched off) what was
// measured decides: speed-up beyond the baseline, as 1 - latency ratio, or else 1 - FLOPs ratio.
double rewardOf(const RewardComponents& components, const RewardSettings& settings);

} // namespace synoscope
