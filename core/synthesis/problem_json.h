// What the problem reader is made of. problem.h is what others include.
#pragma once

#include "core/base/json_demands.h"
#include "core/synthesis/problem.h"

namespace synoscope::problemJson {

using namespace jsonDemands;

// problem_limits.cpp: the parts that need nothing but themselves.
Limits readLimits(const Json& json);
RewardSettings readReward(const Json& json);
std::map<std::string, bool> readRules(const Json& json);

// problem_reader.cpp: the whole. Files that it names are looked for in `folder`.
Problem readDocument(const Json& json, const std::filesystem::path& folder);

} // namespace synoscope::problemJson
