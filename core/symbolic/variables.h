// Named variables of sizes (DESIGN 1.1).
//
// Primary variables are the large sizes that differ between layers; coefficients are small constants the search may
// introduce. A number written in a size ("2*s") becomes a product of *literals*: coefficient variables named by a
// prime, whose value is fixed. So sizes stay pure monomials.
#pragma once

#include "core/base/error.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace synoscope {

inline constexpr int maxVariables = 16; // one signed byte of exponent each: a Size is 16 bytes

// What readers take: a size of all variables stays below the longest size in a .pgraph.
inline constexpr std::size_t longestVariableName = 32;

enum class VariableKind : std::uint8_t
{
    primary,
    coefficient,
    literal
};

struct VariableId
{
    std::uint8_t index = 0;
    friend constexpr auto operator<=>(VariableId, VariableId) = default;
};

struct Variable
{
    std::string name;
    VariableKind kind = VariableKind::primary;
    std::optional<std::int64_t> value{}; // a coefficient's default; a literal's prime; never set for a primary

    friend bool operator==(const Variable&, const Variable&) = default;
};

// The variables of one problem or operator, in order of declaration. Cheap to copy.
class VariableTable
{
public:
    int size() const { return static_cast<int>(variables_.size()); }
    const Variable& operator[](VariableId id) const { return variables_[id.index]; }
    std::span<const Variable> all() const { return variables_; }

    // Fails when the name is taken, is no identifier ([A-Za-z_][A-Za-z0-9_]*), or the table is full.
    Expected<VariableId> addPrimary(std::string_view name);
    Expected<VariableId> addCoefficient(std::string_view name, std::optional<std::int64_t> value);
    // The literal of a prime, made when it is not there yet.
    Expected<VariableId> literal(std::int64_t prime);

    std::optional<VariableId> find(std::string_view name) const;

    friend bool operator==(const VariableTable&, const VariableTable&) = default;

private:
    Expected<VariableId> add(Variable variable);

    std::vector<Variable> variables_;
};

bool isIdentifier(std::string_view text);

} // namespace synoscope
