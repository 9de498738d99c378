#include "core/codegen/size_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace synoscope::codegen {

// The factors whose exponents have this sign. compound: more than one factor.
std::string SizeText::product(const Size& size, int sign, bool& compound) const
{
    std::int64_t number = 1;
    std::vector<std::string> factors;
    for (int i = 0; i < variables_.size(); ++i) {
        const VariableId id{static_cast<std::uint8_t>(i)};
        const int exponent = sign * size.exponent(id);
        if (exponent <= 0)
            continue;
        if (variables_[id].kind == VariableKind::literal) {
            for (int n = 0; n < exponent; ++n)
                number *= *variables_[id].value;
            continue;
        }
        if (language_ == Language::python)
            factors.push_back(exponent == 1 ? name_(id) : fmt::format("{}**{}", name_(id), exponent));
        else
            factors.insert(factors.end(), static_cast<std::size_t>(exponent), name_(id));
    }
    if (number != 1 || factors.empty())
        factors.insert(factors.begin(), std::to_string(number));
    compound = factors.size() > 1;
    return fmt::format("{}", fmt::join(factors, " * "));
}

std::string SizeText::operator()(const Size& size) const
{
    bool compound = false;
    const std::string numerator = product(size, 1, compound);
    const std::string denominator = product(size, -1, compound);
    if (denominator == "1")
        return numerator;
    return numerator + std::string(division()) + (compound ? '(' + denominator + ')' : denominator);
}

std::string SizeText::list(const std::vector<Size>& sizes) const
{
    std::string text;
    for (const Size& size : sizes)
        text += (text.empty() ? "" : ", ") + (*this)(size);
    return text;
}

std::string SizeText::minusOne(const Size& size) const
{
    return '(' + (*this)(size) + " - 1)";
}

std::optional<std::int64_t> literalValue(const Size& size, const VariableTable& variables)
{
    Binding binding;
    for (int i = 0; i < variables.size(); ++i) {
        const VariableId id{static_cast<std::uint8_t>(i)};
        if (variables[id].kind == VariableKind::literal)
            binding.set(id, *variables[id].value);
    }
    return evaluate(size, binding);
}

} // namespace synoscope::codegen
