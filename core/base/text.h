// Texts for people: numbers with units, and where characters end.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace synoscope {

std::string humanNumber(double value); // "231.2 M"

// The length of the UTF-8 character at the start of `text` (RFC 3629); 0 when there is none.
std::size_t utf8CharacterLength(std::string_view text);

} // namespace synoscope
