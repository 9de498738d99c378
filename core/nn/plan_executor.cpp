#include "core/nn/plan_executor.h"

#include <torch/nn/functional/padding.h>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace synoscope {

namespace {

std::int64_t number(const Size& size, const Binding& binding)
{
    const auto value = evaluate(size, binding);
    TORCH_CHECK(value && *value > 0, "a size of the plan is no positive integer under this binding");
    return *value;
}

// Labels are arbitrary small integers; einsum knows 52 letters. Letters are given out anew for each step.
std::string einsumEquation(const std::vector<std::vector<int>>& labels)
{
    std::map<int, char> letters;
    std::string equation;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (i > 0)
            equation += i + 1 == labels.size() ? "->" : ",";
        for (const int label : labels[i]) {
            const auto next = static_cast<int>(letters.size());
            const auto [it, added] = letters.try_emplace(label, static_cast<char>(next < 26 ? 'a' + next : 'A' + next - 26));
            TORCH_CHECK(next < 52 || !added, "an einsum of the plan has more than 52 iterators, which libtorch cannot run");
            equation += it->second;
        }
    }
    return equation;
}

} // namespace

PlanExecutor::PlanExecutor(const Plan& plan, const Binding& binding)
{
    std::vector<std::size_t> lastUse(plan.steps.size(), plan.steps.size());
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        const Step& step = plan.steps[i];
        Operation operation;
        operation.kind = step.kind;
        for (const Size& size : step.shape)
            operation.shape.push_back(number(size, binding));
        for (const ValueId operand : step.operands) {
            operation.operands.push_back(operand.index);
            lastUse[operand.index] = i;
        }
        operation.axis = step.axis;
        operation.weight = static_cast<std::size_t>(step.index);
        operation.permutation.assign(step.permutation.begin(), step.permutation.end());
        operation.shift = -step.amount; // libtorch rolls the other way
        if (step.kind == StepKind::unfold || step.kind == StepKind::slice || step.kind == StepKind::expand)
            operation.size = number(step.size, binding);
        if (step.kind == StepKind::unfold)
            prepareUnfold(operation);
        if (step.kind == StepKind::einsum)
            operation.equation = einsumEquation(step.labels);
        if (step.kind == StepKind::convolution)
            prepareConvolution(operation, step, binding);
        operations_.push_back(std::move(operation));
    }
    for (std::size_t i = 0; i < lastUse.size(); ++i)
        if (lastUse[i] < operations_.size())
            operations_[lastUse[i]].dying.push_back(i);
}

// constant_pad_nd counts axes from the last; the operand has all of the result's axes but the window.
void PlanExecutor::prepareUnfold(Operation& operation)
{
    const auto behind = static_cast<std::int64_t>(operation.shape.size()) - 2 - operation.axis; // axes after this one
    operation.pads.assign(2 * static_cast<std::size_t>(behind), 0);
    operation.pads.push_back(operation.size / 2);
    operation.pads.push_back(operation.size - 1 - operation.size / 2);
}

// The library pads both sides alike; what is not alike is padded (or cropped) before.
void PlanExecutor::prepareConvolution(Operation& operation, const Step& step, const Binding& binding)
{
    const Convolution& convolution = step.convolution;
    operation.groups = number(convolution.groups, binding);
    bool alike = true;
    for (std::size_t i = 0; i < convolution.windows.size(); ++i) {
        const std::int64_t window = number(convolution.windows[i], binding);
        const std::int64_t dilation = number(convolution.dilations[i], binding);
        const std::int64_t front = window * dilation / 2 - convolution.offsets[i]; // of the Unfold before its window was strided
        const std::int64_t back = dilation * (window - 1) - front;
        operation.dilation.push_back(dilation);
        operation.padding.push_back(front);
        operation.pads.insert(operation.pads.begin(), {front, back});
        alike = alike && front == back;
    }
    if (alike)
        operation.pads.clear();
    else
        std::ranges::fill(operation.padding, 0);
}

torch::Tensor PlanExecutor::execute(const Operation& operation, const std::vector<torch::Tensor>& values)
{
    const torch::Tensor& first = values[operation.operands.front()];
    switch (operation.kind) {
    case StepKind::reshape:
        return first.reshape(operation.shape);
    case StepKind::permute:
        return first.permute(operation.permutation);
    case StepKind::roll:
        return torch::roll(first, operation.shift, operation.axis);
    case StepKind::unfold:
        if (operation.size == 1)
            return first.unsqueeze(-1);
        return torch::constant_pad_nd(first, operation.pads).unfold(operation.axis, operation.size, 1);
    case StepKind::slice:
        return first.slice(operation.axis, 0, c10::nullopt, operation.size);
    case StepKind::expand:
        return first.unsqueeze(operation.axis).expand(operation.shape);
    case StepKind::einsum: {
        std::vector<torch::Tensor> operands;
        for (const std::size_t operand : operation.operands)
            operands.push_back(values[operand]);
        return torch::einsum(operation.equation, operands);
    }
    case StepKind::convolution: {
        const torch::Tensor& weight = values[operation.operands[1]];
        const torch::Tensor data = operation.pads.empty() ? first : torch::constant_pad_nd(first, operation.pads);
        if (operation.dilation.size() == 1)
            return torch::conv1d(data, weight, {}, 1, operation.padding, operation.dilation, operation.groups);
        return torch::conv2d(data, weight, {}, 1, operation.padding, operation.dilation, operation.groups);
    }
    case StepKind::input:
    case StepKind::weight:
        break; // have no operands: run() answers them
    }
    return first;
}

torch::Tensor PlanExecutor::run(const torch::Tensor& input, const std::vector<torch::Tensor>& weights) const
{
    std::vector<torch::Tensor> values(operations_.size());
    for (std::size_t i = 0; i < operations_.size(); ++i) {
        const Operation& operation = operations_[i];
        if (operation.kind == StepKind::input || operation.kind == StepKind::weight) {
            TORCH_CHECK(operation.kind == StepKind::input || operation.weight < weights.size(),
                        "the plan needs more weights than the ", weights.size(), " given");
            values[i] = operation.kind == StepKind::input ? input : weights[operation.weight];
            TORCH_CHECK(values[i].sizes() == c10::IntArrayRef(operation.shape), "expected a tensor of shape [",
                        fmt::format("{}", fmt::join(operation.shape, ", ")), "], got ", values[i].sizes());
            continue;
        }
        values[i] = execute(operation, values);
        for (const std::size_t dead : operation.dying)
            values[dead].reset();
    }
    return values.back();
}

} // namespace synoscope
