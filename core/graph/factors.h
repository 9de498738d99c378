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

struct UnorderedAxes
{
    std::vector<bool> input; // by axis, all of them
    std::vector<bool> output;
};

// What an axis is called, by its position in input and output: itself, or the axis that it is exchanged with.
using AxisLabels = std::vector<int>;

// Which members of a class the points of a factor touch; those that no point touches are left out. Absent (no
// index): the class does not depend on the factor.
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

// What a factor is computed from, in a numbering of its own: equal for equal factors of different operators.
using FactorDescription = std::vector<std::int64_t>;

class Factoriser
{
public:
    static constexpr std::int64_t mostPoints = std::int64_t{1} << 22; // of one factor

    // The form must outlive this.
    Factoriser(const DigitForm& form, const UnorderedAxes& unordered);

    std::size_t factors() const { return groups_.size(); }
    bool fits(std::size_t number) const; // has no more than mostPoints points, or needs none
    // Nothing when the factor does not fit.
    std::optional<Factor> factor(std::size_t number, const AxisLabels& labels) const;
    FactorDescription description(std::size_t number, const AxisLabels& labels) const;
    // Whether the factor is another one with these labels.
    bool dependsOn(std::size_t number, const AxisLabels& labels) const;

private:
    // Neighbouring digits of an ordered axis whose number is a product of numbers of whole levels of the fixed radix.
    struct Unit
    {
        Digits digits;
        std::uint64_t free = 0;
        std::size_t side = 0; // 0: the input, 1: the output
        std::size_t axis = 0;
        std::int64_t below = 1; // what the digits below count to
    };

    void addAxes(std::span<const Digits> axes, const std::vector<bool>& unordered, std::size_t side);
    void addUnits(const Digits& number, std::size_t side, std::size_t axis);
    void need(std::span<const Digit> digits);
    void findNeeded();
    void join(std::uint64_t free);
    bool isFree(std::uint64_t group) const;
    Factor freeFactor(std::uint64_t group) const;
    Factor enumerated(std::uint64_t group, const AxisLabels& labels) const;
    Digits within(std::span<const Digit> digits, std::uint64_t group) const;
    static bool sees(std::uint64_t group, const Unit& unit);
    static std::vector<std::uint64_t> numbers(const Unit& unit, const AxisLabels& labels);

    const DigitForm& form_;
    std::vector<Digits> classes_;
    std::vector<Unit> units_;
    std::vector<bool> needed_;          // by atom
    std::vector<std::uint64_t> groups_; // sets of free atoms; the empty one is that of constants
};

} // namespace synoscope
