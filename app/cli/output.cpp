#include "app/cli/output.h"

#include "core/base/file.h"
#include "core/base/resources.h"
#include "core/catalog/description.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <cstdio>
#include <unistd.h>

namespace synoscope::cli {

namespace fs = std::filesystem;

Json number(double value)
{
    constexpr double exact = 9007199254740992.0; // 2^53
    if (std::isfinite(value) && std::abs(value) < exact && value == std::floor(value))
        return static_cast<std::int64_t>(value);
    return value;
}

Json axesJson(const PGraph& graph, std::span<const DimensionId> axes)
{
    Json list = Json::array();
    for (const DimensionId axis : axes)
        list.push_back({{"name", graph[axis].name}, {"size", toString(graph[axis].size, graph.variables())}});
    return list;
}

std::string axesText(const PGraph& graph, std::span<const DimensionId> axes)
{
    std::vector<std::string> words;
    for (const DimensionId axis : axes)
        words.push_back(graph[axis].name + ":" + toString(graph[axis].size, graph.variables()));
    return fmt::format("{}", fmt::join(words, " "));
}

Json bindingJson(const PGraph& graph, const Binding& binding)
{
    Json object = Json::object();
    const auto variables = graph.variables().all();
    for (std::size_t i = 0; i < variables.size(); ++i)
        if (variables[i].kind != VariableKind::literal)
            object[variables[i].name] = binding[VariableId{static_cast<std::uint8_t>(i)}];
    return object;
}

std::string bindingText(const PGraph& graph, const Binding& binding)
{
    std::vector<std::string> words;
    const Json object = bindingJson(graph, binding);
    for (const auto& [name, value] : object.items())
        words.push_back(name + "=" + value.dump());
    return fmt::format("{}", fmt::join(words, " "));
}

std::optional<Answer> writeFile(const fs::path& path, std::string_view bytes)
{
    auto failure = writeWholeFile(path, bytes);
    if (!failure)
        return std::nullopt;
    return failure->opened ? failed(std::move(failure->error)) : Answer(std::move(failure->error));
}

fs::path problemFile(const std::string& word)
{
    return shippedFile(word, "problems", ".json");
}

fs::path operatorFile(const std::string& word)
{
    return shippedFile(word, "operators", ".pgraph");
}

Expected<const Backbone*> backboneNamed(const std::string& word)
{
    if (const Backbone* known = findBackbone(word))
        return known;
    const std::string file = shippedFile(word, "backbones", ".json").string();
    std::error_code error;
    if (!fs::exists(file, error))
        return backboneFor(word);
    return backboneFor(isDescriptionPath(file) ? file : "./" + file);
}

ProgressLine::ProgressLine(std::optional<std::chrono::seconds> plainEvery)
    : plainEvery_(plainEvery), terminal_(::isatty(STDERR_FILENO) == 1)
{}

ProgressLine::~ProgressLine()
{
    clear();
}

void ProgressLine::clear()
{
    if (shown_)
        fmt::print(stderr, "\r\x1b[K");
    shown_ = false;
}

void ProgressLine::show(const std::string& text)
{
    if (terminal_) {
        clear();
        fmt::print(stderr, "{}", text);
        std::fflush(stderr);
        shown_ = true;
    } else if (const auto now = std::chrono::steady_clock::now(); plainEvery_ && now - last_ >= *plainEvery_) {
        fmt::print(stderr, "{}\n", text);
        last_ = now;
    }
}

void ProgressLine::say(const std::string& text)
{
    clear();
    fmt::print(stderr, "{}\n", text);
}

} // namespace synoscope::cli
