#include "core/codegen/halide_schedule.h"

#include <algorithm>

namespace synoscope::codegen {

namespace {

using Method = HalideDirective::Method;
using Tail = HalideDirective::Tail;

} // namespace

HalideMachine thisMachine(int threads)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f"))
        return {16, 32, threads};
#endif
    return {8, 16, threads};
}

void schedulePlainly(HalidePipeline& pipeline, const Binding& binding, const HalideMachine& machine)
{
    for (HalideStage& stage : pipeline.stages)
        stage.root = stage.root || stage.contracts() || stage.kind == HalideStage::Kind::padded;
    for (std::size_t i = 0; i < pipeline.stages.size(); ++i) {
        const HalideStage& stage = pipeline.stages[i];
        if (!stage.root || stage.kind == HalideStage::Kind::parameter)
            continue;
        const int number = static_cast<int>(i);
        pipeline.schedule.push_back({.stage = number, .method = Method::computeRoot});
        for (const bool update : {false, true}) {
            if (stage.axes.empty() || (update && !stage.sums()))
                continue;
            const HalideIterator& inner = stage.axes.back();
            const HalideIterator& outer = stage.axes.front();
            if (evaluate(inner.extent, binding) >= machine.lanes)
                pipeline.schedule.push_back({number, update, Method::vectorize, {inner.name}, machine.lanes, Tail::guard});
            if (machine.threads > 1 && stage.axes.size() > 1 && evaluate(outer.extent, binding) > 1)
                pipeline.schedule.push_back({number, update, Method::parallel, {outer.name}});
        }
    }
}

void scheduleForward(HalidePipeline& pipeline, const Binding& binding, const HalideMachine& machine)
{
    schedulePlainly(pipeline, binding, machine);
}

} // namespace synoscope::codegen
