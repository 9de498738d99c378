// What the einsum of a plan is called elsewhere: "nli,oi->nlo", or a plain sum.
#pragma once

#include "core/lowering/plan.h"

#include <string>
#include <vector>

namespace synoscope::codegen {

// Letters of the axes' names where they are free.
std::string einsumEquation(const Plan& plan, const Step& step);

// The axes summed, when that is all an einsum of one operand does; else empty.
std::vector<int> plainSum(const Step& step);

} // namespace synoscope::codegen
