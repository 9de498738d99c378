// What a problem says makes no difference between operators (DESIGN 2.2), in the fingerprint's terms.
#pragma once

#include "core/graph/fingerprint.h"
#include "core/synthesis/problem.h"

namespace synoscope {

Equivalence equivalenceOf(const Problem& problem);

} // namespace synoscope
