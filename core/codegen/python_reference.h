// The self-check that an exported Python file carries: the operator's definition once more, with every index written
// out, and the comparison of the module with it.
#pragma once

#include "core/codegen/torch_module.h"

namespace synoscope::codegen {

// Two functions, reference() and self_check(), and the guarded call.
std::string pythonSelfCheck(const PGraph& graph, const TorchModule& module);

} // namespace synoscope::codegen
