// The order in which synthesis would build an operator: bottom-up, from the output to the input (DESIGN 1.2, 2.1).
//
// First the Reduces, in their order; then, step by step, what stands on nothing that is still missing. The Shares of
// one weight, with the Expands right above them, are one step: a contraction. An operator written by hand may share one
// of a weight's axes above a view of another; such a contraction comes in as many steps as it needs.
#pragma once

#include "core/graph/pgraph.h"

#include <vector>

namespace synoscope {

struct ConstructionStep
{
    std::vector<PrimitiveId> primitives; // from below; each of the graph's in exactly one step
    WeightId weight{};                   // of a contraction
};

std::vector<ConstructionStep> constructionSteps(const PGraph& graph); // O(n^2)

} // namespace synoscope
