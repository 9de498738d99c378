// An operator's sizes in a problem's variables.
#pragma once

#include "core/graph/pgraph.h"
#include "core/synthesis/problem.h"

#include <array>
#include <optional>

namespace synoscope {

class Translation
{
public:
    // Fails with a sentence when shapes do not meet or a variable has no counterpart.
    static Expected<Translation> find(const PGraph& graph, const Problem& problem);

    Size operator()(const Size& size) const;

    // The operator in the problem's variables, with the problem's layers as bindings.
    Expected<PGraph> rebuild(const PGraph& graph, const Problem& problem) const;

private:
    std::array<Size, maxVariables> images_{}; // of each variable of the operator
};

} // namespace synoscope
