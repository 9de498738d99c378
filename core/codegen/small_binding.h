// Small numbers for an operator's variables, for checks by brute force.
#pragma once

#include "core/graph/pgraph.h"

#include <utility>

namespace synoscope::codegen {

// Every size becomes whole; different primaries get different numbers where that costs little; coefficients keep the
// values of the first layer (or their own) as long as the terms of the definition stay few. Keeps to the conditions
// (offset, size): offset < size.
Binding smallBinding(const PGraph& graph, const std::vector<std::pair<int, Size>>& conditions);

} // namespace synoscope::codegen
