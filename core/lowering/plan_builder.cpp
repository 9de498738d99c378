#include "core/lowering/plan_builder.h"

#include <algorithm>

namespace synoscope::lowering {

namespace {

bool isIdentity(std::span<const int> permutation)
{
    for (std::size_t i = 0; i < permutation.size(); ++i)
        if (permutation[i] != static_cast<int>(i))
            return false;
    return true;
}

bool sameSizes(const Step& step, std::span<const Axis> axes)
{
    return std::ranges::equal(step.shape, axes, {}, {}, &Axis::size);
}

} // namespace

ValueId PlanBuilder::add(Step step, std::span<const Axis> axes)
{
    step.shape.reserve(axes.size());
    for (const Axis& axis : axes) {
        step.shape.push_back(axis.size);
        if (named_)
            step.axisNames.push_back(axis.name);
    }
    return add(std::move(step));
}

ValueId PlanBuilder::add(Step step)
{
    plan_.steps.push_back(std::move(step));
    return plan_.result();
}

// A step upon x whose result has the same axes, to begin with.
Step PlanBuilder::like(StepKind kind, ValueId x) const
{
    Step step;
    step.kind = kind;
    step.operands = {x};
    step.shape = plan_[x].shape;
    step.axisNames = plan_[x].axisNames;
    return step;
}

ValueId PlanBuilder::input(std::span<const Axis> axes)
{
    return add({}, axes);
}

ValueId PlanBuilder::weight(int index, std::span<const Axis> axes)
{
    Step step;
    step.kind = StepKind::weight;
    step.index = index;
    return add(std::move(step), axes);
}

ValueId PlanBuilder::reshape(ValueId x, std::span<const Axis> axes)
{
    while (plan_[x].kind == StepKind::reshape)
        x = plan_[x].operands[0];
    if (sameSizes(plan_[x], axes))
        return x;
    Step step;
    step.kind = StepKind::reshape;
    step.operands = {x};
    return add(std::move(step), axes);
}

ValueId PlanBuilder::permute(ValueId x, std::vector<int> permutation)
{
    if (plan_[x].kind == StepKind::permute) {
        for (int& axis : permutation)
            axis = plan_[x].permutation[axis];
        x = plan_[x].operands[0];
    }
    if (isIdentity(permutation))
        return x;
    Step step;
    step.kind = StepKind::permute;
    step.operands = {x};
    for (const int axis : permutation) {
        step.shape.push_back(plan_[x].shape[axis]);
        if (named_)
            step.axisNames.push_back(plan_[x].axisNames[axis]);
    }
    step.permutation = std::move(permutation);
    return add(std::move(step));
}

ValueId PlanBuilder::roll(ValueId x, int axis, std::int32_t amount, std::string name)
{
    Step step = like(StepKind::roll, x);
    step.axis = axis;
    step.amount = amount;
    if (named_)
        step.axisNames[axis] = std::move(name);
    return add(std::move(step));
}

ValueId PlanBuilder::unfold(ValueId x, int axis, Size window, std::string windowName)
{
    Step step = like(StepKind::unfold, x);
    step.axis = axis;
    step.size = window;
    step.shape.push_back(window);
    if (named_)
        step.axisNames.push_back(std::move(windowName));
    return add(std::move(step));
}

ValueId PlanBuilder::slice(ValueId x, int axis, Size stride, std::string name)
{
    Step step = like(StepKind::slice, x);
    step.axis = axis;
    step.size = stride;
    step.shape[axis] = step.shape[axis] / stride;
    if (named_)
        step.axisNames[axis] = std::move(name);
    return add(std::move(step));
}

ValueId PlanBuilder::expand(ValueId x, int axis, const Axis& fresh)
{
    if (const auto before = beforeReshape(x, axis)) {
        std::vector<Axis> axes;
        for (std::size_t i = 0; i < plan_[x].shape.size(); ++i)
            axes.push_back({named_ ? plan_[x].axisNames[i] : "", plan_[x].shape[i]});
        axes.insert(axes.begin() + axis, fresh);
        return reshape(expand(plan_[x].operands[0], *before, fresh), axes);
    }
    Step step = like(StepKind::expand, x);
    step.axis = axis;
    step.size = fresh.size;
    step.shape.insert(step.shape.begin() + axis, fresh.size);
    if (named_)
        step.axisNames.insert(step.axisNames.begin() + axis, fresh.name);
    return add(std::move(step));
}

// Where x is a reshape of an expanded tensor, which copies, a further axis had better be expanded before the copy: the
// place of the axis before the reshape, if there is one.
std::optional<int> PlanBuilder::beforeReshape(ValueId x, int axis) const
{
    if (plan_[x].kind != StepKind::reshape || plan_[plan_[x].operands[0]].kind != StepKind::expand)
        return std::nullopt;
    Size wanted;
    for (int i = 0; i < axis; ++i)
        wanted = wanted * plan_[x].shape[static_cast<std::size_t>(i)];
    Size before;
    const std::vector<Size>& shape = plan_[plan_[x].operands[0]].shape;
    for (std::size_t i = 0; i < shape.size() && before != wanted; ++i) {
        before = before * shape[i];
        if (before == wanted)
            return static_cast<int>(i) + 1;
    }
    return before == wanted ? std::optional(0) : std::nullopt;
}

ValueId PlanBuilder::einsum(std::vector<ValueId> operands, std::vector<std::vector<int>> labels,
                            std::span<const Axis> axes)
{
    if (operands.size() == 1 && labels[0] == labels[1])
        return operands[0];
    std::vector<int> seen; // labels become their places in it
    for (std::vector<int>& list : labels) {
        for (int& label : list) {
            const auto at = static_cast<std::size_t>(std::ranges::find(seen, label) - seen.begin());
            if (at == seen.size())
                seen.push_back(label);
            label = static_cast<int>(at);
        }
    }
    Step step;
    step.kind = StepKind::einsum;
    step.operands = std::move(operands);
    step.labels = std::move(labels);
    return add(std::move(step), axes);
}

ValueId PlanBuilder::convolution(ValueId data, ValueId weight, Convolution convolution, std::span<const Axis> axes)
{
    Step step;
    step.kind = StepKind::convolution;
    step.operands = {data, weight};
    step.convolution = std::move(convolution);
    return add(std::move(step), axes);
}

Plan PlanBuilder::finish(ValueId result)
{
    std::vector<bool> needed(plan_.steps.size());
    needed[result.index] = true;
    for (std::size_t i = result.index + 1; i-- > 0;) {
        needed[i] = needed[i] || plan_.steps[i].kind == StepKind::input;
        if (needed[i])
            for (const ValueId operand : plan_.steps[i].operands)
                needed[operand.index] = true;
    }
    Plan plan{std::move(plan_.variables), {}};
    plan.steps.reserve(plan_.steps.size());
    std::vector<ValueId> renamed(result.index + 1);
    for (std::size_t i = 0; i <= result.index; ++i) {
        if (!needed[i])
            continue;
        renamed[i] = ValueId(plan.steps.size());
        for (ValueId& operand : plan_.steps[i].operands)
            operand = renamed[operand.index];
        plan.steps.push_back(std::move(plan_.steps[i]));
    }
    return plan;
}

} // namespace synoscope::lowering
