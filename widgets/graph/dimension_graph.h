// A pGraph as boxes and lines: what is drawn, before anybody knows where.
//
// Boxes are the tensors (with a cell for each axis) and the primitives; every dimension is one line, from what makes it
// to what consumes it. Texts come symbolic or under a binding.
#pragma once

#include "core/graph/construction.h"
#include "core/graph/coordinates.h"
#include "core/graph/pgraph.h"

#include <QString>

#include <optional>
#include <vector>

namespace synoscope {

struct GraphBox
{
    enum class Role
    {
        input,
        weight,
        output,
        primitive
    };
    Role role = Role::primitive;
    PrimitiveKind kind = PrimitiveKind::reduce; // of a primitive
    QString title;
    std::vector<DimensionId> axes{}; // of a tensor; their lines end at its cells
};

struct GraphLine
{
    DimensionId dimension;
    int from = -1, to = -1;         // boxes
    int fromAxis = -1, toAxis = -1; // cells, where the box is a tensor
};

class DimensionGraph
{
public:
    explicit DimensionGraph(PGraph graph);

    const PGraph& graph() const { return graph_; }
    const std::vector<GraphBox>& boxes() const { return boxes_; }
    const std::vector<GraphLine>& lines() const { return lines_; } // lines()[d.index] is dimension d
    int boxOf(PrimitiveId id) const { return static_cast<int>(1 + graph_.weights().size() + id.index); }

    QString bindingText(int binding) const;               // "N=1 C_in=64 ..."
    QString sizeText(DimensionId id, int binding) const;  // binding -1: symbolic
    QString axisText(DimensionId id, int binding) const;  // "y : H"
    QString coordinateText(DimensionId id) const;         // "y + ky - floor(k/2)"
    QString sentence(DimensionId id, int binding) const;  // name, size, coordinate, where from and where to
    QString stepText(const ConstructionStep& step) const; // "unfold H by k", "contract with w0"

    // The dimension, all it is computed from, and all that is computed from it.
    std::vector<bool> pathThrough(DimensionId id) const;
    std::vector<DimensionId> above(DimensionId id) const; // the tops of the primitive that makes it
    std::vector<DimensionId> below(DimensionId id) const; // the bottoms of the primitive that consumes it

private:
    void addTensor(GraphBox::Role role, const QString& title, std::span<const DimensionId> axes);
    QString primitiveText(const Primitive& primitive) const;
    QString primitiveTitle(const Primitive& primitive) const;
    QString boxText(int box) const;

    PGraph graph_;
    Coordinates coordinates_;
    std::vector<std::string> iterators_;
    std::vector<GraphBox> boxes_;
    std::vector<GraphLine> lines_;
};

} // namespace synoscope
