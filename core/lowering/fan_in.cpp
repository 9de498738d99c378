#include "core/lowering/plan.h"

#include <algorithm>

namespace synoscope {

namespace {

// The weight behind a value that is one, possibly viewed; -1 for others.
int weightBehind(const Plan& plan, ValueId id)
{
    while (plan[id].operands.size() == 1)
        id = plan[id].operands[0];
    return plan[id].kind == StepKind::weight ? plan[id].index : -1;
}

Size summedSize(const Plan& plan, const Step& step)
{
    Size product;
    if (step.kind == StepKind::convolution) {
        const std::vector<Size>& weight = plan[step.operands[1]].shape;
        for (std::size_t i = 1; i < weight.size(); ++i)
            product = product * weight[i];
        return product;
    }
    if (step.kind != StepKind::einsum)
        return product;
    std::vector<int> seen = step.labels.back();
    for (std::size_t o = 0; o < step.operands.size(); ++o) {
        for (std::size_t i = 0; i < step.labels[o].size(); ++i) {
            const int label = step.labels[o][i];
            if (std::ranges::find(seen, label) != seen.end())
                continue;
            seen.push_back(label);
            product = product * plan[step.operands[o]].shape[i];
        }
    }
    return product;
}

} // namespace

std::vector<Size> fanIns(const Plan& plan)
{
    std::vector<Size> result;
    int current = -1;
    Size early;
    for (const Step& step : plan.steps) {
        if (step.kind == StepKind::weight)
            result.resize(std::max(result.size(), static_cast<std::size_t>(step.index) + 1));
        if (step.operands.size() == 2)
            current = weightBehind(plan, step.operands[1]);
        const int own = step.operands.size() == 1 ? weightBehind(plan, step.operands[0]) : -1;
        const int counted = own >= 0 ? own : current;
        Size& size = counted >= 0 ? result[static_cast<std::size_t>(counted)] : early;
        size = size * summedSize(plan, step);
    }
    if (!result.empty()) {
        const auto first =
            std::ranges::find(plan.steps, std::size_t{2}, [](const Step& s) { return s.operands.size(); });
        const int weight = first == plan.steps.end() ? -1 : weightBehind(plan, first->operands[1]);
        Size& size = result[static_cast<std::size_t>(std::max(weight, 0))];
        size = size * early;
    }
    return result;
}

} // namespace synoscope
