// Small and large trees for the tests of the search tree's view, and its picture.
#pragma once

#include "core/base/random.h"
#include "widgets/tree/tree_node.h"

#include <QImage>
#include <QWidget>

#include <vector>

namespace synoscope::samples {

inline TreeNodeChange node(quint64 id, quint64 parent, const QString& move, double mean = 0.5,
                           TreeNodeState state = TreeNodeState::open)
{
    return {
        .id = id, .parent = parent, .move = move, .kind = 3, .visits = 10, .mean = mean, .best = mean, .state = state};
}

// 1 - 2 - 4
//   |   \ 5
//   \ 3 - 6
inline std::vector<TreeNodeChange> small()
{
    return {node(1, 0, "output"),       node(2, 1, "unfold H by k", 0.4), node(3, 1, "merge C_out by g", 0.8),
            node(4, 2, "shift W", 0.2), node(5, 2, "unfold W by k", 0.6), node(6, 3, "split C", 0.8)};
}

inline std::vector<TreeNodeChange> large(int n)
{
    Random random(9);
    std::vector<TreeNodeChange> changes{node(1, 0, "output")};
    for (int id = 2; id <= n; ++id) {
        const auto before = static_cast<std::uint32_t>(id - 1);
        const quint64 parent = random.below(3) == 0
                                   ? 1 + random.below(before)
                                   : static_cast<quint64>(id) - 1 - random.below(std::min(before, 60u));
        changes.push_back(
            node(static_cast<quint64>(id), parent, QStringLiteral("move %1").arg(id % 50), random.unit()));
    }
    return changes;
}

inline QImage picture(QWidget& widget)
{
    QImage image(widget.size(), QImage::Format_ARGB32_Premultiplied);
    widget.render(&image);
    return image;
}

} // namespace synoscope::samples
