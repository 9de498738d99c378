// Operators as text for other programs and for people (DESIGN 4.2).
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
    dot,
    formula,
    latex,
    loops,
    plan,
    pgraph
};

struct FormatInfo
{
    ExportFormat format;
    std::string_view name;        // as on the command line
    std::string_view suffix;      // of files, without the dot
    std::string_view description; // a phrase for menus
};

std::span<const FormatInfo> formats();
std::optional<ExportFormat> formatNamed(std::string_view name);

// Fails only where a format cannot express the operator, with a sentence that says why.
Expected<std::string> exportOperator(const PGraph& graph, ExportFormat format);

// The file name that an export is best saved under: "depthwise_separable.py".
std::string exportFileName(const PGraph& graph, ExportFormat format);

} // namespace synoscope
