#include "widgets/graph/graph_layout.h"

#include "core/rendering/graphviz.h"

#include <QCoreApplication>

#include <cstdlib>
#include <string>

namespace synoscope {

namespace {

std::string number(int n)
{
    return std::to_string(n);
}

std::string cell(int width, int height, const std::string& more = {})
{
    return "<TD FIXEDSIZE=\"TRUE\" WIDTH=\"" + number(width) + "\" HEIGHT=\"" + number(height) + "\"" + more + "></TD>";
}

std::string table(const std::string& rows)
{
    return "<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLPADDING=\"0\" CELLSPACING=\"0\">" + rows + "</TABLE>>";
}

// Tables of empty cells: exact sizes, and the cells are ports for the lines.
std::string boxStatement(std::size_t index, const LayoutRequest::Box& box)
{
    std::string rows;
    if (box.cells.empty()) {
        rows = "<TR>" + cell(box.width, box.height) + "</TR>";
    } else {
        const std::string span = " COLSPAN=\"" + std::to_string(box.cells.size()) + "\"";
        const std::string title = "<TR>" + cell(box.width, box.header, span) + "</TR>";
        rows = box.bottom ? "<TR>" : title + "<TR>";
        for (std::size_t i = 0; i < box.cells.size(); ++i)
            rows += cell(box.cells[i], box.height - box.header, " PORT=\"c" + std::to_string(i) + "\"");
        rows += box.bottom ? "</TR>" + title : "</TR>";
    }
    std::string text = "n" + std::to_string(index) + " [label=" + table(rows) + "];\n";
    if (box.top || box.bottom)
        text = (box.top ? "{rank=source; " : "{rank=sink; ") + text + "}\n";
    return text;
}

std::string lineStatement(std::size_t index, const LayoutRequest::Line& line)
{
    std::string text = "n" + number(line.from);
    if (line.fromCell >= 0)
        text += ":c" + number(line.fromCell) + ":s";
    text += " -> n" + number(line.to);
    if (line.toCell >= 0)
        text += ":c" + number(line.toCell) + ":n";
    return text + " [id=\"" + std::to_string(index) +
           "\", label=" + table("<TR>" + cell(line.labelWidth, line.labelHeight) + "</TR>") + "];\n";
}

std::string dotText(const LayoutRequest& request)
{
    std::string text = "digraph g {\n"
                       "graph [ranksep=0.28, nodesep=0.3, splines=true];\n"
                       "node [shape=plain];\n"
                       "edge [id=\"\", arrowhead=none];\n";
    for (std::size_t i = 0; i < request.boxes.size(); ++i)
        text += boxStatement(i, request.boxes[i]);
    for (std::size_t i = 0; i < request.lines.size(); ++i)
        text += lineStatement(i, request.lines[i]);
    return text + "}\n";
}

QPointF fromGraphviz(pointf at, double height)
{
    return {at.x, height - at.y}; // its y points upwards
}

void readLine(Agedge_t* edge, double height, LayoutResult::Line& line)
{
    if (const splines* curves = ED_spl(edge))
        for (int piece = 0; piece < curves->size; ++piece) {
            const bezier& curve = curves->list[piece];
            for (int i = line.curve.empty() ? 0 : 1; i < curve.size; ++i)
                line.curve.push_back(fromGraphviz(curve.list[i], height));
        }
    if (const textlabel_t* label = ED_label(edge))
        line.label = fromGraphviz(label->pos, height);
}

LayoutResult readLayout(Agraph_t* graph, const LayoutRequest& request)
{
    const boxf bounds = GD_bb(graph);
    const double height = bounds.UR.y;
    LayoutResult result;
    result.size = QSizeF(bounds.UR.x - bounds.LL.x, bounds.UR.y - bounds.LL.y);
    result.boxes.resize(request.boxes.size());
    result.lines.resize(request.lines.size());
    std::string idAttribute = "id"; // the interface is not const-correct
    for (Agnode_t* node = agfstnode(graph); node; node = agnxtnode(graph, node)) {
        result.boxes[static_cast<std::size_t>(std::atoi(agnameof(node) + 1))] = fromGraphviz(ND_coord(node), height);
        for (Agedge_t* edge = agfstout(graph, node); edge; edge = agnxtout(graph, edge))
            readLine(edge, height, result.lines[static_cast<std::size_t>(std::atoi(agget(edge, idAttribute.data())))]);
    }
    return result;
}

} // namespace

Expected<LayoutResult> layOut(const LayoutRequest& request)
{
    if (request.boxes.empty())
        return LayoutResult{};
    const auto layout = GraphvizLayout::of(dotText(request));
    if (!layout)
        return Error{QCoreApplication::translate("GraphView",
                                                 "Graphviz could not lay out the graph; is its dot plug-in "
                                                 "installed (package libgvc6)?")
                         .toStdString(),
                     {},
                     0,
                     0,
                     layout.error().message};
    return readLayout(layout->graph(), request);
}

} // namespace synoscope
