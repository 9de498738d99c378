#include "tests/core/experiment/experiment_fixture.h"

#include <gmock/gmock.h>
#include <map>

namespace synoscope {
namespace {

// Trains on so little that it takes a moment.
class FidelityTest : public ExperimentTest
{
protected:
    FidelityTest()
    {
        settings_.train = true;
        settings_.trainImages = 64;
        settings_.testImages = 64;
    }

    static void evaluate(Experiment& experiment, std::uint64_t candidates)
    {
        for (std::uint64_t i = experiment.status().candidates; i < candidates; ++i)
            experiment.step();
        EXPECT_TRUE(eventually([&] {
            const ExperimentStatus status = experiment.status();
            return status.evaluated == candidates && status.waiting == 0;
        }));
    }

    // How many trainings came to that epoch.
    static std::map<std::size_t, int> trainings(Experiment& experiment)
    {
        std::map<std::size_t, int> byEpochs;
        auto reader = experiment.reader();
        const auto done = reader->evaluations(experiment.record().id, EvaluationStatus::done);
        EXPECT_TRUE(done);
        for (const EvaluationRecord& one : *done)
            if (one.kind == EvaluationKind::training && one.candidate.valid())
                ++byEpochs[reader->epochs(one.id)->size()];
        return byEpochs;
    }
};

TEST_F(FidelityTest, ManyTrainALittleAndTheBestGoOnAlsoAfterABreak)
{
    settings_.epochs = 3;
    settings_.halving = 3;
    {
        auto experiment = create();
        evaluate(*experiment, 2);
        EXPECT_THAT(trainings(*experiment), testing::ElementsAre(testing::Pair(1, 2)));
    }
    auto experiment = open();
    evaluate(*experiment, 3); // of three the best one
    EXPECT_THAT(trainings(*experiment), testing::ElementsAre(testing::Pair(1, 3), testing::Pair(3, 1)));
    EXPECT_TRUE(experiment->changes().errors.empty());
    auto reader = experiment->reader();
    const auto candidates = reader->candidates(CandidateQuery{});
    ASSERT_TRUE(candidates);
    for (const CandidateRecord& candidate : *candidates) {
        const auto all = *reader->evaluations(candidate.id);
        EXPECT_EQ(candidate.accuracy, all.back().accuracy); // of the longest training
        EXPECT_TRUE(candidate.reward);
        EXPECT_THAT(all.back().request, testing::HasSubstr("\"learning_rate\":0.1"));
        if (all.size() == 2) {
            const auto before = *reader->epochs(all[0].id);
            const auto after = *reader->epochs(all[1].id);
            EXPECT_EQ(before[0].loss, after[0].loss); // it has gone on from there
        }
    }
}

TEST_F(FidelityTest, TheProxySparesTheTrainingOfWhatScoresBadly)
{
    settings_.epochs = 1;
    settings_.proxy = "naswot";
    settings_.proxyShare = 0.05;
    auto experiment = create();
    evaluate(*experiment, 12);
    EXPECT_EQ(experiment->status().search.inFlight, 0u);
    auto reader = experiment->reader();
    int trained = 0;
    const auto candidates = reader->candidates(CandidateQuery{});
    ASSERT_TRUE(candidates);
    for (const CandidateRecord& candidate : *candidates) {
        trained += candidate.accuracy.has_value();
        ASSERT_TRUE(candidate.reward) << experiment->failureOf(candidate.hash);
        if (candidate.accuracy)
            continue;
        EXPECT_EQ(candidate.reward, 0);
        const auto all = *reader->evaluations(candidate.id);
        ASSERT_EQ(all.size(), 1u);
        EXPECT_EQ(all[0].kind, EvaluationKind::proxy);
        EXPECT_THAT(all[0].rewardComponents, testing::HasSubstr("filtered"));
    }
    experiment->close();
    EXPECT_FALSE(std::filesystem::exists(file().string() + ".checkpoints")); // all are done with
    EXPECT_GE(trained, 8);
    EXPECT_LT(trained, 12);
}

} // namespace
} // namespace synoscope
