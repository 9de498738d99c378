#include "widgets/graph/graph_sheet.h"

#include "widgets/common/theme.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace synoscope {

namespace {

constexpr double gap = 44;        // between two pictures
constexpr double titleSpace = 14; // below a title
constexpr double swatch = 26;     // in front of it
constexpr double shownAtLeast = 0.6;

QFont titleFont(QFont font)
{
    font.setWeight(QFont::DemiBold);
    font.setPointSizeF(font.pointSizeF() * 1.1);
    return font;
}

} // namespace

GraphSheet::GraphSheet(std::vector<Panel> panels, const QFont& font)
    : panels_(std::move(panels)), font_(titleFont(font))
{
    arrange({});
}

double GraphSheet::titleHeight() const
{
    return panels_.size() == 1 ? 0 : std::ceil(QFontMetricsF(font_).height());
}

double GraphSheet::titleWidth(const Panel& panel) const
{
    return panel.title.isEmpty() ? 0 : swatch + std::ceil(QFontMetricsF(font_).horizontalAdvance(panel.title)) + 1;
}

void GraphSheet::arrange(QSizeF room, bool whole)
{
    place(true);
    if (panels_.size() == 1 || room.isEmpty())
        return;
    const auto zoom = [&] { return std::min(room.width() / size_.width(), room.height() / size_.height()); };
    const double beside = zoom(), across = size_.width();
    place(false);
    if (whole ? beside >= zoom() : room.width() >= shownAtLeast * across)
        place(true);
}

// Each picture in the middle of its room, below its title.
void GraphSheet::place(bool beside)
{
    const double head = panels_.size() == 1 ? 0 : titleHeight() + titleSpace;
    const auto width = [this](const Panel& panel) {
        return std::max(panel.picture->size().width(), titleWidth(panel));
    };
    double widest = 0;
    for (const Panel& panel : panels_)
        widest = std::max(widest, width(panel));
    QPointF at(0, head);
    size_ = QSizeF(widest, 0);
    for (Panel& panel : panels_) {
        const QSizeF size = panel.picture->size();
        const double room = beside ? width(panel) : widest;
        panel.place = at + QPointF((room - size.width()) / 2, 0);
        size_ = size_.expandedTo({at.x() + room, at.y() + size.height()});
        at += beside ? QPointF(room + gap, 0) : QPointF(0, size.height() + gap + head);
    }
}

QPointF GraphSheet::middle(Spot spot) const
{
    return panel(spot).place + panel(spot).picture->middle(spot.dimension);
}

GraphSheet::Spot GraphSheet::at(QPointF point, double reach) const
{
    for (std::size_t i = 0; i < panels_.size(); ++i)
        if (const DimensionId id = panels_[i].picture->at(point - panels_[i].place, reach); id.valid())
            return {id, static_cast<int>(i)};
    return {};
}

std::vector<GraphSheet::Spot> GraphSheet::inReadingOrder() const
{
    std::vector<Spot> order;
    for (std::size_t i = 0; i < panels_.size(); ++i)
        for (const GraphLine& line : panels_[i].graph->lines())
            order.push_back({line.dimension, static_cast<int>(i)});
    const auto place = [this](Spot spot) {
        const QPointF at = panel(spot).picture->middle(spot.dimension);
        return std::tuple(spot.panel, std::lround(at.y() / 12), at.x());
    };
    std::sort(order.begin(), order.end(), [&](Spot a, Spot b) { return place(a) < place(b); });
    return order;
}

// Above the picture, whose place is the origin.
void GraphSheet::paintTitle(QPainter& painter, const Colors& colors, const Panel& panel) const
{
    const double height = titleHeight(), width = titleWidth(panel);
    const QRectF row((panel.picture->size().width() - width) / 2, -height - titleSpace, width, height);
    paintSign(painter, colors, panel.sign, QRectF(row.left(), row.top() + (height - 12) / 2, 18, 12));
    painter.setFont(font_);
    painter.setPen(colors.text);
    painter.drawText(row.adjusted(swatch, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, panel.title);
}

void GraphSheet::paint(QPainter& painter, const Colors& colors, const Look& look) const
{
    for (std::size_t i = 0; i < panels_.size(); ++i) {
        const Panel& panel = panels_[i];
        const auto here = [&](Spot spot) { return spot.panel == static_cast<int>(i) ? spot.dimension : DimensionId(); };
        painter.save();
        painter.translate(panel.place);
        if (!panel.title.isEmpty())
            paintTitle(painter, colors, panel);
        panel.picture->paint(
            painter, colors,
            {.binding = look.binding, .lit = here(look.lit), .focus = here(look.focus), .marks = &panel.marks});
        painter.restore();
    }
}

} // namespace synoscope
