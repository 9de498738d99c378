// Index expressions and schedules of Halide pipelines as C++.
#pragma once

#include "core/codegen/halide_pipeline.h"
#include "core/codegen/size_text.h"

namespace synoscope::codegen {

std::string halideIndexText(const HalideIndex& index, const HalideStage& stage, const SizeText& sizes);

// A chain of calls for each Func and each update, indented for the body of a function.
std::string halideScheduleText(const HalidePipeline& pipeline, const SizeText& sizes);

} // namespace synoscope::codegen
