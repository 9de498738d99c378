// Modules that stand in a backbone's slots: the original layer, and a synthesised operator run by its plan.
//
// Not thread-safe, as modules are: one thread runs one module.
#pragma once

#include "core/catalog/backbones.h"
#include "core/nn/plan_executor.h"

#include <functional>
#include <map>
#include <memory>
#include <torch/nn/module.h>

namespace synoscope {

// Anything from one tensor to one tensor: slots, blocks and whole networks.
class TensorModule : public torch::nn::Module
{
public:
    virtual torch::Tensor forward(const torch::Tensor& input) = 0;
};
using TensorModulePtr = std::shared_ptr<TensorModule>;

// An operator with parameters of its own, one for each weight, named as the weights and shaped as their axes.
//
// The variable `N`, where the operator has it, is whatever the input says; all else is fixed by the binding. Parameters
// start out normal, with variances whose product over the weights is 1 / (number of terms summed for one output element):
// independent inputs of variance 1 give outputs of variance 1, so that operators can be stacked. fanIns(plan) says which
// weight answers for which sums.
class OperatorModule : public TensorModule
{
public:
    OperatorModule(const PGraph& graph, Plan plan, Binding binding);

    torch::Tensor forward(const torch::Tensor& input) override;

    void initialise(); // draws the parameters anew, from libtorch's default generator

    const std::vector<torch::Tensor>& weights() const { return weights_; }

private:
    const PlanExecutor& executorFor(std::int64_t batch);

    Plan plan_;
    Binding binding_;
    std::optional<VariableId> batch_;
    int batchAxis_ = 0;
    std::vector<double> deviations_; // of the weights' initial values
    std::vector<torch::Tensor> weights_;
    std::map<std::int64_t, PlanExecutor> executors_; // by batch
};

// The binding under which an operator stands in a slot, by the names of its variables: N (1), C_in, C_out, H, W; C where it
// keeps the channels; for sequences N, L (tokens), D or D_in (C_in) and D_out (C_out). A coefficient has its default value, or that of the operator's first layer. Fails,
// with a sentence, when a variable has another name, a size is no positive integer, or the shapes are not the slot's.
Expected<Binding> bindingForSlot(const PGraph& graph, const SlotShape& slot);

using SlotFactory = std::function<Expected<TensorModulePtr>(const SlotShape&)>;

// Fill slots with: the original layer; average pooling by the stride and the layer at stride 1; the same with an operator
// (lowered once, here). A bias that the original has is kept beside the operator.
SlotFactory originalSlots();
SlotFactory pooledSlots();
SlotFactory operatorSlots(const PGraph& graph);
SlotFactory operatorSlots(const PGraph& graph, const Plan& plan); // a plan of the operator

// The module as it stands in the slot: behind average pooling by the stride, and with the bias, where the slot has them.
TensorModulePtr operatorInSlot(const SlotShape& slot, TensorModulePtr module);

} // namespace synoscope
