// The terms of an operator as a product of small relations.
//
// A term is a point of all free digits (digits.h) that no guard removes; what counts about it is which place it has
// along each axis of input and output, and which entry it takes of each weight. Free digits that share no atom, and no
// ordered axis's digit, are independent: the set of all terms is the product of one relation per group of such digits.
//
//     conv2d:   n  x  c_out  x  c_in  x  (y, ky)  x  (x, kx)     five groups; 64 * 64 * 56 * 56 * 9 terms
//               1     64        64       56 * 3      56 * 3      464 points
//
// Two kinds of positions, treated differently:
//   - along an **ordered axis** every position is what it is, and has a fixed random number. The number of a position
//   is
//     the product of numbers of its digits in a fixed mixed radix (the primes of the extent, ascending), so that it
//     parts where the axis's digits are independent. Different sets of places are different polynomials in these
//     numbers.
//   - the positions along an **unordered axis**, and the entries of a weight, are only told apart by the terms they
//     stand in. Each such axis and each weight is a *class*; a factor knows of a term only the part of the index that
//     its own digits make up.
#pragma once

#include "core/graph/digits.h"

namespace synoscope {

struct AxisRole
{
    int label = 0; // what the axis is called: its position, or that of the axis it is exchanged with
    bool unordered = false;
};

struct AxisRoles
{
    std::vector<AxisRole> input;
    std::vector<AxisRole> output;
};

// Which members of a class the points of a factor touch; those that no point touches are left out. Absent (no index): the class does not depend on the factor.
struct Column
{
    std::size_t members = 1;
    std::vector<std::uint32_t> index; // by point
    bool present() const { return !index.empty(); }
};

struct Factor
{
    // Of a digit that is free in everything all values are alike: one stands for all, and this counts them.
    std::int64_t copies = 1;
    std::vector<std::uint64_t> places; // by point: the product of its numbers along ordered axes, in the field
    std::vector<Column> columns;       // by class: unordered input axes, unordered output axes, weights
};

inline constexpr std::int64_t mostFactorPoints = std::int64_t{1} << 22;

// Nothing when a factor has more points than mostFactorPoints.
std::optional<std::vector<Factor>> factorise(const DigitForm& form, const AxisRoles& roles);

} // namespace synoscope
