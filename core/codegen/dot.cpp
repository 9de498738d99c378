// The dimension graph for Graphviz: tensors as boxes with their axes, primitives as nodes, dimensions as edges labelled
// with their sizes. Data flows from top to bottom.
#include "core/codegen/formats.h"

#include <fmt/format.h>

namespace synoscope::codegen {

namespace {

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

// Within a record label, these have a meaning.
std::string recordText(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        if (std::string_view("{}|<> \"\\").find(c) != std::string_view::npos)
            result += '\\';
        result += c;
    }
    return result;
}

class DotWriter
{
public:
    explicit DotWriter(const PGraph& graph) : graph_(graph) {}

    std::string write()
    {
        text_ = fmt::format("digraph {} {{\n", quoted(graph_.name()));
        line("rankdir=TB");
        line("node [fontname=\"Helvetica\", fontsize=11]");
        line("edge [fontname=\"Helvetica\", fontsize=9, arrowsize=0.6]");
        tensor("input", "input", graph_.input());
        for (std::size_t i = 0; i < graph_.weights().size(); ++i)
            tensor(fmt::format("weight{}", i), graph_.weights()[i].name, graph_.weights()[i].axes);
        tensor("output", "output", graph_.output());
        std::string sources = "{ rank=source; input;";
        for (std::size_t i = 0; i < graph_.weights().size(); ++i)
            sources += fmt::format(" weight{};", i);
        line(sources + " }");
        for (std::size_t i = 0; i < graph_.primitives().size(); ++i)
            primitive(i);
        for (std::size_t i = 0; i < graph_.dimensions().size(); ++i)
            edge(DimensionId(i));
        return text_ + "}\n";
    }

private:
    void line(std::string_view content) { text_ += fmt::format("    {}\n", content); }

    std::string size(const Size& size) const { return toString(size, graph_.variables()); }

    void tensor(const std::string& node, const std::string& title, std::span<const DimensionId> axes)
    {
        std::string cells;
        for (const DimensionId axis : axes)
            cells += fmt::format("{}<d{}> {}: {}", cells.empty() ? "" : "|", axis.index, recordText(graph_[axis].name),
                                 recordText(size(graph_[axis].size)));
        line(fmt::format("{} [shape=record, style=filled, fillcolor={}, label=\"{{{}|{{{}}}}}\"]", node,
                         node.starts_with("weight") ? "lightyellow" : "lightblue", recordText(title), cells));
    }

    void primitive(std::size_t index)
    {
        const Primitive& primitive = graph_.primitives()[index];
        std::string label(toString(primitive.kind));
        if (primitive.kind == PrimitiveKind::shift)
            label += fmt::format(" {:+}", primitive.amount);
        else if (!primitive.parameter.isOne() && primitive.kind != PrimitiveKind::merge)
            label += ' ' + size(primitive.parameter);
        const bool contraction = primitive.kind == PrimitiveKind::share || primitive.kind == PrimitiveKind::reduce;
        line(fmt::format("p{} [shape={}, label={}]", index, contraction ? "circle" : "ellipse",
                         quoted(primitive.kind == PrimitiveKind::share    ? "×"
                                : primitive.kind == PrimitiveKind::reduce ? "Σ"
                                                                          : label)));
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
        line(fmt::format("{} -> {} [label={}, tooltip={}]", top(id), bottom(id), quoted(size(graph_[id].size)),
                         quoted(graph_[id].name)));
    }

    const PGraph& graph_;
    std::string text_;
};

} // namespace

Expected<std::string> exportDot(const PGraph& graph)
{
    return DotWriter(graph).write();
}

} // namespace synoscope::codegen
