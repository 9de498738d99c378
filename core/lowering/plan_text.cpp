#include "core/lowering/plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace synoscope {

namespace {

std::string_view name(StepKind kind)
{
    switch (kind) {
    case StepKind::input:
        return "input";
    case StepKind::weight:
        return "weight";
    case StepKind::reshape:
        return "reshape";
    case StepKind::permute:
        return "permute";
    case StepKind::roll:
        return "roll";
    case StepKind::unfold:
        return "unfold";
    case StepKind::slice:
        return "slice";
    case StepKind::expand:
        return "expand";
    case StepKind::einsum:
        return "einsum";
    case StepKind::convolution:
        return "convolution";
    }
    return {};
}

// "0 1 2, 3 1 -> 0 3 2"
std::string labelText(const Step& step)
{
    std::string text;
    for (std::size_t i = 0; i < step.labels.size(); ++i) {
        if (i > 0)
            text += i + 1 == step.labels.size() ? " -> " : ", ";
        text += fmt::format("{}", fmt::join(step.labels[i], " "));
    }
    return text;
}

std::string convolutionText(const Convolution& convolution, const VariableTable& variables)
{
    std::vector<std::string> windows;
    std::string dilated;
    for (std::size_t i = 0; i < convolution.windows.size(); ++i) {
        windows.push_back(toString(convolution.windows[i], variables));
        if (!convolution.dilations[i].isOne())
            dilated += fmt::format(" dilation {} on axis {}", toString(convolution.dilations[i], variables), i + 2);
        if (convolution.offsets[i] != 0)
            dilated += fmt::format(" from {}", convolution.offsets[i]);
    }
    std::string text = fmt::format("window {}", fmt::join(windows, " x ")) + dilated;
    if (!convolution.groups.isOne())
        text += fmt::format(" groups {}", toString(convolution.groups, variables));
    return text;
}

std::string details(const Step& step, const VariableTable& variables)
{
    switch (step.kind) {
    case StepKind::weight:
        return fmt::format("w{}", step.index);
    case StepKind::permute:
        return fmt::format("({})", fmt::join(step.permutation, " "));
    case StepKind::roll:
        return fmt::format("axis {} by {}", step.axis, step.amount);
    case StepKind::unfold:
        return fmt::format("axis {} window {}", step.axis, toString(step.size, variables));
    case StepKind::slice:
        return fmt::format("axis {} every {}", step.axis, toString(step.size, variables));
    case StepKind::expand:
        return fmt::format("axis {}", step.axis);
    case StepKind::einsum:
        return labelText(step);
    case StepKind::convolution:
        return convolutionText(step.convolution, variables);
    case StepKind::input:
    case StepKind::reshape:
        return {};
    }
    return {};
}

} // namespace

std::string toString(const Plan& plan)
{
    std::string text;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        const Step& step = plan.steps[i];
        std::string line = fmt::format("%{} = {}", i, name(step.kind));
        for (const ValueId operand : step.operands)
            line += fmt::format(" %{}", operand.index);
        if (const std::string more = details(step, plan.variables); !more.empty())
            line += ' ' + more;
        std::vector<std::string> axes;
        for (std::size_t axis = 0; axis < step.shape.size(); ++axis)
            axes.push_back(fmt::format("{}:{}", step.axisNames[axis], toString(step.shape[axis], plan.variables)));
        text += fmt::format("{:<56} [{}]\n", line, fmt::join(axes, ", "));
    }
    return text;
}

} // namespace synoscope
