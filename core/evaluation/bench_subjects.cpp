#include "core/evaluation/bench_subjects.h"

#include "core/evaluation/kernel_module.h"
#include "core/evaluation/script_module.h"
#include "core/nn/networks.h"

#include <algorithm>
#include <fmt/format.h>

namespace synoscope {

namespace {

std::string labelOf(const SlotShape& slot)
{
    if (slot.sequence)
        return fmt::format("L={} D_in={} D_out={}", slot.height, slot.inChannels, slot.outChannels);
    std::string label = fmt::format("C_in={} C_out={} H={}", slot.inChannels, slot.outChannels, slot.height);
    if (slot.width != slot.height)
        label += fmt::format(" W={}", slot.width);
    if (slot.kernel == 1)
        label += " 1x1";
    if (slot.stride != 1)
        label += fmt::format(" stride {}", slot.stride);
    return label;
}

double bytesOf(const PGraph& graph, const Binding& binding)
{
    double elements = 0;
    const auto add = [&](std::span<const DimensionId> axes) {
        double product = 1;
        for (const std::int64_t extent : graph.shape(axes, binding))
            product *= static_cast<double>(extent);
        elements += product;
    };
    add(graph.input());
    add(graph.output());
    for (const Weight& weight : graph.weights())
        add(weight.axes);
    return 4 * elements;
}

double bytesOf(const SlotShape& slot)
{
    const double in = static_cast<double>(slot.inChannels) * slot.stride * slot.stride;
    const double channels = in + static_cast<double>(slot.outChannels);
    return 4 * (channels * static_cast<double>(slot.height * slot.width) + static_cast<double>(slot.parameters()));
}

torch::Tensor inputOf(const SlotShape& slot)
{
    if (slot.sequence)
        return torch::randn({1, slot.height, slot.inChannels});
    return torch::randn({1, slot.inChannels, slot.height * slot.stride, slot.width * slot.stride});
}

// What runs the operator: kernels, a script, or else a plan of it.
struct Runner
{
    KernelMaker kernels;
    bool script = false;
    Plan (*lowered)(const PGraph&) = lower;

    static Expected<Runner> named(const std::string& backend, const torch::Device& device)
    {
        auto kernels = kernelMaker(backend);
        if (!kernels)
            return kernels.error();
        Runner runner{std::move(*kernels), backend == "torchscript", backend == "einsum" ? lowerToEinsums : lower};
        if (!device.is_cpu() && (runner.kernels || runner.script))
            return Error{fmt::format("The back end '{}' is for processors; on the device {} there are libtorch and einsum.",
                                     backend, device.str())};
        return runner;
    }
    SlotFactory slots(const PGraph& graph) const
    {
        if (kernels)
            return kernelSlots(graph, kernels);
        if (script)
            return scriptSlots(graph);
        return operatorSlots(graph, lowered(graph));
    }
    Expected<TensorModulePtr> module(const PGraph& graph, const Plan& plan, const Binding& binding) const
    {
        if (kernels)
            return kernelModule(graph, plan, binding, kernels);
        if (script)
            return frozenScriptModule(graph.withBindings({binding}), binding);
        return TensorModulePtr(std::make_shared<OperatorModule>(graph, lowered(graph), binding));
    }
};

Expected<BenchSubject> inSlot(const std::optional<PGraph>& graph, const SlotShape& slot, const Runner& runner)
{
    BenchSubject subject{.label = labelOf(slot), .count = slot.count, .flops = slot.flops(), .bytes = bytesOf(slot)};
    subject.baselines = baselines(slot);
    if (graph) {
        auto module = runner.slots(*graph)(slot);
        if (!module)
            return module.error();
        subject.module = *module;
        const auto binding = bindingForSlot(*graph, slot);
        subject.flops = flops(*graph, *binding);
        subject.bytes = bytesOf(*graph, *binding);
    }
    subject.input = inputOf(slot);
    return subject;
}

// The layer between these shapes that is the usual one: a 3x3 convolution, or a linear layer.
std::optional<SlotShape> usualLayer(const std::vector<std::int64_t>& in, const std::vector<std::int64_t>& out)
{
    if (in.size() == 4 && out.size() == 4 && in[0] == out[0] && in[2] == out[2] && in[3] == out[3])
        return SlotShape{.inChannels = in[1], .outChannels = out[1], .height = in[2], .width = in[3]};
    if (in.size() == 3 && out.size() == 3 && in[0] == out[0] && in[1] == out[1])
        return SlotShape{.inChannels = in[2], .outChannels = out[2], .height = in[1], .width = 1, .kernel = 1, .sequence = true};
    return std::nullopt;
}

Expected<BenchSubject> ofOwnLayer(const PGraph& graph, const Plan& plan, std::size_t layer, const Runner& runner)
{
    const Binding& binding = graph.bindings()[layer];
    const auto in = graph.shape(graph.input(), binding);
    const auto slot = usualLayer(in, graph.shape(graph.output(), binding));
    if (!slot)
        return Error{fmt::format("The layer {} of the operator '{}' has nothing to be compared with: expected an input "
                                 "[N, C_in, H, W] and an output [N, C_out, H, W] for a convolution, or [N, L, D_in] and "
                                 "[N, L, D_out] for a linear layer. Name a backbone instead.", layer, graph.name())};
    BenchSubject subject{.label = labelOf(*slot), .flops = cost(plan, binding).flops, .bytes = bytesOf(graph, binding)};
    auto module = runner.module(graph, plan, binding);
    if (!module)
        return module.error();
    subject.module = *module;
    subject.baselines = baselines(*slot);
    subject.input = torch::randn(in);
    return subject;
}

Expected<BenchSubject> wholeNetwork(const std::optional<PGraph>& graph, const Backbone& backbone, const Runner& runner)
{
    BenchSubject subject{.label = "whole network"};
    auto original = makeBackbone(backbone.key, originalSlots());
    if (!original)
        return original.error();
    subject.baselines = {{"the original network", *original}};
    if (graph) {
        auto network = makeBackbone(backbone.key, runner.slots(*graph));
        if (!network)
            return network.error();
        subject.module = *network;
    }
    subject.input = backbone.sequence ? torch::randint(backbone.classes, {1, backbone.image}, torch::kLong)
                                      : torch::randn({1, 3, backbone.image, backbone.image});
    return subject;
}

void put(BenchSubject& subject, const torch::Device& device)
{
    const auto ready = [&device](TensorModule& module) {
        module.eval();
        module.to(device);
    };
    if (subject.module)
        ready(*subject.module);
    if (!device.is_cpu()) // packed weights stay where they are
        std::erase_if(subject.baselines, [](const Baseline& one) { return one.packed; });
    for (const Baseline& one : subject.baselines)
        ready(*one.module);
    subject.input = subject.input.to(device);
}

} // namespace

Expected<BenchSubjects> benchSubjects(const std::optional<PGraph>& graph, const std::string& backbone,
                                      const std::string& backend, const torch::Device& device)
{
    const auto runner = Runner::named(backend, device);
    if (!runner)
        return runner.error();
    BenchSubjects subjects;
    const auto add = [&](Expected<BenchSubject> subject) -> Expected<void> {
        if (!subject)
            return subject.error();
        put(*subject, device);
        subjects.bindings.push_back(std::move(*subject));
        return {};
    };
    if (backbone.empty()) {
        if (!graph || graph->bindings().empty())
            return Error{"There is nothing to measure: expected a backbone, or an operator with layers ('bind' lines)."};
        const Plan plan = lower(*graph);
        for (std::size_t layer = 0; layer < graph->bindings().size(); ++layer)
            if (auto added = add(ofOwnLayer(*graph, plan, layer, *runner)); !added)
                return added.error();
        return subjects;
    }
    const auto network = backboneFor(backbone);
    if (!network)
        return network.error();
    for (const SlotShape& slot : (*network)->slots)
        if (auto added = add(inSlot(graph, slot, *runner)); !added)
            return added.error();
    auto whole = wholeNetwork(graph, **network, *runner);
    if (!whole)
        return whole.error();
    put(*whole, device);
    subjects.network = std::move(*whole);
    return subjects;
}

} // namespace synoscope
