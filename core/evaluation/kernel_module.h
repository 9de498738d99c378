// Compiled kernels (the back ends `cpp` and `halide`) where a module stands, for measuring.
#pragma once

#include "core/kernels/kernel.h"
#include "core/nn/operator_module.h"

#include <functional>

namespace synoscope {

using KernelMaker = std::function<Expected<Kernel>(const PGraph&, const Binding&)>;

// Of a back end by name, for this process's number of threads; none for `libtorch` and `torchscript`, which need no kernels. The error
// names the back ends there are.
Expected<KernelMaker> kernelMaker(const std::string& backend);

// Fills slots with the operator as a compiled kernel, behind average pooling where the slot has a stride. Each kernel
// is run once when it is made, and compared with libtorch's answer: one that differs or is not finite is an error.
SlotFactory kernelSlots(const PGraph& graph, const KernelMaker& make);

// Under one of the operator's own bindings.
Expected<TensorModulePtr> kernelModule(const PGraph& graph, const Plan& plan, const Binding& binding,
                                       const KernelMaker& make);

} // namespace synoscope
