#include "core/search/synthesizer_space.h"

#include "core/base/flat_map.h"
#include "core/base/hash.h"
#include "core/graph/writer.h"
#include "core/synthesis/sharing.h"

namespace synoscope {
namespace {

// States a rollout may visit. A rollout that gives up costs little: its leaf is then expanded instead (worker.h).
constexpr int effort = 200;

class SynthesizerSpace final : public Space
{
public:
    SynthesizerSpace(std::shared_ptr<const Problem> problem, std::shared_ptr<SharedOperators> shared)
        : synthesizer_(std::move(problem))
    {
        synthesizer_.share(std::move(shared));
    }

    StateId root() override { return synthesizer_.root(); }
    std::span<const Move> moves(StateId state) override { return synthesizer_.moves(state); }
    StateId apply(StateId state, const Move& move) override { return synthesizer_.apply(state, move); }
    // Algorithms that change paths go the same ways again and again.
    StateId follow(StateId state, const Move& move) override
    {
        const std::uint64_t way = combine(combine(state.index, move.key), static_cast<std::uint64_t>(move.kind));
        if (const StateId* known = followed_.find(way))
            return *known;
        return *followed_.insert(way, Space::follow(state, move)).first;
    }
    std::uint64_t key(StateId state) override { return synthesizer_.key(state); }
    bool isFinal(StateId state) override { return synthesizer_.isFinal(state); }
    std::optional<Rollout> rollout(StateId from, const Steering& steering, Random& random) override
    {
        return synthesizer_.rollout(from, steering, random, effort);
    }
    bool isDead(StateId state, const Steering& steering) override { return synthesizer_.isDead(state, steering); }

    PGraph build(StateId final) override { return synthesizer_.build(final); }
    std::string hash(const PGraph& graph, StateId) override { return canonicalHash(graph); }
    std::string fingerprint(const PGraph&, StateId final) override { return synthesizer_.fingerprint(final); }

    std::string describe(StateId state, const Move& move) override { return synthesizer_.describe(state, move); }
    std::string describe(const Size& size) override { return toString(size, synthesizer_.problem().variables); }
    std::size_t memoryBytes() override { return synthesizer_.memoryBytes() + followed_.memoryBytes(); }

private:
    Synthesizer synthesizer_;
    FlatMap<StateId> followed_;
};

} // namespace

SpaceFactory synthesizerSpaces(std::shared_ptr<const Problem> problem)
{
    return [problem = std::move(problem), shared = std::make_shared<SharedOperators>()] {
        return std::make_unique<SynthesizerSpace>(problem, shared);
    };
}

} // namespace synoscope
