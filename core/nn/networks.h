// The backbones of core/catalog as libtorch modules. Layout, names of parameters and initialisation are those of
// torchvision's ResNets; the slots are whatever the factory makes of them.
#pragma once

#include "core/nn/operator_module.h"

namespace synoscope {

// Initialised from libtorch's default generator: torch::manual_seed before it makes it reproducible.
// `classes` 0: the catalog's. Fails for an unknown backbone, one that is only data, or when the factory refuses a slot.
Expected<TensorModulePtr> makeBackbone(std::string_view name, const SlotFactory& slots, int classes = 0);

std::int64_t parameterCount(const torch::nn::Module& module);

} // namespace synoscope
