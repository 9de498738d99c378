// The order in which a network is evaluated: fewest floating-point operations first, then least traffic.
//
// Uniform-cost search (Dijkstra) over sets of finished stages. Between stages the choice is forced: views run when a
// stage needs them, and whatever shrinks the data tensor runs at once. Among all orders in which one data tensor takes
// up one weight after the other and keeps no products that it could sum, the result has the fewest operations
// (optimality_test.cpp tries them all), as long as no sum runs over a single element. Operators have few stages; for a
// graph with very many, the search gives way to the cheapest next stage once it has looked at `maxStates` states.
#pragma once

#include "core/lowering/progress.h"

namespace synoscope::lowering {

struct Schedule
{
    std::vector<Action> actions;
    Cheapness cost; // over all bindings
};

// Its cost alone.
Cheapness cheapest(const Network& network, const Extents& extents);

Schedule cheapestSchedule(const Network& network, std::span<const Binding> bindings);

} // namespace synoscope::lowering
