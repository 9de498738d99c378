// Sizes: monomials over the variables of a table (DESIGN 1.1), 16 signed exponents in 16 bytes.
#pragma once

#include "core/symbolic/variables.h"

#include <array>
#include <bit>
#include <cassert>
#include <compare>
#include <cstdint>
#include <cstring>

namespace synoscope {

class Size
{
public:
    static constexpr int maxExponent = 60; // so that a product of two sizes cannot overflow a byte

    constexpr Size() = default; // 1
    static constexpr Size of(VariableId variable, int exponent = 1)
    {
        Size size;
        size.exponents_[variable.index] = static_cast<std::int8_t>(exponent);
        return size;
    }

    constexpr int exponent(VariableId variable) const { return exponents_[variable.index]; }
    constexpr const std::array<std::int8_t, maxVariables>& exponents() const { return exponents_; }
    constexpr bool isOne() const { return *this == Size(); }
    // Every exponent within +-maxExponent: what readers and checked products ensure.
    constexpr bool inRange() const
    {
        for (const int e : exponents_)
            if (e > maxExponent || e < -maxExponent)
                return false;
        return true;
    }

    friend constexpr Size operator*(const Size& a, const Size& b)
    {
        Size product;
        for (int i = 0; i < maxVariables; ++i)
            product.exponents_[i] = static_cast<std::int8_t>(a.exponents_[i] + b.exponents_[i]);
        return product;
    }
    friend constexpr Size operator/(const Size& a, const Size& b)
    {
        Size quotient;
        for (int i = 0; i < maxVariables; ++i)
            quotient.exponents_[i] = static_cast<std::int8_t>(a.exponents_[i] - b.exponents_[i]);
        return quotient;
    }
    friend constexpr bool operator==(const Size&, const Size&) = default;
    friend constexpr auto operator<=>(const Size&, const Size&) = default;

    std::uint64_t hash() const;

private:
    alignas(16) std::array<std::int8_t, maxVariables> exponents_{};
};
static_assert(sizeof(Size) == 16);

// A number for each variable of a table; a binding of a layer. Zero: not bound.
class Binding
{
public:
    std::int64_t operator[](VariableId variable) const { return values_[variable.index]; }
    void set(VariableId variable, std::int64_t value) { values_[variable.index] = value; }
    bool bound(VariableId variable) const { return values_[variable.index] != 0; }

    // The coefficients' defaults and the literals' primes, where not bound yet.
    void fillDefaults(const VariableTable& variables);

    friend bool operator==(const Binding&, const Binding&) = default;
    friend auto operator<=>(const Binding&, const Binding&) = default;

private:
    std::array<std::int64_t, maxVariables> values_{};
};

// The size under a binding; nothing when a variable is not bound, the value is a fraction or exceeds 2^62.
std::optional<std::int64_t> evaluate(const Size& size, const Binding& binding);

// The symbolic part of legality (DESIGN 1.1): not 1, no negative primary exponent, and a primary variable or no
// negative exponent.
bool isLegal(const Size& size, const VariableTable& variables);
bool hasPrimary(const Size& size, const VariableTable& variables);

// The largest number that a size may be written with; what is larger stays a product of powers ("2^40").
inline constexpr std::int64_t largestNumberInSize = 1'000'000'000;

// "C_in*k^2*g^-1": a number first, then primaries, then coefficients, each by name; "1" for one.
// Independent of the order of declaration. parseSize reads it.
std::string toString(const Size& size, const VariableTable& variables);

// Total order that depends on names only, not on the order of declaration: compares toString.
std::strong_ordering compareByName(const Size& a, const Size& b, const VariableTable& variables);

// Reads "C_in*g^-1", "C_in/g/s", "k^2", "2*s". Numbers are factored into literals, which are added to the table.
// An error's column counts from 1 within the text.
Expected<Size> parseSize(std::string_view text, VariableTable& variables);

} // namespace synoscope

template <>
struct std::hash<synoscope::Size>
{
    std::size_t operator()(const synoscope::Size& size) const noexcept { return size.hash(); }
};
