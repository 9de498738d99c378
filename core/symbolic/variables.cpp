#include "core/symbolic/variables.h"

#include <algorithm>
#include <fmt/format.h>

namespace synoscope {

namespace {

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

} // namespace

bool isIdentifier(std::string_view text)
{
    return !text.empty() && isLetter(text.front()) &&
           std::ranges::all_of(text, [](char c) { return isLetter(c) || (c >= '0' && c <= '9'); });
}

Expected<VariableId> VariableTable::add(Variable variable)
{
    if (find(variable.name))
        return Error{fmt::format("the variable '{}' is declared twice", variable.name)};
    if (size() == maxVariables)
        return Error{
            fmt::format("more than {} variables (numbers in sizes count, one per prime factor)", maxVariables)};
    variables_.push_back(std::move(variable));
    return VariableId{static_cast<std::uint8_t>(size() - 1)};
}

Expected<VariableId> VariableTable::addPrimary(std::string_view name)
{
    if (!isIdentifier(name))
        return Error{fmt::format("'{}' is not a variable name (letters, digits and '_', no digit first)", name)};
    return add({std::string(name), VariableKind::primary});
}

Expected<VariableId> VariableTable::addCoefficient(std::string_view name, std::optional<std::int64_t> value)
{
    if (!isIdentifier(name))
        return Error{fmt::format("'{}' is not a variable name (letters, digits and '_', no digit first)", name)};
    if (value && *value < 1)
        return Error{fmt::format("the coefficient '{}' must be a positive integer, not {}", name, *value)};
    return add({std::string(name), VariableKind::coefficient, value});
}

Expected<VariableId> VariableTable::literal(std::int64_t prime)
{
    const std::string name = std::to_string(prime);
    if (const auto found = find(name))
        return *found;
    return add({name, VariableKind::literal, prime});
}

std::optional<VariableId> VariableTable::find(std::string_view name) const
{
    const auto found = std::ranges::find(variables_, name, &Variable::name);
    if (found == variables_.end())
        return std::nullopt;
    return VariableId{static_cast<std::uint8_t>(found - variables_.begin())};
}

} // namespace synoscope
