#include "core/experiment/experiment.h"

#include "core/base/resources.h"
#include "core/experiment/reward.h"
#include "core/experiment/stored_forms.h"
#include "core/graph/reader.h"

#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <map>
#include <thread>

namespace synoscope {
namespace {

using namespace std::chrono_literals;

class ExperimentTest : public testing::Test
{
protected:
    ExperimentTest()
    {
        std::string name = (std::filesystem::temp_directory_path() / "synoscope-experiment-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        settings_.benchmark = false;
        settings_.train = false; // rewards follow from the FLOPs
    }
    ~ExperimentTest() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path file() const { return folder_ / "test.synoscope"; }

    static WorkerSettings workers()
    {
        return {{SYNOSCOPE_BINARY_DIR "/libexec/synoscope/synoscope-worker", "worker"}};
    }

    std::unique_ptr<Experiment> create()
    {
        auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json");
        EXPECT_TRUE(problem) << problem.error().text();
        auto experiment = Experiment::create(file(), *problem, settings_, workers());
        EXPECT_TRUE(experiment) << experiment.error().text();
        return std::move(*experiment);
    }

    std::unique_ptr<Experiment> open()
    {
        auto experiment = Experiment::open(file(), workers());
        EXPECT_TRUE(experiment) << experiment.error().text();
        return std::move(*experiment);
    }

    template <typename Condition>
    static bool eventually(Condition&& condition, std::chrono::seconds atMost = 120s)
    {
        const auto end = std::chrono::steady_clock::now() + atMost;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end)
                return false;
            std::this_thread::sleep_for(5ms);
        }
        return true;
    }

    static void runIterations(Experiment& experiment, std::uint64_t iterations)
    {
        std::vector<std::unique_ptr<StopCondition>> stops;
        stops.push_back(stopAfterIterations(experiment.status().search.iterations + iterations));
        experiment.setStops(std::move(stops));
        experiment.start();
        EXPECT_TRUE(eventually([&] { return !experiment.running(); }));
    }

    std::filesystem::path folder_;
    ExperimentSettings settings_;
};

TEST_F(ExperimentTest, WhatIsToldIsAlreadyInTheStore)
{
    auto experiment = create();
    runIterations(*experiment, 60);
    const ExperimentChanges changes = experiment->changes();
    EXPECT_TRUE(changes.errors.empty());
    EXPECT_FALSE(changes.candidates.empty());
    EXPECT_FALSE(changes.tree.nodes.empty());
    auto reader = experiment->reader();
    ASSERT_TRUE(reader);
    for (const CandidateId id : changes.candidates) {
        const auto candidate = reader->candidate(id);
        ASSERT_TRUE(candidate) << candidate.error().text();
        EXPECT_TRUE(candidate->reward);
        EXPECT_GT(candidate->totalFlops, 0);
        EXPECT_TRUE(parsePGraph(candidate->pgraph, "stored"));
    }
    EXPECT_EQ(experiment->status().candidates, changes.candidates.size());
}

TEST_F(ExperimentTest, OpeningAgainRestoresTheTreeAndGoesOn)
{
    std::map<std::uint64_t, NodeChange> before;
    SearchStatus status;
    {
        auto experiment = create();
        runIterations(*experiment, 80);
        for (const NodeChange& node : experiment->changes().tree.nodes)
            before[node.id] = node;
        status = experiment->status().search;
        experiment->close();
    }
    auto experiment = open();
    std::map<std::uint64_t, NodeChange> after;
    for (const NodeChange& node : experiment->changes().tree.nodes)
        after[node.id] = node;
    EXPECT_EQ(experiment->status().search.iterations, status.iterations);
    for (const auto& [id, node] : before) {
        if (node.visits == 0)
            continue; // a dead end that no iteration went through: found to be dead again when met again
        ASSERT_TRUE(after.contains(id));
        EXPECT_EQ(after[id].visits, node.visits) << id;
        EXPECT_EQ(after[id].mean, node.mean) << id;
        EXPECT_EQ(after[id].best, node.best) << id;
        EXPECT_EQ(after[id].move, node.move) << id;
    }
    runIterations(*experiment, 20);
    EXPECT_GE(experiment->status().search.iterations, status.iterations + 20);
}

TEST_F(ExperimentTest, SteeringIsInForceAgainAfterOpening)
{
    std::uint64_t id = 0;
    {
        auto experiment = create();
        const auto pruned = experiment->constrain({SteeringAction::prune, Predicate::of(MoveKind::shift)});
        ASSERT_TRUE(pruned) << pruned.error().text();
        const auto lifted = experiment->constrain({SteeringAction::prune, Predicate::of(MoveKind::merge)});
        ASSERT_TRUE(lifted);
        ASSERT_TRUE(experiment->lift(*lifted));
        id = *pruned;
    }
    auto experiment = open();
    std::vector<std::uint64_t> active;
    for (const auto& constraint : experiment->constraints())
        if (constraint.active)
            active.push_back(constraint.id);
    EXPECT_THAT(active, testing::ElementsAre(id));
    runIterations(*experiment, 40);
    auto reader = experiment->reader();
    const auto candidates = reader->candidates(CandidateQuery{});
    ASSERT_TRUE(candidates);
    EXPECT_FALSE(candidates->empty());
    for (const CandidateRecord& candidate : *candidates)
        EXPECT_THAT(candidate.moves, testing::Not(testing::HasSubstr("shift ")));
}

TEST_F(ExperimentTest, AFileHasOneExperimentAndOneUser)
{
    auto experiment = create();
    EXPECT_FALSE(Experiment::open(file(), workers())); // locked
    experiment.reset();
    auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json");
    const auto second = Experiment::create(file(), *problem, settings_, workers());
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().text(), testing::HasSubstr("already holds"));
}

TEST_F(ExperimentTest, AnImportedOperatorBecomesACandidateOnce)
{
    auto experiment = create();
    const auto graph = readPGraph(SYNOSCOPE_SOURCE_DIR "/resources/operators/conv2d.pgraph");
    ASSERT_TRUE(graph) << graph.error().text();
    const auto first = experiment->import(*graph);
    ASSERT_TRUE(first) << first.error().text();
    const auto again = experiment->import(*graph);
    ASSERT_TRUE(again);
    EXPECT_EQ(*first, *again);
    const auto depthwise = readPGraph(SYNOSCOPE_SOURCE_DIR "/resources/operators/linear.pgraph");
    ASSERT_TRUE(depthwise);
    EXPECT_FALSE(experiment->import(*depthwise)); // another shape
}

TEST_F(ExperimentTest, TheWorkerMeasuresCandidatesAndTheirRewardsComeBack)
{
    settings_.benchmark = true;
    settings_.benchmarkSeconds = 0.01;
    settings_.repeats = 3;
    auto experiment = create();
    experiment->step();
    EXPECT_TRUE(eventually([&] { return experiment->status().evaluated == 1; }));
    auto reader = experiment->reader();
    const auto candidates = reader->candidates(CandidateQuery{});
    ASSERT_TRUE(candidates);
    ASSERT_EQ(candidates->size(), 1u);
    EXPECT_TRUE((*candidates)[0].latencyRatio) << experiment->failureOf((*candidates)[0].hash);
    EXPECT_TRUE((*candidates)[0].reward);
    EXPECT_EQ(experiment->status().search.inFlight, 0u);
}

TEST_F(ExperimentTest, AWorkerThatCannotRunIsAFailureWithASentence)
{
    settings_.benchmark = true;
    auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json");
    auto experiment = Experiment::create(file(), *problem, settings_, {{"/nowhere/synoscope-worker", "worker"}});
    ASSERT_TRUE(experiment);
    (*experiment)->step();
    EXPECT_TRUE(eventually([&] { return (*experiment)->status().evaluated == 1; }));
    auto reader = (*experiment)->reader();
    const auto candidates = reader->candidates(CandidateQuery{});
    ASSERT_TRUE(candidates);
    EXPECT_FALSE((*experiment)->failureOf((*candidates)[0].hash).empty());
    EXPECT_EQ((*experiment)->status().search.inFlight, 0u);
}

TEST_F(ExperimentTest, AFileWhoseCreationWasCutShortHoldsNoExperimentAndMayBeginOne)
{
    EXPECT_FALSE(Experiment::existsIn(file()));
    ASSERT_TRUE(Store::open(file())); // what a kill leaves between making the store and writing the experiment
    EXPECT_FALSE(Experiment::existsIn(file()));
    create().reset();
    EXPECT_TRUE(Experiment::existsIn(file()));
    EXPECT_TRUE(Experiment::existsIn(folder_)); // which open() will say cannot be one
    EXPECT_FALSE(Experiment::open(folder_, workers()));
    std::ofstream(folder_ / "empty").close();
    EXPECT_FALSE(Experiment::existsIn(folder_ / "empty"));
}

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
    EXPECT_TRUE(eventually([&] { return experiment->running() && experiment->status().search.iterations > iterations + 10; }));
    experiment->pause();
    ASSERT_TRUE(experiment->constrain({SteeringAction::prune, Predicate::of(MoveKind::shift)}));
    std::this_thread::sleep_for(500ms);
    EXPECT_FALSE(experiment->running()); // whom the user has paused
}

// A worker that takes requests and never answers.
WorkerSettings deafWorkers()
{
    return {{"/bin/sh", "-c", "while read line; do :; done"}};
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
    auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json");
    auto created = Experiment::create(file(), *problem, settings_, deafWorkers());
    ASSERT_TRUE(created);
    Experiment& experiment = **created;
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
    auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json");
    auto created = Experiment::create(file(), *problem, settings_, deafWorkers());
    ASSERT_TRUE(created);
    Experiment& experiment = **created;
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
    auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json");
    const auto run = [](Experiment& experiment) {
        experiment.start();
        EXPECT_TRUE(eventually([&] { return experiment.status().standsFor == 4; }));
        std::this_thread::sleep_for(300ms);
        EXPECT_EQ(experiment.status().candidates, 4u);
        EXPECT_EQ(experiment.status().waiting, 4u);
    };
    {
        auto created = Experiment::create(file(), *problem, settings_, deafWorkers());
        ASSERT_TRUE(created);
        run(**created);
    }
    auto opened = Experiment::open(file(), deafWorkers());
    ASSERT_TRUE(opened);
    run(**opened);
}

TEST_F(ExperimentTest, ACancelledJobThatIsTriedAgainIsCountedOnce)
{
    settings_.benchmark = true;
    auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json");
    auto created = Experiment::create(file(), *problem, settings_, deafWorkers());
    ASSERT_TRUE(created);
    Experiment& experiment = **created;
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

TEST_F(ExperimentTest, OpeningAgainTellsTheCurvesThatAreKnown)
{
    create()->close();
    {
        auto store = Store::open(file());
        ASSERT_TRUE(store);
        EvaluationRecord run;
        run.experiment = (*(*store)->reader()->experiments())[0].id;
        run.kind = EvaluationKind::training;
        run.status = EvaluationStatus::done;
        const auto id = (*store)->addEvaluation(run);
        ASSERT_TRUE(id) << id.error().text();
        for (int epoch = 1; epoch <= 3; ++epoch)
            ASSERT_TRUE((*store)->addEpoch({*id, epoch, 3.0 - epoch, 0.1 * epoch, 1}));
        run.status = EvaluationStatus::cancelled; // half a curve of nobody's
        const auto other = (*store)->addEvaluation(run);
        ASSERT_TRUE(other && (*store)->addEpoch({*other, 1, 2, 0.1, 1}));
    }
    auto experiment = open();
    const ExperimentChanges changes = experiment->changes();
    ASSERT_EQ(changes.curves.size(), 3u);
    EXPECT_EQ(changes.curves[2].epoch.epoch, 3);
    EXPECT_DOUBLE_EQ(changes.curves[2].epoch.accuracy, 0.3);
    EXPECT_FALSE(changes.curves[2].candidate.valid());
}

// The file's log, with keys that this program's rules do not give.
void copyUnderOtherRules(const std::filesystem::path& from, const std::filesystem::path& to)
{
    auto reader = Reader::open(from);
    ASSERT_TRUE(reader);
    auto store = Store::open(to);
    ASSERT_TRUE(store);
    const auto experiment = (*store)->addExperiment((*reader->experiments())[0]);
    ASSERT_TRUE(experiment);
    std::map<std::int64_t, CandidateId> ids;
    const auto candidates = reader->candidates(CandidateQuery{});
    ASSERT_TRUE(candidates);
    for (CandidateRecord candidate : *candidates) {
        const std::int64_t old = candidate.id.value;
        candidate.experiment = *experiment;
        ids[old] = (*store)->addCandidate(candidate)->id;
        ASSERT_TRUE((*store)->setReward(ids[old], *candidate.reward));
    }
    std::vector<IterationRecord> rows;
    ASSERT_TRUE(reader->replay(ExperimentId(1), 0, [&](const IterationRecord& row) -> Expected<void> {
        LogEntry entry = *logEntryOf(row);
        for (LoggedStep& step : entry.path)
            step.key ^= 0xff;
        rows.push_back(storedForm(entry, *experiment));
        rows.back().candidate = ids.at(row.candidate.value);
        return {};
    }));
    ASSERT_TRUE((*store)->addIterations(rows));
}

TEST_F(ExperimentTest, ASearchOfOtherRulesIsOpenedForViewingOnly)
{
    runIterations(*create(), 40);
    const auto other = folder_ / "other.synoscope";
    copyUnderOtherRules(file(), other);
    const auto refused = Experiment::open(other, workers());
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text(), testing::HasSubstr("other rules"));

    auto opened = Experiment::open(other, workers(), OpenFor::viewing);
    ASSERT_TRUE(opened) << opened.error().text();
    Experiment& experiment = **opened;
    EXPECT_EQ(experiment.whyNotSearching(), refused.error().text());
    const auto reader = experiment.reader();
    EXPECT_EQ(experiment.changes().candidates.size(), experiment.status().candidates);
    EXPECT_GT(experiment.status().candidates, 5u);
    EXPECT_EQ(experiment.status().evaluated, experiment.status().candidates);
    experiment.start();
    experiment.step();
    EXPECT_FALSE(experiment.running());
    EXPECT_EQ(experiment.changes().errors.size(), 2u);
    EXPECT_EQ(experiment.status().search.stopped, refused.error().text());
    const auto pruned = experiment.constrain({SteeringAction::prune, Predicate::of(MoveKind::shift)});
    ASSERT_FALSE(pruned);
    EXPECT_EQ(pruned.error().message, refused.error().text());
    EXPECT_TRUE(experiment.setStarred(CandidateId(1), true));
    opened->reset();
    EXPECT_FALSE(Experiment::open(other, workers())); // as it was
    EXPECT_TRUE(Reader::open(other)->candidate(CandidateId(1))->starred);

    auto sound = Experiment::open(file(), workers(), OpenFor::viewing); // what can go on does
    ASSERT_TRUE(sound);
    EXPECT_EQ((*sound)->whyNotSearching(), "");
    runIterations(**sound, 10);
}

TEST(Reward, FollowsTheAccuracyBetweenFloorAndCeiling)
{
    const RewardSettings settings{0.2, 0.7, 2};
    EXPECT_EQ(rewardOf({0.1, 0.5, 0.5}, settings), 0);
    EXPECT_DOUBLE_EQ(rewardOf({0.45, 0.5, 0.5}, settings), 0.25);
    EXPECT_EQ(rewardOf({0.9, 0.5, 0.5}, settings), 1);
    EXPECT_DOUBLE_EQ(rewardOf({{}, 0.4, 0.5}, settings), 0.6);
    EXPECT_DOUBLE_EQ(rewardOf({{}, {}, 0.9}, settings), 0.1);
    EXPECT_EQ(rewardOf({.flopsRatio = 0.1, .proxy = 3, .filtered = true}, settings), 0);
}

TEST(Reward, FallsAboveATargetAndEndsAtALimit)
{
    RewardSettings settings{0.2, 0.7, 1};
    settings.latency = {.limit = 2, .target = 0.5, .weight = 1};
    settings.flops = {.limit = 0.9};
    EXPECT_DOUBLE_EQ(rewardOf({0.7, 0.25, 0.5}, settings), 1);
    EXPECT_DOUBLE_EQ(rewardOf({0.7, 1.0, 0.5}, settings), 0.5);
    EXPECT_DOUBLE_EQ(rewardOf({0.45, 1.0, 0.5}, settings), 0.25);
    EXPECT_EQ(rewardOf({0.7, 2.1, 0.5}, settings), 0);
    EXPECT_EQ(rewardOf({0.7, 0.25, 0.95}, settings), 0);
    EXPECT_DOUBLE_EQ(rewardOf({0.7, {}, 0.5}, settings), 1); // a latency that was not measured limits nothing
}

TEST(Settings, SurviveBeingWrittenAndRead)
{
    ExperimentSettings settings;
    settings.epochs = 7;
    settings.algorithm = "random";
    settings.recipe = protocol::recipeFor("adamw");
    settings.recipe.dropEpochs = {2, 5};
    settings.milestones = "1:0.2";
    settings.halving = 3;
    settings.proxy = "synflow";
    const auto read = ExperimentSettings::fromJson(settings.toJson());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->toJson(), settings.toJson());
    EXPECT_FALSE(ExperimentSettings::fromJson("[]"));
    EXPECT_FALSE(ExperimentSettings::fromJson("{\"epochs\": \"many\"}"));
    EXPECT_FALSE(ExperimentSettings::fromJson("{\"optimizer\": \"lion\"}"));
    EXPECT_FALSE(ExperimentSettings::fromJson("{\"milestones\": \"2:0.1 1:0.2\"}"));
}

} // namespace
} // namespace synoscope
