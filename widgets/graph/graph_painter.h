// A dimension graph with its places, and the one function that paints it: on the screen and into files.
#pragma once

#include "widgets/graph/dimension_graph.h"
#include "widgets/graph/graph_layout.h"
#include "widgets/graph/graph_marks.h"

#include <QFont>
#include <QPainterPath>
#include <QRectF>

class QPainter;
class QPalette;

namespace synoscope {

struct Colors;

// What the layout needs to know: sizes that hold the texts, symbolic and under every binding, so that switching between
// them moves nothing.
LayoutRequest layoutRequest(const DimensionGraph& graph, const QFont& font);

class GraphPicture
{
public:
    struct Look
    {
        int binding = -1;    // -1: symbolic
        DimensionId lit{};   // its path is lit, everything else faint
        DimensionId focus{}; // has the keyboard
        const GraphMarks* marks = nullptr;
    };

    GraphPicture(const DimensionGraph& graph, const LayoutRequest& request, LayoutResult layout, const QFont& font);

    QSizeF size() const { return layout_.size; }
    QRectF boxRect(int box) const { return boxes_[static_cast<std::size_t>(box)]; }
    QRectF cellRect(int box, int axis) const;
    QRectF labelRect(DimensionId id) const;
    QPointF middle(DimensionId id) const { return layout_.lines[id.index].label; }
    DimensionId at(QPointF point, double reach) const; // the line or cell there; not valid: none

    void paint(QPainter& painter, const Colors& colors, const Look& look) const;

private:
    void paintLine(QPainter& painter, const Colors& colors, const Look& look, const GraphLine& line, bool faint) const;
    void paintTensor(QPainter& painter, const Colors& colors, const Look& look, int box,
                     const std::vector<bool>& path) const;
    void paintPrimitive(QPainter& painter, const Colors& colors, int box, bool faint, Mark mark) const;

    const DimensionGraph& graph_;
    LayoutRequest request_;
    LayoutResult layout_;
    QFont font_;
    std::vector<QRectF> boxes_;
    std::vector<QPainterPath> paths_;
};

} // namespace synoscope
