// What all algorithms beyond MCTS have in common: they learn, obey, repeat themselves for a seed, and survive a resume.
#include "audit.h"
#include "synthetic_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <thread>

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

SearchOptions with(const std::string& algorithm, std::uint64_t seed = 1)
{
    SearchOptions options;
    options.algorithm = algorithm;
    options.seed = seed;
    return options;
}

double bestAfter(const std::string& algorithm, std::uint64_t seed, std::size_t evaluations)
{
    const auto engine = makeEngine(large(), with(algorithm, seed));
    SearchWorker worker = engine->makeWorker();
    return runSearch(*engine, worker, hiddenWorth(large(), seed), evaluations).best;
}

class Roller : public testing::TestWithParam<const char*>
{};
class Learner : public Roller
{};

TEST_P(Learner, FindsBetterOperatorsThanRandomSearchWithAThirdOfTheEvaluations)
{
    double learned = 0;
    double random = 0;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        learned += bestAfter(GetParam(), seed, 200);
        random += bestAfter("random", seed, 600);
    }
    RecordProperty("learned", std::to_string(learned / 8));
    RecordProperty("random", std::to_string(random / 8));
    EXPECT_GT(learned, random);
}

TEST_P(Roller, IsDeterministicForASeed)
{
    const auto hashes = [](std::uint64_t seed) {
        const auto engine = makeEngine(large(), with(GetParam(), seed));
        SearchWorker worker = engine->makeWorker();
        return runSearch(*engine, worker, hiddenWorth(large(), 1), 120).hashes;
    };
    EXPECT_EQ(hashes(7), hashes(7));
    EXPECT_NE(hashes(7), hashes(8));
}

TEST_P(Roller, FindsEveryOperatorOfASmallSpaceAndThenEnds)
{
    SyntheticSettings settings;
    settings.kinds = {{MoveKind::shift, 2}, {MoveKind::split, 3}, {MoveKind::unfold, 2}};
    settings.picks = 3;
    settings.traps = 1u << 2;
    const auto engine = makeEngine(settings, with(GetParam()));
    SearchWorker worker = engine->makeWorker();
    const Found found = runSearch(*engine, worker, hiddenWorth(settings, 1), 1'000'000);
    EXPECT_EQ(std::set<std::string>(found.hashes.begin(), found.hashes.end()).size(), 20u);
    EXPECT_EQ(found.hashes.size(), 20u);
    EXPECT_EQ(engine->ended(), "every operator was found");
}

TEST_P(Roller, ProposesNothingThatSteeringCloses)
{
    const auto engine = makeEngine(large(), with(GetParam()));
    SearchWorker worker = engine->makeWorker();
    const RewardOf rewardOf = hiddenWorth(large(), 2);
    std::vector<LogEntry> log;
    const auto runOn = [&](std::size_t evaluations) {
        EXPECT_EQ(runSearch(*engine, worker, rewardOf, evaluations).hashes.size(), evaluations);
        const std::size_t before = log.size();
        for (LogEntry& entry : engine->drainLog(1u << 20))
            log.push_back(std::move(entry));
        return std::span<const LogEntry>(log).subspan(before);
    };
    runOn(60);
    const Size size = large().allPicks()[6].size;
    const std::uint64_t node = publicId(engine->state().tree.edges(Tree::root())[0].child);
    for (const Constraint& wish : {Constraint{SteeringAction::prune, Predicate::of(MoveKind::merge), 0},
                                   Constraint{SteeringAction::prune, Predicate::of(MoveKind::split, size), 0},
                                   Constraint{SteeringAction::pin, Predicate::of(MoveKind::shift), 0},
                                   Constraint{SteeringAction::pin, Predicate::ofNode(node), 0},
                                   Constraint{SteeringAction::prune, Predicate::ofNode(node), 0}}) {
        const auto id = engine->constrain(wish);
        ASSERT_TRUE(id);
        const auto constraints = engine->constraints();
        for (const LogEntry& entry : runOn(30))
            EXPECT_TRUE(isOpen(entry, constraints)) << constraints.back().text;
        EXPECT_EQ(totalsOf(*engine), recompute(log, constraints));
        ASSERT_TRUE(engine->lift(*id));
    }
}

TEST_P(Learner, GoesOnAfterAResumeWithWhatItHadLearned)
{
    const RewardOf rewardOf = hiddenWorth(large(), 3);
    const auto mean = [&](SearchEngine& engine) {
        SearchWorker worker = engine.makeWorker();
        double sum = 0;
        for (const std::string& hash : runSearch(engine, worker, rewardOf, 20).hashes)
            sum += rewardOf(hash);
        return sum / 20;
    };
    const auto first = makeEngine(large(), with(GetParam()));
    const double atTheBeginning = mean(*first);
    SearchWorker worker = first->makeWorker();
    runSearch(*first, worker, rewardOf, 100);
    const std::vector<LogEntry> log = first->drainLog(1u << 20);
    std::vector<std::vector<std::string>> continuations;
    for (int i = 0; i < 2; ++i) {
        const auto resumed = makeEngine(large(), with(GetParam()));
        ASSERT_TRUE(resumed->restore(log, {}, {}));
        EXPECT_GT(mean(*resumed), 1.5 * atTheBeginning);
        std::vector<std::string>& hashes = continuations.emplace_back();
        for (const LogEntry& entry : resumed->drainLog(1u << 20))
            hashes.push_back(entry.candidate);
    }
    EXPECT_EQ(continuations[0], continuations[1]);
}

TEST_P(Roller, KeepsTheBooksWithTwoThreads)
{
    const auto engine = makeEngine(large(), with(GetParam()));
    const RewardOf rewardOf = hiddenWorth(large(), 1);
    std::mutex mutex;
    std::multiset<std::string> proposed;
    const auto work = [&] {
        SearchWorker worker = engine->makeWorker();
        for (int i = 0; i < 80;)
            if (const auto proposal = worker.propose()) {
                {
                    const std::lock_guard lock(mutex);
                    proposed.insert(proposal->hash);
                }
                engine->reward(proposal->ticket, rewardOf(proposal->hash));
                ++i;
            }
    };
    std::thread first(work);
    std::thread second(work);
    first.join();
    second.join();
    EXPECT_EQ(std::set<std::string>(proposed.begin(), proposed.end()).size(), 160u);
    EXPECT_EQ(engine->status().candidates, 160u);
    EXPECT_EQ(engine->status().inFlight, 0u);
    EXPECT_EQ(totalsOf(*engine), recompute(engine->drainLog(1u << 20), {}));
}

std::string nameOf(const testing::TestParamInfo<const char*>& info)
{
    return info.param;
}

INSTANTIATE_TEST_SUITE_P(Each, Roller, testing::Values("random", "beam", "evolution", "prospector"), nameOf);
INSTANTIATE_TEST_SUITE_P(Each, Learner, testing::Values("beam", "evolution", "prospector"), nameOf);

} // namespace
} // namespace synoscope::test
