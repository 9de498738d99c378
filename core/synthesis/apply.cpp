// What a move does to a draft. Moves come from the generator, which has checked them.
#include "core/synthesis/engine.h"

namespace synoscope {

namespace {

void addUses(Tally& tally, const Size& size)
{
    for (int v = 0; v < maxVariables; ++v)
        tally.variables[v] = static_cast<std::int8_t>(tally.variables[v] + std::abs(size.exponents()[v]));
}

// A merge introduces the variables by which its block and quotient are larger than what is merged (PAPER (i)).
void addMergeUses(Tally& tally, const Size& whole, const Size& block)
{
    const Size group = whole / block;
    for (int v = 0; v < maxVariables; ++v) {
        const int more =
            std::abs(block.exponents()[v]) + std::abs(group.exponents()[v]) - std::abs(whole.exponents()[v]);
        tally.variables[v] = static_cast<std::int8_t>(tally.variables[v] + more / 2);
    }
}

} // namespace

NodeId SynthesisEngine::keep(const Node& node)
{
    return nodes.keep(node, [this](const Node& fresh) { return flagsOf(fresh); });
}

// Each chosen dimension gets a Share with the new weight; outer ones are expanded away above it.
void SynthesisEngine::shareAxes(Draft& draft, std::uint32_t inner, std::uint32_t outer)
{
    const int weight = draft.weights();
    noteWork(draft, inner, outer);
    NodeList<maxFrontier> kept;
    for (int i = 0; i < draft.frontier.count; ++i) {
        const NodeId node = draft.frontier[i];
        if (!((inner | outer) >> i & 1)) {
            kept.add(node);
            continue;
        }
        const NodeId shared = keep(nodes.share(node, weight));
        draft.weightAxes.add(shared);
        ++draft.weightSizes[weight];
        const SizeId id = nodes[node].size;
        const Size& size = sizes[id].size;
        for (int v = 0; v < problem->variables.size(); ++v)
            if (sizes.isPrimary(VariableId{static_cast<std::uint8_t>(v)}))
                draft.tally.variables[v] = static_cast<std::int8_t>(draft.tally.variables[v] + size.exponents()[v]);
        if (inner >> i & 1) {
            kept.add(shared);
            continue;
        }
        draft.expanded.add(shared);
        ++draft.tally.outerAxes;
        if (!nodes[node].onlySums)
            draft.tally.outerProduct = sizes.product(draft.tally.outerProduct, id);
    }
    draft.frontier = kept;
}

void SynthesisEngine::applyTo(Draft& draft, const Edge& edge)
{
    NodeList<maxFrontier>& frontier = draft.frontier;
    const auto at = [&](int i) { return frontier[i]; };
    switch (edge.kind) {
    case MoveKind::reduce: {
        const SizeId size(edge.argument);
        const auto equal =
            std::count_if(draft.sums.begin(), draft.sums.end(), [&](NodeId node) { return nodes[node].size == size; });
        const NodeId sum = keep(nodes.reduce(static_cast<int>(equal), size));
        frontier.add(sum);
        draft.sums.add(sum);
        draft.tally.reductions = sizes.product(draft.tally.reductions, size);
        addUses(draft.tally, sizes[size].size);
        break;
    }
    case MoveKind::contraction:
        shareAxes(draft, edge.argument & 0xffff, edge.argument >> 16);
        break;
    case MoveKind::shift:
        frontier[edge.first] = keep(nodes.shift(at(edge.first), 1));
        break;
    case MoveKind::stride:
        frontier[edge.first] = keep(nodes.stride(at(edge.first), SizeId(edge.argument)));
        addUses(draft.tally, sizes[SizeId(edge.argument)].size);
        break;
    case MoveKind::split:
        frontier[edge.first] = keep(nodes.split(at(edge.first), at(edge.second)));
        frontier.removeAt(edge.second);
        break;
    case MoveKind::unfold:
        noteWindow(draft, edge);
        frontier[edge.first] = keep(nodes.unfold(at(edge.first), at(edge.second)));
        frontier.removeAt(edge.second);
        break;
    case MoveKind::expand:
        draft.tally.repeats = sizes.product(draft.tally.repeats, nodes[at(edge.first)].size);
        ++draft.tally.outerAxes;
        draft.expanded.add(at(edge.first));
        frontier.removeAt(edge.first);
        break;
    case MoveKind::merge: {
        const NodeId whole = at(edge.first);
        const SizeId block(edge.argument);
        addMergeUses(draft.tally, sizes[nodes[whole].size].size, sizes[block].size);
        frontier[edge.first] = keep(nodes.mergeGroup(whole, block));
        frontier.add(keep(nodes.mergeBlock(whole, block)));
        break;
    }
    case MoveKind::finalize: {
        // The assignment is a number in base |frontier|: digit i is the frontier position of the i-th free input axis.
        NodeList<maxFrontier> ordered;
        std::uint32_t code = edge.argument;
        for (int i = 0; i < frontier.count; ++i) {
            ordered.add(frontier[static_cast<int>(code % frontier.count)]);
            code /= frontier.count;
        }
        frontier = ordered;
        draft.final = true;
        break;
    }
    }
    draft.tally.count(edge.kind);
}

} // namespace synoscope
