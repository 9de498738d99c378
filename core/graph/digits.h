// An operator under one binding as arithmetic on digits: where the coordinates of DESIGN 1.2 are mixed-radix numbers,
// their digits stand for themselves.
//
// Every iterator is parted into free digits wherever a Merge cuts it, so `(i / B, i % B)` are two digits, and a Split
// only puts digits side by side: `i * B + j` is the digits of i followed by those of j. What remains of the
// arithmetic (a Shift that carries, an Unfold, a cut that no boundary of digits meets) is an atom: a function of digits
// that is evaluated point by point. So most ways of writing one coordinate come out alike, and digits that no atom
// brings together are independent: factors.h makes use of that.
#pragma once

#include "core/graph/pgraph.h"

#include <optional>

namespace synoscope {

// A digit of a number: the value of an atom in [0, extent).
struct Digit
{
    std::uint32_t atom = 0;
    std::int64_t extent = 1;
};
using Digits = std::vector<Digit>; // the most significant first; a number below 1 has none

enum class AtomKind : std::uint8_t
{
    free,      // runs through [0, extent) by itself
    zero,      // always 0: the low digit of what a Stride makes
    rotate,    // (a + amount) % extent
    quotient,  // a / amount
    remainder, // a % amount
    window,    // a + b - amount; the term is none where that leaves [0, extent)
};

struct Atom
{
    AtomKind kind = AtomKind::free;
    std::int64_t extent = 1;
    std::int64_t amount = 0;
    Digits a{};
    Digits b{};
    std::uint64_t free = 0; // the free atoms this depends on, as a set of their numbers
};

class DigitForm
{
public:
    static constexpr std::size_t mostFree = 64;

    // Nothing when a size is no whole number under the binding, or when there are more than mostFree free digits.
    static std::optional<DigitForm> of(const PGraph& graph, const Binding& binding);

    std::span<const Atom> atoms() const { return atoms_; }       // operands before users, the free ones first
    std::span<const Digits> input() const { return input_; }     // by axis
    std::span<const Digits> output() const { return output_; }   // by axis
    std::span<const Digits> weights() const { return weights_; } // by weight: its axes one after the other
    std::uint64_t freeOf(std::span<const Digit> digits) const;

private:
    using Cuts = std::vector<std::vector<std::int64_t>>; // by iterator: where it is parted, ascending

    DigitForm() = default;
    bool build(const PGraph& graph, const Binding& binding, Cuts& cuts);
    void visit(const PGraph& graph, const Primitive& primitive);
    std::uint32_t add(Atom atom);
    Digits one(Atom atom);
    Digits rotate(Digits number, std::int64_t amount);
    Digits window(const Digits& place, const Digits& offset, std::int64_t window);
    // Parts a number at the block into quotient and remainder.
    std::array<Digits, 2> part(const Digits& number, std::int64_t block);
    std::array<Digits, 2> partDigit(const Digit& digit, std::int64_t block);

    struct FreeDigit
    {
        std::size_t iterator;
        std::int64_t unit; // of the digit: what one step adds to the iterator
    };

    const Binding* binding_ = nullptr; // while building
    std::vector<Atom> atoms_;
    std::vector<FreeDigit> freeDigits_;
    std::optional<FreeDigit> wantedCut_;
    std::vector<Digits> ofDimension_;
    std::vector<Digits> input_;
    std::vector<Digits> output_;
    std::vector<Digits> weights_;
};

// The product of the digits' extents, at most 2^62.
std::int64_t extentOf(std::span<const Digit> digits);

} // namespace synoscope
