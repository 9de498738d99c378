// The backbones of core/catalog, built-in and described, as libtorch modules. Names of parameters are the paths of names in
// the catalog's tree; the slots are whatever the factory makes of them.
#pragma once

#include "core/nn/operator_module.h"

namespace synoscope {

// `backbone` is what backboneFor takes: a name, a description file, or a description. Initialised from libtorch's default
// generator: torch::manual_seed before it makes it reproducible. `classes` and `image` (a sequence: tokens) 0: the
// catalog's. The network reads float images [N, 3, image, image] and gives scores [N, classes]; one of words reads
// [N, L] integers and gives scores [N, L, classes], of any L where the slots hold original layers.
//
// Fails for an unknown backbone, a side that its strides do not divide, more tokens than it has positions for, or when the factory
// refuses a slot.
Expected<TensorModulePtr> makeBackbone(std::string_view backbone, const SlotFactory& slots, int classes = 0, int image = 0);

std::int64_t parameterCount(const torch::nn::Module& module);

} // namespace synoscope
