// Exports that take libtorch, from a program that is not linked with it: the worker program writes them, as a child.
#pragma once

#include "core/codegen/export.h"

#include <stop_token>

namespace synoscope {

// As exportOperator (core/codegen/export.h), for formats that are `byTorch`. Takes a second or two; what goes wrong in
// the child is a sentence here.
Expected<std::string> exportInWorker(const PGraph& graph, ExportFormat format, std::size_t layer = 0,
                                     std::stop_token stop = {});

} // namespace synoscope
