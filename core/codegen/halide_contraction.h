// A contraction as it is computed in registers: the stages and the directives that its tile asks for.
#pragma once

#include "core/codegen/halide_tile.h"

namespace synoscope::codegen {

// Adds the contraction to the pipeline, tile by tile in a stage of its own: the result is a copy of that, which is
// written once. A panel's weights are packed before, in a stage too. Returns the result's number.
int addContraction(HalidePipeline& pipeline, const HalideStage& stage, const Binding& binding,
                   const HalideMachine& machine);

// A Func is computed whole, even where only parts of it are read: overlapping tiles would begin before it otherwise.
void boundAxes(HalidePipeline& pipeline, int stage);

// Splits the loops over threads: the outermost, or several as one where it is short. `loops` are the names and extents
// of the outer loops, outermost first.
void parallelise(HalidePipeline& pipeline, int stage, std::vector<std::pair<std::string, std::int64_t>> loops,
                 const HalideMachine& machine);

} // namespace synoscope::codegen
