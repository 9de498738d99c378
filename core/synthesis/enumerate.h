// All states and operators of a problem, depth by depth (DESIGN 8.3).
//
// Breadth first: every state once, by its identity; each operator at the least depth at which it is found. On small
// problems this is the truth that the shape distance, the rules and the rollouts are held to.
#pragma once

#include "core/synthesis/engine.h"

#include <functional>

namespace synoscope {

struct Enumeration
{
    std::vector<std::size_t> states;          // partial graphs of each depth, 0 (the output's shape) to the limit
    std::vector<std::vector<StateId>> finals; // the operators first found with that many primitives
    bool complete = true;                     // false: stopped
};

// To the engine's depth limit. `goOn(depth, states)` is asked now and then.
Enumeration enumerate(SynthesisEngine& engine, const std::function<bool(int, std::size_t)>& goOn);

} // namespace synoscope
