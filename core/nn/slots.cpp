// What can stand in a slot.
#include "core/nn/operator_module.h"

#include <cmath>
#include <torch/nn/functional/pooling.h>

namespace synoscope {

namespace {

// The original layer. Its parameter is called "weight", so that names of parameters are those of torchvision.
class ConvolutionSlot : public TensorModule
{
public:
    ConvolutionSlot(const SlotShape& slot, int stride)
        : stride_(stride), padding_(slot.kernel / 2), groups_(slot.groups)
    {
        weight_ = register_parameter(
            "weight", torch::empty({slot.outChannels, slot.inChannels / slot.groups, slot.kernel, slot.kernel}));
        // He initialisation over the outgoing connections, as torchvision's ResNets have it.
        const double fanOut = static_cast<double>(slot.outChannels / slot.groups) * slot.kernel * slot.kernel;
        const torch::NoGradGuard noGrad;
        weight_.normal_(0.0, std::sqrt(2.0 / fanOut));
    }

    torch::Tensor forward(const torch::Tensor& input) override
    {
        return torch::conv2d(input, weight_, {}, stride_, padding_, 1, groups_);
    }

private:
    torch::Tensor weight_;
    std::int64_t stride_, padding_, groups_;
};

class PooledSlot : public TensorModule
{
public:
    PooledSlot(int stride, TensorModulePtr module) : stride_(stride), module_(register_module("module", module)) {}

    torch::Tensor forward(const torch::Tensor& input) override
    {
        return module_->forward(torch::avg_pool2d(input, stride_));
    }

private:
    std::int64_t stride_;
    TensorModulePtr module_;
};

} // namespace

TensorModulePtr behindPooling(const SlotShape& slot, TensorModulePtr module)
{
    if (slot.stride == 1)
        return module;
    return std::make_shared<PooledSlot>(slot.stride, std::move(module));
}

SlotFactory originalSlots()
{
    return [](const SlotShape& slot) -> Expected<TensorModulePtr> {
        return TensorModulePtr(std::make_shared<ConvolutionSlot>(slot, slot.stride));
    };
}

SlotFactory pooledSlots()
{
    return [](const SlotShape& slot) -> Expected<TensorModulePtr> {
        return behindPooling(slot, std::make_shared<ConvolutionSlot>(slot, 1));
    };
}

SlotFactory operatorSlots(const PGraph& graph)
{
    return operatorSlots(graph, lower(graph));
}

SlotFactory operatorSlots(const PGraph& graph, const Plan& plan)
{
    return [graph, plan](const SlotShape& slot) -> Expected<TensorModulePtr> {
        const auto binding = bindingForSlot(graph, slot);
        if (!binding)
            return binding.error();
        return behindPooling(slot, std::make_shared<OperatorModule>(graph, plan, *binding));
    };
}

} // namespace synoscope
