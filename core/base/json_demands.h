// Reading JSON that people write: what a reader demands of values, and sentences with places where a demand is not met.
//
// A refusal is thrown, inside readers only: reading is a long sequence of small demands, and the one place that knows
// the text (readJson) turns the first that is not met into an Error with line and column.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace synoscope::jsonDemands {

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

// What a text is to be, for sentences.
struct DocumentKind
{
    std::string name;           // "a problem"
    std::uintmax_t largest = 0; // bytes
};

// Hands the JSON of the text (comments allowed, no key twice, not nested beyond reason) to `reader`. What is not well formed, and
// what the reader refuses by throwing Refused or an Error of another file, comes back as an Error of one line.
Expected<void> readJson(std::string_view source, std::string_view fileName, const DocumentKind& kind,
                        const std::function<void(const Json&)>& reader);

// The bytes of a file that is to hold such a text.
Expected<std::string> fileContent(const std::filesystem::path& path, const DocumentKind& kind);

} // namespace synoscope::jsonDemands
