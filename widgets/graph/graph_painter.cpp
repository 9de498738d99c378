#include "widgets/graph/graph_painter.h"

#include "widgets/common/theme.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPathStroker>

#include <algorithm>
#include <cmath>

namespace synoscope {

namespace {

constexpr int cellPadding = 9;
constexpr double faintness = 0.64;
constexpr double absentOpacity = 0.15;
constexpr double mutedness = 0.55; // of what two operators share

bool isDifference(Mark mark)
{
    return mark == Mark::onlyFirst || mark == Mark::onlySecond;
}

double opacityOf(Mark mark)
{
    return mark == Mark::absent ? absentOpacity : 1;
}

Mark boxMark(const GraphPicture::Look& look, int box)
{
    return look.marks ? look.marks->box(box) : Mark::plain;
}

Mark lineMark(const GraphPicture::Look& look, DimensionId id)
{
    return look.marks ? look.marks->line(id) : Mark::plain;
}

int textWidth(const QFontMetricsF& metrics, const QString& text)
{
    return static_cast<int>(std::ceil(metrics.horizontalAdvance(text)));
}

QFont boldened(QFont font)
{
    font.setWeight(QFont::DemiBold);
    return font;
}

template <typename Text>
int widest(const DimensionGraph& graph, const QFontMetricsF& metrics, const Text& text)
{
    int width = 0;
    for (int binding = -1; binding < static_cast<int>(graph.graph().bindings().size()); ++binding)
        width = std::max(width, textWidth(metrics, text(binding)));
    return width;
}

LayoutRequest::Box tensorBox(const DimensionGraph& graph, const GraphBox& box, const QFont& font)
{
    const QFontMetricsF metrics(font);
    const int row = static_cast<int>(std::ceil(metrics.height()));
    LayoutRequest::Box request;
    request.top = box.role == GraphBox::Role::input;
    request.bottom = box.role == GraphBox::Role::output;
    for (const DimensionId axis : box.axes) {
        request.cells.push_back(2 * cellPadding +
                                widest(graph, metrics, [&](int binding) { return graph.axisText(axis, binding); }));
        request.width += request.cells.back();
    }
    const int title = textWidth(QFontMetricsF(boldened(font)), box.title) + 2 * cellPadding;
    if (request.width < title) {
        if (request.cells.empty())
            request.cells.push_back(0);
        request.cells.back() += title - request.width;
        request.width = title;
    }
    request.header = row + 5;
    request.height = request.header + row + 9;
    return request;
}

LayoutRequest::Box primitiveBox(const GraphBox& box, const QFont& font)
{
    const QFontMetricsF metrics(font);
    LayoutRequest::Box request;
    request.width = textWidth(metrics, box.title) + 24;
    request.height = static_cast<int>(std::ceil(metrics.height())) + 10;
    return request;
}

QPainterPath pathOf(const std::vector<QPointF>& curve)
{
    QPainterPath path;
    if (curve.empty())
        return path;
    path.moveTo(curve.front());
    for (std::size_t i = 1; i + 2 < curve.size(); i += 3)
        path.cubicTo(curve[i], curve[i + 1], curve[i + 2]);
    return path;
}

} // namespace

LayoutRequest layoutRequest(const DimensionGraph& graph, const QFont& font)
{
    LayoutRequest request;
    for (const GraphBox& box : graph.boxes())
        request.boxes.push_back(box.role == GraphBox::Role::primitive ? primitiveBox(box, font)
                                                                      : tensorBox(graph, box, font));
    const QFontMetricsF metrics(font);
    for (const GraphLine& line : graph.lines()) {
        const int width = widest(graph, metrics, [&](int binding) { return graph.sizeText(line.dimension, binding); });
        request.lines.push_back({line.from, line.to, line.fromAxis, line.toAxis, width + 10,
                                 static_cast<int>(std::ceil(metrics.height())) + 2});
    }
    return request;
}

GraphPicture::GraphPicture(const DimensionGraph& graph, const LayoutRequest& request, LayoutResult layout,
                           const QFont& font)
    : graph_(graph), request_(request), layout_(std::move(layout)), font_(font)
{
    for (std::size_t i = 0; i < request_.boxes.size(); ++i) {
        const QSizeF size(request_.boxes[i].width, request_.boxes[i].height);
        boxes_.emplace_back(layout_.boxes[i] - QPointF(size.width() / 2, size.height() / 2), size);
    }
    for (const LayoutResult::Line& line : layout_.lines)
        paths_.push_back(pathOf(line.curve));
}

QRectF GraphPicture::cellRect(int box, int axis) const
{
    const LayoutRequest::Box& request = request_.boxes[static_cast<std::size_t>(box)];
    QRectF cell = boxRect(box);
    cell.setHeight(request.height - request.header);
    if (!request.bottom)
        cell.translate(0, request.header);
    for (int i = 0; i < axis; ++i)
        cell.setLeft(cell.left() + request.cells[static_cast<std::size_t>(i)]);
    cell.setWidth(request.cells[static_cast<std::size_t>(axis)]);
    return cell;
}

QRectF GraphPicture::labelRect(DimensionId id) const
{
    const LayoutRequest::Line& request = request_.lines[id.index];
    const QSizeF size(request.labelWidth, request.labelHeight);
    return {middle(id) - QPointF(size.width() / 2, size.height() / 2), size};
}

DimensionId GraphPicture::at(QPointF point, double reach) const
{
    for (std::size_t box = 0; box < boxes_.size(); ++box)
        for (std::size_t axis = 0; axis < graph_.boxes()[box].axes.size(); ++axis)
            if (cellRect(static_cast<int>(box), static_cast<int>(axis)).contains(point))
                return graph_.boxes()[box].axes[axis];
    DimensionId nearest;
    for (std::size_t i = 0; i < paths_.size(); ++i) {
        const DimensionId id(i);
        if (labelRect(id).contains(point))
            return id;
        QPainterPathStroker stroker;
        stroker.setWidth(2 * reach);
        if (paths_[i].controlPointRect().adjusted(-reach, -reach, reach, reach).contains(point) &&
            stroker.createStroke(paths_[i]).contains(point))
            nearest = id;
    }
    return nearest;
}

void GraphPicture::paint(QPainter& painter, const Colors& colors, const Look& look) const
{
    const bool lit = look.lit.valid();
    const std::vector<bool> path = lit ? graph_.pathThrough(look.lit) : std::vector<bool>(graph_.lines().size(), true);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font_);
    for (const bool strong : {false, true}) // what is lit lies above
        for (const GraphLine& line : graph_.lines())
            if (path[line.dimension.index] == strong)
                paintLine(painter, colors, look, line, !strong);
    std::vector<bool> touched(graph_.boxes().size(), !lit);
    for (const GraphLine& line : graph_.lines())
        if (path[line.dimension.index])
            for (const int box : {line.from, line.to})
                touched[static_cast<std::size_t>(box)] = true;
    for (int box = 0; box < static_cast<int>(graph_.boxes().size()); ++box)
        if (graph_.boxes()[static_cast<std::size_t>(box)].role == GraphBox::Role::primitive)
            paintPrimitive(painter, colors, box, !touched[static_cast<std::size_t>(box)], boxMark(look, box));
        else
            paintTensor(painter, colors, look, box, path);
    painter.restore();
}

void GraphPicture::paintLine(QPainter& painter, const Colors& colors, const Look& look, const GraphLine& line,
                             bool faint) const
{
    const bool lit = look.lit.valid() && !faint;
    const bool itself = line.dimension == look.lit || line.dimension == look.focus;
    const Mark mark = lineMark(look, line.dimension);
    const bool differs = isDifference(mark), strong = lit || differs || mark == Mark::fresh;
    QColor ink = lit || itself || mark == Mark::fresh ? colors.accent
                 : differs                            ? differenceColor(colors, mark)
                 : mark == Mark::shared               ? blend(colors.mutedText, colors.canvas, mutedness)
                                                      : blend(colors.mutedText, colors.canvas, 0.25);
    if (faint)
        ink = blend(ink, colors.canvas, faintness);
    const QPainterPath& path = paths_[line.dimension.index];
    painter.setOpacity(opacityOf(mark));
    QPen pen = differs ? differencePen(colors, mark, 2) : QPen(ink, 1.3);
    pen.setColor(ink);
    pen.setWidthF(itself ? 3 : strong ? 2 : 1.3);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(pen);
    painter.drawPath(path);

    if (!path.isEmpty()) { // an arrow head, in the direction of the dataflow
        const QPointF tip = path.currentPosition();
        const QPointF back = path.pointAtPercent(0.97) - tip;
        const double length = std::hypot(back.x(), back.y());
        if (length > 0) {
            const QPointF along = back / length * 6, across(-along.y() * 0.5, along.x() * 0.5);
            painter.setPen(Qt::NoPen);
            painter.setBrush(ink);
            painter.drawPolygon(QPolygonF({tip, tip + along + across, tip + along - across}));
        }
    }
    const QRectF label = labelRect(line.dimension);
    painter.setPen(faint                  ? blend(colors.text, colors.canvas, faintness)
                   : itself               ? colors.accent
                   : mark == Mark::shared ? colors.mutedText
                                          : colors.text);
    painter.drawText(label, Qt::AlignCenter | Qt::TextSingleLine, graph_.sizeText(line.dimension, look.binding));
    painter.setOpacity(1);
}

void GraphPicture::paintTensor(QPainter& painter, const Colors& colors, const Look& look, int box,
                               const std::vector<bool>& path) const
{
    const GraphBox& tensor = graph_.boxes()[static_cast<std::size_t>(box)];
    const QRectF rect = boxRect(box);
    const LayoutRequest::Box& request = request_.boxes[static_cast<std::size_t>(box)];
    QRectF title = rect;
    if (request.bottom) // its lines arrive at the cells from above, so the title is below
        title.setTop(rect.bottom() - request.header);
    else
        title.setHeight(request.header);
    const bool weight = tensor.role == GraphBox::Role::weight;
    const Mark mark = boxMark(look, box);
    QColor tint = weight ? colors.kind(static_cast<int>(PrimitiveKind::share)) : colors.accent;
    if (isDifference(mark))
        tint = differenceColor(colors, mark);
    else if (mark == Mark::shared)
        tint = colors.outline;
    painter.setOpacity(opacityOf(mark));
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.surface);
    painter.drawRect(rect);
    painter.setBrush(blend(tint, colors.canvas, 0.8));
    painter.drawRect(title);
    painter.setFont(boldened(font_));
    painter.setPen(colors.text);
    painter.drawText(title, Qt::AlignCenter, tensor.title);
    painter.setFont(font_);
    for (std::size_t axis = 0; axis < tensor.axes.size(); ++axis) {
        const DimensionId id = tensor.axes[axis];
        const QRectF cell = cellRect(box, static_cast<int>(axis));
        const bool lit = path[id.index];
        painter.setOpacity(opacityOf(lineMark(look, id)));
        if (lit && look.lit.valid())
            painter.fillRect(cell, blend(colors.accent, colors.surface, 0.78));
        painter.setPen(lit ? colors.text : blend(colors.text, colors.canvas, faintness));
        painter.drawText(cell, Qt::AlignCenter | Qt::TextSingleLine, graph_.axisText(id, look.binding));
        if (axis > 0) {
            painter.setOpacity(opacityOf(mark));
            painter.setPen(QPen(colors.outline, 1));
            painter.drawLine(cell.topLeft(), cell.bottomLeft());
        }
    }
    painter.setOpacity(opacityOf(mark));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(mark == Mark::fresh  ? QPen(colors.accent, 2)
                   : isDifference(mark) ? differencePen(colors, mark, 2)
                                        : QPen(blend(tint, colors.outline, 0.4), 1.3));
    painter.drawRect(rect);
    const double border = request.bottom ? title.top() : title.bottom();
    painter.drawLine(QPointF(rect.left(), border), QPointF(rect.right(), border));
    painter.setOpacity(1);
}

void GraphPicture::paintPrimitive(QPainter& painter, const Colors& colors, int box, bool faint, Mark mark) const
{
    const GraphBox& primitive = graph_.boxes()[static_cast<std::size_t>(box)];
    const QRectF rect = boxRect(box);
    QColor color = colors.kind(static_cast<int>(primitive.kind));
    if (isDifference(mark))
        color = differenceColor(colors, mark);
    else if (mark == Mark::shared)
        color = blend(color, colors.canvas, mutedness);
    if (faint)
        color = blend(color, colors.canvas, faintness);
    painter.setOpacity(opacityOf(mark));
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2);
    if (mark == Mark::fresh || isDifference(mark)) { // a ring around it
        QPen ring = isDifference(mark) ? differencePen(colors, mark, 2) : QPen(colors.accent, 2);
        if (faint)
            ring.setColor(blend(ring.color(), colors.canvas, faintness));
        const QRectF around = rect.adjusted(-3.5, -3.5, 3.5, 3.5);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(ring);
        painter.drawRoundedRect(around, around.height() / 2, around.height() / 2);
    }
    painter.setPen(mark == Mark::absent ? colors.text // so faint a box is no background
                   : faint              ? blend(readableOn(color), color, 0.4)
                                        : readableOn(color));
    painter.drawText(rect, Qt::AlignCenter | Qt::TextSingleLine, primitive.title);
    painter.setOpacity(1);
}

} // namespace synoscope
