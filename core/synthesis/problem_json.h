// What the problem reader demands of JSON values, and how it refuses them. Part of the reader: problem.h is what others
// include.
//
// A refusal is thrown, inside the reader only: reading is a long sequence of small demands, and the one place that
// knows the text (parseProblem) turns the first that is not met into an Error with line and column.
#pragma once

#include "core/synthesis/problem.h"

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace synoscope::problemJson {

using Json = nlohmann::ordered_json;

struct Refused
{
    std::string path; // of the value, as "limits.flops_ratio[1]"
    std::string message;
};

// The path of a key below a path.
std::string join(const std::string& path, const std::string& key);
// A value in few words, for sentences.
std::string shown(const Json& value);

const Json& member(const Json& object, const std::string& key, const std::string& path);
const Json& object(const Json& value, const std::string& path);
void onlyKeys(const Json& value, const std::string& path, std::initializer_list<std::string_view> known);
std::int64_t integer(const Json& value, const std::string& path, std::int64_t least, std::int64_t most);
double number(const Json& value, const std::string& path, double least, double most);
bool boolean(const Json& value, const std::string& path);
std::string text(const Json& value, const std::string& path); // one line, not empty, not endless
const Json& list(const Json& value, const std::string& path, std::size_t least, std::size_t most);

// problem_limits.cpp: the parts that need nothing but themselves.
Limits readLimits(const Json& json);
RewardSettings readReward(const Json& json);
std::map<std::string, bool> readRules(const Json& json);

// problem_reader.cpp: the whole.
Problem readDocument(const Json& json);

} // namespace synoscope::problemJson
