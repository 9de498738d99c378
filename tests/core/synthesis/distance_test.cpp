// The shape distance against the truth: exhaustive search without it.
#include "core/synthesis/engine.h"
#include "tests/core/synthesis/problems.h"

#include <set>

namespace synoscope {
namespace {

// Least number of primitives from a state to one that can be finished, by exhaustive search; states are visited once.
class Truth
{
public:
    explicit Truth(SynthesisEngine& engine) : engine_(engine) {}

    int distance(StateId state)
    {
        const auto [entry, fresh] = known_.try_emplace(state, infiniteDistance);
        if (!fresh)
            return entry->second;
        int least = infiniteDistance;
        const std::size_t count = engine_.moves(state).moves.size();
        for (std::size_t i = 0; i < count; ++i) {
            if (engine_.moves(state).moves[i].kind == MoveKind::finalize)
                least = 0;
            else
                least = std::min(least, distance(engine_.child(state, i)) + 1);
        }
        known_[state] = least;
        return least;
    }
    std::size_t states() const { return known_.size(); }

    template <typename Visit>
    void forEach(Visit&& visit) const
    {
        for (const auto& [state, distance] : known_)
            visit(state, distance);
    }

private:
    SynthesisEngine& engine_;
    std::unordered_map<StateId, int> known_;
};

class DistanceTest : public testing::TestWithParam<const char*>
{};

TEST_P(DistanceTest, NeverExceedsTheTrueDistance)
{
    SynthesisEngine engine(test::lineProblem(GetParam(), R"("distance": false)"));
    Truth truth(engine);
    truth.distance(engine.root());
    ASSERT_GT(truth.states(), 100u);
    int reachable = 0;
    truth.forEach([&](StateId state, int distance) {
        if (distance == infiniteDistance || engine[state].final)
            return;
        ++reachable;
        const Draft draft = engine.load(state);
        EXPECT_LE(engine.distanceOf(draft), distance);
    });
    EXPECT_GT(reachable, 5);
}

TEST_P(DistanceTest, LosesNoOperator)
{
    const auto finals = [](SynthesisEngine& engine) {
        Truth all(engine);
        all.distance(engine.root());
        std::set<std::uint64_t> keys;
        all.forEach([&](StateId state, int) {
            const auto& list = engine.moves(state);
            for (std::size_t i = 0; i < list.moves.size(); ++i)
                if (list.moves[i].kind == MoveKind::finalize)
                    keys.insert(engine[engine.child(state, i)].key);
        });
        return keys;
    };
    SynthesisEngine with(test::lineProblem(GetParam()));
    SynthesisEngine without(test::lineProblem(GetParam(), R"("distance": false)"));
    EXPECT_EQ(finals(with), finals(without));
    EXPECT_LE(with.stateCount(), without.stateCount());
}

INSTANTIATE_TEST_SUITE_P(
    SmallProblems, DistanceTest,
    testing::Values(
        R"("depth": 4, "weights": 1, "reductions": 2, "merges": 1, "splits": 1, "shifts": 0, "unfolds": 1, "pooling": 4)",
        R"("depth": 5, "weights": 2, "reductions": 1, "merges": 1, "splits": 1, "shifts": 1, "unfolds": 0)",
        R"("depth": 5, "weights": 1, "reductions": 1, "merges": 1, "splits": 2, "shifts": 0, "unfolds": 1, "chain": 3)",
        R"("depth": 4, "weights": 1, "reductions": 1, "merges": 1, "splits": 1, "shifts": 0, "unfolds": 1, "strides": 1)",
        R"("depth": 4, "weights": 1, "reductions": 1, "merges": 1, "splits": 0, "shifts": 0, "unfolds": 1, "repeat": 4, "tile": true)"));

} // namespace
} // namespace synoscope
