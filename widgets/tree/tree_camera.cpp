#include "widgets/tree/tree_camera.h"

#include <algorithm>
#include <cmath>

namespace synoscope {

TreeCamera TreeCamera::fitted(int columns, double rows, QSizeF view)
{
    TreeCamera camera;
    const double width = std::max(view.width() - 2 * margin, 40.0);
    const double height = std::max(view.height() - 2 * margin, 40.0);
    camera.row = std::min(height / std::max(rows, 1.0), 1.5 * labelRow);
    camera.column = std::clamp(width / (std::max(columns, 1) + labelOverhang), 10.0, labelColumn);
    camera.y = margin + (height - camera.row * std::max(rows, 1.0)) / 2;
    return camera;
}

TreeCamera TreeCamera::zoomed(QPointF at, double factor, const TreeCamera& whole) const
{
    // Out to half the whole tree's scale, or no further out when it is further already (the tree has grown).
    const double newRow = std::clamp(row * factor, std::min(row, whole.row / 2), std::max(row, largestRow));
    const bool in = factor > 1;
    const double target = in ? std::max(labelColumn, column) : std::min(whole.column, column);
    const double rowsToGo = std::log(in ? std::max(labelRow, row) / row : row / std::min(whole.row, row));
    const double columnsToGo = std::log(target / column);
    // The share of the columns' way that belongs to this step of the rows' way.
    double share = rowsToGo > 1e-9 ? std::abs(std::log(newRow / row)) / rowsToGo : 1;
    share = std::clamp(share, 0.0, 1.0);
    TreeCamera camera = *this;
    camera.row = newRow;
    camera.column = column * std::exp(columnsToGo * share);
    camera.x = at.x() - (at.x() - x) * camera.column / column;
    camera.y = at.y() - (at.y() - y) * camera.row / row;
    return camera;
}

TreeCamera TreeCamera::panned(QPointF by) const
{
    TreeCamera camera = *this;
    camera.x += by.x();
    camera.y += by.y();
    return camera;
}

TreeCamera TreeCamera::showing(double columns, double rows, QSizeF view, QSizeF room) const
{
    const QPointF point = toScreen(columns, rows);
    const auto shift = [](double at, double length, double border) {
        const double edge = std::min(border, length / 2);
        return std::clamp(at, edge, std::max(edge, length - edge)) - at;
    };
    return panned({shift(point.x(), view.width(), room.width()), shift(point.y(), view.height(), room.height())});
}

TreeCamera TreeCamera::kept(int columns, double rows, QSizeF view) const
{
    TreeCamera camera = *this;
    const double room = 40; // pixels of the tree that stay in sight
    camera.x = std::clamp(x, room - column * columns, std::max(view.width() - room, room - column * columns));
    camera.y = std::clamp(y, room - row * rows, std::max(view.height() - room, room - row * rows));
    return camera;
}

TreeCamera between(const TreeCamera& from, const TreeCamera& to, double t)
{
    // Everything linearly: a point that both ends show at one place stays there all the way.
    const auto mix = [t](double a, double b) { return a + (b - a) * t; };
    TreeCamera camera;
    camera.x = mix(from.x, to.x);
    camera.y = mix(from.y, to.y);
    camera.column = mix(from.column, to.column);
    camera.row = mix(from.row, to.row);
    return camera;
}

} // namespace synoscope
