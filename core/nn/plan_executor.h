// Runs a plan (core/lowering/plan.h) with libtorch, under one binding.
//
// Symbolic sizes become numbers once, in the constructor; a run is then one libtorch call a step. Views stay views: a window
// is a strided view of the padded tensor, an expanded axis is never copied. Works in any floating-point type, on any
// device, under autograd. Intermediate values are released after their last use.
//
// Immutable after construction: any number of threads may run it.
#pragma once

#include "core/lowering/plan.h"

#include <string>
#include <torch/types.h>
#include <vector>

namespace synoscope {

class PlanExecutor
{
public:
    // The binding must give every step of the plan a shape of positive integers.
    PlanExecutor(const Plan& plan, const Binding& binding);

    // The weights in the order of the operator. Throws c10::Error when a tensor does not have its step's shape.
    torch::Tensor run(const torch::Tensor& input, const std::vector<torch::Tensor>& weights) const;

private:
    struct Operation
    {
        StepKind kind = StepKind::input;
        std::vector<std::size_t> operands;
        std::vector<std::size_t> dying; // operands that no later operation needs
        std::vector<std::int64_t> shape;
        std::vector<std::int64_t> permutation;
        std::vector<std::int64_t> pads; // unfold and convolution, in constant_pad_nd's order; empty: none
        std::int64_t axis = 0;
        std::int64_t size = 0;
        std::int64_t shift = 0;
        std::size_t weight = 0;
        std::string equation;
        std::vector<std::int64_t> padding; // convolution: what the library pads itself
        std::vector<std::int64_t> dilation;
        std::int64_t groups = 1;
    };

    static void prepareUnfold(Operation& operation);
    static void prepareConvolution(Operation& operation, const Step& step, const Binding& binding);
    static torch::Tensor execute(const Operation& operation, const std::vector<torch::Tensor>& values);

    std::vector<Operation> operations_;
};

} // namespace synoscope
