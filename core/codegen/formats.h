// What each format's file defines; export.cpp's table names them.
#pragma once

#include "core/graph/pgraph.h"

namespace synoscope::codegen {

Expected<std::string> exportPyTorch(const PGraph& graph);
Expected<std::string> exportLibTorch(const PGraph& graph);
Expected<std::string> exportCpp(const PGraph& graph);
Expected<std::string> exportHalide(const PGraph& graph);
Expected<std::string> exportOnnx(const PGraph& graph); // under its first binding
Expected<std::string> exportDot(const PGraph& graph);
Expected<std::string> exportSvg(const PGraph& graph);
Expected<std::string> exportPng(const PGraph& graph);
Expected<std::string> exportPdf(const PGraph& graph);
Expected<std::string> exportFormula(const PGraph& graph);
Expected<std::string> exportLatex(const PGraph& graph);
Expected<std::string> exportLoops(const PGraph& graph);
Expected<std::string> exportPlan(const PGraph& graph);
Expected<std::string> exportPGraph(const PGraph& graph);

} // namespace synoscope::codegen
