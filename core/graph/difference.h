// What two operators have in common in structure, primitive by primitive.
//
// A primitive is described from above (all that its tops are made from, down from the input's axes and the weights) and
// from below (all that its bottoms go into, up to the output's axes and the reductions). Two primitives are shared when
// both descriptions are equal, or else one of them: the beginnings and the ends that two operators share are found even
// where the middles differ. Variables are compared by name, weights not by name but by their axes' sizes.
#pragma once

#include "core/graph/pgraph.h"

#include <utility>
#include <vector>

namespace synoscope {

struct GraphDifference
{
    std::vector<std::pair<PrimitiveId, PrimitiveId>> shared; // in the first one's dataflow order; each at most once
    std::vector<PrimitiveId> onlyFirst, onlySecond;          // likewise in order
};

GraphDifference difference(const PGraph& first, const PGraph& second); // O(n log n)

// "unfold y:H by k": with the names and sizes of its tops.
std::string describe(const PGraph& graph, PrimitiveId primitive);

} // namespace synoscope
