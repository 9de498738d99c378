// Surrogate problems: what the traits say of known operators, and that each reward is one that a search can be measured by.
#include "core/graph/reader.h"
#include "core/search/engine.h"
#include "core/search/forest.h"
#include "core/search/path_mutation.h"
#include "core/search/surrogate.h"
#include "core/search/synthesizer_space.h"
#include "core/synthesis/translate.h"

#include <gtest/gtest.h>

#include <set>

namespace synoscope {
namespace {

std::shared_ptr<const Problem> tiny()
{
    static const auto problem = std::make_shared<const Problem>(
        *readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json"));
    return problem;
}

OperatorTraits traitsOfZoo(const std::string& name)
{
    const auto graph = readPGraph(SYNOSCOPE_SOURCE_DIR "/resources/operators/" + name + ".pgraph");
    const auto translated = Translation::find(*graph, *tiny())->rebuild(*graph, *tiny());
    return traitsOf(*translated, *tiny());
}

TEST(Traits, DescribeTheDenseConvolution)
{
    const OperatorTraits traits = traitsOfZoo("conv2d");
    EXPECT_EQ(traits.field, 9);
    EXPECT_EQ(traits.narrowest, 3);
    EXPECT_EQ(traits.mixing, 1);
    EXPECT_EQ(traits.weights, 1);
    EXPECT_DOUBLE_EQ(traits.parameterRatio, 9);
    EXPECT_NEAR(traits.flopsRatio, 1, 1e-9);
}

TEST(Traits, TellSpatialFromChannelMixing)
{
    const OperatorTraits point = traitsOfZoo("conv1x1");
    EXPECT_EQ(point.field, 1);
    EXPECT_EQ(point.mixing, 1);
    EXPECT_DOUBLE_EQ(point.parameterRatio, 1);
    const OperatorTraits grouped = traitsOfZoo("grouped");
    EXPECT_EQ(grouped.field, 9);
    EXPECT_LT(grouped.mixing, 0.6);
    EXPECT_NE(grouped.neighbours, point.neighbours);
}

TEST(Surrogates, AreFoundByNameAndNoOther)
{
    EXPECT_GE(surrogates().size(), 3u);
    for (const Surrogate& surrogate : surrogates())
        EXPECT_EQ(findSurrogate(surrogate.name), &surrogate);
    EXPECT_EQ(findSurrogate("accuracy"), nullptr);
}

TEST(Surrogates, AreDeterministicBoundedAndOfDifferentCharacter)
{
    Synthesizer synthesizer(tiny());
    Random random(3);
    std::map<std::string_view, std::vector<double>> rewards;
    for (int i = 0; i < 300; ++i) {
        const auto rollout = synthesizer.rollout(synthesizer.root(), {}, random);
        ASSERT_TRUE(rollout);
        const PGraph graph = synthesizer.build(rollout->final);
        const OperatorTraits traits = traitsOf(graph, *tiny());
        for (const Surrogate& surrogate : surrogates()) {
            const double reward = surrogate.reward(traits);
            EXPECT_EQ(reward, surrogate.reward(traitsOf(graph, *tiny())));
            EXPECT_GE(reward, 0);
            EXPECT_LE(reward, 1);
            rewards[surrogate.name].push_back(reward);
        }
    }
    EXPECT_GT(std::set<double>(rewards["smooth"].begin(), rewards["smooth"].end()).size(), 20u);
    EXPECT_GT(std::set<double>(rewards["rugged"].begin(), rewards["rugged"].end()).size(), 150u);
    EXPECT_GT(std::ranges::count(rewards["needle"], 0.0), 270);
    EXPECT_LE(*std::ranges::max_element(rewards["deceptive"]), 1);
}

// What a mutation makes must be offered, move by move, by a synthesizer that knows nothing of it.
TEST(Mutations, StayInTheSpace)
{
    const SpaceFactory spaces = synthesizerSpaces(tiny());
    const auto space = spaces();
    const auto judge = spaces();
    const SteeringContext context;
    const SteeringFilter filter;
    Random random(5);
    Walk walk(*space, context, filter, space->root(), {}, [](std::uint64_t) { return false; });
    ASSERT_TRUE(walk.rollOut(random));
    std::vector<Move> way(walk.taken().begin(), walk.taken().end());
    std::set<std::uint64_t> found{walk.key()};
    for (int i = 0; i < 60; ++i) {
        const std::vector<Move> before = way;
        const bool made = i % 4 == 3 ? cross(walk, way, before, random) : mutate(walk, way, random);
        if (!made)
            continue;
        way.assign(walk.taken().begin(), walk.taken().end());
        found.insert(walk.key());
        StateId state = judge->root();
        for (const Move& move : way) {
            state = judge->follow(state, move);
            ASSERT_TRUE(state.valid()) << toString(move.kind);
        }
        EXPECT_TRUE(judge->isFinal(state));
        EXPECT_EQ(judge->key(state), walk.key());
    }
    EXPECT_GT(found.size(), 20u);
}

TEST(Forest, LearnsAThresholdAndACombinationAmongUselessColumns)
{
    Random random(2);
    const auto target = [](std::span<const float> row) { return row[3] > 0.5f && row[7] > 0.5f ? 1.0f : 0.0f; };
    const auto draw = [&] {
        std::vector<float> row(20);
        for (float& value : row)
            value = static_cast<float>(random.unit());
        return row;
    };
    Samples samples{20, {}, {}};
    for (int i = 0; i < 400; ++i) {
        const std::vector<float> row = draw();
        samples.values.insert(samples.values.end(), row.begin(), row.end());
        samples.targets.push_back(target(row));
    }
    const Forest forest(samples, 40, random);
    int right = 0;
    for (int i = 0; i < 200; ++i) {
        const std::vector<float> row = draw();
        right += (forest(row).mean > 0.5) == (target(row) > 0.5f);
    }
    EXPECT_GT(right, 180);
}

} // namespace
} // namespace synoscope
