#include "core/codegen/export.h"

#include "core/codegen/formats.h"
#include "core/codegen/names.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace synoscope {

namespace {

struct Row
{
    FormatInfo info;
    Expected<std::string> (*write)(const PGraph&);
};

using namespace codegen;
constexpr std::array rows{
    Row{{ExportFormat::pytorch, "pytorch", "py", "PyTorch module"}, exportPyTorch},
    Row{{ExportFormat::libtorch, "libtorch", "h", "libtorch C++ module"}, exportLibTorch},
    Row{{ExportFormat::cpp, "cpp", "cpp", "self-contained C++ kernels"}, exportCpp},
    Row{{ExportFormat::halide, "halide", "halide.cpp", "Halide pipeline, scheduled"}, exportHalide},
    Row{{ExportFormat::torchscript, "torchscript", "pt", "TorchScript module of one layer", true, true, true}, nullptr},
    Row{{ExportFormat::onnx, "onnx", "onnx", "ONNX model of one layer", true, true}, exportOnnx},
    Row{{ExportFormat::dot, "dot", "dot", "dimension graph for Graphviz"}, exportDot},
    Row{{ExportFormat::svg, "svg", "svg", "dimension graph as a scalable picture"}, exportSvg},
    Row{{ExportFormat::png, "png", "png", "dimension graph as a picture of pixels", true}, exportPng},
    Row{{ExportFormat::pdf, "pdf", "pdf", "dimension graph as a page", true}, exportPdf},
    Row{{ExportFormat::formula, "formula", "txt", "formula"}, exportFormula},
    Row{{ExportFormat::latex, "latex", "tex", "formula in LaTeX"}, exportLatex},
    Row{{ExportFormat::loops, "loops", "txt", "loop nest in pseudo code"}, exportLoops},
    Row{{ExportFormat::plan, "plan", "txt", "plan: the tensor program step by step"}, exportPlan},
    Row{{ExportFormat::pgraph, "pgraph", "pgraph", "pGraph"}, exportPGraph},
};

constexpr auto infos = [] {
    std::array<FormatInfo, rows.size()> infos{};
    std::ranges::transform(rows, infos.begin(), &Row::info);
    return infos;
}();

const Row& rowOf(ExportFormat format)
{
    return *std::ranges::find(rows, format, [](const Row& row) { return row.info.format; });
}

} // namespace

std::span<const FormatInfo> formats()
{
    return infos;
}

std::optional<ExportFormat> formatNamed(std::string_view name)
{
    const auto found = std::ranges::find(infos, name, &FormatInfo::name);
    return found == infos.end() ? std::nullopt : std::optional(found->format);
}

const FormatInfo& infoOf(ExportFormat format)
{
    return rowOf(format).info;
}

Expected<PGraph> withOneLayer(const PGraph& graph, std::size_t layer)
{
    const std::size_t layers = graph.bindings().size();
    if (layers == 0)
        return Error{"The format has numbers for sizes, and the operator has none: expected a 'bind' line."};
    if (layer >= layers)
        return Error{fmt::format("There is no binding {}: the operator has 0 to {}.", layer, layers - 1)};
    return graph.withBindings({graph.bindings()[layer]});
}

Expected<std::string> exportOperator(const PGraph& graph, ExportFormat format, std::size_t layer, TorchWriter torch)
{
    const Row& row = rowOf(format);
    const auto write = row.info.byTorch ? torch : row.write;
    if (!write)
        return Error{fmt::format("The format {} is written with libtorch, which this program is not linked with.",
                                 row.info.name)};
    if (!row.info.oneLayer)
        return write(graph);
    const auto one = withOneLayer(graph, layer);
    return one ? write(*one) : one.error();
}

std::string exportFileName(const PGraph& graph, ExportFormat format)
{
    return codegen::snakeCase(graph.name()) + '.' + std::string(infoOf(format).suffix);
}

} // namespace synoscope
