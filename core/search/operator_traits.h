// What an operator is like, in a few figures that are computed from its pGraph alone: what surrogate rewards look at.
#pragma once

#include "core/graph/pgraph.h"
#include "core/synthesis/problem.h"

#include <cstdint>
#include <vector>

namespace synoscope {

struct OperatorTraits
{
    double flopsRatio = 0;     // against the backbone's own operators
    double parameters = 0;     // all layers
    double parameterRatio = 0; // against one dense matrix between the unordered axes of input and output (1x1: 1, 3x3: 9)
    double field = 1;          // input places that one output element reads along the ordered axes: their product (3x3: 9)
    double narrowest = 1;      // the least of them along one axis
    double mixing = 1;         // share of the unordered axes' places that one output element reads
    int weights = 0;
    // Each primitive with what stands directly above it, as a hash: distinct and in ascending order.
    std::vector<std::uint64_t> neighbours;
};

// Deterministic; takes some 0.1 ms. What one output element reads is seen at the middle of the first layer's output;
// where it adds up more than a thousand terms, at a thousand of them.
OperatorTraits traitsOf(const PGraph& graph, const Problem& problem);

} // namespace synoscope
