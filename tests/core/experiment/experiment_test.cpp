#include "tests/core/experiment/experiment_fixture.h"

#include "core/experiment/stored_forms.h"
#include "core/graph/reader.h"

#include <fstream>
#include <gmock/gmock.h>

namespace synoscope {
namespace {

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

TEST_F(ExperimentTest, WhatIsRemovedStaysSoWhateverSteeringDoesAndIsNotEvaluatedAnyMore)
{
    CandidateId candidate;
    const auto stateOf = [&](const Experiment& experiment) { return experiment.reader()->candidate(candidate)->state; };
    {
        auto experiment = create();
        experiment->start();
        ASSERT_TRUE(eventually([&] { return experiment->status().candidates >= 20; }));
        experiment->pause();
        candidate = CandidateId(5);
        ASSERT_TRUE(experiment->setRemoved(candidate, true));
        const Constraint everything{SteeringAction::prune, Predicate::of(MoveKind::contraction)};
        const auto id = experiment->constrain(everything);
        ASSERT_TRUE(id);
        (void)experiment->changes(); // what steering closed is written
        EXPECT_EQ(stateOf(*experiment), CandidateState::removed);
        EXPECT_EQ(experiment->reader()->candidate(CandidateId(6))->state, CandidateState::pruned);
        ASSERT_TRUE(experiment->setRemoved(candidate, false));
        EXPECT_EQ(stateOf(*experiment), CandidateState::pruned); // as steering has it
        ASSERT_TRUE(experiment->lift(*id));
        (void)experiment->changes();
        EXPECT_EQ(stateOf(*experiment), CandidateState::active);
        ASSERT_TRUE(experiment->setRemoved(candidate, true));
        EXPECT_FALSE(experiment->setRemoved(CandidateId(123456), true));
    }
    auto experiment = open();
    EXPECT_EQ(stateOf(*experiment), CandidateState::removed);
    ASSERT_TRUE(experiment->setRemoved(candidate, false));
    EXPECT_EQ(stateOf(*experiment), CandidateState::active);
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

} // namespace
} // namespace synoscope
