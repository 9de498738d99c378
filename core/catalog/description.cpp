#include "core/catalog/description.h"

#include "core/catalog/description_layers.h"

#include <fmt/format.h>

namespace synoscope {

using namespace jsonDemands;

namespace {

const DocumentKind kind{.name = "the description of a network", .largest = 1 << 18};

// Names are shown in lists and are words of command lines.
void demandWord(const std::string& name, const std::string& path)
{
    const auto plain = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
    };
    if (name.size() > 60 || !std::ranges::all_of(name, plain))
        throw Refused{path, fmt::format("'{}' must be a word of at most 60 letters, digits, '_', '-' and '.', not {}",
                                        path, shown(name))};
}

} // namespace

Backbone readBackbone(const Json& json, const std::string& path)
{
    onlyKeys(json, path, {"name", "title", "image", "tokens", "classes", "layers"});
    const auto at = [&](const char* key) { return join(path, key); };
    const auto number = [&](const char* key, std::int64_t least, std::int64_t most) {
        return static_cast<int>(integer(member(json, key, path), at(key), least, most));
    };
    Backbone backbone;
    backbone.name = text(member(json, "name", path), at("name"));
    demandWord(backbone.name, at("name"));
    backbone.title = json.contains("title") ? text(json["title"], at("title")) : backbone.name;
    backbone.sequence = json.contains("tokens");
    if (backbone.sequence && json.contains("image"))
        throw Refused{at("tokens"), "a network has an 'image' or 'tokens', not both"};
    if (!backbone.sequence && !json.contains("image"))
        throw Refused{
            path,
            "the key 'image' is missing (the side of the images in pixels; a network of words has 'tokens' instead)"};
    backbone.image = number(backbone.sequence ? "tokens" : "image", 1, backbone.sequence ? 1 << 16 : 1 << 12);
    backbone.classes = number("classes", 2, 1 << 20);
    backbone.trainable = !backbone.sequence;
    backbone.network.layers = readLayers(member(json, "layers", path), at("layers"));
    backbone.network.place = at("layers");
    try {
        fitBackbone(backbone);
    } catch (const Misfit& misfit) {
        throw Refused{misfit.place == "layers" ? at("layers") : misfit.place, misfit.message};
    }
    backbone.key = json.dump();
    return backbone;
}

Expected<Backbone> parseBackbone(std::string_view text, std::string_view fileName)
{
    Backbone backbone;
    const auto read = readJson(text, fileName, kind, [&](const Json& json) { backbone = readBackbone(json, ""); });
    if (!read)
        return read.error();
    return backbone;
}

bool isDescriptionPath(std::string_view which)
{
    return which.find('/') != std::string_view::npos || which.ends_with(".json");
}

Expected<std::string> descriptionText(const std::filesystem::path& path)
{
    return fileContent(path, kind);
}

} // namespace synoscope
