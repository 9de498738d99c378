// Exhaustive enumeration as the judge: the shape distance and the canonical rules lose no operator, rollouts find them
// all, bounds hold.
#include "core/synthesis/enumerate.h"

#include "core/base/hash.h"
#include "core/synthesis/equivalence.h"
#include "core/synthesis/generator.h"
#include "tests/core/synthesis/problems.h"
#include "tests/core/synthesis/random_problem.h"

#include <array>
#include <map>
#include <numeric>
#include <set>
#include <thread>

namespace synoscope {
namespace {

constexpr std::size_t mostStates = 20000;

bool few(int, std::size_t states)
{
    return states < mostStates;
}

std::set<std::uint64_t> keysOf(const SynthesisEngine& engine, const Enumeration& all)
{
    std::set<std::uint64_t> keys;
    for (const auto& finals : all.finals)
        for (const StateId final : finals)
            keys.insert(engine.key(final));
    return keys;
}

std::size_t sum(const std::vector<std::size_t>& counts)
{
    return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
}

TEST(Enumerate, TheShapeDistanceLosesNoOperator)
{
    std::size_t operators = 0;
    for (std::uint64_t seed = 1; seed < 120; seed += 2) {
        SynthesisEngine without(
            test::randomProblem(seed, R"("near-duplicates":true,"fingerprint":false,"distance":false)"));
        const Enumeration all = enumerate(without, few);
        if (!all.complete)
            continue;
        SynthesisEngine with(test::randomProblem(seed, R"("near-duplicates":true,"fingerprint":false)"));
        const Enumeration pruned = enumerate(with, few);
        EXPECT_EQ(keysOf(with, pruned), keysOf(without, all)) << with.problem->text;
        EXPECT_LE(sum(pruned.states), sum(all.states));
        operators += keysOf(without, all).size();
    }
    EXPECT_GT(operators, 150u);
}

// Least number of primitives from a state to one that can be finished, by exhaustive search; states are visited once.
class Truth
{
public:
    explicit Truth(SynthesisEngine& engine) : engine_(engine) {}

    int distance(StateId state)
    {
        const auto [entry, fresh] = known_.try_emplace(state.index, infiniteDistance);
        if (!fresh)
            return entry->second;
        int least = infiniteDistance;
        const std::size_t count = engine_.edges(state).size();
        for (std::size_t i = 0; i < count; ++i) {
            if (engine_.edges(state)[i].kind == MoveKind::finalize)
                least = 0;
            else
                least = std::min(least, distance(engine_.child(state, i)) + 1);
        }
        return known_[state.index] = least;
    }
    const std::map<std::uint32_t, int>& known() const { return known_; }

private:
    SynthesisEngine& engine_;
    std::map<std::uint32_t, int> known_;
};

TEST(Enumerate, TheShapeDistanceNeverExceedsTheTrueDistance)
{
    int reachable = 0;
    for (std::uint64_t seed = 1; seed < 60; seed += 2) {
        SynthesisEngine engine(test::randomProblem(seed, R"("near-duplicates":true,"distance":false)"));
        if (!enumerate(engine, few).complete)
            continue;
        Truth truth(engine);
        truth.distance(engine.root());
        for (const auto& [index, distance] : truth.known()) {
            const StateId state(index);
            if (distance == infiniteDistance || engine[state].final)
                continue;
            ++reachable;
            EXPECT_LE(engine.distanceOf(engine.load(state)), distance) << engine.problem->text;
        }
    }
    EXPECT_GT(reachable, 100);
}

std::set<std::string> classesOf(const SynthesisEngine& engine, const Enumeration& all)
{
    std::set<std::string> classes;
    const Equivalence equivalence = equivalenceOf(*engine.problem);
    for (const auto& finals : all.finals)
        for (const StateId final : finals)
            classes.insert(fingerprint(engine.build(final), equivalence));
    return classes;
}

class NearDuplicates : public testing::TestWithParam<bool>
{
protected:
    std::string rules() const { return fmt::format(R"("near-duplicates":{})", GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Enumerate, NearDuplicates, testing::Bool(),
                         [](const auto& info) { return info.param ? "Refused" : "Allowed"; });

TEST_P(NearDuplicates, CanonicalRulesLeaveEachClassExactlyOnce)
{
    std::string off = rules();
    for (int rule = 0; rule < ruleCount; ++rule)
        if (const RuleInfo& about = info(static_cast<Rule>(rule)); about.kind == RuleClass::canonical)
            off += fmt::format(R"(,"{}":false)", about.name);
    std::size_t classes = 0;
    std::size_t operators = 0;
    std::size_t withoutRules = 0;
    for (std::uint64_t seed = 1; seed < 120; seed += 2) {
        SynthesisEngine without(test::randomProblem(seed, off));
        const Enumeration all = enumerate(without, few);
        const std::size_t found = keysOf(without, all).size();
        if (!all.complete || found > 2000)
            continue;
        SynthesisEngine with(test::randomProblem(seed, rules()));
        const Enumeration canonical = enumerate(with, few);
        EXPECT_EQ(classesOf(with, canonical), classesOf(without, all)) << seed << with.problem->text;
        EXPECT_EQ(keysOf(with, canonical).size(), classesOf(without, all).size()) << with.problem->text;
        // All but the fingerprint, which no operator can slip through: what the structural rules leave for it to do.
        SynthesisEngine structural(test::randomProblem(seed, rules() + R"(,"fingerprint":false)"));
        operators += keysOf(structural, enumerate(structural, few)).size();
        classes += classesOf(without, all).size();
        withoutRules += found;
    }
    EXPECT_GT(classes, 100u);
    EXPECT_LE(operators, (GetParam() ? 1.5 : 2) * static_cast<double>(classes));
    EXPECT_GT(withoutRules, 2 * classes); // there was something to do
}

TEST(Enumerate, RolloutsFindEveryOperatorAndThenSaySo)
{
    for (const std::uint64_t seed : {3, 11, 17, 33}) {
        SynthesisEngine all(test::randomProblem(seed, R"("near-duplicates":true)"));
        const auto expected = keysOf(all, enumerate(all, few));
        SynthesisEngine engine(test::randomProblem(seed, R"("near-duplicates":true)"));
        Random random(seed);
        std::set<std::uint64_t> found;
        for (int tries = 0; !engine.isExhausted(engine.root()) && !engine.isDead(engine.root(), 0) && tries < 20000;
             ++tries)
            if (const auto rollout = engine.rollout(engine.root(), {}, random, 10000))
                found.insert(engine.key(rollout->final));
        EXPECT_EQ(found, expected) << engine.problem->text;
    }
}

// What several threads that share find in a space that ends.
std::set<std::uint64_t> foundTogether(const std::shared_ptr<const Problem>& problem, std::uint64_t seed)
{
    const auto sharing = std::make_shared<Sharing>();
    std::array<std::set<std::uint64_t>, 3> found;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < found.size(); ++i)
        threads.emplace_back([&, i] {
            SynthesisEngine engine(problem);
            engine.share(sharing, static_cast<int>(i));
            Random random(seed + i);
            for (int tries = 0; !engine.isExhausted(engine.root()) && !engine.isDead(engine.root(), 0) && tries < 20000;
                 ++tries)
                if (const auto rollout = engine.rollout(engine.root(), {}, random, 10000))
                    found[i].insert(engine.key(rollout->final));
        });
    for (std::thread& thread : threads)
        thread.join();
    std::set<std::uint64_t> together;
    for (const auto& one : found)
        together.insert(one.begin(), one.end());
    return together;
}

TEST(Enumerate, ThreadsThatShareFindTogetherWhatOneFindsAlone)
{
    for (const std::uint64_t seed : {3, 11, 17, 33}) {
        const auto problem = test::randomProblem(seed, R"("near-duplicates":true)");
        SynthesisEngine all(problem);
        EXPECT_EQ(foundTogether(problem, seed), keysOf(all, enumerate(all, few))) << problem->text;
    }
    // Two weights, and views on either: each thread has states by another way than the others.
    auto tiny = std::make_shared<Problem>(*test::shippedProblem("conv2d-tiny"));
    tiny->limits.depth = 9;
    tiny->rules["fingerprint"] = false; // it would bridge a gap, and takes longest
    SynthesisEngine all(tiny);
    const auto expected = keysOf(all, enumerate(all, [](int, std::size_t) { return true; }));
    for (const std::uint64_t seed : {1, 2}) {
        const auto found = foundTogether(tiny, seed);
        EXPECT_EQ(found.size(), expected.size());
        EXPECT_TRUE(found == expected);
    }
}

TEST(Enumerate, WhatIsToldOfOperatorsIsWhatEachWouldFindOut)
{
    const auto problem = test::randomProblem(11, R"("near-duplicates":true)");
    const auto told = std::make_shared<SharedOperators>();
    SynthesisEngine alone(problem);
    SynthesisEngine teller(problem);
    SynthesisEngine listener(problem);
    teller.share(told);
    listener.share(told);
    const auto finalsOf = [](SynthesisEngine& engine) {
        std::vector<StateId> finals;
        for (const auto& ofDepth : enumerate(engine, few).finals)
            finals.insert(finals.end(), ofDepth.begin(), ofDepth.end());
        return finals;
    };
    const auto expected = finalsOf(alone);
    ASSERT_FALSE(expected.empty());
    for (SynthesisEngine* engine : {&teller, &listener}) {
        const auto found = finalsOf(*engine);
        ASSERT_EQ(found.size(), expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            EXPECT_EQ(engine->key(found[i]), alone.key(expected[i]));
            EXPECT_EQ(engine->fingerprint(found[i]), alone.fingerprint(expected[i]));
            EXPECT_EQ(engine->cost(found[i]).flops, alone.cost(expected[i]).flops);
        }
    }
    for (const StateId final : expected)
        EXPECT_EQ(told->fingerprint(alone[final].key), alone.fingerprint(final));
    EXPECT_GT(teller.memoryBytes(), listener.memoryBytes()); // who tells it counts it
}

struct Shared
{
    std::vector<std::unique_ptr<SynthesisEngine>> engines;
    std::set<std::uint64_t> found;

    Shared(const std::shared_ptr<const Problem>& problem, int threads)
    {
        const auto sharing = std::make_shared<Sharing>();
        for (int i = 0; i < threads; ++i)
            engines.emplace_back(std::make_unique<SynthesisEngine>(problem))->share(sharing, i);
    }
    bool done(int i) const { return engines[i]->isExhausted(engines[i]->root()); }
    void rollout(int i, Random& random)
    {
        SynthesisEngine& engine = *engines[i];
        if (const auto rollout = engine.rollout(engine.root(), {}, random, 10000))
            found.insert(engine.key(rollout->final));
    }
    // States whose moves some engine has generated, and how often that was done.
    std::pair<std::size_t, std::size_t> expanded() const
    {
        std::set<std::uint64_t> different;
        std::size_t all = 0;
        for (const auto& engine : engines)
            for (std::size_t i = 0; i < engine->stateCount(); ++i)
                if (const State& state = (*engine)[StateId(i)]; state.edges != State().edges) {
                    different.insert(state.key);
                    ++all;
                }
        return {different.size(), all};
    }
};

TEST(Enumerate, ThreadsThatShareDivideTheSpace)
{
    auto problem = std::make_shared<Problem>(*test::shippedProblem("conv2d-resnet18"));
    problem->limits.depth = 9;
    Shared shared(problem, 2);
    Random random(1);
    for (int turns = 0; !(shared.done(0) || shared.done(1)) && turns < 20000; ++turns)
        shared.rollout(turns % 2, random);
    SynthesisEngine all(problem);
    EXPECT_EQ(shared.found, keysOf(all, enumerate(all, [](int, std::size_t) { return true; })));
    const auto [different, expanded] = shared.expanded();
    EXPECT_LT(static_cast<double>(expanded), 1.15 * static_cast<double>(different));
}

TEST(Enumerate, WhatAThreadLeavesBehindAnotherTakesOver)
{
    const auto problem = test::randomProblem(11, R"("near-duplicates":true)");
    SynthesisEngine all(problem);
    const auto expected = keysOf(all, enumerate(all, few));
    Shared shared(problem, 2);
    Random random(1);
    shared.rollout(0, random);
    EXPECT_LT(shared.found.size(), expected.size());
    for (int tries = 0; !shared.done(1) && tries < 20000; ++tries)
        shared.rollout(1, random);
    EXPECT_EQ(shared.found, expected);
}

// The operators below a state, each state visited when a walk in random order comes to it first.
void walk(SynthesisEngine& engine, StateId state, Random& random, std::set<std::uint32_t>& visited,
          std::set<std::uint64_t>& keys)
{
    if (!visited.insert(state.index).second)
        return;
    if (engine[state].final) {
        keys.insert(engine.key(state));
        return;
    }
    std::vector<std::size_t> order(engine.edges(state).size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
    for (const std::size_t edge : order)
        walk(engine, engine.child(state, edge), random, visited, keys);
}

using Offers = std::map<std::uint64_t, std::set<std::uint64_t>>; // keys of moves, by state

void walkOffers(SynthesisEngine& engine, StateId state, Random& random, Offers& offers)
{
    const auto [known, fresh] = offers.try_emplace(engine[state].key);
    if (!fresh || engine[state].final)
        return;
    std::vector<Move> moves = engine.moves(state);
    for (const Move& move : moves)
        known->second.insert(combine(move.key, static_cast<std::uint64_t>(move.kind)));
    for (std::size_t i = moves.size(); i > 1; --i)
        std::swap(moves[i - 1], moves[random.below(static_cast<std::uint32_t>(i))]);
    for (const Move& move : moves)
        walkOffers(engine, engine.apply(state, move), random, offers);
}

// A state stands for all ways that lead to it: which of them came first must not decide what follows.
TEST(Enumerate, WhatAStateOffersIsTheSameByAnyWayToIt)
{
    for (const char* name : {"conv2d-tiny", "conv2d-densenet121", "conv2d-resnext29", "conv2d-resnet34"}) {
        auto problem = std::make_shared<Problem>(*test::shippedProblem(name));
        problem->limits.depth = 7;
        problem->rules["fingerprint"] = false;
        std::array<Offers, 2> offers;
        for (std::uint64_t seed : {0, 1}) {
            SynthesisEngine engine(problem);
            Random random(seed);
            walkOffers(engine, engine.root(), random, offers[seed]);
        }
        EXPECT_GT(offers[0].size(), 900u) << name;
        EXPECT_TRUE(offers[0] == offers[1]) << name;
    }
}

TEST(Enumerate, TheOrderInWhichStatesAreMetLosesNoOperator)
{
    auto problem = std::make_shared<Problem>(*test::shippedProblem("conv2d-tiny")); // two weights, views on both
    problem->limits.depth = 8;
    problem->rules["fingerprint"] = false; // it would bridge a gap
    SynthesisEngine byDepth(problem);
    const auto expected = keysOf(byDepth, enumerate(byDepth, [](int, std::size_t) { return true; }));
    EXPECT_GT(byDepth.rules.refused(Rule::viewsBeforeContraction), 0u);
    for (const std::uint64_t seed : {1, 2, 3}) {
        SynthesisEngine byWalk(problem);
        Random random(seed);
        std::set<std::uint32_t> visited;
        std::set<std::uint64_t> found;
        walk(byWalk, byWalk.root(), random, visited, found);
        EXPECT_EQ(found.size(), expected.size());
        EXPECT_TRUE(found == expected);
    }
}

TEST(Enumerate, BoundsOnFlopsHoldForEveryOperatorOfTheResNetProblem)
{
    auto problem = std::make_shared<Problem>(*test::shippedProblem("conv2d-resnet18"));
    problem->limits.depth = 8;
    problem->limits.flopsLow = 0;
    problem->limits.flopsHigh = 1e6;
    SynthesisEngine engine(problem);
    const Enumeration all = enumerate(engine, [](int, std::size_t) { return true; });
    std::size_t tight = 0;
    std::size_t count = 0;
    for (const auto& finals : all.finals)
        for (const StateId final : finals) {
            const Draft draft = engine.load(final);
            const double flops = engine.cost(final).flops;
            EXPECT_LE(engine.flopsFloor(draft), flops * (1 + 1e-9));
            EXPECT_GE(engine.flopsCeiling(draft), flops * (1 - 1e-9));
            tight += engine.flopsFloor(draft) > 0.5 * flops;
            ++count;
        }
    EXPECT_GT(count, 500u);
    EXPECT_GT(tight, count / 4);
}

TEST(Enumerate, MirrorImagesAreOneOperator)
{
    const auto count = [](std::initializer_list<const char*> off) {
        auto small = std::make_shared<Problem>(*test::shippedProblem("conv2d-tiny"));
        small->limits.depth = 6;
        for (const char* rule : off)
            small->rules[rule] = false;
        SynthesisEngine engine(small);
        return keysOf(engine, enumerate(engine, [](int, std::size_t) { return true; })).size();
    };
    const std::size_t once = count({"fingerprint"});
    const std::size_t both = count({"fingerprint", "interchangeable-axes"});
    EXPECT_GT(both, once + once / 2);
    EXPECT_LE(both, 2 * once);
    EXPECT_EQ(count({}), count({"interchangeable-axes"})); // the fingerprint finds them too
}

} // namespace
} // namespace synoscope
