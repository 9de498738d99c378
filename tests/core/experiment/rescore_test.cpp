#include "core/experiment/rescore.h"

#include "core/experiment/experiment.h"
#include "core/experiment/settings.h"
#include "core/experiment/stored_forms.h"
#include "core/search/reward.h"

#include <cstdlib>
#include <filesystem>
#include <gmock/gmock.h>
#include <map>
#include <thread>

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
        Rewards all{.problem = experiment.problem};
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
        IterationRecord row = storedForm({.sequence = sequence_++, .path = {}, .reward = Reward::of(reward).value(), .failed = failed}, experiment_);
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
    EXPECT_EQ(after.log, (std::vector<std::optional<double>>{Reward::of(one).value(), Reward::of(two).value(), 0, 0, 0.125}));
    EXPECT_EQ(after.problem, second_.text);
    EXPECT_EQ(waiting.valid(), true);

    must(rescoreTo(first_));
    EXPECT_EQ(rewards(), before);
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
    {
        const auto experiment = must(Experiment::open(file(), {}));
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
