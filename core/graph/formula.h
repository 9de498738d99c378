// An operator as mathematics and as loops, for people. Iterators are named after the axes they run over, in the words
// of whoever wrote the graph: input axes first, then weight axes, then what the statements called them.
//
// Expressions that would repeat themselves beyond reading (a graph may double one with every two primitives) get a name
// of their own: "... where t0 = ...".
#pragma once

#include "core/graph/coordinates.h"

namespace synoscope {

// The iterators' names, outputs first, then reductions, in the order of Coordinates; distinct identifiers.
std::vector<std::string> iteratorNames(const PGraph& graph);

// One line: "out[n, o, y, x] = sum over c:C_in, ky:k of in[n, c, y + ky - floor(k/2), x] * w0[o, c, ky]".
std::string formula(const PGraph& graph);

// The same as one LaTeX display formula, without the surrounding $$.
std::string latexFormula(const PGraph& graph);

// Pseudo code: nested loops, guards written out, one statement a line.
std::string loopNest(const PGraph& graph);

} // namespace synoscope
