#include "core/codegen/halide_schedule.h"

#include "core/codegen/halide_contraction.h"

#include <algorithm>

namespace synoscope::codegen {

namespace {

using IndexKind = HalideIndex::Kind;
using Method = HalideDirective::Method;
using StageKind = HalideStage::Kind;
using Tail = HalideDirective::Tail;

bool hasIterator(const HalideIndex& index)
{
    return index.kind == IndexKind::iterator || std::ranges::any_of(index.operands, hasIterator);
}

// An address that moves in equal steps.
bool affine(const HalideIndex& index)
{
    const bool cuts = index.kind == IndexKind::divide || index.kind == IndexKind::remainder;
    return !(cuts && hasIterator(index)) && std::ranges::all_of(index.operands, affine);
}

// Vectors along the innermost axis are read as such. (Halide 14 takes strided ones at a constant place for aligned.)
bool vectorizable(const HalidePipeline& pipeline, const HalideStage& stage)
{
    return std::ranges::all_of(stage.factors, [&](const HalideFactor& factor) {
        return contiguous(pipeline, factor, static_cast<int>(stage.axes.size()) - 1);
    });
}

class Scheduler
{
public:
    Scheduler(HalidePipeline& pipeline, const Binding& binding, const HalideMachine& machine)
        : old_(pipeline.stages), pipeline_(pipeline), binding_(binding), machine_(machine)
    {
        for (std::size_t i = 0; i < old_.size(); ++i) {
            old_[i].root = old_[i].root || old_[i].kind == StageKind::padded;
            if (old_[i].contracts())
                chooseRoots(static_cast<int>(i));
        }
        pipeline_.stages.clear();
    }

    void run()
    {
        for (const HalideStage& stage : old_)
            places_.push_back(add(stage));
        for (int& output : pipeline_.outputs)
            output = places_[static_cast<std::size_t>(output)];
    }

private:
    std::int64_t extent(const HalideIterator& iterator) const { return evaluate(iterator.extent, binding_); }

    // What a contraction reads over and over is in memory before, unless its address is as simple as memory's own: axes
    // cut and rolled are dealt with once for each element, as are zeros around.
    void chooseRoots(int number)
    {
        HalideStage& stage = old_[static_cast<std::size_t>(number)];
        stage.root = true;
        for (const HalideFactor& factor : stage.factors) {
            int source = factor.stage;
            while (isPlainView(old_[static_cast<std::size_t>(source)]))
                source = old_[static_cast<std::size_t>(source)].factors[0].stage;
            HalideStage& read = old_[static_cast<std::size_t>(source)];
            if (read.kind == StageKind::compute && stage.factors.size() > 1)
                read.root = true;
        }
    }

    static bool isPlainView(const HalideStage& stage)
    {
        return stage.kind == StageKind::compute && !stage.root && !stage.contracts() && stage.factors.size() == 1 &&
               stage.equal.empty() && std::ranges::all_of(stage.factors[0].indices, affine);
    }

    int add(const HalideStage& before)
    {
        HalideStage stage = before;
        for (HalideFactor& factor : stage.factors)
            factor.stage = places_[static_cast<std::size_t>(factor.stage)];
        const bool data = std::ranges::any_of(stage.factors, [&](const HalideFactor& factor) {
            return !pipeline_.stages[static_cast<std::size_t>(factor.stage)].prepared;
        });
        if (stage.sums() && data && stage.factors.size() <= 2)
            return addContraction(pipeline_, stage, binding_, machine_);
        pipeline_.stages.push_back(std::move(stage));
        const int number = static_cast<int>(pipeline_.stages.size()) - 1;
        if (before.root && before.kind != StageKind::parameter)
            scheduleCopy(number);
        return number;
    }

    void scheduleCopy(int number)
    {
        const HalideStage stage = pipeline_.stages[static_cast<std::size_t>(number)];
        pipeline_.schedule.push_back({.stage = number, .method = Method::computeRoot});
        if (stage.axes.empty() || stage.sums())
            return;
        boundAxes(pipeline_, number);
        const bool padded = stage.reachesBeyond(static_cast<int>(stage.axes.size()) - 1);
        const HalideIterator& inner = stage.axes.back();
        std::int64_t lanes = machine_.lanes;
        while (lanes > extent(inner))
            lanes /= 2;
        if (lanes > 1 && vectorizable(pipeline_, stage))
            pipeline_.schedule.push_back({.stage = number,
                                          .method = Method::vectorize,
                                          .names = {inner.name},
                                          .number = lanes,
                                          .tail = padded                       ? Tail::roundUp
                                                  : extent(inner) % lanes == 0 ? Tail::none
                                                                               : Tail::shift});
        std::vector<std::pair<std::string, std::int64_t>> outer;
        for (std::size_t i = 0; i + 2 < stage.axes.size(); ++i)
            outer.emplace_back(stage.axes[i].name, extent(stage.axes[i]));
        parallelise(pipeline_, number, std::move(outer), machine_);
    }

    std::vector<HalideStage> old_;
    HalidePipeline& pipeline_;
    const Binding& binding_;
    const HalideMachine& machine_;
    std::vector<int> places_; // of old stages
};

} // namespace

HalideMachine thisMachine(int threads)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f"))
        return {16, 32, threads};
#endif
    return {8, 16, threads};
}

void scheduleForward(HalidePipeline& pipeline, const Binding& binding, const HalideMachine& machine)
{
    Scheduler(pipeline, binding, machine).run();
}

void schedulePlainly(HalidePipeline& pipeline, const Binding& binding, const HalideMachine& machine)
{
    for (HalideStage& stage : pipeline.stages)
        stage.root = stage.root || stage.contracts() || stage.kind == StageKind::padded;
    for (std::size_t i = 0; i < pipeline.stages.size(); ++i) {
        const HalideStage& stage = pipeline.stages[i];
        if (!stage.root || stage.kind == StageKind::parameter)
            continue;
        const int number = static_cast<int>(i);
        pipeline.schedule.push_back({.stage = number, .method = Method::computeRoot});
        for (const bool update : {false, true}) {
            if (stage.axes.empty() || (update && !stage.sums()))
                continue;
            const HalideIterator& inner = stage.axes.back();
            const HalideIterator& outer = stage.axes.front();
            if (evaluate(inner.extent, binding) >= machine.lanes && vectorizable(pipeline, stage))
                pipeline.schedule.push_back(
                    {number, update, Method::vectorize, {inner.name}, machine.lanes, Tail::guard});
            if (machine.threads > 1 && stage.axes.size() > 1 && evaluate(outer.extent, binding) > 1)
                pipeline.schedule.push_back({number, update, Method::parallel, {outer.name}});
        }
    }
}

} // namespace synoscope::codegen
