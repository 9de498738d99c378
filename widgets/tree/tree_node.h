// What the search tree's view is told: values, in batches, at most 20 times a second (DESIGN 3.3).
#pragma once

#include <QString>

namespace synoscope {

enum class TreeNodeState : quint8
{
    open,
    closed,
    exhausted,
    pruned,
    pinned,
    complete
};

// A node that is new or has changed. Ids are dense and start at 1; a parent may come after its children, in the same
// batch or later: what has no way to the root yet is not shown.
struct TreeNodeChange
{
    quint64 id = 0;
    quint64 parent = 0; // 0: the root. Never changes: what comes first counts
    QString move;       // empty: as it was
    int kind = 0;       // a colour of the theme: PrimitiveKind, contractionKind or finalizeKind
    quint32 visits = 0;
    double mean = 0;
    double best = 0;
    TreeNodeState state = TreeNodeState::open;
    QString reason{};    // why it is closed or pruned; empty: as it was, or none
    QString candidate{}; // of a complete node: the operator's hash; empty: as it was, or none
};

enum class TreeColoring
{
    mean,
    visits,
    depth,
    kind
};
enum class TreeLayout
{
    tidy,
    icicle
};

} // namespace synoscope
