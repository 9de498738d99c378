// C++ for an operator under given bindings: a self-contained C++17 file without dependencies (cpp_runtime.cpp has what
// is the same in all of them, cpp_writer.cpp writes the rest).
#pragma once

#include "core/graph/pgraph.h"

#include <span>
#include <string>
#include <string_view>

namespace synoscope::codegen {

struct CppOperator
{
    const PGraph& graph;
    std::span<const Binding> layers;
    std::string prefix; // of the names of the interface's functions
};

// One file for one or several operators. The kernels are made for the sizes of the layers, a class each: padding,
// strides and blocking are constants then, and which views are free depends on them. The interface looks for the layer
// of the shapes it is given. Fails where a tensor would be too large to address.
Expected<std::string> writeCpp(std::span<const CppOperator> operators);

std::string_view cppCommonText();
std::string_view cppPanelsText();
std::string_view cppLinesText();
std::string_view cppSlidesText();
std::string_view cppSumText();

} // namespace synoscope::codegen
