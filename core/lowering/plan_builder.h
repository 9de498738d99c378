// Appends steps to a plan, leaving out what does nothing: a reshape of a reshape is one reshape, a permutation of a
// permutation one permutation, and what changes nothing is no step at all.
#pragma once

#include "core/lowering/plan.h"

#include <optional>

namespace synoscope::lowering {

struct Axis
{
    std::string name;
    Size size;
};

// Axes of a plan that is only counted need no names.
enum class Naming : std::uint8_t
{
    full,
    none
};

class PlanBuilder
{
public:
    PlanBuilder(const VariableTable& variables, Naming naming) : named_(naming == Naming::full)
    {
        if (named_)
            plan_.variables = variables;
        plan_.steps.reserve(24);
    }

    ValueId input(std::span<const Axis> axes);
    ValueId weight(int index, std::span<const Axis> axes);
    ValueId reshape(ValueId x, std::span<const Axis> axes);
    ValueId permute(ValueId x, std::vector<int> permutation);
    ValueId roll(ValueId x, int axis, std::int32_t amount, std::string name);
    ValueId unfold(ValueId x, int axis, Size window, std::string windowName);
    ValueId slice(ValueId x, int axis, Size step, std::string name);
    ValueId expand(ValueId x, int axis, const Axis& fresh);
    // Labels are any integers; axes are those of the result. One operand whose labels are the result's: no step.
    ValueId einsum(std::vector<ValueId> operands, std::vector<std::vector<int>> labels, std::span<const Axis> axes);
    ValueId convolution(ValueId data, ValueId weight, Convolution convolution, std::span<const Axis> axes);

    const Step& operator[](ValueId id) const { return plan_[id]; }
    // The plan without the steps that the result does not need.
    Plan finish(ValueId result);

private:
    ValueId add(Step step, std::span<const Axis> axes);
    ValueId add(Step step);
    std::optional<int> beforeReshape(ValueId x, int axis) const;
    Step like(StepKind kind, ValueId x) const;

    bool named_;
    Plan plan_;
};

} // namespace synoscope::lowering
