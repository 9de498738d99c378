// A canonical labelling of an operator's dimensions, primitives and weights; the search behind canonical.h.
#pragma once

#include "core/graph/canonical.h"
#include "core/graph/size_texts.h"

namespace synoscope {

// The place of each node in the canonical labelling: of the dimensions by index, then of the primitives, then of the
// weights.
std::vector<std::uint32_t> canonicalRanks(const PGraph& graph, const SizeTexts& sizes,
                                          std::span<const AxisOrigin> origins);

} // namespace synoscope
