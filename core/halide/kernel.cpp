#include "core/halide/kernel.h"

#include "core/codegen/halide_schedule.h"
#include "core/graph/writer.h"
#include "core/halide/auto_scheduler.h"
#include "core/halide/pipeline.h"

#include <cstdint>
#include <fmt/format.h>
#include <list>
#include <map>
#include <thread>

namespace synoscope {

namespace {

using codegen::HalidePipeline;
using codegen::HalideStage;
using FloatBuffer = Halide::Buffer<float>;

constexpr std::int64_t mostElements = (std::int64_t{1} << 29) - 1; // Halide counts bytes with 31 bits

std::string_view nameOf(HalideScheduler scheduler)
{
    switch (scheduler) {
    case HalideScheduler::adams2019:
        return "Adams2019";
    case HalideScheduler::li2018:
        return "Li2018";
    case HalideScheduler::mullapudi2016:
        return "Mullapudi2016";
    case HalideScheduler::own:
        break;
    }
    return "";
}

// Loops run on OpenMP's threads, as libtorch's and our own kernels' do: threads of Halide's own would compete with
// those, which spin for a while when they have nothing to do.
using Task = int (*)(Halide::JITUserContext*, int, std::uint8_t*);

int parallelFor(Halide::JITUserContext* context, Task task, int begin, int count, std::uint8_t* closure)
{
    int failure = 0;
#pragma omp parallel for schedule(dynamic)
    for (int i = begin; i < begin + count; ++i) {
        if (const int result = task(context, i, closure); result != 0)
#pragma omp atomic write
            failure = result;
    }
    return failure;
}

void compile(Halide::Pipeline& pipeline, const Halide::Target& target)
{
    pipeline.jit_handlers().custom_do_par_for = parallelFor;
    pipeline.compile_jit(target);
}

// A Halide pipeline, compiled, with the places where its arguments go.
struct CompiledPipeline
{
    Halide::Pipeline pipeline;
    std::vector<std::pair<int, Halide::ImageParam>> parameters;
};

// What is compiled for an operator at some sizes: nothing here changes from call to call.
struct CompiledOperator
{
    PGraph graph;
    Binding binding;
    Halide::Target target;
    HalidePipeline forward;
    std::vector<int> prepared; // stages
    std::vector<CompiledPipeline> prepare;
    CompiledPipeline run;
    // Made when gradients are asked for.
    HalidePipeline backward;
    std::optional<CompiledPipeline> differentiate;
};

Expected<void> withinLimits(const PGraph& graph, const HalidePipeline& pipeline, const Binding& binding)
{
    for (const HalideStage& stage : pipeline.stages) {
        double elements = 1;
        for (const codegen::HalideIterator& axis : stage.axes)
            elements *= static_cast<double>(codegen::evaluate(axis.extent, binding));
        const bool inMemory = stage.root || stage.kind == HalideStage::Kind::parameter;
        if (inMemory && elements > static_cast<double>(mostElements))
            return Error{fmt::format("The operator '{}' needs a tensor of {:.0f} elements; a Halide pipeline takes at "
                                     "most {}.",
                                     graph.name(), elements, mostElements)};
    }
    return {};
}

CompiledPipeline compiled(const HalidePipeline& pipeline, std::span<const int> outputs, const Binding& binding,
                          const Halide::Target& target, const BuildOptions& options)
{
    BuiltPipeline built = buildPipeline(pipeline, outputs, binding, options);
    CompiledPipeline result{Halide::Pipeline(built.outputs), std::move(built.parameters)};
    compile(result.pipeline, target);
    return result;
}

void compileOwn(CompiledOperator& op, const codegen::HalideMachine& machine)
{
    codegen::scheduleForward(op.forward, op.binding, machine);
    op.prepared = preparedStages(op.forward);
    for (const int& stage : op.prepared)
        op.prepare.push_back(compiled(op.forward, std::span(&stage, 1), op.binding, op.target, {}));
    op.run = compiled(op.forward, op.forward.outputs, op.binding, op.target, {});
}

Expected<void> compileWithAutoScheduler(CompiledOperator& op, HalideScheduler scheduler, int threads)
{
    BuiltPipeline built = buildPipeline(op.forward, op.forward.outputs, op.binding, {false, false});
    op.run = {Halide::Pipeline(built.outputs), std::move(built.parameters)};
    for (auto& [stage, param] : op.run.parameters)
        setEstimates(param, halideExtents(op.forward.stages[static_cast<std::size_t>(stage)], op.binding));
    const HalideStage& output = op.forward.stages[static_cast<std::size_t>(op.forward.outputs[0])];
    setEstimates(built.outputs[0], halideExtents(output, op.binding));
    if (auto scheduled = autoSchedule(op.run.pipeline, std::string(nameOf(scheduler)), op.target, threads); !scheduled)
        return scheduled.error();
    compile(op.run.pipeline, op.target);
    return {};
}

Expected<std::shared_ptr<CompiledOperator>> compileOperator(const PGraph& graph, const Binding& binding, int threads,
                                                            HalideScheduler scheduler)
{
    auto op = std::make_shared<CompiledOperator>(CompiledOperator{
        graph, binding, Halide::get_jit_target_from_environment(), codegen::halideForward(graph), {}, {}, {}, {}, {}});
    if (auto within = withinLimits(graph, op->forward, binding); !within)
        return within.error();
    if (scheduler != HalideScheduler::own) {
        if (auto done = compileWithAutoScheduler(*op, scheduler, threads); !done)
            return done.error();
        return op;
    }
    compileOwn(*op, codegen::thisMachine(threads));
    return op;
}

// A tensor that is written. Where an output has an update, Halide 14 takes it for aligned to whole vectors: one that is
// not gets a copy, which the end of its life copies back.
class Output
{
public:
    Output(float* data, const std::vector<int>& extents) : buffer_(data, extents)
    {
        constexpr std::uintptr_t vector = 64;
        if (reinterpret_cast<std::uintptr_t>(data) % vector == 0)
            return;
        given_ = std::move(buffer_);
        buffer_ = FloatBuffer(extents); // Halide's own are aligned
    }
    ~Output()
    {
        if (given_.defined())
            given_.copy_from(buffer_);
    }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    FloatBuffer& buffer() { return buffer_; }

private:
    FloatBuffer buffer_;
    FloatBuffer given_{};
};

FloatBuffer wrapped(const float* data, std::vector<int> extents)
{
    return FloatBuffer(const_cast<float*>(data), extents); // parameters are only read
}

class Layer
{
public:
    explicit Layer(std::shared_ptr<CompiledOperator> op) : op_(std::move(op)) {}

    void setWeights(const float* const* weights)
    {
        weights_.clear();
        for (std::size_t i = 0; i < op_->graph.weights().size(); ++i) {
            const auto shape = op_->graph.shape(op_->graph.weights()[i].axes, op_->binding);
            std::vector<int> extents(shape.rbegin(), shape.rend());
            weights_.push_back(wrapped(weights[i], extents).copy());
        }
        prepared_.clear();
        for (std::size_t i = 0; i < op_->prepared.size(); ++i) {
            const HalideStage& stage = op_->forward.stages[static_cast<std::size_t>(op_->prepared[i])];
            FloatBuffer result(halideExtents(stage, op_->binding));
            bind(op_->forward, op_->prepare[i], nullptr, nullptr);
            op_->prepare[i].pipeline.realize(result, op_->target);
            prepared_.emplace(op_->prepared[i], std::move(result));
        }
    }

    void forward(const float* input, float* output)
    {
        bind(op_->forward, op_->run, input, nullptr);
        Output result(output, extentsOf(op_->forward, op_->forward.outputs[0]));
        op_->run.pipeline.realize(result.buffer(), op_->target);
    }

    void backward(const float* input, const float* const* weights, const float* gradOutput, float* gradInput,
                  float* const* gradWeights)
    {
        setWeights(weights);
        if (!op_->differentiate) {
            op_->backward = codegen::halideBackward(op_->graph);
            codegen::schedulePlainly(op_->backward, op_->binding, codegen::thisMachine(2));
            op_->differentiate =
                compiled(op_->backward, op_->backward.outputs, op_->binding, op_->target, {.takesPrepared = false});
        }
        bind(op_->backward, *op_->differentiate, input, gradOutput);
        std::list<Output> results;
        std::vector<Halide::Buffer<>> buffers;
        for (std::size_t i = 0; i < op_->backward.outputs.size(); ++i) {
            results.emplace_back(i == 0 ? gradInput : gradWeights[i - 1],
                                 extentsOf(op_->backward, op_->backward.outputs[i]));
            buffers.emplace_back(results.back().buffer());
        }
        op_->differentiate->pipeline.realize(Halide::Realization(buffers), op_->target);
    }

private:
    std::vector<int> extentsOf(const HalidePipeline& pipeline, int stage) const
    {
        return halideExtents(pipeline.stages[static_cast<std::size_t>(stage)], op_->binding);
    }

    void bind(const HalidePipeline& pipeline, CompiledPipeline& run, const float* input, const float* gradOutput)
    {
        for (auto& [number, param] : run.parameters) {
            const HalideStage& stage = pipeline.stages[static_cast<std::size_t>(number)];
            if (const auto known = prepared_.find(number); &pipeline == &op_->forward && known != prepared_.end())
                param.set(known->second);
            else if (stage.weight >= 0)
                param.set(weights_[static_cast<std::size_t>(stage.weight)]);
            else
                param.set(
                    wrapped(stage.name == "grad_output" ? gradOutput : input, halideExtents(stage, op_->binding)));
        }
    }

    std::shared_ptr<CompiledOperator> op_;
    std::vector<FloatBuffer> weights_;
    std::map<int, FloatBuffer> prepared_; // by stage
};

Error sentenceFor(const PGraph& graph, const Halide::Error& error)
{
    return Error{.message = fmt::format("Halide could not compile or run the operator '{}'.", graph.name()),
                 .details = error.what()};
}

// The functions of a kernel for a layer.
KernelFunctions functionsOf(std::unique_ptr<Layer> layer)
{
    KernelFunctions functions;
    functions.layer = {layer.release(), [](void* object) { delete static_cast<Layer*>(object); }};
    functions.setWeights = [](void* object, const float* const* weights) {
        static_cast<Layer*>(object)->setWeights(weights);
    };
    functions.forward = [](void* object, const float* input, float* output) {
        static_cast<Layer*>(object)->forward(input, output);
    };
    functions.backward = [](void* object, const float* input, const float* const* weights, const float* gradOutput,
                            float* gradInput, float* const* gradWeights) {
        static_cast<Layer*>(object)->backward(input, weights, gradOutput, gradInput, gradWeights);
    };
    return functions;
}

int allProcessors()
{
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

} // namespace

std::optional<HalideScheduler> halideSchedulerNamed(std::string_view backend)
{
    constexpr std::pair<std::string_view, HalideScheduler> names[] = {
        {"halide", HalideScheduler::own},
        {"halide-adams", HalideScheduler::adams2019},
        {"halide-li", HalideScheduler::li2018},
        {"halide-mullapudi", HalideScheduler::mullapudi2016}};
    for (const auto& [name, scheduler] : names)
        if (name == backend)
            return scheduler;
    return std::nullopt;
}

Expected<Kernel> halideKernel(const PGraph& graph, const Binding& binding, int threads, HalideScheduler scheduler)
{
    static std::map<std::string, std::shared_ptr<CompiledOperator>> cache;
    const std::string key =
        fmt::format("{} {}\n{}", nameOf(scheduler), threads, writePGraph(graph.withBindings({binding})));
    auto& known = cache[key];
    try {
        if (!known) {
            auto op = compileOperator(graph, binding, threads, scheduler);
            if (!op)
                return op.error();
            known = *op;
        }
    } catch (const Halide::Error& error) {
        return sentenceFor(graph, error);
    }
    return Kernel(functionsOf(std::make_unique<Layer>(known)));
}

Expected<Array> evaluateWithHalide(const PGraph& graph, const Binding& binding, const Array& input,
                                   std::span<const Array> weights)
{
    auto kernel = halideKernel(graph, binding, allProcessors());
    if (!kernel)
        return kernel.error();
    try {
        return evaluateWithKernel(*kernel, graph, binding, input, weights);
    } catch (const Halide::Error& error) {
        return sentenceFor(graph, error);
    }
}

Expected<Gradients> differentiateWithHalide(const PGraph& graph, const Binding& binding, const Array& input,
                                            std::span<const Array> weights, const Array& gradOutput)
{
    auto kernel = halideKernel(graph, binding, allProcessors());
    if (!kernel)
        return kernel.error();
    try {
        return gradientsWithKernel(*kernel, graph, binding, input, weights, gradOutput);
    } catch (const Halide::Error& error) {
        return sentenceFor(graph, error);
    }
}

} // namespace synoscope
