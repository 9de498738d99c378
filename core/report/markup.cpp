#include "core/report/markup.h"

#include "core/base/text.h"

namespace synoscope::report {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

// Whether XML 1.0 may hold this character.
bool holdable(std::string_view character)
{
    const auto first = static_cast<unsigned char>(character[0]);
    if (character.size() == 1)
        return first >= 0x20 ? first != 0x7F : first == '\t' || first == '\n';
    return character != "\xEF\xBF\xBE" && character != "\xEF\xBF\xBF";
}

template <typename Put>
void forEachCharacter(std::string_view text, Put put)
{
    while (!text.empty()) {
        const std::size_t length = utf8CharacterLength(text);
        const std::string_view character = text.substr(0, length == 0 ? 1 : length);
        put(length > 0 && holdable(character) ? character : replacement);
        text.remove_prefix(character.size());
    }
}

} // namespace

std::string escaped(std::string_view text)
{
    std::string result;
    forEachCharacter(text, [&](std::string_view character) {
        if (character == "&")
            result += "&amp;";
        else if (character == "<")
            result += "&lt;";
        else if (character == ">")
            result += "&gt;";
        else if (character == "\"")
            result += "&quot;";
        else if (character == "'")
            result += "&#39;";
        else
            result += character;
    });
    return result;
}

std::string repaired(std::string_view text)
{
    std::string result;
    forEachCharacter(text, [&](std::string_view character) { result += character; });
    return result;
}

} // namespace synoscope::report
