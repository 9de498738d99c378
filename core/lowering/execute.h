// Runs a plan in double precision, step by step, without any library: what plans are tested with, against the
// reference interpreter. Arrays as there: dense, row-major.
#pragma once

#include "core/graph/interpreter.h"
#include "core/lowering/plan.h"

namespace synoscope {

// Fails when the binding leaves a size open or an array has the wrong count or shape.
Expected<Array> execute(const Plan& plan, const Binding& binding, const Array& input, std::span<const Array> weights);

} // namespace synoscope
