// Is an operator in a problem's space? Synthesis along the operator's own graph (DESIGN 8.3, `path`).
#pragma once

#include "core/graph/pgraph.h"
#include "core/synthesis/problem.h"

#include <memory>
#include <string>
#include <vector>

namespace synoscope {

struct PathResult
{
    bool reachable = false;
    std::vector<std::string> moves; // as far as they go; complete when reachable
    std::string refusedBy;          // the first rule that forbids the next step
    std::string reason;
};

// Variables of the operator are matched to the problem's by name, then by the axes of the input and output they size,
// then (coefficients) by value. An error: the operator cannot be expressed in the problem at all, say for other shapes.
Expected<PathResult> findPath(const PGraph& graph, std::shared_ptr<const Problem> problem);

} // namespace synoscope
