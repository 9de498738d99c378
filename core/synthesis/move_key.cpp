// Moves between the packed form and the one that is known outside.
#include "core/synthesis/generator.h"

#include "core/base/hash.h"

namespace synoscope {

namespace {

std::uint64_t keyOf(const Edge& edge, const Size& size, std::span<const std::uint64_t> frontier)
{
    const std::uint64_t key = combine(static_cast<std::uint64_t>(edge.kind) + 1, size.hash());
    switch (edge.kind) {
    case MoveKind::reduce:
        return key;
    case MoveKind::contraction: {
        std::uint64_t axes = 0;
        for (std::size_t i = 0; i < frontier.size(); ++i) {
            if (edge.argument >> i & 1)
                axes += mix(frontier[i]);
            if (edge.argument >> (i + 16) & 1)
                axes += mix(frontier[i] + 1);
        }
        return combine(key, axes);
    }
    case MoveKind::split:
    case MoveKind::unfold:
        return combine(combine(key, frontier[edge.first]), frontier[edge.second]);
    case MoveKind::finalize:
        return combine(key, edge.argument);
    default:
        return combine(key, frontier[edge.first]);
    }
}

// The assignment to the input's axes as the state's image has it, or back from there: which of two interchangeable axes
// is which is a matter of how this engine wrote the state.
std::uint32_t assignmentUnder(const SynthesisEngine& engine, int image, std::uint32_t code, bool back)
{
    const std::vector<int>& axes = engine.desiredAxes();
    const auto count = static_cast<std::uint32_t>(axes.size());
    std::array<std::uint32_t, maxFrontier> positions{};
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const int there = engine.nodes.forms.image(image).input[axes[i]];
        const auto place = static_cast<std::size_t>(std::ranges::find(axes, there) - axes.begin());
        std::uint32_t digits = code;
        for (std::size_t skipped = 0; skipped < (back ? place : i); ++skipped)
            digits /= count;
        positions[back ? i : place] = digits % count;
    }
    std::uint32_t assignment = 0;
    for (std::size_t i = axes.size(); i-- > 0;)
        assignment = assignment * count + positions[i];
    return assignment;
}

} // namespace

Move moveAs(const SynthesisEngine& engine, const Draft& draft, const Identity& identity, const Edge& edge)
{
    std::array<std::uint64_t, maxFrontier> hashes;
    engine.frontierHashes(draft, identity, hashes);
    Edge named = edge;
    if (edge.kind == MoveKind::finalize)
        named.argument = assignmentUnder(engine, identity.image, edge.argument, false);
    Move move;
    move.kind = edge.kind;
    move.first = edge.first;
    move.second = edge.second;
    move.size = engine.parameterOf(std::span(draft.frontier.begin(), draft.frontier.end()), edge);
    if (edge.kind == MoveKind::contraction) {
        move.inner = static_cast<std::uint16_t>(edge.argument);
        move.outer = static_cast<std::uint16_t>(edge.argument >> 16);
    }
    if (edge.kind == MoveKind::finalize) {
        move.second = static_cast<std::uint8_t>(named.argument);
        move.first = static_cast<std::uint8_t>(named.argument >> 8);
    }
    move.key = keyOf(named, move.size, std::span(hashes).first(draft.frontier.count));
    return move;
}

Edge edgeAs(SynthesisEngine& engine, StateId state, const Move& move)
{
    Edge edge;
    edge.kind = move.kind;
    edge.first = move.first;
    edge.second = move.second;
    switch (move.kind) {
    case MoveKind::reduce:
    case MoveKind::stride:
    case MoveKind::merge:
        edge.argument = engine.sizes.intern(move.size).index;
        break;
    case MoveKind::contraction:
        edge.argument = move.inner | static_cast<std::uint32_t>(move.outer) << 16;
        break;
    case MoveKind::finalize:
        edge.argument = assignmentUnder(engine, engine[state].image,
                                        move.second | static_cast<std::uint32_t>(move.first) << 8, true);
        edge.first = edge.second = 0;
        break;
    default:
        break;
    }
    return edge;
}

} // namespace synoscope
