// What a move does to a draft. Moves come from the generator, which has checked them.
#include "core/synthesis/engine.h"

namespace synoscope {

namespace {

void addUses(Tally& tally, const Size& size, bool positiveOnly)
{
    for (int v = 0; v < maxVariables; ++v) {
        const int exponent = size.exponents()[v];
        tally.variables[v] =
            static_cast<std::int8_t>(tally.variables[v] + (positiveOnly ? std::max(exponent, 0) : std::abs(exponent)));
    }
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

// Each chosen dimension gets a Share with the new weight; outer ones are expanded away above it.
void SynthesisEngine::shareAxes(Draft& draft, const Move& move)
{
    const int weight = draft.weights();
    NodeList<maxFrontier> kept;
    for (int i = 0; i < draft.frontier.count; ++i) {
        const NodeId node = draft.frontier[i];
        const bool inner = move.inner >> i & 1;
        const bool outer = move.outer >> i & 1;
        if (!inner && !outer) {
            kept.add(node);
            continue;
        }
        const NodeId shared = nodes.share(node, weight);
        draft.weightAxes.add(shared);
        ++draft.weightSizes[weight];
        const Size& size = sizes[nodes[node].size].size;
        for (int v = 0; v < maxVariables; ++v)
            if (sizes.isPrimary(VariableId{static_cast<std::uint8_t>(v)}))
                draft.tally.variables[v] = static_cast<std::int8_t>(draft.tally.variables[v] + size.exponents()[v]);
        if (inner) {
            kept.add(shared);
            continue;
        }
        draft.expanded.add(shared);
        ++draft.tally.outerAxes;
        if (nodes[nodes.belowShares(node)].kind != NodeKind::reduce)
            draft.tally.outerProduct = sizes.product(draft.tally.outerProduct, nodes[node].size);
    }
    draft.frontier = kept;
}

void SynthesisEngine::applyTo(Draft& draft, const Move& move)
{
    NodeList<maxFrontier>& frontier = draft.frontier;
    const auto at = [&](int i) { return frontier[i]; };
    switch (move.kind) {
    case MoveKind::reduce: {
        const SizeId size = sizes.intern(move.size);
        const auto equal = std::count_if(frontier.begin(), frontier.end(), [&](NodeId node) {
            return nodes[node].kind == NodeKind::reduce && nodes[node].size == size;
        });
        frontier.add(nodes.reduce(static_cast<int>(equal), size));
        draft.tally.reductions = sizes.product(draft.tally.reductions, size);
        addUses(draft.tally, move.size, false);
        break;
    }
    case MoveKind::contraction:
        shareAxes(draft, move);
        break;
    case MoveKind::shift:
        frontier[move.first] = nodes.shift(at(move.first), 1);
        break;
    case MoveKind::stride:
        frontier[move.first] = nodes.stride(at(move.first), sizes.intern(move.size));
        addUses(draft.tally, move.size, false);
        break;
    case MoveKind::split:
        frontier[move.first] = nodes.split(at(move.first), at(move.second));
        frontier.removeAt(move.second);
        break;
    case MoveKind::unfold:
        frontier[move.first] = nodes.unfold(at(move.first), at(move.second));
        frontier.removeAt(move.second);
        break;
    case MoveKind::expand:
        draft.tally.repeats = sizes.product(draft.tally.repeats, nodes[at(move.first)].size);
        ++draft.tally.outerAxes;
        draft.expanded.add(at(move.first));
        frontier.removeAt(move.first);
        break;
    case MoveKind::merge: {
        const NodeId whole = at(move.first);
        const SizeId block = sizes.intern(move.size);
        addMergeUses(draft.tally, sizes[nodes[whole].size].size, move.size);
        frontier[move.first] = nodes.mergeGroup(whole, block);
        frontier.add(nodes.mergeBlock(whole, block));
        break;
    }
    case MoveKind::finalize: {
        // The assignment is a number in base |frontier|: digit i is the frontier position of the i-th free input axis.
        NodeList<maxFrontier> ordered;
        int code = move.second | move.first << 8;
        for (int i = 0; i < frontier.count; ++i) {
            ordered.add(frontier[code % frontier.count]);
            code /= frontier.count;
        }
        frontier = ordered;
        draft.final = true;
        draft.tally.count(move.kind);
        return;
    }
    }
    draft.tally.count(move.kind);
    sortFrontier(draft);
}

} // namespace synoscope
