// Where the values of a JSON text stand. The JSON library keeps no positions; a person who mistyped a problem file
// wants line and column, so the text (already known to be well formed) is scanned once more when there is something to
// say. Comments are skipped. Linear in the length of the text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace synoscope {

struct TextPosition
{
    int line = 0;
    int column = 0;
};

TextPosition positionAt(std::string_view text, std::size_t offset);

// The position of the value (or, for an unknown key, the key) at a path like "limits.flops_ratio[1]"; of the longest
// known part of it when the path leads nowhere.
TextPosition positionOf(std::string_view json, std::string_view path);

// The first key that an object has already: JSON libraries silently take one of the two.
struct RepeatedKey
{
    std::string key;
    TextPosition position;
};
std::optional<RepeatedKey> findRepeatedKey(std::string_view json);

} // namespace synoscope
