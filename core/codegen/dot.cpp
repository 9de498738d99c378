// The dimension graph for Graphviz: tensors as tables of their axes, primitives as nodes in the colours that they have
// in the workbench, dimensions as edges labelled with their sizes. Data flows from top to bottom.
#include "core/codegen/dot.h"
#include "core/codegen/formats.h"
#include "core/codegen/size_text.h"
#include "core/graph/writer.h"

#include <algorithm>
#include <fmt/format.h>

namespace synoscope::codegen {

namespace {

constexpr std::string_view dataColour = "#1f66d1";
constexpr std::string_view weightColour = "#a86400";
constexpr std::string_view ink = "#1b1f24";
constexpr std::string_view mutedInk = "#59626e";

std::string quoted(std::string_view text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c == '\n' ? ' ' : c;
    }
    return result + '"';
}

std::string inTable(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        switch (c) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '"':
            result += "&quot;";
            break;
        default:
            result += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
        }
    }
    return result;
}

// Background and text.
std::pair<std::string_view, std::string_view> colours(PrimitiveKind kind)
{
    switch (kind) {
    case PrimitiveKind::split:
        return {"#2f62b8", "white"};
    case PrimitiveKind::merge:
        return {"#7aa9e0", "black"};
    case PrimitiveKind::shift:
        return {"#8357ad", "white"};
    case PrimitiveKind::unfold:
        return {"#0f7d5c", "white"};
    case PrimitiveKind::stride:
        return {"#86b02c", "black"};
    case PrimitiveKind::expand:
        return {"#d9a01e", "black"};
    case PrimitiveKind::share:
        return {"#d9601a", "white"};
    case PrimitiveKind::reduce:
        return {"#b42f49", "white"};
    }
    return {"white", "black"};
}

class DotWriter
{
public:
    explicit DotWriter(const PGraph& graph)
        : graph_(graph),
          size_(graph.variables(), Language::cpp, [&graph](VariableId id) { return graph.variables()[id].name; })
    {}

    std::string write(int dpi)
    {
        text_ = fmt::format("digraph {} {{\n", quoted(graph_.name()));
        heading(dpi);
        line("{{ rank=source; {} }}", tensor("input", "input", graph_.input(), dataColour));
        for (std::size_t i = 0; i < graph_.weights().size(); ++i)
            line("{}",
                 tensor(fmt::format("weight{}", i), graph_.weights()[i].name, graph_.weights()[i].axes, weightColour));
        line("{{ rank=sink; {} }}", tensor("output", "output", graph_.output(), dataColour));
        for (std::size_t i = 0; i < graph_.primitives().size(); ++i)
            primitive(i);
        for (std::size_t i = 0; i < graph_.dimensions().size(); ++i)
            edge(DimensionId(i));
        return text_ + "}\n";
    }

private:
    template <typename... Args>
    void line(fmt::format_string<Args...> format, Args&&... args)
    {
        text_ += "    " + fmt::format(format, std::forward<Args>(args)...) + '\n';
    }

    void heading(int dpi)
    {
        constexpr std::string_view font = "fontname=\"Helvetica,Arial,sans-serif\"";
        line("graph [rankdir=TB, ranksep=0.3, nodesep=0.35, pad=0.15, bgcolor=white, comment=\"operator {}\"{}]",
             canonicalHash(graph_), dpi > 0 ? fmt::format(", dpi={}", dpi) : "");
        line("node [{}, fontsize=11, fontcolor={}, shape=box, style=\"rounded,filled\", penwidth=0, height=0.3, "
             "width=0.3, margin=\"0.11,0.05\"]",
             font, quoted(ink));
        line("edge [{}, fontsize=10, fontcolor={}, color={}, arrowsize=0.55, penwidth=1.2]", font, quoted(mutedInk),
             quoted(mutedInk));
    }

    // One row with the name, one with a cell for each axis, which the edges leave or reach.
    std::string tensor(const std::string& node, const std::string& title, std::span<const DimensionId> axes,
                       std::string_view colour) const
    {
        std::string cells;
        for (const DimensionId axis : axes)
            cells += fmt::format("<td port=\"d{}\" bgcolor=\"white\"> <b>{}</b> : {} </td>", axis.index,
                                 inTable(graph_[axis].name), inTable(size_(graph_[axis].size)));
        const std::string header =
            fmt::format("<tr><td colspan=\"{}\" bgcolor=\"{}\"><font color=\"white\"><b>{}</b></font></td></tr>",
                        std::max<std::size_t>(axes.size(), 1), colour, inTable(title));
        const std::string row = cells.empty() ? "" : "<tr>" + cells + "</tr>";
        const bool output = node == "output"; // its edges come from above
        return fmt::format("{} [shape=plain, style=\"\", label=<<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" "
                           "cellpadding=\"4\" color=\"{}\">{}{}</table>>]",
                           node, colour, output ? row : header, output ? header : row);
    }

    void primitive(std::size_t index)
    {
        const Primitive& primitive = graph_.primitives()[index];
        const auto [background, text] = colours(primitive.kind);
        const bool round = primitive.kind == PrimitiveKind::share || primitive.kind == PrimitiveKind::reduce;
        line("p{} [{}label={}, fillcolor={}, fontcolor={}]", index,
             round ? "shape=circle, style=filled, margin=0.02, fontsize=13, " : "", quoted(label(primitive)),
             quoted(background), text);
    }

    std::string label(const Primitive& primitive) const
    {
        if (primitive.kind == PrimitiveKind::share)
            return "×";
        if (primitive.kind == PrimitiveKind::reduce)
            return "Σ";
        std::string label(toString(primitive.kind));
        if (primitive.kind == PrimitiveKind::shift)
            label += fmt::format(" {:+}", primitive.amount);
        else if (!primitive.parameter.isOne() && primitive.kind != PrimitiveKind::merge)
            label += ' ' + size_(primitive.parameter);
        return label;
    }

    std::string top(DimensionId id) const
    {
        const Dimension& dimension = graph_[id];
        if (dimension.above.valid())
            return fmt::format("p{}", dimension.above.index);
        if (dimension.weight.valid())
            return fmt::format("weight{}:d{}:s", dimension.weight.index, id.index);
        return fmt::format("input:d{}:s", id.index);
    }

    std::string bottom(DimensionId id) const
    {
        const Dimension& dimension = graph_[id];
        return dimension.below.valid() ? fmt::format("p{}", dimension.below.index)
                                       : fmt::format("output:d{}:n", id.index);
    }

    void edge(DimensionId id)
    {
        line("{} -> {} [label={}, tooltip={}{}]", top(id), bottom(id), quoted(' ' + size_(graph_[id].size)),
             quoted(graph_[id].name), graph_[id].weight.valid() ? fmt::format(", color={}", quoted(weightColour)) : "");
    }

    const PGraph& graph_;
    SizeText size_; // "C_out / g" reads better than "C_out*g^-1"
    std::string text_;
};

} // namespace

std::string writeDot(const PGraph& graph, int dpi)
{
    return DotWriter(graph).write(dpi);
}

Expected<std::string> exportDot(const PGraph& graph)
{
    return writeDot(graph);
}

} // namespace synoscope::codegen
