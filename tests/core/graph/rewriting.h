// Other ways to write an operator: what rewritings a search would have to find out are in vain.
#pragma once

#include "core/base/random.h"
#include "core/graph/fingerprint.h"

namespace synoscope::test {

// The same operator up to the equivalence, by random steps that keep it so: axes are split and merged again, Shifts
// done in parts, around and inside reshapes, weights' axes re-indexed, reductions parted and joined, positions of
// unordered axes permuted, interchangeable axes exchanged, sizes replaced by others that are equal in every layer.
PGraph rewritten(const PGraph& graph, const Equivalence& equivalence, Random& random);

// A random operator from [A, B, B] with layers so small that all its terms can be looked at. Coefficients s and z are
// both 2; D is twice A in every layer.
PGraph tinyOperator(Random& random);

} // namespace synoscope::test
