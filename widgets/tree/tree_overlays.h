// What lies over the tree's corners: the legend of the colours, a notice, and the whole tree in small.
#pragma once

#include "widgets/tree/tree_painter.h"

#include <QPixmap>

#include <QElapsedTimer>

namespace synoscope {

// At the lower left of the view. Its height is reserved below a fitted tree. Returns where it is.
inline constexpr int treeLegendHeight = 30;
QRect paintTreeLegend(QPainter& painter, const QRect& view, const TreeModel& model, TreeColoring coloring,
                      const QPalette& palette);

// A sentence about the tree as a whole, such as why it stands still; nothing for an empty one. Beside the legend, where it hides
// no node of a fitted tree; above it, where there is no room up to `right`.
void paintTreeNotice(QPainter& painter, const QRect& view, const QRect& legend, int right, const QString& notice,
                     const QPalette& palette);

// The picture of the tree is painted anew at most a few times a second; the frame moves at once.
class TreeMinimap
{
public:
    static QRect place(QSize view); // at the lower right
    void invalidate() { stale_ = true; }
    void paint(QPainter& painter, const QRect& place, const TreeModel& model, const TreeStyle& style,
               const TreeCamera& camera, QSize view, const QFont& font, const QPalette& palette);
    // The column and row of the tree under a point of the minimap.
    static QPointF treeAt(QPointF point, const QRect& place, const TreeModel& model);

private:
    QPixmap picture_;
    QElapsedTimer age_;
    bool stale_ = true;
};

} // namespace synoscope
