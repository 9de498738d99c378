// Places boxes and lines by Graphviz's `dot`: rows from top to bottom, few crossings.
//
// Any thread may call, and waits for the layouts of the others (core/rendering/graphviz.h); the answer depends on the
// request only.
#pragma once

#include "core/base/error.h"

#include <QPointF>
#include <QSizeF>

#include <vector>

namespace synoscope {

struct LayoutRequest
{
    struct Box
    {
        int width = 0, height = 0;
        int header = 0;           // height of the title above the cells; of a box in the last row, below them
        std::vector<int> cells{}; // widths; together the box's width. Empty: a box without cells
        bool bottom = false;      // keep it in the last row
        bool top = false;         // or in the first
    };
    struct Line
    {
        int from = 0, to = 0;           // boxes
        int fromCell = -1, toCell = -1; // leaves below a cell, arrives above a cell
        int labelWidth = 0, labelHeight = 0;
    };
    std::vector<Box> boxes;
    std::vector<Line> lines;
};

// In points, y downwards, everything in (0,0)-(size).
struct LayoutResult
{
    struct Line
    {
        std::vector<QPointF> curve; // cubic Bezier: a start, then three points for each piece
        QPointF label;              // its middle
    };
    QSizeF size;
    std::vector<QPointF> boxes; // middles
    std::vector<Line> lines;
};

Expected<LayoutResult> layOut(const LayoutRequest& request);

} // namespace synoscope
