// The space of a problem's operators, as the synthesis makes them.
#pragma once

#include "core/search/space.h"

namespace synoscope {

// Each space the factory makes has a Synthesizer of its own over the same problem.
SpaceFactory synthesizerSpaces(std::shared_ptr<const Problem> problem);

} // namespace synoscope
