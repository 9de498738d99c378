#include "widgets/graph/graph_marks.h"

#include "widgets/common/theme.h"

#include <QPainter>

#include <algorithm>

namespace synoscope {

namespace {

GraphMarks allMarked(const DimensionGraph& graph, Mark mark)
{
    return {std::vector<Mark>(graph.boxes().size(), mark), std::vector<Mark>(graph.lines().size(), mark)};
}

} // namespace

// A dimension is there once what it goes into is; a weight with its first axis; the input when all is done.
GraphMarks replayMarks(const DimensionGraph& graph, const std::vector<ConstructionStep>& steps, int shown)
{
    const int last = static_cast<int>(steps.size());
    if (shown >= last)
        return {};
    GraphMarks marks = allMarked(graph, Mark::absent);
    for (int step = 0; step < shown; ++step)
        for (const PrimitiveId id : steps[static_cast<std::size_t>(step)].primitives)
            marks.boxes[static_cast<std::size_t>(graph.boxOf(id))] = step == shown - 1 ? Mark::fresh : Mark::plain;
    for (const GraphLine& line : graph.lines()) {
        const bool end = graph.boxes()[static_cast<std::size_t>(line.to)].role == GraphBox::Role::output;
        const Mark mark = end ? Mark::plain : marks.box(line.to);
        marks.lines[line.dimension.index] = mark;
        const std::size_t from = static_cast<std::size_t>(line.from);
        if (graph.boxes()[from].role == GraphBox::Role::weight && mark != Mark::absent &&
            marks.boxes[from] != Mark::fresh)
            marks.boxes[from] = mark;
    }
    for (std::size_t box = 0; box < marks.boxes.size(); ++box)
        if (graph.boxes()[box].role == GraphBox::Role::output)
            marks.boxes[box] = Mark::plain;
    return marks;
}

// A line belongs to one only where it joins a primitive that does; a weight where all of its Shares do.
GraphMarks differenceMarks(const DimensionGraph& graph, const std::vector<PrimitiveId>& only, Mark mark)
{
    GraphMarks marks = allMarked(graph, Mark::shared);
    for (const PrimitiveId id : only)
        marks.boxes[static_cast<std::size_t>(graph.boxOf(id))] = mark;
    for (const GraphLine& line : graph.lines())
        if (marks.box(line.from) == mark || marks.box(line.to) == mark)
            marks.lines[line.dimension.index] = mark;
    for (std::size_t box = 0; box < marks.boxes.size(); ++box) {
        const GraphBox& tensor = graph.boxes()[box];
        if (tensor.role == GraphBox::Role::weight && !tensor.axes.empty() &&
            std::all_of(tensor.axes.begin(), tensor.axes.end(), [&](DimensionId id) { return marks.line(id) == mark; }))
            marks.boxes[box] = mark;
    }
    return marks;
}

QColor differenceColor(const Colors& colors, Mark mark)
{
    return mark == Mark::onlyFirst ? colors.warning : colors.accent;
}

QPen differencePen(const Colors& colors, Mark mark, double width)
{
    QPen pen(differenceColor(colors, mark), width);
    if (mark == Mark::onlySecond)
        pen.setDashPattern({3, 2});
    return pen;
}

void paintSign(QPainter& painter, const Colors& colors, Mark mark, const QRectF& rect)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double round = rect.height() / 2;
    if (mark == Mark::shared) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(blend(colors.mutedText, colors.canvas, 0.55));
        painter.drawRoundedRect(rect, round, round);
    } else {
        painter.setPen(Qt::NoPen);
        painter.setBrush(differenceColor(colors, mark));
        painter.drawRoundedRect(rect.adjusted(3, 3, -3, -3), round - 3, round - 3);
        painter.setPen(differencePen(colors, mark, 1.4));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(rect.adjusted(0.7, 0.7, -0.7, -0.7), round, round);
    }
    painter.restore();
}

} // namespace synoscope
