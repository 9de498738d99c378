// Where and in which order the stages of a Halide pipeline are computed.
#pragma once

#include "core/codegen/halide_pipeline.h"

namespace synoscope::codegen {

// What a schedule is for.
struct HalideMachine
{
    std::int64_t lanes = 8;      // of float32 in a vector
    std::int64_t registers = 16; // for vectors
    int threads = 1;
};

HalideMachine thisMachine(int threads);

// The forward pass, for speed.
void scheduleForward(HalidePipeline& pipeline, const Binding& binding, const HalideMachine& machine);

// Every contraction as a whole, vectors along the innermost axis, threads along the outermost. Makes any pipeline run
// decently under any binding.
void schedulePlainly(HalidePipeline& pipeline, const Binding& binding, const HalideMachine& machine);

} // namespace synoscope::codegen
