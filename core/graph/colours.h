// Numbers for a set of terms that do not depend on how the members of its classes are numbered (factors.h): colour
// refinement in a prime field.
#pragma once

#include "core/graph/factors.h"

namespace synoscope {

// The classes of the first `axisClasses` columns are told apart by their place; those of weights, which come after, are
// interchangeable.
std::uint64_t colourHash(std::span<const Factor> factors, std::size_t axisClasses);

} // namespace synoscope
