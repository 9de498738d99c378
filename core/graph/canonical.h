// The canonical order of an operator's parts: equal operators, however they are written, get the same order. What the
// writer prints, and so what hashes are made of.
//
// Two steps. Colour refinement: every dimension, primitive and weight starts with a colour made of what is fixed about it
// (kind, size, place among the input's and output's axes), and colours split by the neighbours' colours until they settle.
// Where ties are left, individualise and refine: each member of the first tied cell in turn becomes distinct, and the
// least serialisation over all leaves wins. When a member's first leaf serialises like that of a member tried before,
// an automorphism has been found, and its subtree holds nothing new; found automorphisms also join members into orbits
// of which one is tried. So a symmetric operator costs polynomial time.
#pragma once

#include "core/graph/size_texts.h"

namespace synoscope {

// What a dimension is to the outside, seen through Shares, Shifts and the data side of Unfolds.
enum class AxisRole : std::uint8_t { expanded, data, window, view };

struct AxisOrigin
{
    AxisRole role = AxisRole::view;
    int position = 0; // of the input axis behind it (window: behind what is unfolded); expanded: of the output axis below
};

// By dimension. Axes of weights have the origin of the data they are shared with.
std::vector<AxisOrigin> axisOrigins(const PGraph& graph);

struct CanonicalOrder
{
    std::vector<AxisOrigin> origins; // by dimension, as axisOrigins
    std::vector<WeightId> weights;
    std::vector<std::vector<DimensionId>> axes; // of each weight, in the order above
    std::vector<PrimitiveId> primitives;        // a dataflow order, without Reduces
    std::vector<DimensionId> reductions;
};

CanonicalOrder canonicalOrder(const PGraph& graph, const SizeTexts& sizes);

} // namespace synoscope
