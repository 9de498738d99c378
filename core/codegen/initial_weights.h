// Values for the weights of a file that holds numbers: drawn as the torch exports initialise their parameters, and the
// same in every export of the operator.
#pragma once

#include "core/lowering/plan.h"

#include <vector>

namespace synoscope::codegen {

// Per weight, its elements in row-major order: normal, with the variance 1 over the number of products added up.
// Refused when they exceed 2 GB together, which is what an ONNX file can hold.
Expected<std::vector<std::vector<float>>> initialWeights(const PGraph& graph, const Plan& plan, const Binding& binding);

} // namespace synoscope::codegen
