// An operator as a TorchScript module: what the process that has libtorch compiles and saves.
#pragma once

#include "core/graph/pgraph.h"

#include <string>
#include <vector>

namespace synoscope::codegen {

struct TorchScript
{
    std::string className;
    std::string source;                                           // of the method forward
    std::vector<std::string> parameters;                          // by weight: the attribute that it is
    std::vector<std::pair<std::string, std::int64_t>> attributes; // sizes that forward() reads
};

// With the numbers of the binding for what the module's parameters fix; batch and extents are read off the input, as
// in the PyTorch export.
TorchScript torchScript(const PGraph& graph, const Binding& binding);

} // namespace synoscope::codegen
