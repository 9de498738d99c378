// How parameters start (core/catalog/network.h has the list).
#pragma once

#include "core/catalog/network.h"

#include <torch/types.h>

namespace synoscope {

// Overwrites the tensor from libtorch's default generator. Fans: of one output element, and of one input element.
void initialise(torch::Tensor tensor, const Initial& initial, double fanIn, double fanOut);

// The bias beside such a weight.
void initialiseBias(torch::Tensor bias, const Initial& weights, double fanIn);

// What stands for Initial::Kind::standard.
Initial initialOr(const Initial& initial, Initial standard);

} // namespace synoscope
