#include "core/search/path_mutation.h"

#include <algorithm>

namespace synoscope {
namespace {

// One of the moves offered: first the kind, then the move, so that a kind with hundreds of moves does not drown the others.
std::optional<Move> anyMove(Walk& walk, Random& random)
{
    const std::vector<Move>& offered = walk.moves();
    std::uint32_t kinds = 0;
    for (const Move& move : offered)
        kinds |= 1u << static_cast<unsigned>(move.kind);
    if (kinds == 0)
        return std::nullopt;
    for (auto skip = random.below(static_cast<std::uint32_t>(std::popcount(kinds))); skip > 0; --skip)
        kinds &= kinds - 1;
    const auto kind = static_cast<MoveKind>(std::countr_zero(kinds));
    const auto count = std::ranges::count(offered, kind, &Move::kind);
    auto chosen = random.below(static_cast<std::uint32_t>(count));
    for (const Move& move : offered)
        if (move.kind == kind && chosen-- == 0)
            return move;
    return std::nullopt;
}

// The same step where it is still offered, or else one of its kind and size on other dimensions.
void stepLike(Walk& walk, const Move& wanted, Random& random)
{
    if (walk.step(wanted) || wanted.kind == MoveKind::finalize)
        return;
    std::vector<Move> alike;
    for (const Move& move : walk.moves())
        if (move.kind == wanted.kind && move.size == wanted.size)
            alike.push_back(move);
    if (!alike.empty())
        (void)walk.step(alike[random.below(static_cast<std::uint32_t>(alike.size()))]);
}

bool complete(Walk& walk, std::span<const Move> rest, std::size_t kept, Random& random)
{
    for (const Move& move : rest)
        if (!walk.finished())
            stepLike(walk, move, random);
    if (walk.rollOut(random))
        return true;
    walk.backTo(kept); // the rest led to where nothing can be finished
    return walk.rollOut(random);
}

// The first steps of a way; how many of them could be taken.
std::size_t begin(Walk& walk, std::span<const Move> way, std::size_t steps)
{
    walk.backTo(0);
    for (std::size_t i = 0; i < steps; ++i)
        if (!walk.step(way[i]))
            break;
    return walk.taken().size();
}

} // namespace

std::optional<std::span<const Move>> Specimen::from(Walk& walk) const
{
    const StateId start = walk.start();
    if (start == walk.space().root())
        return std::span(moves);
    const auto passed = std::ranges::find(keys, static_cast<std::uint32_t>(walk.space().key(start)));
    if (passed == keys.end())
        return std::nullopt;
    return std::span(moves).subspan(static_cast<std::size_t>(passed - keys.begin()) + 1);
}

std::size_t Specimen::memoryBytes() const
{
    return sizeof(Specimen) + moves.capacity() * sizeof(Move) + keys.capacity() * sizeof(std::uint32_t);
}

bool mutate(Walk& walk, std::span<const Move> way, Random& random)
{
    if (way.empty())
        return walk.rollOut(random);
    const std::size_t kept = begin(walk, way, random.below(static_cast<std::uint32_t>(way.size())));
    enum Change { replace, insert, remove, cut };
    const Change change = std::array{replace, replace, replace, insert, insert, remove, remove, cut}[random.below(8)];
    if (change == replace || change == insert)
        if (const auto move = anyMove(walk, random))
            (void)walk.step(*move);
    if (change == cut || walk.finished())
        return walk.rollOut(random);
    return complete(walk, way.subspan(kept + (change == insert ? 0 : 1)), kept, random);
}

bool cross(Walk& walk, std::span<const Move> one, std::span<const Move> other, Random& random)
{
    const std::size_t kept = begin(walk, one, random.below(static_cast<std::uint32_t>(one.size()) + 1));
    return complete(walk, other.subspan(random.below(static_cast<std::uint32_t>(other.size()) + 1)), kept, random);
}

} // namespace synoscope
