// How the parts of a dimension graph stand out: in the replay of its construction, and in a comparison of two.
#pragma once

#include "core/graph/construction.h"
#include "widgets/graph/dimension_graph.h"

#include <QPen>

class QPainter;

namespace synoscope {

struct Colors;

enum class Mark : std::uint8_t
{
    plain,
    absent, // not built yet
    fresh,  // of the newest step
    shared, // by both operators
    onlyFirst,
    onlySecond
};

struct GraphMarks
{
    std::vector<Mark> boxes{}, lines{}; // by box and by dimension; empty: all plain

    Mark box(int box) const { return boxes.empty() ? Mark::plain : boxes[static_cast<std::size_t>(box)]; }
    Mark line(DimensionId id) const { return lines.empty() ? Mark::plain : lines[id.index]; }
};

// After the first `shown` steps. After all of them everything is plain.
GraphMarks replayMarks(const DimensionGraph& graph, const std::vector<ConstructionStep>& steps, int shown);

// `only`: the primitives that the other operator has not; `mark`: onlyFirst or onlySecond.
GraphMarks differenceMarks(const DimensionGraph& graph, const std::vector<PrimitiveId>& only, Mark mark);

// Of onlyFirst and onlySecond. The two differ in colour (orange and blue, which every kind of colour vision tells
// apart) and in the line: solid, and dashed.
QColor differenceColor(const Colors& colors, Mark mark);
QPen differencePen(const Colors& colors, Mark mark, double width);
void paintSign(QPainter& painter, const Colors& colors, Mark mark, const QRectF& rect); // for titles and legends

} // namespace synoscope
