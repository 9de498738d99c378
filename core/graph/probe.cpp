#include "core/graph/probe.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

namespace synoscope {

namespace {

constexpr int steps = 6;
constexpr std::int64_t largestPrimary = std::int64_t{1} << 24;

std::vector<VariableId> idsOf(const VariableTable& variables)
{
    std::vector<VariableId> ids;
    for (int i = 0; i < variables.size(); ++i)
        ids.push_back({static_cast<std::uint8_t>(i)});
    return ids;
}

// By variable: its place among the primaries of input and output. Several new ones in one size have no order but by
// their exponents; equal ones share a rank.
std::vector<int> ranks(const PGraph& graph)
{
    std::vector<int> rank(maxVariables, maxVariables);
    int next = 0;
    std::vector<DimensionId> axes(graph.input().begin(), graph.input().end());
    axes.insert(axes.end(), graph.output().begin(), graph.output().end());
    for (const DimensionId axis : axes) {
        std::map<int, std::vector<VariableId>, std::greater<>> fresh;
        for (const VariableId id : idsOf(graph.variables()))
            if (const int exponent = graph[axis].size.exponent(id); exponent != 0)
                if (graph.variables()[id].kind == VariableKind::primary && rank[id.index] == maxVariables)
                    fresh[exponent].push_back(id);
        for (const auto& [exponent, ids] : fresh) {
            for (const VariableId id : ids)
                rank[id.index] = next;
            ++next;
        }
    }
    return rank;
}

std::int64_t coefficient(const Variable& variable, std::size_t probe)
{
    return variable.value.value_or(probe == 0 ? 3 : 2);
}

std::optional<Binding> bindingOf(const PGraph& graph, std::size_t probe, int step)
{
    static constexpr std::array<std::array<std::int64_t, 6>, 2> bases{{{4, 6, 10, 14, 22, 26}, {6, 4, 14, 10, 26, 22}}};
    const VariableTable& variables = graph.variables();
    const std::vector<int> rank = ranks(graph);
    Binding binding;
    std::int64_t factor = 1;
    for (const VariableId id : idsOf(variables))
        if (variables[id].kind != VariableKind::primary) {
            binding.set(id, coefficient(variables[id], probe));
            factor = std::min(std::lcm(factor, binding[id]), largestPrimary);
        }
    for (const VariableId id : idsOf(variables)) {
        if (variables[id].kind != VariableKind::primary)
            continue;
        std::int64_t value = bases[probe][static_cast<std::size_t>(rank[id.index]) % bases[probe].size()];
        for (int i = 0; i < step; ++i)
            value = std::min(value * factor, largestPrimary);
        binding.set(id, value);
    }
    const bool whole = std::ranges::all_of(
        graph.dimensions(), [&](const Dimension& dimension) { return evaluate(dimension.size, binding).has_value(); });
    return whole ? std::optional(binding) : std::nullopt;
}

} // namespace

std::vector<Binding> probes(const PGraph& graph)
{
    std::vector<Binding> found;
    for (std::size_t probe = 0; probe < 2; ++probe)
        for (int step = 0; step < steps; ++step)
            if (const auto binding = bindingOf(graph, probe, step)) {
                found.push_back(*binding);
                break;
            }
    return found;
}

} // namespace synoscope
