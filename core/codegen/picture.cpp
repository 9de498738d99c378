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

} // namespace

Expected<std::string> exportSvg(const PGraph& graph)
{
    return render(graph, "svg");
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
