#include "core/lowering/emitter.h"
#include "core/lowering/network.h"
#include "core/lowering/schedule.h"

namespace synoscope {

namespace {

// For an operator without layers, the sizes for which the order of evaluation is chosen: common ones.
Binding nominalBinding(const VariableTable& variables)
{
    Binding binding;
    binding.fillDefaults(variables);
    for (int i = 0; i < variables.size(); ++i) {
        const VariableId id{static_cast<std::uint8_t>(i)};
        if (!binding.bound(id))
            binding.set(id, variables[id].kind == VariableKind::primary ? 64 : 4);
    }
    return binding;
}

std::vector<Binding> bindingsOf(const PGraph& graph)
{
    std::vector<Binding> bindings(graph.bindings().begin(), graph.bindings().end());
    if (bindings.empty())
        bindings.push_back(nominalBinding(graph.variables()));
    return bindings;
}

Plan lowered(const PGraph& graph, lowering::Contractions contractions)
{
    const lowering::Network network(graph);
    const std::vector<Binding> bindings = bindingsOf(graph);
    const lowering::Schedule schedule = lowering::cheapestSchedule(network, bindings);
    return lowering::Emitter(network, graph.variables(), bindings, lowering::Naming::full, contractions)
        .run(schedule.actions);
}

} // namespace

Plan lower(const PGraph& graph)
{
    return lowered(graph, lowering::Contractions::recognised);
}

Plan lowerToEinsums(const PGraph& graph)
{
    return lowered(graph, lowering::Contractions::einsums);
}

NetworkCost networkCost(const PGraph& graph, std::span<const Binding> bindings, std::span<const int> counts)
{
    const lowering::Network network(graph);
    const lowering::Schedule schedule = lowering::cheapestSchedule(network, bindings);
    lowering::Emitter emitter(network, graph.variables(), bindings, lowering::Naming::none);
    return networkCost(emitter.run(schedule.actions), bindings, counts);
}

double flops(const PGraph& graph, const Binding& binding)
{
    const lowering::Network network(graph);
    return lowering::cheapest(network, lowering::Extents(network, std::span(&binding, 1))).flops;
}

} // namespace synoscope
