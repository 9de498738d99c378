// Which members of several classes stand together: what colour refinement overlooks where all members of a class are
// alike, such as which axes of two weights are one and the same.
//
// For a set of classes, every combination of members has the sum of the terms in which all of them stand; noted is the
// sum of powers of these. The number of combinations that occur, for every set of classes, tells how many digits the
// classes of each set share. Like all that colours.h notes, the sums part over independent factors.
#pragma once

#include "core/graph/factors.h"

namespace synoscope {

// All sets of two and more of so many classes, as bits by class; of very many classes only the pairs.
std::vector<std::uint64_t> jointSets(std::size_t classes);

// One factor's share of the sum for a set of classes, by the values of its terms.
std::uint64_t jointSum(const Factor& factor, std::span<const std::uint64_t> terms, std::uint64_t set);

} // namespace synoscope
