#include "core/codegen/export.h"

#include "core/codegen/formats.h"
#include "core/codegen/names.h"

#include <algorithm>
#include <array>

namespace synoscope {

namespace {

constexpr std::array infos{
    FormatInfo{ExportFormat::pytorch, "pytorch", "py", "PyTorch module"},
    FormatInfo{ExportFormat::libtorch, "libtorch", "h", "libtorch C++ module"},
    FormatInfo{ExportFormat::cpp, "cpp", "cpp", "self-contained C++ kernels"},
    FormatInfo{ExportFormat::halide, "halide", "halide.cpp", "Halide pipeline, scheduled"},
    FormatInfo{ExportFormat::dot, "dot", "dot", "dimension graph for Graphviz"},
    FormatInfo{ExportFormat::formula, "formula", "txt", "formula"},
    FormatInfo{ExportFormat::latex, "latex", "tex", "formula in LaTeX"},
    FormatInfo{ExportFormat::loops, "loops", "txt", "loop nest in pseudo code"},
    FormatInfo{ExportFormat::plan, "plan", "txt", "plan: the tensor program step by step"},
    FormatInfo{ExportFormat::pgraph, "pgraph", "pgraph", "pGraph"},
};

// In the same order.
using Writer = Expected<std::string> (*)(const PGraph&);
constexpr std::array<Writer, infos.size()> writers{
    codegen::exportPyTorch, codegen::exportLibTorch, codegen::exportCpp,   codegen::exportHalide, codegen::exportDot,
    codegen::exportFormula, codegen::exportLatex,    codegen::exportLoops, codegen::exportPlan,   codegen::exportPGraph,
};

std::size_t row(ExportFormat format)
{
    return static_cast<std::size_t>(std::ranges::find(infos, format, &FormatInfo::format) - infos.begin());
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

Expected<std::string> exportOperator(const PGraph& graph, ExportFormat format)
{
    return writers[row(format)](graph);
}

std::string exportFileName(const PGraph& graph, ExportFormat format)
{
    return codegen::snakeCase(graph.name()) + '.' + std::string(infos[row(format)].suffix);
}

} // namespace synoscope
