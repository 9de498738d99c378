// Small helpers for what commands print and write.
#pragma once

#include "app/cli/command.h"
#include "core/base/text.h"
#include "core/catalog/backbones.h"
#include "core/graph/pgraph.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

namespace synoscope::cli {

using Clock = std::chrono::steady_clock;
inline double since(Clock::time_point start) // seconds
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// An integer where the number is one, so that counts do not read "36864.0".
Json number(double value);

// [{"name": "n", "size": "N"}, ...]
Json axesJson(const PGraph& graph, std::span<const DimensionId> axes);
// "n:N c:C_in"
std::string axesText(const PGraph& graph, std::span<const DimensionId> axes);
// {"N": 1, "C_in": 64}: primaries and coefficients, not the literals
Json bindingJson(const PGraph& graph, const Binding& binding);
std::string bindingText(const PGraph& graph, const Binding& binding); // "N=1 C_in=64"

// Writes the whole (core/base/file.h) or says why not. A path that cannot be opened is bad input, a full disk is a failure.
std::optional<Answer> writeFile(const std::filesystem::path& path, std::string_view bytes);

// A file as it was named on the command line, or, for a bare word that is no file here, one that comes with the
// program: "conv2d-tiny" is resources/problems/conv2d-tiny.json.
std::filesystem::path problemFile(const std::string& word);
std::filesystem::path operatorFile(const std::string& word);
// A network by its name, or by a description file, likewise: what a worker knows it by.
Expected<const Backbone*> backboneNamed(const std::string& word);
inline constexpr const char* backboneHelp =
    "A network: its name (see backbones), or a description of one, a .json file";
inline constexpr const char* operatorHelp =
    "An operator: a .pgraph file, or the name of one that comes with the program";
inline constexpr const char* dataSetHelp = "What to train on: builtin10-16, cifar10:FOLDER, text:FILE ... (see data)";
inline constexpr const char* problemHelp = "A problem: a .json file, or the name of one that comes with the program";

// Progress, on standard error: one line that is overwritten. Where that is no terminal there is nothing, or now and
// then a line of its own.
class ProgressLine
{
public:
    explicit ProgressLine(std::optional<std::chrono::seconds> plainEvery = {});
    ~ProgressLine(); // clears the line
    void show(const std::string& text);
    void say(const std::string& text); // a line that stays

private:
    void clear();

    std::optional<std::chrono::seconds> plainEvery_;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
    bool terminal_ = false;
    bool shown_ = false;
};

} // namespace synoscope::cli
