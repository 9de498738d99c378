// An operator on arrays with libtorch: the engines `libtorch` and `torchscript` of `synoscope-cli eval`, and what the
// tests compare with the reference interpreter. Same conventions and refusals as core/graph/interpreter.h.
#pragma once

#include "core/graph/interpreter.h"

namespace synoscope {

enum class Precision { float32, float64 };

enum class TorchEngine
{
    eager, // the plan, step by step
    script // a TorchScript module
};

Expected<Array> evaluateWithTorch(const PGraph& graph, const Binding& binding, const Array& input,
                                  std::span<const Array> weights, Precision precision = Precision::float32,
                                  TorchEngine engine = TorchEngine::eager);

// The gradients of sum(gradOutput * output), by autograd.
Expected<Gradients> gradientsWithTorch(const PGraph& graph, const Binding& binding, const Array& input,
                                       std::span<const Array> weights, const Array& gradOutput,
                                       Precision precision = Precision::float32,
                                       TorchEngine engine = TorchEngine::eager);

} // namespace synoscope
