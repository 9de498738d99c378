// The rules of DESIGN 1.3 that any good operator keeps, whatever the problem. What a problem's limits add (budgets, odd
// windows, the pooling factor, an inner and an outer axis in each contraction) belongs to the synthesis: a depthwise
// convolution has no outer axis and is a fine operator.
//
//   no-weight        the operator has nothing to learn
//   discarded-input  a Stride's step reaches the input without passing through the window of an Unfold: elements of the
//                    input between the steps can never matter
//   bare-expand      an expanded axis reaches the output or a Reduce as a mere copy: no Share multiplied it, no Merge
//   made
//                    it a repeat or a tile
//   box-filter       the window of an Unfold is summed without a weight
//   equal-axes       two axes of one weight have equal coordinates: only a diagonal of it is ever read
//   diagonal         an axis already multiplied by a weight meets the same weight again, as a whole or in part
#pragma once

#include "core/graph/pgraph.h"

namespace synoscope {

struct Violation
{
    std::string rule;    // one of the names above
    std::string message; // a sentence naming the axis or weight
};

// In the order of the list above; empty for a valid operator.
std::vector<Violation> violations(const PGraph& graph);

} // namespace synoscope
