// Operators as files for other programs and for people (DESIGN 4.2): code, pictures, mathematics.
//
// A new format is one file with one function, declared in formats.h, and one row in the table of export.cpp.
#pragma once

#include "core/graph/pgraph.h"

#include <optional>

namespace synoscope {

enum class ExportFormat : std::uint8_t
{
    pytorch,
    libtorch,
    cpp,
    halide,
    torchscript,
    onnx,
    dot,
    svg,
    png,
    pdf,
    formula,
    latex,
    loops,
    plan,
    pgraph
};

struct FormatInfo
{
    ExportFormat format = ExportFormat::pytorch;
    std::string_view name;        // as on the command line
    std::string_view suffix;      // of files, without the dot
    std::string_view description; // a phrase for menus
    bool binary = false;          // bytes for a file, no text that a terminal could show
    bool oneLayer = false;        // has numbers for sizes: those of one of the operator's bindings
    bool byTorch = false;         // takes a TorchWriter
};

std::span<const FormatInfo> formats();
std::optional<ExportFormat> formatNamed(std::string_view name);

const FormatInfo& infoOf(ExportFormat format);

// The operator with this one of its bindings; a sentence when there is none.
Expected<PGraph> withOneLayer(const PGraph& graph, std::size_t layer);

// What writes `torchscript`, in a program that is linked with libtorch (core/evaluation/torch_export.h).
using TorchWriter = Expected<std::string> (*)(const PGraph& graph);

// What the file holds, bytes or text; `layer` is the binding for formats of one layer. Fails only where a format cannot
// express the operator, or the machine lacks what writes it, with a sentence that says why.
Expected<std::string> exportOperator(const PGraph& graph, ExportFormat format, std::size_t layer = 0,
                                     TorchWriter torch = nullptr);

// The file name that an export is best saved under: "depthwise_separable.py".
std::string exportFileName(const PGraph& graph, ExportFormat format);

} // namespace synoscope
