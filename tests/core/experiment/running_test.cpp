// When a search runs, stands, ends and goes on, and what becomes of its jobs.
#include "tests/core/experiment/experiment_fixture.h"

#include <fstream>

namespace synoscope {
namespace {

TEST_F(ExperimentTest, ASearchThatSteeringHasEndedGoesOnWhenSteeringOpensSomething)
{
    const auto experiment = create();
    experiment->start();
    ASSERT_TRUE(eventually([&] { return experiment->status().candidates > 3; }));
    std::vector<std::uint64_t> constraints;
    for (const MoveKind kind : {MoveKind::contraction, MoveKind::reduce}) {
        const auto pruned = experiment->constrain({SteeringAction::prune, Predicate::of(kind)});
        ASSERT_TRUE(pruned);
        constraints.push_back(*pruned);
    }
    ASSERT_TRUE(eventually([&] { return !experiment->running(); }));
    EXPECT_EQ(experiment->status().search.stopped, "no operator obeys the steering");
    const auto iterations = experiment->status().search.iterations;
    ASSERT_TRUE(experiment->lift(constraints[0]));
    ASSERT_TRUE(experiment->lift(constraints[1]));
    EXPECT_TRUE(
        eventually([&] { return experiment->running() && experiment->status().search.iterations > iterations + 10; }));
    experiment->pause();
    ASSERT_TRUE(experiment->constrain({SteeringAction::prune, Predicate::of(MoveKind::shift)}));
    std::this_thread::sleep_for(500ms);
    EXPECT_FALSE(experiment->running()); // whom the user has paused
}

TEST_F(ExperimentTest, ASearchThatEvaluatesNothingEndsWhenItHasFoundAll)
{
    settings_.benchmark = true;
    std::ifstream stream(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json");
    std::string text(std::istreambuf_iterator<char>(stream), {});
    text.replace(text.find("\"depth\": 10"), 11, "\"depth\": 5");
    const auto problem = parseProblem(text, "small.json");
    ASSERT_TRUE(problem) << problem.error().text();
    const auto find = [&](const std::filesystem::path& name, bool evaluating) {
        settings_.benchmark = !evaluating; // a reward by FLOPs alone is there at once
        WorkerSettings workers = deafWorkers();
        workers.deferred = !evaluating;
        auto experiment = Experiment::create(folder_ / name, *problem, settings_, workers);
        EXPECT_TRUE(experiment);
        (*experiment)->start();
        EXPECT_TRUE(eventually([&] { return !(*experiment)->running(); }));
        return (*experiment)->status();
    };
    const ExperimentStatus all = find("all.synoscope", true);
    EXPECT_EQ(all.search.stopped, "every operator was found");
    const ExperimentStatus deferred = find("deferred.synoscope", false);
    EXPECT_EQ(deferred.search.stopped, "every operator was found");
    EXPECT_EQ(deferred.candidates, all.candidates);
}

TEST_F(ExperimentTest, ALimitOnTimeEndsTheSearchPromptlyWithEvaluationsInFlight)
{
    settings_.benchmark = true;
    const auto created = create(deafWorkers());
    Experiment& experiment = *created;
    std::vector<std::unique_ptr<StopCondition>> stops;
    stops.push_back(stopAfterSeconds(2));
    experiment.setStops(std::move(stops));
    const auto begin = std::chrono::steady_clock::now();
    experiment.start();
    EXPECT_TRUE(eventually([&] { return experiment.status().search.inFlight == 24; }));
    EXPECT_TRUE(eventually([&] { return !experiment.running(); }));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
    experiment.close();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
    EXPECT_EQ(experiment.status().search.inFlight, 0u);
    EXPECT_EQ(experiment.status().candidates, 24u); // they are kept, and evaluated when the search is resumed
}

TEST_F(ExperimentTest, ASearchThatStandsTellsForHowManyEvaluationsAndOnlyWhileItDoes)
{
    settings_.benchmark = true;
    settings_.evaluationsInFlight = 2;
    const auto created = create(deafWorkers());
    Experiment& experiment = *created;
    experiment.step();
    ASSERT_TRUE(eventually([&] { return experiment.status().waiting > 0; }));
    EXPECT_EQ(experiment.status().standsFor, 0u); // it does not search
    experiment.start();
    EXPECT_TRUE(eventually([&] { return experiment.status().standsFor == 2; }));
    experiment.pause();
    EXPECT_EQ(experiment.status().standsFor, 0u);
}

TEST_F(ExperimentTest, WhatAnEarlierRunLeftTakesItsPlaceAmongThoseThatWait)
{
    settings_.benchmark = true;
    settings_.evaluationsInFlight = 4;
    const auto run = [](Experiment& experiment) {
        experiment.start();
        EXPECT_TRUE(eventually([&] { return experiment.status().standsFor == 4; }));
        std::this_thread::sleep_for(300ms);
        EXPECT_EQ(experiment.status().candidates, 4u);
        EXPECT_EQ(experiment.status().waiting, 4u);
    };
    run(*create(deafWorkers()));
    run(*open(deafWorkers()));
}

// The same search finds the same operators first: they are under way, and what it asks for is answered by that.
TEST_F(ExperimentTest, WhatAnEarlierRunLeftIsNotEvaluatedTwiceWhenItIsFoundAgain)
{
    settings_.benchmark = true;
    settings_.evaluationsInFlight = 4;
    {
        const auto created = create(deafWorkers());
        created->start();
        ASSERT_TRUE(eventually([&] { return created->status().waiting == 4; }));
    }
    const auto opened = open(deafWorkers());
    Experiment& experiment = *opened;
    for (int i = 0; i < 16; ++i)
        experiment.step();
    ASSERT_TRUE(eventually([&] { return experiment.status().search.inFlight == 16; }));
    const ExperimentStatus status = experiment.status();
    EXPECT_LT(status.candidates, 20u); // it found some of the four
    EXPECT_TRUE(eventually([&] { return experiment.status().waiting == status.candidates; }))
        << experiment.status().waiting;
    EXPECT_EQ(experiment.jobs().snapshots().size(), status.candidates);
}

TEST_F(ExperimentTest, ACancelledJobThatIsTriedAgainIsCountedOnce)
{
    settings_.benchmark = true;
    const auto created = create(deafWorkers());
    Experiment& experiment = *created;
    experiment.step();
    const auto state = [&] {
        const auto jobs = experiment.jobs().snapshots();
        return jobs.empty() ? JobState::queued : jobs.front().state;
    };
    ASSERT_TRUE(eventually([&] { return state() == JobState::running; }));
    const JobId job = experiment.jobs().snapshots().front().id;
    for (int i = 0; i < 2; ++i) {
        EXPECT_TRUE(eventually([&] { return experiment.status().waiting == 1; }));
        const auto begin = std::chrono::steady_clock::now();
        EXPECT_TRUE(experiment.jobs().cancel(job));
        EXPECT_TRUE(eventually([&] { return state() == JobState::cancelled; }));
        EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s); // and not when it ends by itself
        EXPECT_TRUE(eventually([&] { return experiment.status().waiting == 0; }));
        EXPECT_TRUE(experiment.jobs().retry(job));
    }
}

TEST_F(ExperimentTest, ARunningTrainingIsPausedResumedAndCancelledInItsWorker)
{
    settings_.train = true;
    settings_.epochs = 500;
    auto experiment = create();
    experiment->step();
    std::size_t epochs = 0;
    const auto newEpochs = [&] { return epochs += experiment->changes().curves.size(); };
    const auto training = [&]() -> JobSnapshot {
        for (JobSnapshot& job : experiment->jobs().snapshots())
            if (!experiment->candidateOf(job.id).valid() && job.kind == "training")
                return job; // the baseline
        return {};
    };
    ASSERT_TRUE(eventually([&] { return newEpochs() > 0; }));
    for (const JobSnapshot& job : experiment->jobs().snapshots()) // what else trains would tell epochs too
        experiment->jobs().pause(job.id);
    ASSERT_TRUE(eventually([&] { return training().state == JobState::paused; }));
    std::this_thread::sleep_for(500ms);
    (void)experiment->changes();
    epochs = 0;
    std::this_thread::sleep_for(4s);
    EXPECT_EQ(newEpochs(), 0u);
    EXPECT_TRUE(experiment->jobs().resume(training().id));
    EXPECT_TRUE(eventually([&] { return newEpochs() > 0; }));
    EXPECT_EQ(training().attempt, 1);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(experiment->jobs().cancel(training().id));
    EXPECT_TRUE(eventually([&] { return training().state == JobState::cancelled; }));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s); // and not when it ends by itself
}

} // namespace
} // namespace synoscope
