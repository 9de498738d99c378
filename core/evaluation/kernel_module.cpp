#include "core/evaluation/kernel_module.h"

#include "core/evaluation/protocol/protocol.h"
#include "core/halide/kernel.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/types.h>

namespace synoscope {

namespace {

constexpr double tolerance = 1e-3; // of the largest value; far above rounding

// Computes without gradients.
class KernelModule : public TensorModule
{
public:
    KernelModule(Kernel kernel, std::vector<std::int64_t> outputShape)
        : kernel_(std::move(kernel)), outputShape_(std::move(outputShape))
    {}

    void setWeights(const std::vector<torch::Tensor>& weights)
    {
        std::vector<torch::Tensor> dense;
        std::vector<const float*> pointers;
        for (const torch::Tensor& weight : weights) {
            dense.push_back(weight.detach().contiguous());
            pointers.push_back(dense.back().data_ptr<float>());
        }
        kernel_.setWeights(pointers);
    }

    torch::Tensor forward(const torch::Tensor& input) override
    {
        const torch::Tensor dense = input.contiguous();
        torch::Tensor output = torch::empty(outputShape_);
        kernel_.forward(dense.data_ptr<float>(), output.data_ptr<float>());
        return output;
    }

private:
    Kernel kernel_;
    std::vector<std::int64_t> outputShape_;
};

Expected<void> verify(KernelModule& module, OperatorModule& judge, const PGraph& graph, const Binding& binding)
{
    const torch::Tensor input = torch::randn(graph.shape(graph.input(), binding));
    const torch::Tensor expected = judge.forward(input);
    const torch::Tensor actual = module.forward(input);
    if (!torch::isfinite(actual).all().item<bool>())
        return Error{fmt::format("The compiled kernel of '{}' returned values that are not finite.", graph.name())};
    const double deviation = (actual - expected).abs().max().item<double>() / expected.abs().max().item<double>();
    if (!(deviation < tolerance))
        return Error{fmt::format("The compiled kernel of '{}' does not compute the operator: it deviates by {:.2g}.",
                                 graph.name(), deviation)};
    return {};
}

} // namespace

Expected<KernelMaker> kernelMaker(const std::string& backend)
{
    if (backend == "libtorch" || backend == "einsum" || backend == "torchscript")
        return KernelMaker();
    if (backend == "cpp")
        return KernelMaker([](const PGraph& graph, const Binding& binding) { return Kernel::compile(graph, binding); });
    if (const auto scheduler = halideSchedulerNamed(backend))
        return KernelMaker([scheduler](const PGraph& graph, const Binding& binding) {
            return halideKernel(graph, binding, at::get_num_threads(), *scheduler);
        });
    return Error{
        fmt::format("There is no back end '{}'; there are {}.", backend, fmt::join(protocol::benchBackends, ", "))};
}

Expected<TensorModulePtr> kernelModule(const PGraph& graph, const Plan& plan, const Binding& binding,
                                       const KernelMaker& make)
{
    auto kernel = make(graph, binding);
    if (!kernel)
        return kernel.error();
    const c10::InferenceMode inference;
    auto module = std::make_shared<KernelModule>(std::move(*kernel), graph.shape(graph.output(), binding));
    OperatorModule judge(graph, plan, binding);
    module->setWeights(judge.weights());
    if (auto verified = verify(*module, judge, graph, binding); !verified)
        return verified.error();
    return TensorModulePtr(std::move(module));
}

SlotFactory kernelSlots(const PGraph& graph, const KernelMaker& make)
{
    return [graph, plan = lower(graph), make](const SlotShape& slot) -> Expected<TensorModulePtr> {
        const auto binding = bindingForSlot(graph, slot);
        if (!binding)
            return binding.error();
        auto module = kernelModule(graph, plan, *binding, make);
        if (!module)
            return module.error();
        return operatorInSlot(slot, std::move(*module));
    };
}

} // namespace synoscope
