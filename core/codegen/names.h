// Names for generated code: identifiers that neither clash with each other nor with what the language has reserved.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_set>

namespace synoscope::codegen {

std::string camelCase(std::string_view name); // "depthwise-separable" -> "DepthwiseSeparable"; never empty
std::string snakeCase(std::string_view name); // "depthwise-separable" -> "depthwise_separable"; never empty

// One line of text that cannot end a comment or a docstring.
std::string harmless(std::string_view text);

// Hands out identifiers, each once. What is taken, or a keyword of Python or C++, or a name that torch modules have,
// gets an underscore appended, as many as needed.
class NameScope
{
public:
    NameScope(std::initializer_list<std::string_view> taken);
    std::string claim(std::string_view wanted);

private:
    std::unordered_set<std::string> taken_;
};

} // namespace synoscope::codegen
