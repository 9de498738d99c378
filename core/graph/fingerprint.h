// The fingerprint of an operator (DESIGN 2.2, layer 3): equal for two graphs that compute the same function up to a
// bijection of each weight's entries and the order of the weights, and with all likelihood different otherwise.
//
// On one or two small probe bindings it enumerates all terms (output element, input element, weight elements) that no
// guard removes, refines the colours of the weights' elements by the terms they stand in, and hashes the multiset of
// coloured terms. No name enters, and no order of declaration. With one weight this is complete (an entry is the set of
// its terms); with several, it distinguishes what colour refinement distinguishes.
#pragma once

#include "core/graph/pgraph.h"

namespace synoscope {

std::string fingerprint(const PGraph& graph); // 32 hexadecimal digits

} // namespace synoscope
