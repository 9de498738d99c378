// Text within HTML and SVG.
#pragma once

#include <string>
#include <string_view>

namespace synoscope::report {

// For the text of elements and for attributes in double quotes. What XML cannot hold (control characters, bytes that
// are no UTF-8) becomes U+FFFD.
std::string escaped(std::string_view text);

// The same repair without the escapes, for Markdown's code.
std::string repaired(std::string_view text);

} // namespace synoscope::report
