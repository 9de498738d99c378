// A problem as the editor keeps it: JSON whose keys stay in the order of the file. Nothing here knows what a problem
// may say; the reader of problems does.
#pragma once

#include <QString>

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace synoscope::problemDocument {

using Json = nlohmann::ordered_json;

// As people write it: what fits on a line stands on one. Ends with a line break.
std::string written(const Json& document);

// What was typed into a field: a number where it is one, else the text, which the reader then quotes.
Json typed(const QString& text);
// The other way round.
QString shown(const Json& value);

// The value at a path such as "limits.flops_ratio[1]"; nullptr where there is none.
const Json* find(const Json& document, std::string_view path);
// Sets it, with all that leads there; a number that is missing before an index becomes `before`.
void set(Json& document, std::string_view path, Json value);
// Takes the key away, and the object around it when that is left empty.
void erase(Json& document, std::string_view path);
// A key at the end of an object, even when it is there: the reader says so.
void append(Json& object, const std::string& key, Json value);

// The path of what stands in `text`, which is this document, at the place that the reader names.
std::string pathAt(const Json& document, std::string_view text, int line, int column);

// Comments in front of the document, as lines; problems begin with one that says what they are for.
std::string headComment(std::string_view text);

} // namespace synoscope::problemDocument
