// Operators as Halide pipelines, compiled in process: the back ends `halide` and `halide-...`.
//
// Compiled code runs in the calling process, and the compiler itself may bring it down: call this only in a process
// that may crash. Pipelines are cached by content within the process.
#pragma once

#include "core/kernels/kernel.h"

namespace synoscope {

enum class HalideScheduler : std::uint8_t
{
    own, // core/codegen/halide_schedule.h
    adams2019,
    li2018,
    mullapudi2016
};

// "halide", "halide-adams", "halide-li", "halide-mullapudi"; nothing for another name.
std::optional<HalideScheduler> halideSchedulerNamed(std::string_view backend);

// A process computes with the number of threads that it began with. Fails with one sentence: an operator too large, a
// scheduler that is not there, or what Halide's compiler says.
Expected<Kernel> halideKernel(const PGraph& graph, const Binding& binding, int threads,
                              HalideScheduler scheduler = HalideScheduler::own);

// As evaluate() and gradients() of the reference interpreter, in float32, by all processors.
Expected<Array> evaluateWithHalide(const PGraph& graph, const Binding& binding, const Array& input,
                                   std::span<const Array> weights);
Expected<Gradients> differentiateWithHalide(const PGraph& graph, const Binding& binding, const Array& input,
                                            std::span<const Array> weights, const Array& gradOutput);

} // namespace synoscope
