// The dimension graph as a picture: what dot.cpp writes, drawn by Graphviz.
#include "core/codegen/dot.h"
#include "core/codegen/formats.h"
#include "core/rendering/graphviz.h"

namespace synoscope::codegen {

namespace {

constexpr int sharp = 192; // twice what screens show at 100 %

Expected<std::string> render(const PGraph& graph, const std::string& format, int dpi = 0)
{
    const auto layout = GraphvizLayout::of(writeDot(graph, dpi));
    return layout ? layout->render(format) : layout.error();
}

// Graphviz says "transparent", which SVG 1.1 does not know: some readers draw such lines in black.
std::string withoutTransparent(std::string svg)
{
    constexpr std::string_view unknown = "stroke=\"transparent\"";
    for (std::size_t at = svg.find(unknown); at != std::string::npos; at = svg.find(unknown, at))
        svg.replace(at, unknown.size(), "stroke=\"none\"");
    return svg;
}

} // namespace

Expected<std::string> exportSvg(const PGraph& graph)
{
    auto svg = render(graph, "svg");
    return svg ? withoutTransparent(std::move(*svg)) : svg;
}

Expected<std::string> exportPng(const PGraph& graph)
{
    return render(graph, "png:cairo", sharp);
}

Expected<std::string> exportPdf(const PGraph& graph)
{
    return render(graph, "pdf:cairo");
}

} // namespace synoscope::codegen
