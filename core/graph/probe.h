// Bindings to compare operators under that come without any: numbers for their variables under which all sizes are
// whole.
//
// The choice looks at the place of primaries in input and output and at the values of coefficients, not at names. It
// enlarges the primaries step by step, by all primes that the coefficients have, until every size is whole; so two ways
// of writing one operator may, in rare cases, stop at different steps. Operators with layers have no need of this.
#pragma once

#include "core/graph/pgraph.h"

namespace synoscope {

// Two bindings, or fewer where no step within reach makes all sizes whole.
std::vector<Binding> probes(const PGraph& graph);

} // namespace synoscope
