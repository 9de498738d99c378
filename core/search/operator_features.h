// An operator as numbers that a model can learn from: what it is built of, how often, and with which sizes. None is made
// for a particular reward.
#pragma once

#include "core/graph/pgraph.h"
#include "core/synthesis/move.h"

#include <cstdint>
#include <span>
#include <vector>

namespace synoscope {

struct Feature
{
    std::uint64_t name = 0; // a hash; what an operator does not have counts 0
    float value = 0;
};

// Each name once, in ascending order.
std::vector<Feature> featuresOf(std::span<const Move> way, const PGraph& graph);

} // namespace synoscope
