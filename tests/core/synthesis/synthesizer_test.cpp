#include "core/synthesis/synthesizer.h"

#include "core/graph/fingerprint.h"
#include "core/graph/interpreter.h"
#include "core/graph/reader.h"
#include "core/graph/validate.h"
#include "core/graph/writer.h"
#include "core/lowering/execute.h"
#include "core/lowering/plan.h"
#include "core/synthesis/equivalence.h"
#include "tests/core/synthesis/problems.h"

#include <set>

namespace synoscope {
namespace {

std::vector<StateId> sample(Synthesizer& synthesizer, int rollouts, const Steering& steering = {},
                            std::uint64_t seed = 1)
{
    Random random(seed);
    std::vector<StateId> finals;
    std::set<std::uint64_t> seen;
    for (int i = 0; i < rollouts; ++i)
        if (const auto rollout = synthesizer.rollout(synthesizer.root(), steering, random))
            if (seen.insert(synthesizer.key(rollout->final)).second)
                finals.push_back(rollout->final);
    return finals;
}

std::shared_ptr<Problem> richProblem()
{
    return test::lineProblem(R"("depth": 8, "weights": 2, "reductions": 3, "merges": 2, "splits": 2, "shifts": 1,
        "strides": 1, "unfolds": 2, "expands": 3, "repeat": 4, "tile": true, "pooling": 8)");
}

TEST(Synthesizer, EveryOperatorItYieldsIsValidAndWithinTheLimits)
{
    for (const auto& problem : {richProblem(), test::shippedProblem("conv2d-tiny")}) {
        Synthesizer synthesizer(problem);
        const auto finals = sample(synthesizer, 150);
        EXPECT_GT(finals.size(), 20u);
        for (const StateId final : finals) {
            const PGraph graph = synthesizer.build(final);
            const std::string text = writePGraph(graph);
            for (const Violation& violation : violations(graph))
                ADD_FAILURE() << violation.rule << ": " << violation.message << "\n" << text;
            EXPECT_LE(synthesizer.depth(final), problem->limits.depth);
            EXPECT_LE(static_cast<int>(graph.weights().size()), problem->limits.weights);
            EXPECT_LE(static_cast<int>(graph.reductions().size()), problem->limits.reductions);
            double flops = 0;
            for (const Layer& layer : problem->layers)
                flops += layer.count * cost(lower(graph), layer.binding).flops;
            EXPECT_DOUBLE_EQ(synthesizer.cost(final).flops, flops);
            EXPECT_GE(flops, problem->flopsWindow().first);
            EXPECT_LE(flops, problem->flopsWindow().second);
            const auto again = parsePGraph(text, "again");
            ASSERT_TRUE(again) << again.error().text() << "\n" << text;
            EXPECT_EQ(canonicalHash(*again), canonicalHash(graph));
            EXPECT_EQ(graph.input().size(), problem->input.size());
            for (std::size_t axis = 0; axis < graph.input().size(); ++axis)
                EXPECT_EQ(graph[graph.input()[axis]].size, problem->input[axis].size);
        }
    }
}

TEST(Synthesizer, TheInterpreterAgreesWithTheLoweredOperators)
{
    const auto problem = richProblem();
    Synthesizer synthesizer(problem);
    Random random(7);
    const auto noise = [&](std::vector<std::int64_t> shape) {
        Array array;
        std::int64_t elements = 1;
        for (const std::int64_t extent : shape)
            elements *= extent;
        array.shape = std::move(shape);
        for (std::int64_t i = 0; i < elements; ++i)
            array.values.push_back(random.unit() - 0.5);
        return array;
    };
    for (const StateId final : sample(synthesizer, 60)) {
        const PGraph graph = synthesizer.build(final);
        const Binding& binding = problem->layers[1].binding;
        const Array input = noise(graph.shape(graph.input(), binding));
        std::vector<Array> weights;
        for (const Weight& weight : graph.weights())
            weights.push_back(noise(graph.shape(weight.axes, binding)));
        const auto expected = evaluate(graph, binding, input, weights);
        const auto actual = execute(lower(graph), binding, input, weights);
        ASSERT_TRUE(expected) << expected.error().text();
        ASSERT_TRUE(actual) << actual.error().text();
        ASSERT_EQ(expected->shape, actual->shape);
        for (std::size_t i = 0; i < expected->values.size(); ++i)
            ASSERT_NEAR(expected->values[i], actual->values[i], 1e-9) << writePGraph(graph);
    }
}

TEST(Synthesizer, TheSameSeedGivesTheSameOperators)
{
    Synthesizer first(richProblem());
    Synthesizer second(richProblem());
    const auto a = sample(first, 40, {}, 5);
    const auto b = sample(second, 40, {}, 5);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i)
        EXPECT_EQ(first.key(a[i]), second.key(b[i]));
}

TEST(Synthesizer, MovesMeanTheSameInEverySynthesizer)
{
    Synthesizer first(richProblem());
    Synthesizer second(richProblem());
    sample(second, 30); // a different history
    Random random(3);
    for (int i = 0; i < 30; ++i) {
        const auto rollout = first.rollout(first.root(), {}, random);
        if (!rollout)
            continue;
        StateId a = first.root();
        StateId b = second.root();
        for (const Move& move : rollout->moves) {
            ASSERT_EQ(first.describe(a, move), second.describe(b, move));
            a = first.apply(a, move);
            b = second.apply(b, move);
            ASSERT_TRUE(b.valid());
            ASSERT_EQ(first.key(a), second.key(b));
        }
        EXPECT_EQ(writePGraph(first.build(a)), writePGraph(second.build(b)));
    }
}

// What search threads, the published tree and a resumed search rely on: states are known by other ways in each.
TEST(Synthesizer, APathFoundInOneSynthesizerLeadsToTheSameStatesInAnother)
{
    for (const char* name : {"conv2d-tiny", "conv2d-densenet121", "conv2d-resnext29", "conv2d-efficientnetv2s"}) {
        const auto problem = test::shippedProblem(name);
        Synthesizer first(problem);
        Synthesizer second(problem);
        Random random(3);
        Random other(4);
        for (int i = 0; i < 200; ++i) {
            (void)second.rollout(second.root(), {}, other, 200);
            const auto rollout = first.rollout(first.root(), {}, random, 200);
            if (!rollout)
                continue;
            StateId a = first.root();
            StateId b = second.root();
            for (const Move& move : rollout->moves) {
                a = first.apply(a, move);
                b = second.apply(b, move);
                ASSERT_TRUE(b.valid()) << name;
                ASSERT_EQ(first.key(a), second.key(b)) << name;
            }
        }
    }
}

TEST(Synthesizer, FingerprintsDoNotDependOnWhatIsRememberedOfOtherOperators)
{
    for (const char* name : {"conv2d-tiny", "conv2d-resnet18", "linear-gpt2"}) {
        const auto problem = test::shippedProblem(name);
        Synthesizer synthesizer(problem);
        Random random(9);
        for (int i = 0; i < 150; ++i)
            if (const auto rollout = synthesizer.rollout(synthesizer.root(), {}, random, 200)) {
                EXPECT_EQ(synthesizer.fingerprint(rollout->final),
                          fingerprint(synthesizer.build(rollout->final), equivalenceOf(*problem)));
            }
    }
}

// Made up moves, and moves of other states, are none.
TEST(Synthesizer, AMoveThatTheStateDoesNotOfferLeadsNowhere)
{
    Synthesizer synthesizer(richProblem());
    Random random(5);
    const auto rollout = synthesizer.rollout(synthesizer.root(), {}, random);
    ASSERT_TRUE(rollout);
    StateId state = synthesizer.root();
    for (const Move& move : rollout->moves) {
        const auto offered = synthesizer.moves(state);
        for (Move wrong : std::vector<Move>(offered.begin(), offered.end())) {
            wrong.key ^= 1;
            EXPECT_FALSE(synthesizer.apply(state, wrong).valid());
        }
        for (int kind = 0; kind < moveKinds; ++kind) {
            Move wrong = move;
            wrong.kind = static_cast<MoveKind>(kind);
            wrong.first = wrong.second = 200;
            wrong.inner = wrong.outer = 0xffff;
            if (wrong.kind != move.kind) {
                EXPECT_FALSE(synthesizer.apply(state, wrong).valid());
            }
        }
        state = synthesizer.apply(state, move);
    }
    EXPECT_FALSE(synthesizer.apply(state, rollout->moves.front()).valid()); // a final state offers none
}

TEST(Synthesizer, SteeringHoldsInEveryRollout)
{
    Synthesizer synthesizer(richProblem());
    Steering steering;
    steering.forbiddenKinds = 1u << static_cast<int>(MoveKind::shift) | 1u << static_cast<int>(MoveKind::merge);
    steering.requiredKinds = 1u << static_cast<int>(MoveKind::unfold);
    const auto finals = sample(synthesizer, 60, steering);
    EXPECT_GT(finals.size(), 5u);
    for (const StateId final : finals) {
        EXPECT_EQ(synthesizer.kinds(final) & steering.forbiddenKinds, 0);
        EXPECT_EQ(synthesizer.kinds(final) & steering.requiredKinds, steering.requiredKinds);
    }
}

TEST(Synthesizer, WhatSteeringMakesImpossibleIsProvedDead)
{
    Synthesizer synthesizer(test::lineProblem(R"("depth": 4, "weights": 1, "reductions": 1, "merges": 0, "splits": 0,
        "shifts": 1, "unfolds": 0)"));
    Steering noWeights;
    noWeights.forbiddenKinds = 1u << static_cast<int>(MoveKind::contraction);
    Random random(1);
    EXPECT_FALSE(synthesizer.rollout(synthesizer.root(), noWeights, random, 100000));
    EXPECT_TRUE(synthesizer.isDead(synthesizer.root(), noWeights));
    EXPECT_FALSE(synthesizer.isDead(synthesizer.root(), {}));
    EXPECT_TRUE(synthesizer.rollout(synthesizer.root(), {}, random));
}

TEST(Synthesizer, EveryRefusalHasANameAndAReason)
{
    Synthesizer synthesizer(richProblem());
    const auto refusals = synthesizer.refusals(synthesizer.root());
    EXPECT_FALSE(refusals.empty());
    for (const Refusal& refusal : refusals) {
        EXPECT_FALSE(refusal.rule.empty());
        EXPECT_FALSE(refusal.reason.empty());
        EXPECT_GT(refusal.count, 0);
    }
}

} // namespace
} // namespace synoscope
