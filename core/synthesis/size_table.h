// Interned sizes with everything the engine asks of them, computed once.
//
// Products, quotients and predicates are asked millions of times a second; behind a 32-bit handle they are a table
// look-up. Confined to one thread, as the engine that owns it.
#pragma once

#include "core/base/flat_map.h"
#include "core/base/id.h"
#include "core/synthesis/problem.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace synoscope {

using SizeId = Id<struct SizeTag>;

struct SizeFacts
{
    Size size;
    std::uint64_t hash = 0;      // of the exponents
    std::uint64_t valueHash = 0; // of the values under all bindings: what is equal for every layer is equal
    std::uint64_t primaries = 0; // exponents of primary variables, a byte for each variable below 8
    std::int64_t least = 0;      // under all bindings; 0 where it is no whole number
    std::int64_t largest = 0;
    SizeId same{};      // the first size that has the same values under every binding
    bool legal = false; // DESIGN 1.1, under every binding of the problem, and within its limits on variables and powers
    bool plausible = false; // a product of legal sizes could be this: legal but for the limits on variables and powers
    bool odd = false;       // under every binding
};

// Whether each packed exponent (SizeFacts::primaries) is within the other's.
inline bool within(std::uint64_t primaries, std::uint64_t most)
{
    constexpr std::uint64_t high = 0x8080808080808080ull;
    return (((most | high) - primaries) & high) == high;
}

class SizeTable
{
public:
    explicit SizeTable(const Problem& problem);

    SizeId intern(const Size& size);
    SizeId find(const Size& size) const; // invalid when it has not been interned
    SizeId product(SizeId a, SizeId b);
    SizeId quotient(SizeId a, SizeId b);
    const SizeFacts& operator[](SizeId id) const { return facts_[id.index]; }
    SizeId one() const { return SizeId(0); }
    bool isPrimary(VariableId variable) const;
    bool isPlausible(const Size& size) const; // SizeFacts::plausible, without interning
    std::size_t count() const { return facts_.size(); }

    bool same(SizeId a, SizeId b) const { return facts_[a.index].same == facts_[b.index].same; }
    // A whole number of at least 2 under every binding, whatever the limits say.
    bool whole(SizeId id) const { return facts_[id.index].least >= 2; }

    // The value under distinct binding number `layer`, 0 when it is no whole number.
    std::int64_t value(SizeId id, std::size_t layer) const { return values_[id.index * layers_ + layer]; }
    std::size_t layers() const { return layers_; }
    // Least quotient a / b over all bindings, as a real number.
    double leastRatio(SizeId a, SizeId b) const;

    std::size_t memoryBytes() const;

private:
    const Problem& problem_;
    std::size_t layers_;
    std::vector<SizeFacts> facts_;
    std::vector<std::int64_t> values_;
    FlatMap<SizeId> ids_; // by hash of the exponents
    FlatMap<SizeId> byValues_;
    FlatMap<SizeId> products_;
    FlatMap<SizeId> quotients_;
};

} // namespace synoscope
