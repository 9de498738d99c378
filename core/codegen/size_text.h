// Sizes as integer expressions of a programming language: "2 * C_in * k**2 // g". Exact: a size is a whole number.
#pragma once

#include "core/symbolic/size.h"

#include <functional>
#include <string>
#include <vector>

namespace synoscope::codegen {

enum class Language : std::uint8_t
{
    python,
    torchScript, // Python without most of its library; a power of integers is a fraction there
    cpp
};

class SizeText
{
public:
    using VariableName = std::function<std::string(VariableId)>;
    SizeText(const VariableTable& variables, Language language, VariableName name)
        : variables_(variables), language_(language), name_(std::move(name))
    {}

    // A product, perhaps divided: may stand in front of "*", "/" or "//", but not behind "/", nor beside "**".
    std::string operator()(const Size& size) const;
    std::string list(const std::vector<Size>& sizes) const; // "N, C_in, H, W"
    std::string minusOne(const Size& size) const;           // "(k - 1)"

    std::string_view division() const { return language_ == Language::cpp ? " / " : " // "; }

private:
    std::string product(const Size& size, int sign, bool& compound) const;

    const VariableTable& variables_;
    Language language_;
    VariableName name_;
};

// The value of a size that consists of literals only.
std::optional<std::int64_t> literalValue(const Size& size, const VariableTable& variables);

} // namespace synoscope::codegen
