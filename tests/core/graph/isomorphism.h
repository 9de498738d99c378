// Are two small operators the same by definition (fingerprint.h)? Decided on all terms of the reference enumeration, by
// refinement and exhaustive search; what fingerprints are judged by.
#pragma once

#include "core/graph/fingerprint.h"

#include <optional>

namespace synoscope::test {

// In one layer: the bindings of that number. Nothing when the search takes too long to tell.
std::optional<bool> isomorphic(const PGraph& a, const PGraph& b, std::size_t layer, const Equivalence& equivalence);

} // namespace synoscope::test
