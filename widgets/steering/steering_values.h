// What the primitives panel is told.
#pragma once

#include <QString>

namespace synoscope {

// One kind of move. `kind` is a colour of the theme: PrimitiveKind, contractionKind or finalizeKind.
struct PrimitiveCount
{
    int kind = 0;
    quint64 moves = 0;      // of this kind in the tree
    quint64 candidates = 0; // operators that contain it
    bool pinned = false;    // in the whole space
    bool pruned = false;
    bool steerable = true; // false: no operator is without it (finalize), so neither switch makes sense
};

struct ActiveConstraint
{
    quint64 id = 0;
    bool pin = false; // else a prune
    int kind = -1;    // the colour; -1: a node
    QString what;     // "unfold with window k", "the node merge C_out by g"
    QString scope;    // "everywhere", "below unfold H by k"
    QString since{};  // "12:04:31"
};

} // namespace synoscope
