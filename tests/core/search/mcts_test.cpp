// The search itself: what it finds, how fast, and that its books are in order.
#include "synthetic_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace synoscope::test {
namespace {

SyntheticSettings large()
{
    SyntheticSettings settings; // C(20, 5) = 15504 operators
    settings.kinds = {
        {MoveKind::reduce, 3}, {MoveKind::shift, 2}, {MoveKind::split, 6}, {MoveKind::unfold, 3}, {MoveKind::merge, 6}};
    settings.picks = 5;
    return settings;
}

std::size_t evaluationsToOptimum(const std::string& algorithm, std::uint64_t seed, std::size_t most)
{
    SearchOptions options;
    options.algorithm = algorithm;
    options.seed = seed;
    const auto engine = makeEngine(large(), options);
    SearchWorker worker = engine->makeWorker();
    const RewardOf rewardOf = hiddenWorth(large(), seed);
    for (std::size_t i = 1; i <= most; ++i)
        if (runSearch(*engine, worker, rewardOf, 1).best > 0.9999)
            return i;
    return most;
}

TEST(Mcts, FindsTheOptimumInFarFewerEvaluationsThanRandomSearch)
{
    std::size_t mcts = 0;
    std::size_t random = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        mcts += evaluationsToOptimum("mcts", seed, 20000);
        random += evaluationsToOptimum("random", seed, 20000);
    }
    RecordProperty("mcts", static_cast<int>(mcts / 10));
    RecordProperty("random", static_cast<int>(random / 10));
    EXPECT_LT(5 * mcts, random);
}

TEST(Mcts, IsDeterministicForASeed)
{
    const auto hashes = [](std::uint64_t seed) {
        SearchOptions options;
        options.seed = seed;
        const auto engine = makeEngine(large(), options);
        SearchWorker worker = engine->makeWorker();
        return runSearch(*engine, worker, hiddenWorth(large(), 1), 300).hashes;
    };
    EXPECT_EQ(hashes(7), hashes(7));
    EXPECT_NE(hashes(7), hashes(8));
}

TEST(Mcts, FindsEveryOperatorOfASmallSpaceAndThenEnds)
{
    SyntheticSettings settings;
    settings.kinds = {{MoveKind::shift, 2}, {MoveKind::split, 3}, {MoveKind::unfold, 2}};
    settings.picks = 3;
    settings.traps = 1u << 2;
    const auto engine = makeEngine(settings);
    SearchWorker worker = engine->makeWorker();
    const Found found = runSearch(*engine, worker, hiddenWorth(settings, 1), 1000);
    EXPECT_EQ(found.hashes.size(), 20u); // C(6, 3): one pick is a trap
    EXPECT_EQ(std::set<std::string>(found.hashes.begin(), found.hashes.end()).size(), found.hashes.size());
    EXPECT_EQ(engine->ended(), "every operator was found");
    EXPECT_FALSE(engine->status().running);
    EXPECT_EQ(engine->status().candidates, 20u);
    EXPECT_FALSE(worker.propose().has_value());
}

TEST(Mcts, EndsAtOnceWhereThereIsNoOperator)
{
    SyntheticSettings settings;
    settings.traps = 0xffffffffu;
    const auto engine = makeEngine(settings);
    SearchWorker worker = engine->makeWorker();
    EXPECT_FALSE(worker.propose().has_value());
    EXPECT_EQ(engine->ended(), "the problem has no operator");
}

TEST(Mcts, GetsPastRolloutsThatFindNothing)
{
    SyntheticSettings settings = large();
    settings.weak = true;
    settings.traps = 0b1111000111100011; // most rollouts end in a trap, and none is proved dead early
    settings.picks = 4;
    const auto engine = makeEngine(settings);
    SearchWorker worker = engine->makeWorker();
    const Found found = runSearch(*engine, worker, hiddenWorth(settings, 3), 10000);
    EXPECT_EQ(found.hashes.size(), 210u); // C(10, 4): ten picks are no traps
    EXPECT_EQ(engine->ended(), "every operator was found");
}

TEST(Mcts, InFlightCountsReturnToZero)
{
    const auto engine = makeEngine(large());
    SearchWorker worker = engine->makeWorker();
    const RewardOf rewardOf = hiddenWorth(large(), 1);
    std::vector<Proposal> flying;
    Random random(5);
    for (int i = 0; i < 2000; ++i) {
        if (flying.size() < 12)
            if (auto proposal = worker.propose())
                flying.push_back(std::move(*proposal));
        EXPECT_EQ(engine->status().inFlight, flying.size());
        if (flying.size() == 12 || random.below(3) == 0) {
            std::swap(flying[random.below(static_cast<std::uint32_t>(flying.size()))], flying.back());
            const std::uint32_t fate = random.below(10);
            if (fate == 0)
                engine->fail(flying.back().ticket, "it crashed");
            else if (fate == 1)
                engine->withdraw(flying.back().ticket);
            else
                engine->reward(flying.back().ticket, rewardOf(flying.back().hash));
            flying.pop_back();
        }
    }
    for (const Proposal& proposal : flying)
        engine->reward(proposal.ticket, 0.5);
    EXPECT_EQ(engine->status().inFlight, 0u);
    const Tree& tree = engine->state().tree;
    for (std::size_t i = 0; i < tree.end(); ++i) {
        EXPECT_EQ(tree[TreeNodeId(i)].inFlight, 0);
        for (const TreeEdge& edge : tree.edges(TreeNodeId(i)))
            EXPECT_EQ(edge.inFlight, 0);
    }
}

TEST(Mcts, SeveralProposalsInFlightAreDifferent)
{
    const auto engine = makeEngine(large());
    SearchWorker worker = engine->makeWorker();
    std::set<std::string> hashes;
    for (int i = 0; i < 200; ++i) {
        const auto proposal = worker.propose();
        ASSERT_TRUE(proposal.has_value());
        EXPECT_TRUE(hashes.insert(proposal->hash).second);
        EXPECT_EQ(proposal->path.back().kind, MoveKind::finalize);
    }
}

TEST(Mcts, WaitsWhenAllThatIsLeftIsUnderEvaluation)
{
    SyntheticSettings settings;
    settings.kinds = {{MoveKind::shift, 2}, {MoveKind::split, 1}};
    settings.picks = 2; // three operators
    const auto engine = makeEngine(settings);
    SearchWorker worker = engine->makeWorker();
    std::vector<Proposal> flying;
    for (int i = 0; i < 3; ++i)
        if (auto proposal = worker.propose())
            flying.push_back(std::move(*proposal));
    ASSERT_EQ(flying.size(), 3u);
    EXPECT_FALSE(worker.propose().has_value());
    EXPECT_EQ(engine->ended(), "");
    for (const Proposal& proposal : flying)
        engine->reward(proposal.ticket, 0.5);
    EXPECT_FALSE(worker.propose().has_value());
    EXPECT_EQ(engine->ended(), "every operator was found");
}

TEST(Mcts, AnOperatorEqualByFingerprintIsCountedAndRewardedAsItsTwin)
{
    SyntheticSettings settings;
    settings.kinds = {{MoveKind::shift, 2}, {MoveKind::split, 2}, {MoveKind::unfold, 2}};
    settings.picks = 2;
    settings.twins = true;
    const auto engine = makeEngine(settings);
    SearchWorker worker = engine->makeWorker();
    const Found found = runSearch(
        *engine, worker, [](const std::string&) { return 0.25; }, 1000);
    // Of the 15 pairs, 3 take both of a twin pair and stand alone, the other 12 fall into 3 classes of 4.
    EXPECT_EQ(found.hashes.size(), 6u);
    const SearchStatus status = engine->status();
    EXPECT_EQ(status.candidates, 6u);
    EXPECT_EQ(status.twins, 9u);
    EXPECT_EQ(status.duplicates, status.iterations - 6);
    for (const LogEntry& entry : engine->drainLog())
        EXPECT_EQ(entry.reward, 0.25);
}

TEST(Mcts, AnOperatorKnownFromElsewhereIsRewardedWithoutEvaluation)
{
    const SyntheticSettings settings = [] {
        SyntheticSettings s;
        s.kinds = {{MoveKind::shift, 2}, {MoveKind::split, 2}};
        s.picks = 2;
        return s;
    }();
    const auto engine = makeEngine(settings);
    const std::vector<KnownOperator> known{{SyntheticSpace::hashOf(0b0011), "", 0.75, false, ""},
                                           {SyntheticSpace::hashOf(0b0101), "", {}, true, "it crashed"}};
    engine->learn(known);
    SearchWorker worker = engine->makeWorker();
    const Found found = runSearch(
        *engine, worker, [](const std::string&) { return 0.5; }, 100);
    EXPECT_EQ(found.hashes.size(), 4u);
    EXPECT_THAT(found.hashes, testing::Not(testing::Contains(known[0].hash)));
    EXPECT_THAT(found.hashes, testing::Not(testing::Contains(known[1].hash)));
    EXPECT_EQ(engine->status().candidates, 6u);
    EXPECT_EQ(engine->status().bestReward, 0.75);
}

TEST(Mcts, AWithdrawnOperatorLeavesNoTraceAndComesAgain)
{
    SyntheticSettings settings;
    settings.kinds = {{MoveKind::shift, 2}};
    settings.picks = 2; // one operator
    const auto engine = makeEngine(settings);
    SearchWorker worker = engine->makeWorker();
    const auto first = worker.propose();
    ASSERT_TRUE(first.has_value());
    engine->withdraw(first->ticket);
    EXPECT_EQ(engine->status().iterations, 0u);
    EXPECT_EQ(engine->status().candidates, 0u);
    const auto second = worker.propose();
    ASSERT_TRUE(second.has_value());
    EXPECT_EQ(second->hash, first->hash);
    engine->reward(first->ticket, 1); // too late: ignored
    EXPECT_EQ(engine->status().iterations, 0u);
    engine->reward(second->ticket, 0.5);
    EXPECT_EQ(engine->status().bestReward, 0.5);
}

TEST(Mcts, ProposesBelowANodeOnDemand)
{
    const auto engine = makeEngine(large());
    SearchWorker worker = engine->makeWorker();
    runSearch(*engine, worker, hiddenWorth(large(), 1), 100);
    const std::uint64_t node = publicId(engine->state().tree.edges(Tree::root())[2].child);
    const std::vector<Move> path = engine->pathTo(node);
    ASSERT_EQ(path.size(), 1u);
    for (int i = 0; i < 5; ++i) {
        const auto proposal = worker.proposeFrom(node);
        ASSERT_TRUE(proposal.has_value());
        EXPECT_EQ(proposal->path.front(), path.front());
        engine->reward(proposal->ticket, 0.5);
        EXPECT_THAT(engine->candidatesBelow(node), testing::Contains(proposal->hash));
    }
}

TEST(Algorithms, AreFoundByNameAndAnUnknownNameIsRefused)
{
    EXPECT_THAT(algorithmNames(), testing::IsSupersetOf({"mcts", "random"}));
    SearchOptions options;
    options.algorithm = "oracle";
    const auto engine = SearchEngine::create(synthetic(), options);
    ASSERT_FALSE(engine);
    EXPECT_THAT(engine.error().message,
                testing::StartsWith("There is no search algorithm 'oracle'; expected one of: "));
}

TEST(RandomSearch, FindsOperatorsAndGrowsTheTree)
{
    SearchOptions options;
    options.algorithm = "random";
    const auto engine = makeEngine(large(), options);
    SearchWorker worker = engine->makeWorker();
    EXPECT_EQ(runSearch(*engine, worker, hiddenWorth(large(), 1), 500).hashes.size(), 500u);
    EXPECT_GT(engine->status().nodes, 400u);
}

} // namespace
} // namespace synoscope::test
