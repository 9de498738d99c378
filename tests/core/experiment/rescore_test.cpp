#include "core/experiment/rescore.h"

#include "core/experiment/experiment.h"
#include "core/experiment/settings.h"
#include "core/experiment/stored_forms.h"
#include "core/search/reward.h"
#include "tests/core/search/audit.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <gmock/gmock.h>
#include <map>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace synoscope {
namespace {

using testing::HasSubstr;

constexpr const char* other = R"({"accuracy": [0.2, 0.9], "latency": {"limit": 1, "target": 0.5, "weight": 0.5},
                                 "flops": {"limit": 0.9, "target": 0.1, "weight": 0.3}})";

template <typename T>
T must(Expected<T> expected)
{
    if (!expected)
        throw std::runtime_error(expected.error().text());
    return std::move(*expected);
}

void must(const Expected<void>& expected)
{
    if (!expected)
        throw std::runtime_error(expected.error().text());
}

// All that follows from a reward.
struct Rewards
{
    std::map<std::string, std::optional<double>> candidates;
    std::map<std::int64_t, std::optional<double>> evaluations;
    std::vector<std::optional<double>> log;
    std::string problem;

    friend bool operator==(const Rewards&, const Rewards&) = default;
};

class RescoreTest : public testing::Test
{
protected:
    RescoreTest()
    {
        std::string name = (std::filesystem::temp_directory_path() / "synoscope-rescore-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        first_ = must(readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json"));
        second_ = must(withReward(first_, other, "other"));
    }
    ~RescoreTest() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path file() const { return folder_ / "test.synoscope"; }

    static ExperimentRecord experimentIn(Reader& reader) { return must(reader.experiments()).front(); }

    Rewards rewards() const
    {
        Reader reader = must(Reader::open(file()));
        const ExperimentRecord experiment = experimentIn(reader);
        Rewards all;
        all.problem = experiment.problem;
        std::vector<CandidateId> ids;
        must(reader.visitCandidates(experiment.id, [&](const CandidateBrief& one) {
            all.candidates[one.hash] = one.reward;
            ids.push_back(one.id);
        }));
        for (const CandidateId id : ids)
            for (const EvaluationRecord& one : must(reader.evaluations(id)))
                all.evaluations[one.id.value] = one.reward;
        must(reader.replay(experiment.id, 0, [&](const IterationRecord& row) -> Expected<void> {
            all.log.push_back(row.reward);
            return {};
        }));
        return all;
    }

    Expected<Rescored> rescoreTo(const Problem& problem) const
    {
        const auto store = must(Store::open(file(), OpenMode::mustExist));
        Reader reader = must(store->reader());
        return rescore(*store, experimentIn(reader), problem);
    }

    // What an independent book-keeper makes of the file's log, had each operator been rewarded for its FLOPs by this
    // problem.
    test::Totals totalsUnder(const Problem& problem) const
    {
        Reader reader = must(Reader::open(file()));
        const ExperimentId experiment = experimentIn(reader).id;
        std::vector<LogEntry> log;
        must(reader.replay(experiment, 0, [&](const IterationRecord& row) -> Expected<void> {
            LogEntry entry = must(logEntryOf(row));
            const CandidateRecord candidate = must(reader.candidate(row.candidate));
            entry.candidate = candidate.hash;
            if (!entry.failed)
                entry.reward = Reward::of(rewardOf({.flopsRatio = candidate.flopsRatio}, problem.reward)).value();
            log.push_back(std::move(entry));
            return {};
        }));
        return test::recompute(log, {});
    }

    std::filesystem::path folder_;
    Problem first_, second_;
};

// A store as evaluations leave it.
class RescoreEvaluationsTest : public RescoreTest
{
protected:
    RescoreEvaluationsTest()
    {
        store_ = must(Store::open(file()));
        ExperimentRecord record;
        record.name = "test";
        record.problem = first_.text;
        record.backbone = first_.backbone;
        record.dataset = "builtin10-16";
        record.settings = ExperimentSettings{}.toJson();
        experiment_ = must(store_->addExperiment(record));
    }

    CandidateId candidate(const std::string& hash, double flopsRatio)
    {
        CandidateRecord record;
        record.experiment = experiment_;
        record.hash = hash;
        record.fingerprint = hash;
        record.flopsRatio = flopsRatio;
        return must(store_->addCandidate(record)).id;
    }

    double evaluation(CandidateId candidate, const RewardComponents& components,
                      EvaluationStatus status = EvaluationStatus::done)
    {
        EvaluationRecord record;
        record.candidate = candidate;
        record.kind = EvaluationKind::training;
        record.status = status;
        record.accuracy = components.accuracy;
        record.latencyRatio = components.latencyRatio;
        record.rewardComponents = components.toJson();
        if (status == EvaluationStatus::done)
            record.reward = rewardOf(components, first_.reward);
        must(store_->addEvaluation(record));
        return record.reward.value_or(0);
    }

    void logged(CandidateId candidate, double reward, bool failed = false)
    {
        LogEntry entry;
        entry.sequence = sequence_++;
        entry.reward = Reward::of(reward).value();
        entry.failed = failed;
        IterationRecord row = storedForm(entry, experiment_);
        row.candidate = candidate;
        must(store_->addIterations(std::vector{row}));
    }

    std::unique_ptr<Store> store_;
    ExperimentId experiment_;
    std::uint64_t sequence_ = 0;
};

TEST_F(RescoreEvaluationsTest, EveryRewardFollowsFromItsOwnComponents)
{
    const RewardComponents shortTraining{.accuracy = 0.45, .latencyRatio = 0.7, .flopsRatio = 0.3};
    RewardComponents longTraining = shortTraining;
    longTraining.accuracy = 0.75;
    const CandidateId rungs = candidate("rungs", 0.3);
    logged(rungs, evaluation(rungs, shortTraining));
    logged(rungs, evaluation(rungs, longTraining));

    const CandidateId filtered = candidate("filtered", 0.2);
    logged(filtered, evaluation(filtered, {.flopsRatio = 0.2, .proxy = 1.5, .filtered = true}));

    const CandidateId failedLater = candidate("failed later", 0.2);
    evaluation(failedLater, longTraining);
    evaluation(failedLater, longTraining, EvaluationStatus::failed);
    must(store_->setReward(failedLater, 0));
    logged(failedLater, 0, true);

    const CandidateId waiting = candidate("waiting", 0.5);
    logged({}, 0.125); // of an operator that is no candidate
    const Rewards before = (store_.reset(), rewards());

    const Rescored done = must(rescoreTo(second_));
    EXPECT_EQ(done.candidates, 3);
    EXPECT_EQ(done.changed, 1);
    EXPECT_EQ(done.iterationsKept, 1);
    EXPECT_EQ(done.after->hash, "rungs");
    const double one = rewardOf(shortTraining, second_.reward), two = rewardOf(longTraining, second_.reward);
    EXPECT_NE(two, rewardOf(longTraining, first_.reward));
    const Rewards after = rewards();
    EXPECT_EQ(after.candidates.at("rungs"), two);
    EXPECT_EQ(after.candidates.at("filtered"), 0);
    EXPECT_EQ(after.candidates.at("failed later"), 0);
    EXPECT_EQ(after.candidates.at("waiting"), std::nullopt);
    EXPECT_EQ(after.log,
              (std::vector<std::optional<double>>{Reward::of(one).value(), Reward::of(two).value(), 0, 0, 0.125}));
    EXPECT_EQ(after.problem, second_.text);
    EXPECT_EQ(waiting.valid(), true);

    must(rescoreTo(first_));
    EXPECT_EQ(rewards(), before);
}

TEST_F(RescoreEvaluationsTest, ARewardOfZeroForAllLosesNothingOfThemOnTheWayBack)
{
    const Problem zero = must(withReward(first_, R"({"flops": {"limit": 0.000001}})", "zero"));
    const RewardComponents training{.accuracy = 0.75, .latencyRatio = 0.7, .flopsRatio = 0.3};
    const CandidateId failedLater = candidate("failed later", 0.3);
    logged(failedLater, evaluation(failedLater, training));
    evaluation(failedLater, training, EvaluationStatus::failed);
    must(store_->setReward(failedLater, 0));
    const CandidateId recovered = candidate("recovered", 0.3);
    evaluation(recovered, training, EvaluationStatus::failed);
    logged(recovered, evaluation(recovered, training));
    // Rewarded for its FLOPs, before the settings asked for measurements.
    const CandidateId unmeasured = candidate("unmeasured", 0.4);
    must(store_->setReward(unmeasured, rewardOf({.flopsRatio = 0.4}, first_.reward)));
    logged(unmeasured, rewardOf({.flopsRatio = 0.4}, first_.reward));
    const Rewards before = (store_.reset(), rewards());

    EXPECT_EQ(must(rescoreTo(zero)).after->reward, 0);
    for (const auto& [hash, reward] : rewards().candidates)
        EXPECT_EQ(reward, 0) << hash;
    // That of the operator that failed: its 0 might be the failure's, too.
    EXPECT_EQ(must(rescoreTo(first_)).iterationsUncertain, 1);
    EXPECT_EQ(rewards(), before);
}

TEST_F(RescoreEvaluationsTest, AnIterationThatMayBeOfSeveralTrainingsIsCounted)
{
    const Problem zero = must(withReward(first_, R"({"flops": {"limit": 0.000001}})", "zero"));
    const CandidateId rungs = candidate("rungs", 0.3);
    const double first = evaluation(rungs, {.accuracy = 0.45, .flopsRatio = 0.3});
    const double last = evaluation(rungs, {.accuracy = 0.75, .flopsRatio = 0.3});
    logged(rungs, last);
    store_.reset();
    EXPECT_EQ(must(rescoreTo(zero)).iterationsUncertain, 0);
    EXPECT_EQ(must(rescoreTo(first_)).iterationsUncertain, 1);
    EXPECT_EQ(rewards().candidates.at("rungs"), last);
    EXPECT_EQ(rewards().log.at(0), Reward::of(first).value());
}

TEST_F(RescoreEvaluationsTest, TheLatestMeasurementsStayTheLatest)
{
    const CandidateId one = candidate("one", 0.3);
    evaluation(one, {.latencyRatio = 0.9, .flopsRatio = 0.3});
    EvaluationRecord again;
    again.candidate = one;
    again.status = EvaluationStatus::done;
    again.latencyRatio = 0.8;
    must(store_->addEvaluation(again));
    store_.reset();
    must(rescoreTo(second_));
    EXPECT_EQ(must(must(Reader::open(file())).candidate(one)).latencyRatio, 0.8);
}

// More than what is read row by row: blocks.h.
class RescoreManyTest : public RescoreEvaluationsTest
{
protected:
    static constexpr int many = 12'000;

    RescoreManyTest()
    {
        auto transaction = must(store_->begin());
        for (int i = 0; i < many; ++i) {
            const double ratio = 0.05 + 0.9 * i / many;
            const CandidateId one = candidate(std::to_string(i), ratio);
            if (i % 3 != 0)
                logged(one,
                       evaluation(
                           one, {.accuracy = 0.3 + 0.6 * (i * 7 % 11) / 11, .latencyRatio = 0.7, .flopsRatio = ratio}));
        }
        must(transaction.commit());
        for (int i = 0; i < 3; ++i) // any later change has the blocks packed
            must(store_->setNote(CandidateId(1), std::to_string(i)));
        store_.reset();
    }
};

TEST_F(RescoreManyTest, PackedColumnsFollow)
{
    Reader open = must(Reader::open(file())); // one that has the columns already
    const CandidateQuery query{.ranges = {{.column = CandidateColumn::reward, .minimum = 0.2, .maximum = 0.5}},
                               .sortBy = CandidateColumn::reward,
                               .descending = true};
    const auto expectRight = [&](Reader& reader, const char* whose) {
        SCOPED_TRACE(whose);
        std::vector<double> expected;
        for (const auto& [hash, reward] : rewards().candidates)
            if (reward && *reward >= 0.2 && *reward <= 0.5)
                expected.push_back(*reward);
        std::ranges::sort(expected, std::greater());
        std::vector<double> found;
        for (const CandidateRecord& one : must(reader.candidates(query)))
            found.push_back(one.reward.value_or(-1));
        EXPECT_GT(found.size(), 100u);
        EXPECT_EQ(found, expected);
    };
    expectRight(open, "before");
    EXPECT_GT(must(rescoreTo(second_)).changed, 4096);
    expectRight(open, "a reader from before");
    Reader later = must(Reader::open(file()));
    expectRight(later, "a new reader");
    must(later.check());
}

TEST_F(RescoreManyTest, AKillLeavesAllOfTheOneRewardOrAllOfTheOther)
{
    const Rewards before = rewards();
    const auto started = std::chrono::steady_clock::now();
    must(rescoreTo(second_));
    const auto whole = std::chrono::steady_clock::now() - started;
    const Rewards after = rewards();
    must(rescoreTo(first_));
    ASSERT_EQ(rewards(), before);
    std::mt19937 random(std::random_device{}());
    int killedBefore = 0;
    for (int round = 0; round < 4; ++round) {
        SCOPED_TRACE(round);
        const pid_t child = fork();
        if (child == 0)
            _exit(rescoreTo(second_) ? 0 : 1);
        std::this_thread::sleep_for(whole * (random() % 100) / 100);
        kill(child, SIGKILL);
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        ASSERT_FALSE(WIFEXITED(status) && WEXITSTATUS(status) != 0);
        const Rewards found = rewards();
        ASSERT_TRUE(found == before || found == after);
        killedBefore += found == before;
        must(rescoreTo(first_));
        ASSERT_EQ(rewards(), before);
    }
    EXPECT_GT(killedBefore, 0);
}

TEST_F(RescoreEvaluationsTest, WhoCancelsLeavesAllAsItWasAndWhoWatchesSeesTheWholeWay)
{
    for (int i = 0; i < 20; ++i) {
        const CandidateId one = candidate("op" + std::to_string(i), 0.5);
        const double reward = evaluation(one, {.accuracy = 0.5 + 0.005 * i, .flopsRatio = 0.5});
        must(store_->setReward(one, reward));
        logged(one, reward);
    }
    store_.reset();
    const Rewards before = rewards();
    const auto store = must(Store::open(file(), OpenMode::mustExist));
    Reader reader = must(store->reader());
    std::stop_source stop;
    std::vector<double> shares;
    RescoreWatch watch{[&](double share) {
                           shares.push_back(share);
                           if (shares.size() == 5)
                               stop.request_stop();
                       },
                       stop.get_token()};
    const auto cancelled = rescore(*store, experimentIn(reader), second_, watch);
    ASSERT_FALSE(cancelled);
    EXPECT_THAT(cancelled.error().message, HasSubstr("cancelled"));
    EXPECT_EQ(shares.size(), 5u);
    EXPECT_EQ(rewards(), before);
    shares.clear();
    watch = {[&](double share) { shares.push_back(share); }, {}};
    EXPECT_TRUE(rescore(*store, experimentIn(reader), second_, watch));
    EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
    EXPECT_EQ(shares.back(), 1.0);
    EXPECT_NE(rewards(), before);
}

TEST_F(RescoreEvaluationsTest, WhatCannotBeReadLeavesAllAsItWas)
{
    for (const char* hash : {"a", "b", "c"})
        evaluation(candidate(hash, 0.4), {.accuracy = 0.6, .latencyRatio = 0.8, .flopsRatio = 0.4});
    EvaluationRecord damaged;
    damaged.candidate = candidate("z", 0.4);
    damaged.kind = EvaluationKind::training;
    damaged.status = EvaluationStatus::done;
    damaged.reward = 0.5;
    damaged.rewardComponents = R"({"accuracy": "high"})";
    must(store_->addEvaluation(damaged));
    const Rewards before = (store_.reset(), rewards());
    const auto refused = rescoreTo(second_);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text(), HasSubstr("damaged"));
    EXPECT_EQ(rewards(), before);
}

TEST_F(RescoreTest, ASearchGoesOnWithTheTreeOfTheNewReward)
{
    ExperimentSettings settings;
    settings.benchmark = settings.train = false; // rewards follow from the FLOPs
    const auto run = [](Experiment& experiment, std::uint64_t iterations) {
        std::vector<std::unique_ptr<StopCondition>> stops;
        stops.push_back(stopAfterIterations(iterations));
        experiment.setStops(std::move(stops));
        experiment.start();
        while (experiment.running())
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
    };
    run(*must(Experiment::create(file(), first_, settings, {})), 60);
    const Rewards before = rewards();
    ASSERT_EQ(before.log.size(), 60u);

    const Rescored done = must(rescoreTo(second_));
    EXPECT_GT(done.changed, 0);
    EXPECT_GT(done.iterations, 0);
    EXPECT_EQ(done.iterationsKept, 0);
    const Rewards after = rewards();
    double best = 0;
    for (const auto& [hash, reward] : after.candidates)
        best = std::max(best, reward.value_or(0));
    EXPECT_EQ(best, done.after->reward);
    {
        Reader reader = must(Reader::open(file()));
        const ExperimentId id = experimentIn(reader).id;
        for (const auto& [hash, reward] : after.candidates) {
            const double ratio = must(reader.candidateByHash(id, hash))->flopsRatio;
            EXPECT_EQ(reward, rewardOf({.flopsRatio = ratio}, second_.reward)) << hash;
        }
    }
    const test::Totals totals = totalsUnder(second_);
    {
        const auto experiment = must(Experiment::open(file(), {}));
        std::map<std::uint64_t, NodeChange> nodes;
        for (std::size_t known = 1; known != nodes.size();) {
            known = nodes.size();
            for (NodeChange& node : experiment->changes().tree.nodes)
                nodes[node.id] = std::move(node);
        }
        std::erase_if(nodes, [](const auto& one) { return one.second.visits == 0; });
        EXPECT_EQ(nodes.size(), totals.nodes.size());
        for (const auto& [id, node] : nodes) {
            const test::NodeTotals& expected = totals.nodes.at(id);
            EXPECT_EQ(node.visits, expected.visits) << id;
            EXPECT_DOUBLE_EQ(node.mean, Reward::ofRaw(expected.sum).value() / node.visits) << id;
            EXPECT_EQ(node.best, Reward::ofRaw(expected.best).value()) << id;
        }
        EXPECT_EQ(experiment->status().search.iterations, 60u);
        EXPECT_EQ(experiment->status().search.bestReward, Reward::of(best).value());
        run(*experiment, 70);
    }
    const Rewards later = rewards();
    ASSERT_EQ(later.log.size(), 70u);
    EXPECT_TRUE(std::equal(after.log.begin(), after.log.end(), later.log.begin()));
    must(rescoreTo(first_));
    const Rewards back = rewards();
    EXPECT_TRUE(std::equal(before.log.begin(), before.log.end(), back.log.begin()));
    for (const auto& [hash, reward] : before.candidates)
        EXPECT_EQ(back.candidates.at(hash), reward);
}

} // namespace
} // namespace synoscope
