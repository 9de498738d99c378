// What the canvas shows: the picture of one graph, or those of two that are compared, beside or below each other.
#pragma once

#include "widgets/graph/graph_painter.h"

#include <memory>

namespace synoscope {

class GraphSheet
{
public:
    struct Panel
    {
        std::shared_ptr<const DimensionGraph> graph;
        std::unique_ptr<GraphPicture> picture;
        GraphMarks marks{};
        QString title{}; // above it, with the sign of `sign`; only where there are two
        Mark sign = Mark::plain;
        QPointF place{}; // of the picture; made by arrange()
    };
    struct Spot // a dimension of a panel
    {
        DimensionId dimension{};
        int panel = 0;

        bool valid() const { return dimension.valid(); }
        bool operator==(const Spot&) const = default;
    };
    struct Look
    {
        int binding = -1;
        Spot lit{}, focus{};
    };

    GraphSheet(std::vector<Panel> panels, const QFont& font);

    // Side by side, unless the room is much too narrow for that; `whole`: so that all of it can be seen largest.
    void arrange(QSizeF room, bool whole = false);
    QSizeF size() const { return size_; }
    const std::vector<Panel>& panels() const { return panels_; }
    void setMarks(int panel, GraphMarks marks) { panels_[static_cast<std::size_t>(panel)].marks = std::move(marks); }

    const DimensionGraph& graph(Spot spot) const { return *panel(spot).graph; }
    QPointF middle(Spot spot) const;
    Spot at(QPointF point, double reach) const; // not valid: none
    std::vector<Spot> inReadingOrder() const;   // panel by panel; rows from above, in a row from the left

    void paint(QPainter& painter, const Colors& colors, const Look& look) const;

private:
    const Panel& panel(Spot spot) const { return panels_[static_cast<std::size_t>(spot.panel)]; }

    void place(bool beside);
    double titleHeight() const;
    double titleWidth(const Panel& panel) const;
    void paintTitle(QPainter& painter, const Colors& colors, const Panel& panel) const;

    std::vector<Panel> panels_;
    QFont font_; // of the titles
    QSizeF size_;
};

} // namespace synoscope
