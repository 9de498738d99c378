// Where the tree is on the screen: a value. Rows and columns have scales of their own, because a tree is a few dozen
// columns wide and perhaps a million rows high.
#pragma once

#include <QPointF>
#include <QSizeF>

namespace synoscope {

struct TreeCamera
{
    static constexpr double labelRow = 22;     // pixels a row from which every node has room for its label
    static constexpr double labelColumn = 176; // pixels a column, likewise
    static constexpr double largestRow = 44;
    static constexpr double margin = 14;
    static constexpr double labelOverhang = 0.45; // columns that are left for what labels of the last leaves need

    double x = margin, y = margin; // of column 0 and row 0
    double column = 120, row = labelRow;

    QPointF toScreen(double columns, double rows) const { return {x + column * columns, y + row * rows}; }
    double columnAt(double screenX) const { return (screenX - x) / column; }
    double rowAt(double screenY) const { return (screenY - y) / row; }

    // The whole tree in a view of that size; a small tree is not blown up.
    static TreeCamera fitted(int columns, double rows, QSizeF view);

    // The point `at` stays where it is. Zooming in leads the columns to their full width just when the rows have room
    // for labels, zooming out leads them back to `whole`, so that the tree is never much wider than it must be.
    TreeCamera zoomed(QPointF at, double factor, const TreeCamera& whole) const;

    TreeCamera panned(QPointF by) const;
    // The least move that brings a point (in columns and rows) into the view, `room` pixels from its border.
    TreeCamera showing(double columns, double rows, QSizeF view, QSizeF room) const;
    // Keeps a view from losing the tree altogether.
    TreeCamera kept(int columns, double rows, QSizeF view) const;

    friend bool operator==(const TreeCamera&, const TreeCamera&) = default;
};

TreeCamera between(const TreeCamera& from, const TreeCamera& to, double t);

} // namespace synoscope
