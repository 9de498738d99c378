#include "core/codegen/torch_module.h"

#include "core/codegen/names.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace synoscope::codegen {

namespace {

template <typename Visit>
void forEachVariable(const Size& size, const VariableTable& variables, Visit visit)
{
    for (int i = 0; i < variables.size(); ++i) {
        const VariableId id{static_cast<std::uint8_t>(i)};
        if (size.exponent(id) != 0 && variables[id].kind != VariableKind::literal)
            visit(id);
    }
}

} // namespace

TorchModule::TorchModule(const PGraph& graph, Language language)
    : language_(language), plan_(lower(graph)), className_(camelCase(graph.name())),
      variableNames_(static_cast<std::size_t>(graph.variables().size())), inWeights_(variableNames_.size()),
      pureAxis_(variableNames_.size(), -1)
{
    nameEverything(graph);
    chooseArguments(graph);
}

void TorchModule::nameEverything(const PGraph& graph)
{
    NameScope scope{"x", "F", "out", "_", className_, className_ + "Impl"};
    for (std::size_t i = 0; i < variableNames_.size(); ++i)
        if (const Variable& variable = graph.variables()[VariableId{static_cast<std::uint8_t>(i)}];
            variable.kind != VariableKind::literal)
            variableNames_[i] = scope.claim(variable.name);
    const std::vector<Size> fanIn = fanIns(plan_);
    for (std::size_t w = 0; w < graph.weights().size(); ++w) {
        const std::string name = scope.claim(graph.weights()[w].name);
        Parameter parameter{name, language_ == Language::cpp ? scope.claim(name + "_view") : name, {}, {}, fanIn[w]};
        for (const DimensionId axis : graph.weights()[w].axes) {
            parameter.shape.push_back(graph[axis].size);
            parameter.axisNames.push_back(graph[axis].name);
        }
        parameters_.push_back(std::move(parameter));
    }
}

bool TorchModule::fromInput(VariableId variable) const
{
    return pureAxis_[variable.index] >= 0 && !inWeights_[variable.index];
}

SizeText TorchModule::plainSizes() const
{
    return {plan_.variables, language_, [this](VariableId id) { return variableNames_[id.index]; }};
}

void TorchModule::chooseArguments(const PGraph& graph)
{
    const VariableTable& variables = graph.variables();
    std::vector<bool> argument(variableNames_.size());
    for (const Parameter& parameter : parameters_) {
        for (const Size& size : parameter.shape)
            forEachVariable(size, variables, [&](VariableId id) { inWeights_[id.index] = argument[id.index] = true; });
        forEachVariable(parameter.fanIn, variables, [&](VariableId id) { argument[id.index] = true; });
    }
    for (std::size_t i = 0; i < graph.input().size(); ++i)
        forEachVariable(graph[graph.input()[i]].size, variables, [&](VariableId id) {
            if (graph[graph.input()[i]].size == Size::of(id))
                pureAxis_[id.index] = static_cast<int>(i);
        });

    std::vector<bool> used(variableNames_.size());
    const SizeText sizes(variables, language_, [&](VariableId id) {
        used[id.index] = true;
        const bool member = !fromInput(id) && language_ != Language::cpp;
        return (member ? "self." : "") + variableNames_[id.index];
    });
    statements_ = forwardStatements(plan_, parameters_, sizes, language_);

    locals_.resize(graph.input().size());
    for (const bool withStandard : {false, true}) {
        for (std::uint8_t i = 0; i < variableNames_.size(); ++i) {
            const VariableId id{i};
            if (used[i] && fromInput(id))
                locals_[static_cast<std::size_t>(pureAxis_[i])] = variableNames_[i];
            const bool needed = argument[i] || (used[i] && !fromInput(id));
            if (needed && variables[id].value.has_value() == withStandard)
                arguments_.push_back({id, variableNames_[i], variables[id].value});
        }
    }
}

std::string TorchModule::axes(std::span<const DimensionId> dimensions, const PGraph& graph) const
{
    std::vector<std::string> axes;
    for (const DimensionId id : dimensions)
        axes.push_back(fmt::format("{}: {}", harmless(graph[id].name), toString(graph[id].size, graph.variables())));
    return fmt::format("[{}]", fmt::join(axes, ", "));
}

std::vector<std::pair<int, Size>> TorchModule::conditions() const
{
    std::vector<std::pair<int, Size>> conditions;
    for (const Step& step : plan_.steps) {
        for (std::size_t i = 0; i < step.convolution.windows.size(); ++i) {
            const std::pair condition{step.convolution.offsets[i], step.convolution.dilations[i]};
            if (condition.first > 0 && std::ranges::find(conditions, condition) == conditions.end())
                conditions.push_back(condition);
        }
    }
    return conditions;
}

} // namespace synoscope::codegen
