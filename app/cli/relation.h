// Whether two operators are the same.
#pragma once

#include "core/graph/pgraph.h"

namespace synoscope::cli {

enum class Relation
{
    sameForm,     // equal canonical forms
    sameFunction, // equal fingerprints
    different
};

// Equal text is a proof and cheap; the fingerprint also sees through rewritings. It is taken under the operators' own
// layers, where sizes may be equal that are none in general; operators of different layers are compared without.
Relation relationOf(const PGraph& a, const PGraph& b);

} // namespace synoscope::cli
