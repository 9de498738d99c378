// Colours of pairs of members: what colour refinement cannot see, such as whether neighbours close into one long cycle
// or into two short ones (DESIGN 2.2; two-dimensional Weisfeiler-Leman refinement).
//
// For two classes, B has a row for each member of the one and a column for each member of the other: the sum of the
// terms in which both stand. A = B * transposed(B) is about pairs of members of the first class. Then A becomes A * A
// with every entry raised to a power, some rounds long: ways through other members, doubling in length each time. Sums
// of powers of A's entries, and of those on its diagonal, do not depend on the order of members; and as products and
// powers of entries part over independent factors, so do the sums.
#pragma once

#include "core/graph/factors.h"

namespace synoscope {

inline constexpr std::int64_t mostPaired = 64;     // members of a class whose pairs are looked at
inline constexpr std::size_t pairSumCount = 2 * 5; // two sums a round

// One factor's share of the sums, by the values of its terms.
std::vector<std::uint64_t> pairSums(const Factor& factor, std::span<const std::uint64_t> terms, std::size_t classOfRows,
                                    std::size_t other);

} // namespace synoscope
