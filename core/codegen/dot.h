// The dimension graph in the dot language, for what draws it.
#pragma once

#include "core/graph/pgraph.h"

#include <string>

namespace synoscope::codegen {

// dpi: dots per inch of a picture made of pixels; 0: Graphviz's own.
std::string writeDot(const PGraph& graph, int dpi = 0);

} // namespace synoscope::codegen
