#include "core/synthesis/enumerate.h"

#include "core/synthesis/generator.h"

namespace synoscope {

namespace {

constexpr std::size_t askEvery = 4096;

} // namespace

Enumeration enumerate(SynthesisEngine& engine, const std::function<bool(int, std::size_t)>& goOn)
{
    Enumeration result;
    std::vector<StateId> level{engine.root()};
    std::vector<StateId> next;
    std::vector<Edge> moves; // not kept: nobody comes this way again
    for (int depth = 0; depth <= engine.problem->limits.depth; ++depth) {
        result.states.push_back(level.size());
        auto& finals = result.finals.emplace_back();
        next.clear();
        for (std::size_t i = 0; i < level.size(); ++i) {
            if (i % askEvery == 0 && !goOn(depth, engine.stateCount())) {
                result.complete = false;
                return result;
            }
            const Draft draft = engine.load(level[i]);
            moves.clear();
            Generator generator(engine, draft, engine.rules);
            for (int kind = 0; kind < moveKinds; ++kind)
                generator.run(static_cast<MoveKind>(kind), moves);
            for (const Edge& move : moves) {
                Draft made = draft;
                engine.applyTo(made, move);
                const auto count = [&] { return made.final ? engine.operatorCount() : engine.stateCount(); };
                const std::size_t before = count();
                const StateId child = engine.store(made, engine.identify(made));
                if (count() > before)
                    (made.final ? finals : next).push_back(child);
            }
        }
        level.swap(next);
    }
    return result;
}

} // namespace synoscope
