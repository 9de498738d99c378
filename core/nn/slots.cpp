// What can stand in a slot.
#include "core/nn/initial.h"
#include "core/nn/operator_module.h"

#include <torch/nn/functional/pooling.h>

namespace synoscope {

namespace {

// The original layer. Its parameters are called "weight" and "bias", so that names are those of torchvision.
class OriginalSlot : public TensorModule
{
public:
    OriginalSlot(const SlotShape& slot, int stride)
        : sequence_(slot.sequence), stride_(stride), padding_(slot.kernel / 2), groups_(slot.groups)
    {
        const std::int64_t in = slot.inChannels / slot.groups;
        weight_ = register_parameter("weight", sequence_ ? torch::empty({slot.outChannels, in})
                                                         : torch::empty({slot.outChannels, in, slot.kernel, slot.kernel}));
        // Convolutions as torchvision's ResNets have them, linear layers as libtorch has them.
        const Initial initial = initialOr(slot.initial, {sequence_ ? Initial::Kind::uniform : Initial::Kind::heOut});
        const double window = static_cast<double>(slot.kernel) * slot.kernel;
        const double fanIn = static_cast<double>(in) * window;
        initialise(weight_, initial, fanIn, static_cast<double>(slot.outChannels / slot.groups) * window);
        if (!slot.bias)
            return;
        bias_ = register_parameter("bias", torch::empty({slot.outChannels}));
        initialiseBias(bias_, initial, fanIn);
    }

    torch::Tensor forward(const torch::Tensor& input) override
    {
        if (sequence_)
            return torch::linear(input, weight_, bias_);
        return torch::conv2d(input, weight_, bias_, stride_, padding_, 1, groups_);
    }

private:
    bool sequence_;
    torch::Tensor weight_, bias_;
    std::int64_t stride_, padding_, groups_;
};

// What has no bias in the place of a layer that has one.
class BiasedSlot : public TensorModule
{
public:
    BiasedSlot(const SlotShape& slot, TensorModulePtr module)
        : module_(register_module("operator", std::move(module))), bias_(register_parameter("bias", torch::zeros({slot.outChannels}))),
          sequence_(slot.sequence)
    {
    }

    torch::Tensor forward(const torch::Tensor& input) override
    {
        return module_->forward(input) + (sequence_ ? bias_ : bias_.view({1, -1, 1, 1}));
    }

private:
    TensorModulePtr module_;
    torch::Tensor bias_;
    bool sequence_;
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

TensorModulePtr withBias(const SlotShape& slot, TensorModulePtr module)
{
    if (!slot.bias)
        return module;
    return std::make_shared<BiasedSlot>(slot, std::move(module));
}

TensorModulePtr behindPooling(const SlotShape& slot, TensorModulePtr module)
{
    if (slot.stride == 1)
        return module;
    return std::make_shared<PooledSlot>(slot.stride, std::move(module));
}

} // namespace

TensorModulePtr operatorInSlot(const SlotShape& slot, TensorModulePtr module)
{
    return behindPooling(slot, withBias(slot, std::move(module)));
}

SlotFactory originalSlots()
{
    return [](const SlotShape& slot) -> Expected<TensorModulePtr> {
        return TensorModulePtr(std::make_shared<OriginalSlot>(slot, slot.stride));
    };
}

SlotFactory pooledSlots()
{
    return [](const SlotShape& slot) -> Expected<TensorModulePtr> {
        return behindPooling(slot, std::make_shared<OriginalSlot>(slot, 1));
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
        return operatorInSlot(slot, std::make_shared<OperatorModule>(graph, plan, *binding));
    };
}

} // namespace synoscope
