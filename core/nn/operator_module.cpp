#include "core/nn/operator_module.h"

#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace synoscope {

OperatorModule::OperatorModule(const PGraph& graph, Plan plan, Binding binding)
    : plan_(std::move(plan)), binding_(binding)
{
    binding_.fillDefaults(graph.variables());
    if (const auto batch = graph.variables().find("N")) {
        for (std::size_t axis = 0; axis < graph.input().size() && !batch_; ++axis) {
            if (graph[graph.input()[axis]].size == Size::of(*batch)) {
                batch_ = batch;
                batchAxis_ = static_cast<int>(axis);
            }
        }
    }
    for (const Size& fanIn : fanIns(plan_))
        deviations_.push_back(1.0 / std::sqrt(static_cast<double>(evaluate(fanIn, binding_).value_or(1))));
    for (const Weight& weight : graph.weights())
        weights_.push_back(register_parameter(weight.name, torch::empty(graph.shape(weight.axes, binding_))));
    initialise();
}

void OperatorModule::initialise()
{
    const torch::NoGradGuard noGrad;
    for (std::size_t i = 0; i < weights_.size(); ++i)
        weights_[i].normal_(0.0, deviations_[i]);
}

const PlanExecutor& OperatorModule::executorFor(std::int64_t batch)
{
    const auto it = executors_.find(batch);
    if (it != executors_.end())
        return it->second;
    Binding binding = binding_;
    if (batch_)
        binding.set(*batch_, batch);
    return executors_.try_emplace(batch, plan_, binding).first->second;
}

torch::Tensor OperatorModule::forward(const torch::Tensor& input)
{
    TORCH_CHECK(!batch_ || input.dim() > batchAxis_, "the operator's input has more axes than the tensor given, which has ", input.dim());
    const std::int64_t batch = batch_ ? input.size(batchAxis_) : 0;
    return executorFor(batch).run(input, weights_);
}

namespace {

std::string describe(const SlotShape& slot)
{
    if (slot.sequence)
        return fmt::format("the slot D_in={} D_out={} L={}", slot.inChannels, slot.outChannels, slot.height);
    return fmt::format("the slot C_in={} C_out={} H={} W={}", slot.inChannels, slot.outChannels, slot.height, slot.width);
}

std::optional<std::int64_t> valueByName(std::string_view name, const SlotShape& slot)
{
    if (name == "N")
        return 1;
    if (name == "C_in" || name == "C" || name == "D" || name == "D_in") // "C": operators that keep the channels
        return slot.inChannels;
    if (name == "C_out" || name == "D_out")
        return slot.outChannels;
    if (name == "H" || name == "L")
        return slot.height;
    if (name == "W")
        return slot.width;
    return std::nullopt;
}

Expected<void> checkShape(const PGraph& graph, const Binding& binding, const SlotShape& slot, bool input)
{
    const auto actual = graph.shape(input ? graph.input() : graph.output(), binding);
    const std::int64_t channels = input ? slot.inChannels : slot.outChannels;
    const auto wanted = slot.sequence ? std::vector<std::int64_t>{1, slot.height, channels}
                                      : std::vector<std::int64_t>{1, channels, slot.height, slot.width};
    if (actual == wanted)
        return {};
    return Error{fmt::format("The operator '{}' does not fit {}: its {} has the shape [{}], expected [{}].", graph.name(),
                             describe(slot), input ? "input" : "output", fmt::join(actual, ", "),
                             fmt::join(wanted, ", "))};
}

} // namespace

Expected<Binding> bindingForSlot(const PGraph& graph, const SlotShape& slot)
{
    const VariableTable& variables = graph.variables();
    Binding binding;
    for (int i = 0; i < variables.size(); ++i) {
        const VariableId id{static_cast<std::uint8_t>(i)};
        const Variable& variable = variables[id];
        if (variable.kind == VariableKind::primary) {
            const auto value = valueByName(variable.name, slot);
            if (!value)
                return Error{fmt::format("The operator '{}' cannot stand in a slot: a backbone has no number for its "
                                         "variable '{}', only for N, C_in, C_out, H, W (and C, L, D, D_in, D_out).", graph.name(), variable.name)};
            binding.set(id, *value);
        } else if (!variable.value && !graph.bindings().empty()) {
            binding.set(id, graph.bindings().front()[id]);
        }
    }
    binding.fillDefaults(variables);
    for (const Dimension& dimension : graph.dimensions()) {
        if (const auto value = evaluate(dimension.size, binding); !value || *value < 1)
            return Error{fmt::format("The operator '{}' does not fit {}: the size {} of its axis '{}' is no positive "
                                     "integer there.", graph.name(), describe(slot), toString(dimension.size, variables),
                                     dimension.name)};
    }
    for (const bool input : {true, false})
        if (auto fits = checkShape(graph, binding, slot, input); !fits)
            return fits.error();
    return binding;
}

} // namespace synoscope
