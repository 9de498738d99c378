// Every sentence of DESIGN 3.2.
#include "audit.h"
#include "synthetic_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace synoscope::test {
namespace {

SyntheticSettings medium()
{
    SyntheticSettings settings; // C(16, 4) = 1820 operators
    settings.picks = 4;
    return settings;
}

class SteeringTest : public testing::Test
{
protected:
    SteeringTest()
        : settings(medium()), engine(makeEngine(settings)), worker(engine->makeWorker()),
          rewardOf(hiddenWorth(settings, 1))
    {}

    std::vector<LogEntry> run(std::size_t evaluations)
    {
        const std::size_t before = log.size();
        runSearch(*engine, worker, rewardOf, evaluations);
        for (LogEntry& entry : engine->drainLog(1u << 20))
            log.push_back(std::move(entry));
        return {log.begin() + static_cast<std::ptrdiff_t>(before), log.end()};
    }
    std::uint64_t constrain(SteeringAction action, Predicate predicate, std::uint64_t scope = 0)
    {
        const auto id = engine->constrain({action, predicate, scope});
        EXPECT_TRUE(id) << (id ? "" : id.error().message);
        return id ? *id : 0;
    }
    std::uint64_t child(std::uint64_t node, std::size_t i) const
    {
        return publicId(engine->state().tree.edges(nodeOf(node))[i].child);
    }
    void audit() const { EXPECT_EQ(totalsOf(*engine), recompute(log, engine->constraints())); }
    static bool passes(const LogEntry& entry, std::uint64_t key)
    {
        return std::any_of(entry.path.begin(), entry.path.end(), [&](const LoggedStep& s) {
            return static_cast<std::uint32_t>(s.key) == static_cast<std::uint32_t>(key);
        });
    }
    std::uint64_t keyOf(std::uint64_t node) const { return engine->state().tree[nodeOf(node)].key; }
    static bool has(const LogEntry& entry, MoveKind kind)
    {
        return std::any_of(entry.path.begin(), entry.path.end(),
                           [&](const LoggedStep& s) { return s.move.kind == kind; });
    }

    SyntheticSettings settings;
    std::unique_ptr<SearchEngine> engine;
    SearchWorker worker;
    RewardOf rewardOf;
    std::vector<LogEntry> log;
};

TEST_F(SteeringTest, APrunedKindIsNeverTakenAgain)
{
    run(200);
    constrain(SteeringAction::prune, Predicate::of(MoveKind::unfold));
    for (const LogEntry& entry : run(300))
        EXPECT_FALSE(has(entry, MoveKind::unfold));
    audit();
}

TEST_F(SteeringTest, APrunedKindWithASizeIsNeverTakenAgainAndOtherSizesAre)
{
    run(200);
    const Size size = Size::of(VariableId{1});
    constrain(SteeringAction::prune, Predicate::of(MoveKind::split, size));
    bool otherSplit = false;
    for (const LogEntry& entry : run(300))
        for (const LoggedStep& step : entry.path)
            if (step.move.kind == MoveKind::split) {
                EXPECT_NE(step.move.size, size);
                otherSplit = true;
            }
    EXPECT_TRUE(otherSplit);
    audit();
}

TEST_F(SteeringTest, APrunedNodeIsOnNoWayAndVisitsStopAtOnce)
{
    run(300);
    const std::uint64_t node = child(1, 0);
    const std::uint32_t visits = engine->state().tree[nodeOf(node)].visits;
    ASSERT_GT(visits, 0u);
    constrain(SteeringAction::prune, Predicate::ofNode(node));
    for (const LogEntry& entry : run(400))
        EXPECT_FALSE(passes(entry, keyOf(node)));
    EXPECT_EQ(engine->state().tree[nodeOf(node)].visits, visits); // its own values stay, to be shown
    EXPECT_EQ(engine->state().tree[nodeOf(node)].total, visits);
    EXPECT_EQ(engine->state().tree[nodeOf(node)].barren, 0u); // and nothing was tried there in vain
    audit();
}

TEST_F(SteeringTest, APruneBelowANodeHoldsOnlyForWaysThroughIt)
{
    run(300);
    const std::uint64_t scope = child(1, 0);
    constrain(SteeringAction::prune, Predicate::of(MoveKind::merge), scope);
    bool elsewhere = false;
    for (const LogEntry& entry : run(600)) {
        bool inside = false;
        for (const LoggedStep& step : entry.path) {
            EXPECT_FALSE(inside && step.move.kind == MoveKind::merge);
            elsewhere = elsewhere || step.move.kind == MoveKind::merge;
            inside = inside || static_cast<std::uint32_t>(step.key) == static_cast<std::uint32_t>(keyOf(scope));
        }
    }
    EXPECT_TRUE(elsewhere);
    audit();
}

TEST_F(SteeringTest, PinnedNodesConfineTheSearchToTheUnionOfTheirSubtrees)
{
    run(400);
    const std::uint64_t first = child(child(1, 0), 0);
    const std::uint64_t second = child(1, 2);
    constrain(SteeringAction::pin, Predicate::ofNode(first));
    constrain(SteeringAction::pin, Predicate::ofNode(second));
    int throughFirst = 0;
    int throughSecond = 0;
    for (const LogEntry& entry : run(300)) {
        EXPECT_TRUE(passes(entry, keyOf(first)) || passes(entry, keyOf(second)));
        throughFirst += passes(entry, keyOf(first));
        throughSecond += passes(entry, keyOf(second));
    }
    EXPECT_GT(throughFirst, 0);
    EXPECT_GT(throughSecond, 0);
    audit();
}

TEST_F(SteeringTest, APinnedKindIsInEveryOperator)
{
    run(200);
    constrain(SteeringAction::pin, Predicate::of(MoveKind::shift));
    for (const LogEntry& entry : run(300))
        EXPECT_TRUE(has(entry, MoveKind::shift));
    audit();
}

TEST_F(SteeringTest, APinnedKindWithASizeIsInEveryOperator)
{
    run(200);
    const Size size = Size::of(VariableId{2});
    constrain(SteeringAction::pin, Predicate::of(MoveKind::unfold, size));
    const auto entries = run(300);
    EXPECT_GE(entries.size(), 100u);
    for (const LogEntry& entry : entries)
        EXPECT_TRUE(std::any_of(entry.path.begin(), entry.path.end(), [&](const LoggedStep& s) {
            return s.move.kind == MoveKind::unfold && s.move.size == size;
        }));
    audit();
}

TEST_F(SteeringTest, APinBelowANodeHoldsForWaysThroughItOnly)
{
    run(300);
    const std::uint64_t scope = child(1, 1);
    constrain(SteeringAction::pin, Predicate::of(MoveKind::shift), scope);
    int without = 0;
    for (const LogEntry& entry : run(600)) {
        EXPECT_TRUE(!passes(entry, keyOf(scope)) || has(entry, MoveKind::shift));
        without += !has(entry, MoveKind::shift);
    }
    EXPECT_GT(without, 0);
    audit();
}

TEST_F(SteeringTest, ASubtreeConfinedToItsPinnedNodesStillLetsTheOthersGo)
{
    run(400);
    const std::uint64_t scope = child(1, 0);
    const std::uint64_t pinned = child(scope, 0);
    constrain(SteeringAction::pin, Predicate::ofNode(pinned), scope);
    int outside = 0;
    for (const LogEntry& entry : run(400)) {
        EXPECT_TRUE(!passes(entry, keyOf(scope)) || passes(entry, keyOf(pinned)));
        outside += !passes(entry, keyOf(scope));
    }
    EXPECT_GT(outside, 0);
    audit();
}

TEST_F(SteeringTest, AProposalUnderWayIsRewardedByTheRulesOfThen)
{
    run(50);
    std::vector<Proposal> flying;
    for (int i = 0; i < 20; ++i)
        if (auto proposal = worker.propose())
            flying.push_back(std::move(*proposal));
    constrain(SteeringAction::prune, Predicate::of(MoveKind::split));
    for (const Proposal& proposal : flying)
        engine->reward(proposal.ticket, rewardOf(proposal.hash));
    run(50);
    audit();
}

TEST_F(SteeringTest, CandidatesOfAPrunedPartAreMarkedAndUnmarked)
{
    run(300);
    EXPECT_TRUE(engine->drainMarks().empty());
    const std::uint64_t id = constrain(SteeringAction::prune, Predicate::of(MoveKind::shift));
    std::set<std::string> closed;
    for (const CandidateMark& mark : engine->drainMarks()) {
        EXPECT_FALSE(mark.open);
        closed.insert(mark.hash);
    }
    for (const LogEntry& entry : log)
        EXPECT_EQ(closed.count(entry.candidate) > 0, has(entry, MoveKind::shift));
    ASSERT_TRUE(engine->lift(id));
    for (const CandidateMark& mark : engine->drainMarks()) {
        EXPECT_TRUE(mark.open);
        closed.erase(mark.hash);
    }
    EXPECT_TRUE(closed.empty());
}

TEST_F(SteeringTest, LiftingBringsEverythingBackToTheBit)
{
    run(500);
    const Totals before = totalsOf(*engine);
    const auto raveBefore = localRave(*engine);
    std::vector<std::uint64_t> ids{constrain(SteeringAction::prune, Predicate::ofNode(child(1, 1))),
                                   constrain(SteeringAction::pin, Predicate::of(MoveKind::reduce)),
                                   constrain(SteeringAction::prune, Predicate::of(MoveKind::merge), child(1, 0))};
    EXPECT_NE(totalsOf(*engine), before);
    std::swap(ids[0], ids[2]);
    for (const std::uint64_t id : ids)
        ASSERT_TRUE(engine->lift(id));
    EXPECT_EQ(totalsOf(*engine), before);
    EXPECT_EQ(localRave(*engine), raveBefore);
}

TEST_F(SteeringTest, RandomSequencesOfPruneAndPinAndLiftKeepTheBooksExact)
{
    Random random(11);
    std::vector<std::uint64_t> inForce;
    for (int round = 0; round < 120; ++round) {
        run(20);
        if (!inForce.empty() && (inForce.size() > 3 || random.below(2) == 0)) {
            const std::size_t i = random.below(static_cast<std::uint32_t>(inForce.size()));
            ASSERT_TRUE(engine->lift(inForce[i]));
            inForce.erase(inForce.begin() + static_cast<std::ptrdiff_t>(i));
        } else {
            const auto anyNode = [&] {
                for (;;)
                    if (const TreeNodeId id(1 +
                                            random.below(static_cast<std::uint32_t>(engine->state().tree.end() - 1)));
                        engine->state().tree.exists(id))
                        return publicId(id);
            };
            const auto kind = settings.kinds[random.below(static_cast<std::uint32_t>(settings.kinds.size()))].first;
            const Size size = Size::of(VariableId{static_cast<std::uint8_t>(random.below(2))});
            const std::uint32_t form = random.below(3);
            const Predicate predicate = form == 0   ? Predicate::of(kind)
                                        : form == 1 ? Predicate::of(kind, size)
                                                    : Predicate::ofNode(anyNode());
            const auto action = random.below(3) == 0 ? SteeringAction::pin : SteeringAction::prune;
            if (const auto id = engine->constrain({action, predicate, random.below(3) == 0 ? anyNode() : 0}))
                inForce.push_back(*id);
        }
        const std::size_t before = log.size();
        const auto constraints = engine->constraints();
        run(10);
        for (std::size_t i = before; i < log.size(); ++i)
            EXPECT_TRUE(isOpen(log[i], constraints)) << "entry " << i << " in round " << round;
        ASSERT_EQ(totalsOf(*engine), recompute(log, constraints)) << "in round " << round;
    }
    EXPECT_GT(log.size(), 1000u);
}

TEST_F(SteeringTest, AnEndWithinConstraintsIsNoEndWithoutThem)
{
    const std::uint64_t id = constrain(SteeringAction::pin, Predicate::of(MoveKind::shift));
    constrain(SteeringAction::prune, Predicate::of(MoveKind::merge));
    constrain(SteeringAction::prune, Predicate::of(MoveKind::split));
    run(10000);
    EXPECT_EQ(engine->ended(), "every operator within the steering was found");
    EXPECT_EQ(engine->status().candidates, 55u); // of 8 picks: C(8, 4) - C(6, 4)
    ASSERT_TRUE(engine->lift(id));
    EXPECT_EQ(engine->ended(), "");
    run(10000);
    EXPECT_EQ(engine->status().candidates, 70u);
    audit();
}

TEST_F(SteeringTest, ConstraintsThatNothingObeysEndTheSearchWithASentence)
{
    constrain(SteeringAction::pin, Predicate::of(MoveKind::stride));
    EXPECT_FALSE(worker.propose().has_value());
    EXPECT_EQ(engine->ended(), "no operator obeys the steering");
}

TEST_F(SteeringTest, ConstraintsAreListedWithTextAndHistory)
{
    run(100);
    const std::uint64_t node = child(1, 0);
    const std::uint64_t a =
        constrain(SteeringAction::prune, Predicate::of(MoveKind::unfold, Size::of(VariableId{1})), node);
    const std::uint64_t done = engine->status().iterations;
    run(20);
    constrain(SteeringAction::pin, Predicate::ofNode(node));
    ASSERT_TRUE(engine->lift(a));
    const auto records = engine->constraints();
    ASSERT_EQ(records.size(), 2u);
    EXPECT_EQ(records[0].text, "prune unfold v1 below #" + std::to_string(node));
    EXPECT_FALSE(records[0].active);
    EXPECT_EQ(records[0].setAt, done);
    EXPECT_EQ(records[0].liftedAt, engine->status().iterations);
    EXPECT_EQ(records[1].text, "pin #" + std::to_string(node));
    EXPECT_TRUE(records[1].active);
}

TEST_F(SteeringTest, WhatMakesNoSenseIsRefusedWithASentence)
{
    run(20);
    const auto refusal = [&](SteeringAction action, Predicate predicate, std::uint64_t scope = 0) {
        const auto id = engine->constrain({action, predicate, scope});
        return id ? std::string() : id.error().message;
    };
    EXPECT_EQ(refusal(SteeringAction::prune, Predicate::ofNode(1)),
              "The root cannot be pruned or pinned: expected another node.");
    EXPECT_EQ(refusal(SteeringAction::prune, Predicate::ofNode(999999)), "The search tree has no node #999999.");
    EXPECT_EQ(refusal(SteeringAction::prune, Predicate::of(MoveKind::split), 999999),
              "The search tree has no node #999999.");
    EXPECT_EQ(refusal(SteeringAction::prune, Predicate::of(MoveKind::split)), "");
    EXPECT_EQ(refusal(SteeringAction::prune, Predicate::of(MoveKind::split)), "'prune split' is already in force.");
    EXPECT_FALSE(engine->lift(7));
    ASSERT_TRUE(engine->lift(1));
    EXPECT_FALSE(engine->lift(1));
}

} // namespace
} // namespace synoscope::test
