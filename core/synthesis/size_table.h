// Interned sizes with everything the engine asks of them, computed once.
//
// Products, quotients and predicates are asked millions of times a second; behind a 32-bit handle they are a table
// look-up. Confined to one thread, as the engine that owns it.
#pragma once

#include "core/base/id.h"
#include "core/synthesis/problem.h"

#include <cstdint>
#include <limits>
#include <unordered_map>
#include <vector>

namespace synoscope {

using SizeId = Id<struct SizeTag>;

struct SizeFacts
{
    Size size;
    bool legal = false; // DESIGN 1.1, under every binding of the problem, and within its limits on variables and powers
    bool plausible = false; // a product of legal sizes could be this: legal but for the limits on variables and powers
    bool odd = false;       // under every binding
    std::int64_t least = 0; // under all bindings; 0 where it is no whole number
    std::int64_t largest = 0;
};

class SizeTable
{
public:
    explicit SizeTable(const Problem& problem);

    SizeId intern(const Size& size);
    SizeId product(SizeId a, SizeId b);
    SizeId quotient(SizeId a, SizeId b);
    const SizeFacts& operator[](SizeId id) const { return facts_[id.index]; }
    SizeId one() const { return SizeId(0); }
    bool isPrimary(VariableId variable) const;

    // The value under distinct binding number `layer`, 0 when it is no whole number.
    std::int64_t value(SizeId id, std::size_t layer) const { return values_[id.index * layers_ + layer]; }
    std::size_t layers() const { return layers_; }
    // Least quotient a / b over all bindings, as a real number.
    double leastRatio(SizeId a, SizeId b) const;

    std::size_t memoryBytes() const;

private:
    SizeId cached(std::unordered_map<std::uint64_t, SizeId>& cache, SizeId a, SizeId b, bool divide);

    const Problem& problem_;
    std::size_t layers_;
    std::vector<SizeFacts> facts_;
    std::vector<std::int64_t> values_;
    std::unordered_map<Size, SizeId> ids_;
    std::unordered_map<std::uint64_t, SizeId> products_;
    std::unordered_map<std::uint64_t, SizeId> quotients_;
};

} // namespace synoscope
