// The definition of an operator as a C++ function, for the self-check of an exported Halide pipeline.
#pragma once

#include "core/codegen/halide_pipeline.h"
#include "core/codegen/size_text.h"

namespace synoscope::codegen {

// `double definition(const Buffer<float>& input, ..., int n, int o, ...)`: one element, term by term. Parameters and
// sizes are called as in the pipeline.
std::string halideDefinition(const PGraph& graph, const HalidePipeline& pipeline, const SizeText& sizes);

} // namespace synoscope::codegen
