// Writes an operator as canonical `.pgraph` text (DESIGN 8.1), and names it by the hash of that text.
//
// Equal operators give equal bytes: names of axes and weights, the order of statements, of weights, of the axes of a
// weight, of reductions and of declared variables do not matter. The order of input and output axes, names of variables
// and the order of the layers (bind lines) do. Thread-safe: a pure function.
#pragma once

#include "core/graph/pgraph.h"

namespace synoscope {

std::string writePGraph(const PGraph& graph);

// 32 hexadecimal digits: the digest of the canonical text without its name, its layers and the variables it does not
// use. The values of the coefficients it does use count: a 3x3 and a 5x5 convolution are two operators.
std::string canonicalHash(const PGraph& graph);

} // namespace synoscope
