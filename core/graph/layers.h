// The layers under which an operator is looked at (fingerprint.h).
#pragma once

#include "core/graph/pgraph.h"

namespace synoscope {

// The operator's bindings without what its sizes do not use, each once.
std::vector<Binding> distinctLayers(const PGraph& graph);

// A few of these layers that tell as much about equal sizes as all do: a product of powers of axes' extents that is one
// and the same number in the chosen layers is so in all of them. Small layers come first. The choice depends on nothing
// but the shapes of input and output.
std::vector<Binding> tellingLayers(const PGraph& graph, std::span<const Binding> layers);

} // namespace synoscope
