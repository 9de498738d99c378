#include "widgets/problem/problem_document.h"

#include "core/base/json_positions.h"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace synoscope::problemDocument {

namespace {

constexpr std::size_t widest = 100; // of a line
constexpr int step = 4;

std::string onOneLine(const Json& value)
{
    std::string text;
    bool first = true;
    if (value.is_object()) {
        for (const auto& [key, inner] : value.items()) {
            text += std::string(first ? "" : ", ") + Json(key).dump(-1, ' ', false, Json::error_handler_t::replace) +
                    ": " + onOneLine(inner);
            first = false;
        }
        return '{' + text + '}';
    }
    if (value.is_array()) {
        for (const Json& inner : value) {
            text += (first ? "" : ", ") + onOneLine(inner);
            first = false;
        }
        return '[' + text + ']';
    }
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string lines(const Json& value, std::size_t indent, std::size_t before)
{
    std::string line = onOneLine(value);
    const bool group = (value.is_object() || value.is_array()) && !value.empty();
    if (!group || (indent > 0 && indent + before + line.size() <= widest))
        return line;
    const std::string space(indent + step, ' ');
    std::string text(1, value.is_object() ? '{' : '[');
    bool first = true;
    const auto add = [&](const std::string& entry) {
        text += (first ? "\n" : ",\n") + space + entry;
        first = false;
    };
    if (value.is_object())
        for (const auto& [key, inner] : value.items()) {
            const std::string name = onOneLine(Json(key)) + ": ";
            add(name + lines(inner, indent + step, name.size()));
        }
    else
        for (const Json& inner : value)
            add(lines(inner, indent + step, 0));
    return text + '\n' + std::string(indent, ' ') + (value.is_object() ? '}' : ']');
}

// The steps of a path: keys and, in brackets, indices.
struct Step
{
    std::string key;
    std::size_t index = 0;
    bool isIndex = false;
};

std::vector<Step> stepsOf(std::string_view path)
{
    std::vector<Step> steps;
    while (!path.empty()) {
        if (path.front() == '.')
            path.remove_prefix(1);
        if (path.starts_with('[')) {
            std::size_t index = 0;
            std::from_chars(path.data() + 1, path.data() + path.size(), index);
            steps.push_back({{}, index, true});
            path.remove_prefix(std::min(path.find(']'), path.size() - 1) + 1);
            continue;
        }
        const std::size_t end = std::min(path.find_first_of(".["), path.size());
        steps.push_back({std::string(path.substr(0, end)), 0, false});
        path.remove_prefix(end);
    }
    return steps;
}

template <typename Visit>
void visitPaths(const Json& value, const std::string& path, const Visit& visit)
{
    visit(path);
    if (value.is_object())
        for (const auto& [key, inner] : value.items())
            visitPaths(inner, path.empty() ? key : path + '.' + key, visit);
    else if (value.is_array())
        for (std::size_t i = 0; i < value.size(); ++i)
            visitPaths(value[i], path + '[' + std::to_string(i) + ']', visit);
}

} // namespace

std::string written(const Json& document)
{
    return lines(document, 0, 0) + '\n';
}

Json typed(const QString& text)
{
    const std::string word = text.trimmed().toStdString();
    Json number = Json::parse(word, nullptr, false);
    return number.is_number() ? number : Json(word);
}

QString shown(const Json& value)
{
    return QString::fromStdString(value.is_string() ? value.get<std::string>() : onOneLine(value));
}

const Json* find(const Json& document, std::string_view path)
{
    const Json* at = &document;
    for (const Step& step : stepsOf(path)) {
        if (step.isIndex) {
            if (!at->is_array() || step.index >= at->size())
                return nullptr;
            at = &(*at)[step.index];
        } else {
            const auto found = at->is_object() ? at->find(step.key) : at->end();
            if (found == at->end())
                return nullptr;
            at = &*found;
        }
    }
    return at;
}

void set(Json& document, std::string_view path, Json value)
{
    Json* at = &document;
    for (const Step& step : stepsOf(path)) {
        if (step.isIndex ? !at->is_array() : !at->is_object())
            *at = step.isIndex ? Json::array() : Json::object();
        at = step.isIndex ? &(*at)[step.index] : &(*at)[step.key];
    }
    *at = std::move(value);
}

void erase(Json& document, std::string_view path)
{
    const std::size_t dot = path.rfind('.');
    const std::string_view parent = dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
    auto* object = const_cast<Json*>(find(document, parent));
    const std::string key(dot == std::string_view::npos ? path : path.substr(dot + 1));
    if (!object || !object->is_object() || object->erase(key) == 0)
        return;
    if (object->empty() && !parent.empty())
        erase(document, parent);
}

void append(Json& object, const std::string& key, Json value)
{
    if (!object.is_object())
        object = Json::object();
    auto& entries = object.get_ref<Json::object_t&>();
    static_cast<Json::object_t::Container&>(entries).emplace_back(key, std::move(value));
}

std::string pathAt(const Json& document, std::string_view text, int line, int column)
{
    // A reader names the place of a value, or of the key in front of it.
    std::string found;
    bool done = false;
    visitPaths(document, "", [&](const std::string& path) {
        if (done)
            return;
        const TextPosition at = positionOf(text, path);
        done = std::tie(at.line, at.column) >= std::tie(line, column);
        if (done)
            found = path;
    });
    return found;
}

std::string headComment(std::string_view text)
{
    std::string head;
    while (text.starts_with("//")) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        head += std::string(text.substr(0, end)) + '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return head;
}

} // namespace synoscope::problemDocument
