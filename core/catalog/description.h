// A user's own backbone: a JSON file of layers, with comments if wanted. resources/backbones/README.md documents the format,
// example files lie beside it.
//
// Errors are one sentence with file, line and column of the layer that is wrong, and what was expected there.
#pragma once

#include "core/base/json_demands.h"
#include "core/catalog/backbones.h"

namespace synoscope {

Expected<Backbone> parseBackbone(std::string_view text, std::string_view fileName);

// Of the words that stand for backbones, those that are no names but paths: with a '/' or ending in ".json".
bool isDescriptionPath(std::string_view which);
// What the file holds, if it can be a description at all.
Expected<std::string> descriptionText(const std::filesystem::path& path);

// The same within another document, at `path`. Throws jsonDemands::Refused.
Backbone readBackbone(const jsonDemands::Json& json, const std::string& path);

} // namespace synoscope
