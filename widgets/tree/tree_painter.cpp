// TreePainter's second half: the drawing.
#include "widgets/tree/tree_painter.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace synoscope {

namespace {

constexpr double curvesFromRow = 4;     // below, edges are straight: nobody could see the curve
constexpr std::size_t manyItems = 1500; // above, no antialiasing: the frame rate matters more

QColor withAlpha(QColor color, int alpha)
{
    color.setAlpha(alpha);
    return color;
}

QColor toned(QColor color, TreeNodeState state, bool pruned, const Colors& colors)
{
    if (pruned)
        return blend(colors.pruned, colors.canvas, 0.35);
    if (state == TreeNodeState::closed || state == TreeNodeState::exhausted)
        return blend(color, colors.canvas, 0.55);
    return color;
}

} // namespace

QColor treeHeat(double t, const Colors& colors)
{
    const double inside = std::clamp(t, 0.0, 1.0);
    return heat(colors.dark ? 0.22 + 0.78 * inside : 0.9 * inside);
}

QColor treeColor(const TreeModel& model, TreeNodeId id, int depth, TreeColoring coloring, const Colors& colors)
{
    const TreeModel::Node& node = model[id];
    switch (coloring) {
    case TreeColoring::mean: {
        const double largest = model.largestMean();
        return node.visits == 0 ? colors.outline : treeHeat(largest > 0 ? node.mean / largest : 0, colors);
    }
    case TreeColoring::visits: {
        const double largest = std::log1p(model.largestVisits());
        return node.visits == 0 ? colors.outline
                                : treeHeat(largest > 0 ? std::log1p(node.visits) / largest : 0, colors);
    }
    case TreeColoring::depth:
        return treeHeat(static_cast<double>(depth) / std::max(1, model.columns() - 1), colors);
    case TreeColoring::kind:
        break;
    }
    return id == TreeModel::root ? colors.mutedText : colors.kind(node.kind);
}

QColor TreePainter::fill(const Item& item) const
{
    return toned(treeColor(model_, item.id, item.depth, style_.coloring, colors_), model_[item.id].state, item.pruned,
                 colors_);
}

void TreePainter::paint(QPainter& painter)
{
    painter.save();
    painter.setFont(font_);
    painter.setRenderHint(QPainter::Antialiasing, items_.size() < manyItems && style_.details);
    if (style_.layout == TreeLayout::icicle) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        paintDust(painter);
        for (const Item& item : items_)
            paintCell(painter, item);
        paintBands(painter);
    } else {
        paintBands(painter);
        paintEdges(painter);
        paintDust(painter);
        for (const Item& item : items_)
            if (item.labelled)
                paintPill(painter, item);
            else
                paintGlyph(painter, item);
    }
    if (style_.details)
        for (const Item& item : items_)
            paintMarks(painter, item);
    painter.restore();
}

// Behind (in the icicle: over) a pinned or pruned subtree, from its node to the end of its rows.
void TreePainter::paintBands(QPainter& painter) const
{
    for (const Item& item : items_) {
        const TreeNodeState state = model_[item.id].state;
        if (state != TreeNodeState::pinned && state != TreeNodeState::pruned)
            continue;
        const bool pinned = state == TreeNodeState::pinned;
        const double left = x(item.depth) - (style_.layout == TreeLayout::tidy ? 0.12 * camera_.column : 0);
        const double levels = model_[item.id].height + (style_.layout == TreeLayout::tidy ? 0.92 : 1.0);
        const QRectF band(left, item.top, x(item.depth) - left + camera_.column * levels, std::max(item.height, 2.0));
        const QRectF seen = band & clip_.adjusted(-4, -4, 4, 4);
        if (seen.isEmpty())
            continue;
        painter.setPen(pinned ? QPen(colors_.pinned, 1.2) : QPen(colors_.pruned, 1, Qt::DashLine));
        painter.setBrush(pinned ? QBrush(withAlpha(colors_.pinned, 34))
                                : QBrush(withAlpha(colors_.pruned, 110), Qt::BDiagPattern));
        painter.drawRoundedRect(seen, 5, 5);
    }
    painter.setBrush(Qt::NoBrush);
}

void TreePainter::paintEdges(QPainter& painter) const
{
    QPainterPath plain, strong;
    std::vector<QLineF> lines;
    for (const Item& item : items_) {
        if (item.parent < 0)
            continue;
        const Item& above = items_[static_cast<std::size_t>(item.parent)];
        const QPointF from(above.right, above.y);
        const QPointF to(x(item.depth) - (item.labelled ? 7 : 0), item.y);
        const bool path = onPath(item.id) && onPath(above.id);
        if (!path && (item.height < curvesFromRow || items_.size() >= manyItems)) {
            lines.emplace_back(from, to);
            continue;
        }
        QPainterPath& target = path ? strong : plain;
        const double bend = (to.x() - from.x()) * 0.55;
        target.moveTo(from);
        target.cubicTo(from + QPointF(bend, 0), to - QPointF(bend, 0), to);
    }
    const QColor ink = blend(colors_.outline, colors_.canvas, 0.15);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(ink, 1));
    painter.drawLines(lines.data(), static_cast<int>(lines.size()));
    painter.drawPath(plain);
    painter.setPen(QPen(colors_.accent, 2.4));
    painter.drawPath(strong);
}

void TreePainter::paintDust(QPainter& painter) const
{
    const bool searching = !model_.search().isEmpty();
    const bool icicle = style_.layout == TreeLayout::icicle;
    painter.setPen(Qt::NoPen);
    for (const Dust& dust : dust_) {
        QColor color = toned(treeColor(model_, dust.id, dust.depth, style_.coloring, colors_), model_[dust.id].state,
                             dust.pruned || model_[dust.id].state == TreeNodeState::pruned, colors_);
        if (searching)
            color = dust.match ? colors_.warning : blend(color, colors_.canvas, 0.7);
        const double left = icicle ? x(dust.depth) : items_[static_cast<std::size_t>(dust.parent)].right;
        const double right = x(dust.depth + dust.levels) + (icicle ? camera_.column : 3);
        const double top = std::floor(dust.top);
        const QRectF stroke(left, top, std::min(right, clip_.right() + 1) - left,
                            std::max(1.0, std::ceil(dust.top + dust.height) - top));
        painter.fillRect(stroke, withAlpha(color, icicle ? 255 : 170));
    }
}

void TreePainter::paintGlyph(QPainter& painter, const Item& item) const
{
    const QRectF box = frame(item);
    const TreeModel::Node& node = model_[item.id];
    const QColor color = fill(item);
    if (box.width() < 4 || !style_.details) {
        painter.fillRect(box, color);
        return;
    }
    painter.setPen(QPen(blend(color, colors_.text, 0.35), 1));
    painter.setBrush(node.visits == 0 ? QBrush(colors_.canvas) : QBrush(color));
    if (node.state == TreeNodeState::complete)
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
    else
        painter.drawEllipse(box);
}

void TreePainter::paintPill(QPainter& painter, const Item& item) const
{
    const QRectF box = frame(item);
    const TreeModel::Node& node = model_[item.id];
    const bool path = onPath(item.id);
    painter.setPen(QPen(path ? colors_.accent : blend(colors_.outline, colors_.canvas, 0.2), path ? 1.6 : 1));
    painter.setBrush(item.pruned ? colors_.canvas : colors_.surface);
    painter.drawRoundedRect(box, 5, 5);

    const QRectF dot(x(item.depth) - 2.5, item.y - 4.5, 9, 9);
    const QColor color = fill(item);
    painter.setPen(QPen(blend(color, colors_.text, 0.35), 1));
    painter.setBrush(node.visits == 0 ? QBrush(Qt::NoBrush) : QBrush(color));
    if (node.state == TreeNodeState::complete)
        painter.drawRect(dot.adjusted(0.5, 0.5, -0.5, -0.5));
    else
        painter.drawEllipse(dot);

    const QRectF room = box.adjusted(17, 0, -4, 0);
    const bool faint = item.pruned || node.state == TreeNodeState::closed || node.state == TreeNodeState::exhausted;
    QFont font = font_;
    font.setStrikeOut(node.state == TreeNodeState::pruned);
    painter.setFont(font);
    painter.setPen(faint ? colors_.mutedText : colors_.text);
    painter.drawText(room, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     QFontMetricsF(font).elidedText(label(item.id), Qt::ElideMiddle, room.width() + 1));
}

void TreePainter::paintCell(QPainter& painter, const Item& item) const
{
    const QRectF cell = frame(item);
    const QRectF seen = cell & clip_.adjusted(-2, -2, 2, 2);
    if (seen.isEmpty())
        return;
    const QColor color = fill(item);
    painter.fillRect(seen, color);
    if (cell.height() >= 4) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(
            QPen(onPath(item.id) ? colors_.accent : withAlpha(colors_.canvas, 190), onPath(item.id) ? 2 : 1));
        painter.drawRect(seen.adjusted(0.5, 0.5, -0.5, -0.5));
    }
    if (!item.labelled)
        return;
    QFont font = font_;
    font.setStrikeOut(model_[item.id].state == TreeNodeState::pruned);
    painter.setFont(font);
    painter.setPen(readableOn(color));
    const QRectF room = (cell & clip_).adjusted(6, 0, -4, 0);
    painter.drawText(room, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     QFontMetricsF(font).elidedText(label(item.id), Qt::ElideMiddle, room.width()));
}

// What must be seen above everything: focus, hover, matches of the search, and how much a folded node hides.
void TreePainter::paintMarks(QPainter& painter, const Item& item) const
{
    const TreeModel::Node& node = model_[item.id];
    const QRectF box = frame(item) & clip_.adjusted(-6, -6, 6, 6);
    if (box.isEmpty())
        return;
    const double round = style_.layout == TreeLayout::icicle ? 0 : item.labelled ? 5 : box.height();
    painter.setBrush(Qt::NoBrush);
    if (node.match || (node.collapsed && node.matchBelow)) { // dashed: the match is folded away below
        painter.setPen(QPen(colors_.warning, 2, node.match ? Qt::SolidLine : Qt::DashLine));
        painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), round, round);
    }
    if (item.id == style_.hover && item.id != style_.focus) {
        painter.setPen(QPen(blend(colors_.accent, colors_.canvas, 0.3), 1.4));
        painter.drawRoundedRect(box.adjusted(-1.5, -1.5, 1.5, 1.5), round, round);
    }
    if (item.id == style_.focus) {
        painter.setPen(QPen(colors_.accent, 2.6));
        painter.drawRoundedRect(box.adjusted(-3, -3, 3, 3), round, round);
    }
    if (node.collapsed && item.height >= 9 && style_.layout == TreeLayout::tidy) {
        painter.setFont(font_);
        painter.setPen(colors_.mutedText);
        painter.drawText(QPointF((item.labelled ? item.right : x(item.depth) + 5) + 4,
                                 item.y + QFontMetricsF(font_).ascent() / 2 - 1),
                         QStringLiteral("+%1").arg(node.descendants));
    }
}

} // namespace synoscope
