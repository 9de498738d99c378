// What takes libtorch to write: the format `torchscript` (core/codegen/export.h).
#pragma once

#include "core/graph/pgraph.h"

namespace synoscope {

// The content of a .pt file, with initial weights as the other exports draw them, in the numbers of the operator's
// first binding; the batch and whatever else is no size of a weight are open. Never throws.
Expected<std::string> exportTorchScript(const PGraph& graph);

} // namespace synoscope
