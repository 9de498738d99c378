// Surrogate problems: rewards that cost nothing, so that search algorithms can be compared in seconds (DESIGN 5.4).
//
// Each is a formula over an operator's traits (operator_traits.h) in [0, 1], made to be hard in a way of its own. None
// claims to predict accuracy. An algorithm never sees the traits: to it a reward is a number, as in a real search.
#pragma once

#include "core/search/operator_traits.h"

#include <span>
#include <string_view>

namespace synoscope {

struct Surrogate
{
    std::string_view name;
    std::string_view description; // one sentence
    double (*reward)(const OperatorTraits& traits);
};

std::span<const Surrogate> surrogates();
const Surrogate* findSurrogate(std::string_view name); // nothing when there is none of that name

} // namespace synoscope
