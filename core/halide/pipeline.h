// Builds in Halide what core/codegen describes.
//
// Halide.h takes long to compile: only the sources of this folder include it.
#pragma once

#include "core/codegen/halide_pipeline.h"

#include <Halide.h>

namespace synoscope {

// A pipeline at the sizes of one binding.
struct BuiltPipeline
{
    std::vector<Halide::Func> outputs;
    std::vector<std::pair<int, Halide::ImageParam>> parameters; // with their stages' numbers
};

struct BuildOptions
{
    bool schedules = true;     // apply the pipeline's schedule; otherwise an auto-scheduler has the word
    bool takesPrepared = true; // what depends on weights only and is computed as a whole comes as a parameter
};

// The outputs are stages, not necessarily those that the pipeline puts out.
BuiltPipeline buildPipeline(const codegen::HalidePipeline& pipeline, std::span<const int> outputs,
                            const Binding& binding, const BuildOptions& options);

// The stages that `BuildOptions::takesPrepared` turns into parameters.
std::vector<int> preparedStages(const codegen::HalidePipeline& pipeline);

// The extents of a stage, innermost first.
std::vector<int> halideExtents(const codegen::HalideStage& stage, const Binding& binding);

} // namespace synoscope
