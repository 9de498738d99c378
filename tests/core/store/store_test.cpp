// What is stored comes back, and transactions are all or nothing.
#include "support.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <set>
#include <thread>

using namespace synoscope;
using testing::HasSubstr;

TEST_F(StoreTest, AnExperimentComesBackAsItWasStored)
{
    auto store = opened();
    const ExperimentRecord given = someExperiment("ein Name, 名字, 'quoted'");
    const ExperimentId id = must(store->addExperiment(given));
    must(store->updateSettings(id, R"({"seed": 2})"));
    must(store->putValue(id, "random", "1 2 3 4"));
    must(store->putValue(id, "random", "5 6 7 8"));
    Reader r = reader();
    const ExperimentRecord read = must(r.experiment(id));
    EXPECT_EQ(read.name, given.name);
    EXPECT_EQ(read.problem, given.problem);
    EXPECT_EQ(read.backbone, given.backbone);
    EXPECT_EQ(read.dataset, given.dataset);
    EXPECT_EQ(read.settings, R"({"seed": 2})");
    EXPECT_EQ(read.created, given.created);
    EXPECT_EQ(must(r.value(id, "random")), "5 6 7 8");
    EXPECT_EQ(must(r.value(id, "nothing")), std::nullopt);
    EXPECT_EQ(must(r.experiments()).size(), 1u);
    EXPECT_THAT(sentence(r.experiment(ExperimentId(99))), HasSubstr("no such experiment"));
}

TEST_F(StoreTest, ACandidateComesBackAsItWasStored)
{
    auto store = opened();
    const ExperimentId experiment = must(store->addExperiment(someExperiment()));
    CandidateRecord given = someCandidate(experiment, 7);
    given.starred = true;
    given.note = "looks good";
    given.state = CandidateState::duplicate;
    given.flops.push_back(0.1);
    given.reward = 0.25;
    given.accuracy = 0.5; // of no evaluation
    const auto added = must(store->addCandidate(given));
    EXPECT_TRUE(added.isNew);
    const CandidateRecord read = must(reader().candidate(added.id));
    EXPECT_EQ(read.id, added.id);
    EXPECT_EQ(read.experiment, experiment);
    EXPECT_EQ(read.hash, given.hash);
    EXPECT_EQ(read.fingerprint, given.fingerprint);
    EXPECT_EQ(read.pgraph, given.pgraph);
    EXPECT_EQ(read.path, given.path);
    EXPECT_EQ(read.moves, given.moves);
    EXPECT_EQ(read.flops, given.flops);
    EXPECT_EQ(read.totalFlops, given.totalFlops);
    EXPECT_EQ(read.flopsRatio, given.flopsRatio);
    EXPECT_EQ(read.parameters, given.parameters);
    EXPECT_EQ(read.iteration, given.iteration);
    EXPECT_EQ(read.foundAt, given.foundAt);
    EXPECT_TRUE(read.starred);
    EXPECT_EQ(read.note, given.note);
    EXPECT_EQ(read.state, CandidateState::duplicate);
    EXPECT_EQ(read.reward, 0.25);
    EXPECT_EQ(read.accuracy, std::nullopt);
}

TEST_F(StoreTest, AHashIsStoredOncePerExperimentAndTheFirstStays)
{
    auto store = opened();
    const ExperimentId one = must(store->addExperiment(someExperiment("one")));
    const ExperimentId two = must(store->addExperiment(someExperiment("two")));
    const auto first = must(store->addCandidate(someCandidate(one, 1)));
    CandidateRecord again = someCandidate(one, 1);
    again.note = "the second";
    const auto second = must(store->addCandidate(again));
    EXPECT_FALSE(second.isNew);
    EXPECT_EQ(second.id, first.id);
    EXPECT_TRUE(must(store->addCandidate(someCandidate(two, 1))).isNew);
    Reader r = reader();
    EXPECT_EQ(must(r.candidate(first.id)).note, "");
    EXPECT_EQ(must(r.candidateByHash(one, again.hash))->id, first.id);
    EXPECT_EQ(must(r.candidateByHash(one, "unknown")), std::nullopt);
    must(store->addCandidate(someCandidate(one, 0))); // the same fingerprint as number 1
    EXPECT_EQ(must(r.candidateByFingerprint(one, again.fingerprint))->id, first.id);
}

TEST_F(StoreTest, ChangesToACandidateAreStoredAndAMissingOneIsASentence)
{
    auto store = opened();
    const ExperimentId experiment = must(store->addExperiment(someExperiment()));
    const CandidateId id = must(store->addCandidate(someCandidate(experiment, 1))).id;
    must(store->setStarred(id, true));
    must(store->setNote(id, "keep"));
    must(store->setState(id, CandidateState::pruned));
    must(store->setReward(id, 0.75));
    const CandidateRecord read = must(reader().candidate(id));
    EXPECT_TRUE(read.starred);
    EXPECT_EQ(read.note, "keep");
    EXPECT_EQ(read.state, CandidateState::pruned);
    EXPECT_EQ(read.reward, 0.75);
    EXPECT_THAT(sentence(store->setNote(CandidateId(99), "?")), HasSubstr("no such candidate"));
    EXPECT_THAT(sentence(store->addCandidate(someCandidate(ExperimentId(99), 1))), HasSubstr("refers to a row"));
    EXPECT_THAT(sentence(store->addCandidate(someCandidate(ExperimentId(), 1))), HasSubstr("missing"));
}

TEST_F(StoreTest, EvaluationsComeBackAndTheCandidateShowsTheLatest)
{
    auto store = opened();
    const ExperimentId experiment = must(store->addExperiment(someExperiment()));
    const CandidateId candidate = must(store->addCandidate(someCandidate(experiment, 1))).id;
    const EnvironmentId environment = must(store->addEnvironment(R"({"cpu": "a"})"));
    EXPECT_EQ(must(store->addEnvironment(R"({"cpu": "a"})")), environment);
    EXPECT_NE(must(store->addEnvironment(R"({"cpu": "b"})")), environment);

    EvaluationRecord e;
    e.candidate = candidate;
    e.kind = EvaluationKind::benchmark;
    e.backend = "libtorch";
    e.device = "cpu";
    e.threads = 2;
    e.binding = 3;
    e.request = R"({"repeats": 20})";
    e.environment = environment;
    e.started = currentTime();
    e.id = must(store->addEvaluation(e));
    Reader r = reader();
    EXPECT_EQ(must(r.candidate(candidate)).latencyRatio, std::nullopt);
    EXPECT_EQ(must(r.evaluations(experiment, EvaluationStatus::queued)).size(), 1u);

    e.status = EvaluationStatus::done;
    e.result = R"({"median_us": 12.5})";
    e.latencyRatio = 0.5;
    e.rewardComponents = R"({"latency": 0.5})";
    e.finished = currentTime();
    must(store->updateEvaluation(e));
    const auto all = must(r.evaluations(candidate));
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].experiment, experiment); // taken from the candidate
    EXPECT_EQ(all[0].status, EvaluationStatus::done);
    EXPECT_EQ(all[0].backend, "libtorch");
    EXPECT_EQ(all[0].dtype, "float32");
    EXPECT_EQ(all[0].threads, 2);
    EXPECT_EQ(all[0].binding, 3);
    EXPECT_EQ(all[0].request, e.request);
    EXPECT_EQ(all[0].result, e.result);
    EXPECT_EQ(all[0].rewardComponents, e.rewardComponents);
    EXPECT_EQ(all[0].environment, environment);
    EXPECT_EQ(all[0].started, e.started);
    EXPECT_EQ(all[0].finished, e.finished);
    EXPECT_EQ(must(r.environment(environment)).description, R"({"cpu": "a"})");

    EvaluationRecord training;
    training.candidate = candidate;
    training.kind = EvaluationKind::training;
    training.status = EvaluationStatus::done;
    training.accuracy = 0.8;
    training.reward = 0.3;
    must(store->addEvaluation(training));
    EvaluationRecord failed = training;
    failed.status = EvaluationStatus::failed;
    failed.accuracy = 0.1;
    failed.message = "the loss is not a number";
    must(store->addEvaluation(failed));
    const CandidateRecord read = must(r.candidate(candidate));
    EXPECT_EQ(read.latencyRatio, 0.5);
    EXPECT_EQ(read.accuracy, 0.8);
    EXPECT_EQ(read.reward, 0.3);
}

TEST_F(StoreTest, ABaselineBelongsToTheExperimentAlone)
{
    auto store = opened();
    const ExperimentId experiment = must(store->addExperiment(someExperiment()));
    EvaluationRecord e;
    e.experiment = experiment;
    e.status = EvaluationStatus::done;
    e.accuracy = 0.7;
    must(store->addEvaluation(e));
    const auto baselines = must(reader().baselines(experiment));
    ASSERT_EQ(baselines.size(), 1u);
    EXPECT_FALSE(baselines[0].candidate.valid());
    EXPECT_EQ(baselines[0].accuracy, 0.7);
    EvaluationRecord lost;
    EXPECT_THAT(sentence(store->addEvaluation(lost)), HasSubstr("missing"));
}

TEST_F(StoreTest, CurvesKeepDivergedLosses)
{
    auto store = opened();
    const ExperimentId experiment = must(store->addExperiment(someExperiment()));
    EvaluationRecord e;
    e.experiment = experiment;
    const EvaluationId id = must(store->addEvaluation(e));
    must(store->addEpoch({id, 2, std::numeric_limits<double>::quiet_NaN(), 0.1, 1.5}));
    must(store->addEpoch({id, 1, 2.5, 0.2, 1.25}));
    must(store->addEpoch({id, 1, 2.25, 0.25, 1.25}));
    const auto epochs = must(reader().epochs(id));
    ASSERT_EQ(epochs.size(), 2u);
    EXPECT_EQ(epochs[0].loss, 2.25);
    EXPECT_EQ(epochs[0].accuracy, 0.25);
    EXPECT_TRUE(std::isnan(epochs[1].loss));
}

TEST_F(StoreTest, ConstraintsKeepTheirHistory)
{
    auto store = opened();
    const ExperimentId experiment = must(store->addExperiment(someExperiment()));
    const ConstraintId pin = must(store->addConstraint({{}, experiment, "", "unfold", ConstraintAction::pin}));
    const ConstraintId prune = must(store->addConstraint({{}, experiment, "17 4", "shift", ConstraintAction::prune}));
    must(store->liftConstraint(pin));
    Reader r = reader();
    const auto active = must(r.constraints(experiment, true));
    ASSERT_EQ(active.size(), 1u);
    EXPECT_EQ(active[0].id, prune);
    EXPECT_EQ(active[0].scope, "17 4");
    const auto all = must(r.constraints(experiment, false));
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].action, ConstraintAction::pin);
    EXPECT_TRUE(all[0].lifted.has_value());
    EXPECT_FALSE(all[0].active);
    EXPECT_THAT(sentence(store->liftConstraint(pin)), HasSubstr("no such active constraint"));
}

TEST_F(StoreTest, TheIterationLogIsReplayedInOrder)
{
    auto store = opened();
    const ExperimentId experiment = must(store->addExperiment(someExperiment()));
    const CandidateId candidate = must(store->addCandidate(someCandidate(experiment, 1))).id;
    std::vector<IterationRecord> given;
    for (std::int64_t i = 999; i >= 0; --i)
        given.push_back({experiment, i, std::string(static_cast<std::size_t>(i % 13), static_cast<char>(i)),
                         i % 3 ? std::optional(i / 1000.0) : std::nullopt, i % 5 ? CandidateId() : candidate});
    Reader r = reader();
    EXPECT_EQ(must(r.nextSequence(experiment)), 0);
    must(store->addIterations(given));
    must(store->setIterationReward(experiment, 999, 0.25));
    EXPECT_EQ(must(r.nextSequence(experiment)), 1000);
    std::int64_t next = 500;
    must(r.replay(experiment, 500, [&](const IterationRecord& i) -> Expected<void> {
        const IterationRecord& g = given[static_cast<std::size_t>(999 - next)];
        EXPECT_EQ(i.sequence, next);
        EXPECT_EQ(i.path, g.path);
        EXPECT_EQ(i.candidate, g.candidate);
        EXPECT_EQ(i.reward, next == 999 ? std::optional(0.25) : g.reward);
        ++next;
        return {};
    }));
    EXPECT_EQ(next, 1000);
    EXPECT_EQ(r.replay(experiment, 0, [&](const IterationRecord& i) -> Expected<void> {
                   next = i.sequence;
                   return i.sequence < 7 ? Expected<void>() : Error{"enough"};
               }).error().message,
              "enough");
    EXPECT_EQ(next, 7);
    const ExperimentSummary summary = must(r.summary(experiment));
    EXPECT_EQ(summary.iterations, 1000);
    EXPECT_EQ(summary.pendingIterations, 333);
    EXPECT_THAT(sentence(store->setIterationReward(experiment, 1000, 1)), HasSubstr("no such iteration"));
    EXPECT_THAT(sentence(store->addIterations(std::vector<IterationRecord>{{experiment, 1000, {}, {}, {}}, given[0]})),
                HasSubstr("already has"));
    EXPECT_EQ(must(r.nextSequence(experiment)), 1000); // all or none
}

TEST_F(StoreTest, ExportsAreRemembered)
{
    auto store = opened();
    const ExperimentId experiment = must(store->addExperiment(someExperiment()));
    const CandidateId candidate = must(store->addCandidate(someCandidate(experiment, 1))).id;
    must(store->addExport({{}, candidate, "pytorch", "/home/me/op.py"}));
    const auto exports = must(reader().exports(candidate));
    ASSERT_EQ(exports.size(), 1u);
    EXPECT_EQ(exports[0].format, "pytorch");
    EXPECT_EQ(exports[0].path, "/home/me/op.py");
}

TEST_F(StoreTest, WhatIsNotJsonIsRefused)
{
    auto store = opened();
    ExperimentRecord e = someExperiment();
    e.problem = "{not json";
    EXPECT_THAT(sentence(store->addExperiment(e)), HasSubstr("an experiment's problem must be JSON"));
    EXPECT_FALSE(store->addEnvironment(""));
    EXPECT_TRUE(must(reader().experiments()).empty());
}

TEST_F(StoreTest, ATransactionIsAllOrNothing)
{
    auto store = opened();
    const ExperimentId experiment = must(store->addExperiment(someExperiment()));
    Reader r = reader();
    const auto before = store->changeCount();
    const auto version = must(r.dataVersion());
    {
        auto transaction = must(store->begin());
        must(store->addCandidate(someCandidate(experiment, 1)));
        EXPECT_EQ(must(r.count({})), 0); // not before it is committed
    }
    EXPECT_EQ(must(r.count({})), 0);
    EXPECT_EQ(store->changeCount(), before);
    EXPECT_EQ(must(r.dataVersion()), version);
    {
        auto transaction = must(store->begin());
        must(store->addCandidate(someCandidate(experiment, 1)));
        {
            auto inner = must(store->begin());
            must(store->addCandidate(someCandidate(experiment, 2)));
        }
        {
            auto inner = must(store->begin());
            must(store->addCandidate(someCandidate(experiment, 3)));
            must(inner.commit());
        }
        must(transaction.commit());
    }
    EXPECT_EQ(must(r.count({})), 2);
    EXPECT_GT(store->changeCount(), before);
    EXPECT_NE(must(r.dataVersion()), version);
    EXPECT_EQ(must(r.candidateByHash(experiment, someCandidate(experiment, 2).hash)), std::nullopt);
}

TEST_F(StoreTest, ManyThreadsMayWriteAndReadAtOnce)
{
    auto store = opened();
    const ExperimentId experiment = must(store->addExperiment(someExperiment()));
    std::atomic<bool> over{false};
    std::vector<std::jthread> readers;
    for (int t = 0; t < 2; ++t) {
        readers.emplace_back([&] {
            Reader r = must(store->reader());
            std::int64_t last = 0;
            while (!over) {
                const auto count = must(r.count({.experiment = experiment}));
                EXPECT_GE(count, last);
                last = count;
            }
        });
    }
    {
        std::vector<std::jthread> writers;
        for (std::int64_t t = 0; t < 4; ++t) {
            writers.emplace_back([&, t] {
                for (std::int64_t i = 0; i < 100; i += 2) {
                    auto transaction = must(store->begin());
                    must(store->addCandidate(someCandidate(experiment, t * 1000 + i)));
                    must(store->addCandidate(someCandidate(experiment, t * 1000 + i + 1)));
                    must(transaction.commit());
                }
            });
        }
    }
    over = true;
    readers.clear();
    EXPECT_EQ(must(reader().count({})), 400);
    must(reader().check());
}

TEST_F(StoreTest, WhatWasRunningWhenTheProgramEndedShowsAsInterrupted)
{
    EvaluationId id;
    {
        auto store = opened();
        EvaluationRecord e;
        e.experiment = must(store->addExperiment(someExperiment()));
        e.status = EvaluationStatus::running;
        id = must(store->addEvaluation(e));
        EXPECT_EQ(store->interruptedAtOpen(), 0);
    }
    auto store = opened();
    EXPECT_EQ(store->interruptedAtOpen(), 1);
    const EvaluationRecord e = must(reader().evaluation(id));
    EXPECT_EQ(e.status, EvaluationStatus::interrupted);
    EXPECT_TRUE(e.finished.has_value());
    EXPECT_NE(e.message, "");
}
