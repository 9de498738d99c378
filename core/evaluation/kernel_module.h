// Compiled kernels (the back end `cpp`) where a module stands, for measuring.
#pragma once

#include "core/nn/operator_module.h"

namespace synoscope {

// Fills slots with the operator as a compiled kernel, behind average pooling where the slot has a stride. Each kernel
// is run once when it is made, and compared with libtorch's answer: one that differs or is not finite is an error.
SlotFactory kernelSlots(const PGraph& graph);

// Under one of the operator's own bindings.
Expected<TensorModulePtr> kernelModule(const PGraph& graph, const Plan& plan, const Binding& binding);

} // namespace synoscope
