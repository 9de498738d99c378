// The log and the resumption of a search from it.
#include "audit.h"
#include "synthetic_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace synoscope::test {
namespace {

SyntheticSettings medium()
{
    SyntheticSettings settings;
    settings.picks = 4;
    return settings;
}

std::vector<LogEntry> throughBytes(const std::vector<LogEntry>& log)
{
    std::vector<LogEntry> read = log;
    for (LogEntry& entry : read) {
        auto path = decodePath(encodePath(entry.path));
        EXPECT_TRUE(path);
        if (path)
            entry.path = std::move(*path);
    }
    return read;
}

// With several evaluations under way that are answered in any order, so that nodes are made in another order than
// logged.
std::vector<LogEntry> messyRun(SearchEngine& engine, std::uint64_t seed, int steps)
{
    SearchWorker worker = engine.makeWorker();
    const RewardOf rewardOf = hiddenWorth(medium(), 2);
    Random random(seed);
    std::vector<Proposal> flying;
    for (int i = 0; i < steps; ++i) {
        if (auto proposal = worker.propose())
            flying.push_back(std::move(*proposal));
        if (flying.size() > 5) {
            std::swap(flying[random.below(6)], flying.back());
            if (random.below(8) == 0)
                engine.fail(flying.back().ticket, "out of memory");
            else
                engine.reward(flying.back().ticket, rewardOf(flying.back().hash));
            flying.pop_back();
        }
        if (i % 100 == 50) {
            const std::uint64_t child = publicId(engine.state().tree.edges(Tree::root())[0].child);
            const Predicate predicate = Predicate::of(medium().kinds[random.below(5)].first);
            (void)engine.constrain(
                {SteeringAction::prune, predicate, random.below(2) * child}); // may be in force already
        }
        if (i % 100 == 90) {
            for (const ConstraintRecord& record : engine.constraints())
                if (record.active && random.below(2) == 0)
                    (void)engine.lift(record.id);
        }
    }
    return engine.drainLog(1u << 20); // what is still in flight is lost, as by a kill
}

TEST(Resume, GivesEqualStatistics)
{
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const auto engine = makeEngine(medium());
        const std::vector<LogEntry> log = throughBytes(messyRun(*engine, seed, 600));
        const auto resumed = makeEngine(medium());
        const auto done = resumed->restore(log, engine->constraints(), {});
        ASSERT_TRUE(done) << done.error().message;
        EXPECT_EQ(totalsOf(*resumed), totalsOf(*engine));
        EXPECT_EQ(totalsOf(*resumed), recompute(log, engine->constraints()));
        EXPECT_EQ(localRave(*resumed), localRave(*engine));
        EXPECT_EQ(resumed->status().iterations, engine->status().iterations);
        EXPECT_EQ(resumed->status().duplicates, engine->status().duplicates);
        EXPECT_EQ(resumed->status().bestReward, engine->status().bestReward);
    }
}

TEST(Resume, KeepsNodeIdsAndWhereNodesAreShown)
{
    const auto engine = makeEngine(medium());
    const std::vector<LogEntry> log = messyRun(*engine, 3, 1500);
    const auto resumed = makeEngine(medium());
    ASSERT_TRUE(resumed->restore(log, engine->constraints(), {}));
    const Tree& before = engine->state().tree;
    const Tree& after = resumed->state().tree;
    std::set<std::uint64_t> logged;
    std::set<std::pair<std::uint64_t, std::uint64_t>> ways;
    for (const LogEntry& entry : log)
        for (std::uint64_t from = 1; const LoggedStep& step : entry.path)
            if (step.node != 0) {
                logged.insert(step.node);
                ways.emplace(std::exchange(from, step.node), step.node);
            }
    EXPECT_EQ(after.nodeCount(), logged.size() + 1);
    std::size_t otherwise = 0; // nodes that the log reached first on another way than the search
    std::set<std::uint64_t> met;
    for (const LogEntry& entry : log)
        for (std::uint64_t from = 1; const LoggedStep& step : entry.path) {
            if (step.node != 0 && met.insert(step.node).second)
                otherwise += publicId(before[nodeOf(step.node)].parent) != from;
            from = step.node;
        }
    EXPECT_GT(otherwise, 0u);
    for (const std::uint64_t id : logged) {
        ASSERT_TRUE(after.exists(nodeOf(id)));
        EXPECT_EQ(after[nodeOf(id)].key, before[nodeOf(id)].key);
        EXPECT_FALSE(resumed->pathTo(id).empty());
        // Where it was shown, unless the way to there was in flight when the search was cut off.
        const bool kept = after[nodeOf(id)].parent == before[nodeOf(id)].parent;
        EXPECT_TRUE(kept || ways.count({publicId(before[nodeOf(id)].parent), id}) == 0);
    }
    std::set<std::uint64_t> shown;
    for (const NodeChange& change : resumed->drain(1u << 20).nodes) {
        EXPECT_TRUE(change.id == 1 || (shown.count(change.parent) > 0 && !change.move.empty()));
        EXPECT_TRUE(shown.insert(change.id).second);
    }
    EXPECT_EQ(shown.size(), logged.size() + 1);
}

TEST(Resume, GoesOnWithoutProposingWhatIsKnown)
{
    const auto engine = makeEngine(medium());
    SearchWorker worker = engine->makeWorker();
    const RewardOf rewardOf = hiddenWorth(medium(), 2);
    const Found first = runSearch(*engine, worker, rewardOf, 400);
    const std::vector<LogEntry> log = engine->drainLog(1u << 20);
    const auto resumed = makeEngine(medium());
    ASSERT_TRUE(resumed->restore(log, {}, {}));
    EXPECT_TRUE(resumed->drainLog().empty());
    SearchWorker next = resumed->makeWorker();
    const Found second = runSearch(*resumed, next, rewardOf, 5000);
    std::set<std::string> all(first.hashes.begin(), first.hashes.end());
    for (const std::string& hash : second.hashes)
        EXPECT_TRUE(all.insert(hash).second) << hash;
    EXPECT_EQ(all.size(), 1820u);
    EXPECT_EQ(resumed->ended(), "every operator was found");
    std::vector<LogEntry> whole = log;
    for (LogEntry& entry : resumed->drainLog(1u << 20))
        whole.push_back(std::move(entry));
    EXPECT_EQ(totalsOf(*resumed), recompute(whole, {}));
}

TEST(Resume, FillsTheHolesThatLostNodesLeft)
{
    const auto engine = makeEngine(medium());
    const std::vector<LogEntry> log = messyRun(*engine, 4, 300);
    const auto resumed = makeEngine(medium());
    ASSERT_TRUE(resumed->restore(log, {}, {}));
    ASSERT_LT(resumed->state().tree.nodeCount(), resumed->state().tree.end());
    SearchWorker worker = resumed->makeWorker();
    runSearch(*resumed, worker, hiddenWorth(medium(), 2), 300);
    EXPECT_EQ(resumed->state().tree.nodeCount(), resumed->state().tree.end());
}

TEST(Resume, AFingerprintOfAKnownOperatorStillFindsTwins)
{
    SyntheticSettings settings;
    settings.kinds = {{MoveKind::shift, 2}};
    settings.picks = 1;
    settings.twins = true;
    const auto engine = makeEngine(settings);
    SearchWorker worker = engine->makeWorker();
    const auto proposal = worker.propose();
    ASSERT_TRUE(proposal.has_value());
    engine->reward(proposal->ticket, 0.5);
    const auto resumed = makeEngine(settings);
    const std::vector<KnownOperator> known{{proposal->hash, proposal->fingerprint, 0.5, false, ""}};
    ASSERT_TRUE(resumed->restore(engine->drainLog(), {}, known));
    SearchWorker next = resumed->makeWorker();
    EXPECT_FALSE(next.propose().has_value());
    EXPECT_EQ(resumed->status().candidates, 1u);
    EXPECT_EQ(resumed->status().twins, 1u);
}

TEST(Resume, RefusesADamagedLogWithASentence)
{
    const auto engine = makeEngine(medium());
    const std::vector<LogEntry> log = messyRun(*engine, 1, 60);
    ASSERT_GT(log.size(), 20u);
    const auto refusal = [&](auto&& damage) {
        std::vector<LogEntry> damaged = log;
        damage(damaged);
        const auto done = makeEngine(medium())->restore(damaged, {}, {});
        return done ? std::string() : done.error().message;
    };
    using testing::HasSubstr;
    EXPECT_THAT(refusal([](auto& l) { l.erase(l.begin() + 3); }), HasSubstr("out of order"));
    EXPECT_THAT(refusal([](auto& l) { l[5].path.clear(); }), HasSubstr("damaged at entry 6"));
    EXPECT_THAT(refusal([](auto& l) { l[5].candidate.clear(); }), HasSubstr("damaged at entry 6"));
    EXPECT_THAT(refusal([](auto& l) { l[5].path[0].node = 4000000000ull; }), HasSubstr("contradict"));
    EXPECT_THAT(refusal([](auto& l) { l[5].path[0].node = 1; }), HasSubstr("contradict"));
    EXPECT_THAT(refusal([](auto& l) {
                    l[5].path[0].key ^= 1;
                    l[5].path[0].node = l[0].path[0].node;
                }),
                HasSubstr("contradict"));
    EXPECT_EQ(refusal([](auto&) {}), "");
}

// Keys mean something to the rules they were made under only.
TEST(Resume, RefusesALogOfOtherRulesWithASentence)
{
    const auto engine = makeEngine(medium());
    std::vector<LogEntry> log = messyRun(*engine, 1, 60);
    for (LogEntry& entry : log)
        for (LoggedStep& step : entry.path)
            step.key ^= 0xff;
    const auto done = makeEngine(medium())->restore(log, {}, {});
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().message, testing::HasSubstr("other rules: entry 1 of its log"));
}

TEST(LoggedPath, SurvivesItsBytes)
{
    Random random(1);
    for (int round = 0; round < 300; ++round) {
        std::vector<LoggedStep> path(random.below(20));
        bool inTree = true;
        for (LoggedStep& step : path) {
            step.move.key = random();
            step.move.kind = static_cast<MoveKind>(random.below(moveKinds));
            for (std::uint8_t v = 0; v < maxVariables; ++v)
                if (random.below(6) == 0)
                    step.move.size = step.move.size * Size::of(VariableId{v}, static_cast<int>(random.below(9)) - 4);
            step.move.first = static_cast<std::uint8_t>(random.below(3));
            step.move.second = static_cast<std::uint8_t>(random.below(256));
            step.move.inner = static_cast<std::uint16_t>(random.below(2) * random.below(65536));
            step.move.outer = static_cast<std::uint16_t>(random.below(2) * random.below(65536));
            inTree = inTree && random.below(3) != 0;
            step.node = inTree ? 2 + random.below(1u << 31) : 0;
            step.parent = inTree && random.below(4) == 0 ? 1 + random.below(1000) : 0;
            step.key = inTree ? random() : random() >> 32;
        }
        const std::string bytes = encodePath(path);
        const auto read = decodePath(bytes);
        ASSERT_TRUE(read);
        EXPECT_EQ(*read, path);
        EXPECT_TRUE(bytes.empty() || !decodePath(std::string_view(bytes).substr(0, bytes.size() - 1)));
    }
}

TEST(LoggedPath, AnyBytesAreReadOrRefused)
{
    Random random(2);
    for (int round = 0; round < 20000; ++round) {
        std::string bytes(random.below(60), '\0');
        for (char& c : bytes)
            c = static_cast<char>(random.below(2) == 0 ? random.below(16) : random.below(256));
        const auto read = decodePath(bytes);
        EXPECT_TRUE(!read || read->size() * 14 <= bytes.size());
    }
}

} // namespace
} // namespace synoscope::test
