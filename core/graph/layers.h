// The layers under which an operator is looked at (fingerprint.h).
#pragma once

#include "core/graph/pgraph.h"

namespace synoscope {

// The operator's bindings without what its sizes do not use, each once.
std::vector<Binding> distinctLayers(const PGraph& graph);

using LayerShape = std::vector<std::int64_t>; // of input and output together

// By number, a few of the layers with these shapes that tell as much about equal sizes as all do: a product of powers
// of axes' extents that is one and the same number in the chosen layers is so in all of them. Small layers come first.
std::vector<std::size_t> tellingLayers(std::span<const LayerShape> shapes);

} // namespace synoscope
