// What the outside sees: batches of changes, status, limits; and the sizes that DESIGN 10 promises.
#include "synthetic_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace synoscope::test {
namespace {

SyntheticSettings medium()
{
    SyntheticSettings settings;
    settings.picks = 4;
    return settings;
}

class PublishTest : public testing::Test
{
protected:
    PublishTest() : engine(makeEngine(medium())), worker(engine->makeWorker()), rewardOf(hiddenWorth(medium(), 1)) {}

    // What a reader knows that applied all batches.
    void read(std::size_t most = 20000)
    {
        for (;;) {
            const TreeBatch batch = engine->drain(most);
            std::set<std::uint64_t> once;
            for (const NodeChange& change : batch.nodes) {
                EXPECT_TRUE(once.insert(change.id).second);
                if (shown.count(change.id) == 0) {
                    EXPECT_TRUE(change.id == 1 || shown.count(change.parent) > 0) << "a parent comes first";
                    EXPECT_EQ(change.move.empty(), change.id == 1);
                    moves[change.id] = change.move;
                } else {
                    EXPECT_TRUE(change.move.empty());
                }
                shown[change.id] = change;
            }
            if (batch.nodes.empty())
                return;
        }
    }
    void expectShownEqualsTree() const
    {
        const Tree& tree = engine->state().tree;
        ASSERT_EQ(shown.size(), tree.nodeCount());
        for (const auto& [id, change] : shown) {
            const TreeNode& node = tree[nodeOf(id)];
            EXPECT_EQ(change.visits, node.visits);
            EXPECT_EQ(change.parent, publicId(node.parent));
            EXPECT_NEAR(change.mean, meanOf(node.sum, node.visits), 1e-12);
        }
    }

    std::unique_ptr<SearchEngine> engine;
    SearchWorker worker;
    RewardOf rewardOf;
    std::map<std::uint64_t, NodeChange> shown;
    std::map<std::uint64_t, std::string> moves;
};

TEST_F(PublishTest, BatchesHaveEachChangedNodeOnceHoweverOftenItChanged)
{
    runSearch(*engine, worker, rewardOf, 500);
    const TreeBatch batch = engine->drain(1u << 20);
    EXPECT_EQ(batch.nodes.size(), engine->state().tree.nodeCount());
    EXPECT_TRUE(engine->drain().nodes.empty());
    EXPECT_EQ(batch.nodes.front().id, 1u);
    EXPECT_GE(batch.nodes.front().visits, 500u);
    runSearch(*engine, worker, rewardOf, 1);
    EXPECT_LE(engine->drain().nodes.size(), 40u); // one new operator: a few ways of depth five
}

TEST_F(PublishTest, AReaderOfAllBatchesSeesTheTree)
{
    for (int i = 0; i < 20; ++i) {
        runSearch(*engine, worker, rewardOf, 30);
        read(37);
        expectShownEqualsTree();
    }
    for (const auto& [id, move] : moves)
        EXPECT_TRUE(id == 1 || move.find(" after ") != std::string::npos) << move;
}

TEST_F(PublishTest, IdsAreDenseFromOne)
{
    runSearch(*engine, worker, rewardOf, 300);
    read();
    EXPECT_EQ(shown.begin()->first, 1u);
    EXPECT_EQ(shown.rbegin()->first, shown.size());
}

TEST_F(PublishTest, StatesOfNodesFollowSteeringAndItsLifting)
{
    runSearch(*engine, worker, rewardOf, 300);
    read();
    const std::uint64_t pruned = publicId(engine->state().tree.edges(Tree::root())[0].child);
    const std::uint64_t pinned = publicId(engine->state().tree.edges(Tree::root())[1].child);
    const auto id = engine->constrain({SteeringAction::prune, Predicate::ofNode(pruned), 0});
    ASSERT_TRUE(id);
    read();
    expectShownEqualsTree();
    EXPECT_EQ(shown[pruned].state, NodeState::pruned);
    EXPECT_EQ(shown[pruned].reason, "prune #" + std::to_string(pruned));
    for (const auto& [node, change] : shown)
        EXPECT_TRUE(change.parent != pruned || change.state == NodeState::pruned) << node;
    const auto pin = engine->constrain({SteeringAction::pin, Predicate::ofNode(pinned), 0});
    ASSERT_TRUE(pin);
    read();
    expectShownEqualsTree();
    EXPECT_EQ(shown[pinned].state, NodeState::pinned);
    EXPECT_EQ(shown[1].state, NodeState::open);
    const std::uint64_t other = publicId(engine->state().tree.edges(Tree::root())[2].child);
    EXPECT_EQ(shown[other].state, NodeState::pruned);
    EXPECT_EQ(shown[other].reason, "outside the pinned subtrees");
    ASSERT_TRUE(engine->lift(*id));
    ASSERT_TRUE(engine->lift(*pin));
    read();
    expectShownEqualsTree();
    for (const auto& [node, change] : shown)
        EXPECT_NE(change.state, NodeState::pruned) << node;
}

TEST_F(PublishTest, FinalNodesNameTheirCandidateAndExhaustedOnesSaySo)
{
    runSearch(*engine, worker, rewardOf, 5000);
    read();
    std::size_t finals = 0;
    for (const auto& [id, change] : shown)
        if (change.state == NodeState::final) {
            ++finals;
            EXPECT_THAT(change.candidate, testing::StartsWith("operator"));
        } else {
            EXPECT_EQ(change.state, NodeState::exhausted);
            EXPECT_EQ(change.reason, "every operator below was found");
        }
    EXPECT_GT(finals, 500u);
}

TEST_F(PublishTest, AReaderThatBeginsAnewGetsEverything)
{
    runSearch(*engine, worker, rewardOf, 200);
    read();
    const std::uint64_t epoch = engine->drain().epoch;
    engine->republish();
    shown.clear();
    read();
    expectShownEqualsTree();
    EXPECT_GT(engine->drain().epoch, epoch);
}

TEST_F(PublishTest, StopConditionsEndTheSearchAndSayHowMuchIsLeft)
{
    std::vector<std::unique_ptr<StopCondition>> stops;
    stops.push_back(stopAfterCandidates(100));
    stops.push_back(stopWhenExhausted());
    stops.push_back(stopAtMemory(1ull << 40));
    engine->setStops(std::move(stops));
    runSearch(*engine, worker, rewardOf, 50);
    auto progress = engine->stopProgress();
    EXPECT_EQ(progress[0].text, "50 of 100 candidates");
    EXPECT_DOUBLE_EQ(progress[0].fraction, 0.5);
    ASSERT_TRUE(progress[0].secondsLeft.has_value());
    EXPECT_FALSE(progress[0].reached);
    EXPECT_LT(progress[2].fraction, 0.01);
    runSearch(*engine, worker, rewardOf, 1000);
    EXPECT_EQ(engine->ended(), "100 of 100 candidates");
    EXPECT_EQ(engine->status().candidates, 100u);
    EXPECT_EQ(engine->status().stopped, engine->ended());

    stops.clear();
    stops.push_back(stopWhenExhausted());
    engine->setStops(std::move(stops)); // and on it goes
    runSearch(*engine, worker, rewardOf, 1000);
    progress = engine->stopProgress();
    EXPECT_GT(progress[0].fraction, 0.3); // 1100 of 1820, estimated from duplicates
    EXPECT_LT(progress[0].fraction, 1.0);
    runSearch(*engine, worker, rewardOf, 5000);
    EXPECT_EQ(engine->stopProgress()[0].fraction, 1);
}

TEST_F(PublishTest, ALimitOnIterationsCountsTheOperatorsUnderEvaluation)
{
    std::vector<std::unique_ptr<StopCondition>> stops;
    stops.push_back(stopAfterIterations(40));
    engine->setStops(std::move(stops));
    std::vector<std::uint64_t> flying;
    for (bool idle = false; !idle || !flying.empty();) {
        const auto proposal = flying.size() < 24 ? worker.propose() : std::nullopt;
        if (proposal)
            flying.push_back(proposal->ticket);
        idle = !proposal;
        if (!idle && flying.size() < 24)
            continue;
        EXPECT_LE(engine->status().iterations + flying.size(), 40u);
        if (!flying.empty()) {
            engine->reward(flying.back(), 0.5);
            flying.pop_back();
        }
    }
    EXPECT_EQ(engine->status().iterations, 40u);
    EXPECT_EQ(engine->status().inFlight, 0u);
    EXPECT_EQ(engine->ended(), "40 of 40 iterations");
}

TEST_F(PublishTest, AWithdrawnOperatorMakesRoomUnderALimitOnIterations)
{
    std::vector<std::unique_ptr<StopCondition>> stops;
    stops.push_back(stopAfterIterations(1));
    engine->setStops(std::move(stops));
    const auto first = worker.propose();
    ASSERT_TRUE(first);
    EXPECT_FALSE(worker.propose());
    EXPECT_EQ(engine->ended(), "");
    engine->withdraw(first->ticket);
    const auto second = worker.propose();
    ASSERT_TRUE(second);
    engine->reward(second->ticket, 0.5);
    EXPECT_EQ(engine->ended(), "1 of 1 iterations");
}

TEST_F(PublishTest, IterationsSecondsAndMemoryAreLimitsToo)
{
    const auto endedBy = [&](std::unique_ptr<StopCondition> stop) {
        const auto limited = makeEngine(medium());
        std::vector<std::unique_ptr<StopCondition>> stops;
        stops.push_back(std::move(stop));
        limited->setStops(std::move(stops));
        SearchWorker one = limited->makeWorker();
        const auto begin = std::chrono::steady_clock::now();
        while (limited->ended().empty() && std::chrono::steady_clock::now() - begin < std::chrono::seconds(20))
            if (const auto proposal = one.propose())
                limited->reward(proposal->ticket, 0.5);
        return limited->ended();
    };
    EXPECT_EQ(endedBy(stopAfterIterations(40)), "40 of 40 iterations");
    EXPECT_EQ(endedBy(stopAfterSeconds(0.01)), "0 of 0 seconds");
    EXPECT_THAT(endedBy(stopAtMemory(1)), testing::EndsWith("MiB of memory"));
}

TEST(Sizes, ANodeHas64BytesAndAnEdge16)
{
    EXPECT_LE(sizeof(TreeNode), 64u);
    EXPECT_LE(sizeof(TreeEdge), 16u);
}

TEST(TreeTest, KeepsEdgesInOrderWhileBlocksMove)
{
    Tree tree(1);
    Random random(3);
    std::vector<std::vector<std::uint32_t>> expected(1);
    std::vector<TreeNodeId> nodes{Tree::root()};
    for (std::uint32_t i = 0; i < 200000; ++i) {
        const std::size_t parent = random.below(4) == 0 ? 0 : random.below(static_cast<std::uint32_t>(nodes.size()));
        if (expected[parent].size() >= 60000)
            continue;
        const TreeNodeId child = tree.create(1000 + i, nodes[parent]);
        EXPECT_EQ(tree.addEdge(nodes[parent], TreeEdge{child, StepId(i), 0, 0, MoveKind::split}),
                  expected[parent].size());
        expected[parent].push_back(i);
        nodes.push_back(child);
        expected.emplace_back();
    }
    for (std::size_t n = 0; n < nodes.size(); ++n) {
        const auto edges = tree.edges(nodes[n]);
        ASSERT_EQ(edges.size(), expected[n].size());
        for (std::size_t e = 0; e < edges.size(); ++e)
            ASSERT_EQ(edges[e].step.index, expected[n][e]);
        EXPECT_EQ(tree.find(tree[nodes[n]].key), nodes[n]);
    }
    EXPECT_FALSE(tree.find(5).valid());
}

} // namespace
} // namespace synoscope::test
