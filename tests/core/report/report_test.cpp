#include "core/report/report.h"

#include "core/experiment/import.h"
#include "core/graph/reader.h"
#include "core/report/gather.h"
#include "core/report/html.h"
#include "core/report/markdown.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>

namespace synoscope::report {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* benchResult =
    R"({"type":"bench_result","id":1,"ratio":0.8,"ratio_low":0.775,"ratio_high":0.83,"seconds":1.0,"peak_gflops":100.0,"environment":{"cpu":"a processor"},
"bindings":[{"label":"C_in=16 C_out=16 H=16","count":2,"median_us":40.0,"p10_us":36.0,"p90_us":48.0,"gflops":3.0,
"baseline":"libtorch","baseline_us":50.0,"baseline_p10_us":45.0,"baseline_p90_us":60.0,"ratio":0.8,"repeats":77,"disturbed":1}],
"network":{"label":"whole network","median_us":400.0,"p10_us":390.0,"p90_us":410.0,"baseline_us":440.0,"ratio":0.909}})";

class ReportTest : public testing::Test
{
protected:
    ReportTest()
    {
        std::string name = (std::filesystem::temp_directory_path() / "synoscope-report-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json");
        EXPECT_TRUE(problem) << problem.error().text();
        problem_ = std::make_shared<const Problem>(std::move(*problem));
        auto store = Store::open(folder_ / "test.synoscope");
        EXPECT_TRUE(store) << store.error().text();
        store_ = std::move(*store);
        experiment_.name = "tiny <i>& co</i>";
        experiment_.problem = problem_->text;
        experiment_.backbone = problem_->backbone;
        experiment_.settings = ExperimentSettings{}.toJson();
        experiment_.id = *store_->addExperiment(experiment_);
    }
    ~ReportTest() override
    {
        store_.reset();
        std::filesystem::remove_all(folder_);
    }

    // The convolution, under a hash of its own.
    CandidateId addCandidate(int number, double flopsRatio = 0.5)
    {
        if (convolution_.pgraph.empty()) {
            const auto graph = readPGraph(SYNOSCOPE_SOURCE_DIR "/resources/operators/conv2d.pgraph");
            auto imported = importOperator(*store_, experiment_.id, problem_, *graph, OutsideSpace::keep);
            EXPECT_TRUE(imported) << imported.error().text();
            convolution_ = imported->candidate;
        }
        CandidateRecord candidate = convolution_;
        candidate.hash = fmt::format("{:032x}", number);
        candidate.fingerprint.clear();
        candidate.path = {1, 2, 3};
        candidate.flopsRatio = flopsRatio;
        candidate.note.clear();
        return store_->addCandidate(candidate)->id;
    }

    EvaluationRecord record(CandidateId candidate, EvaluationKind kind) const
    {
        EvaluationRecord evaluation;
        evaluation.experiment = experiment_.id;
        evaluation.candidate = candidate;
        evaluation.kind = kind;
        evaluation.status = EvaluationStatus::done;
        evaluation.backend = "libtorch";
        evaluation.device = "cpu";
        evaluation.started = Timestamp(std::chrono::seconds(1'800'000'000));
        evaluation.finished = *evaluation.started + std::chrono::seconds(75);
        return evaluation;
    }

    void addTraining(CandidateId candidate, double accuracy, double reward)
    {
        EvaluationRecord evaluation = record(candidate, EvaluationKind::training);
        evaluation.request = R"({"dataset":"builtin10-16","epochs":2,"seed":7,"repeats":20})";
        evaluation.accuracy = accuracy;
        evaluation.reward = reward;
        const auto id = store_->addEvaluation(evaluation);
        ASSERT_TRUE(id) << id.error().text();
        for (int epoch = 1; epoch <= 2; ++epoch)
            ASSERT_TRUE(store_->addEpoch({*id, epoch, 2.0 / epoch, accuracy * epoch / 2, 1}));
    }

    void addBenchmark(CandidateId candidate, double ratio, const std::string& result = benchResult)
    {
        EvaluationRecord evaluation = record(candidate, EvaluationKind::benchmark);
        evaluation.latencyRatio = ratio;
        evaluation.result = result;
        evaluation.environment = *store_->addEnvironment(R"({"cpu":"a <fast> processor","threads":1})");
        ASSERT_TRUE(store_->addEvaluation(evaluation));
    }

    Document document(int best = 10)
    {
        auto reader = store_->reader();
        EXPECT_TRUE(reader);
        auto document = describe(*reader, experiment_, {.best = best, .file = "it's.synoscope", .program = "tests"});
        EXPECT_TRUE(document) << document.error().text();
        return std::move(*document);
    }
    std::string html(int best = 10) { return writeHtml(document(best)); }

    std::filesystem::path folder_;
    std::shared_ptr<const Problem> problem_;
    std::unique_ptr<Store> store_;
    ExperimentRecord experiment_;
    CandidateRecord convolution_;
};

TEST_F(ReportTest, OfAnEmptyStoreSaysWhatIsMissing)
{
    const std::string page = html();
    EXPECT_THAT(page, HasSubstr("No operator has been found yet."));
    EXPECT_THAT(page, HasSubstr("No candidate has been trained"));
    EXPECT_THAT(page, HasSubstr("No iteration has been rewarded yet."));
    EXPECT_THAT(page, HasSubstr("No evaluation has failed."));
    EXPECT_THAT(page, HasSubstr("conv2d-tiny"));
    EXPECT_THAT(page, Not(HasSubstr("<figure")));
    EXPECT_THAT(page, HasSubstr("tiny &lt;i&gt;&amp; co&lt;/i&gt;"));
    EXPECT_THAT(page, HasSubstr("--db &#39;it&#39;\\&#39;&#39;s.synoscope&#39;")); // as a shell takes it
}

TEST_F(ReportTest, OperatorsWithoutARewardAreShownByTheirFlops)
{
    addCandidate(0xb, 0.75);
    const std::string page = html();
    EXPECT_THAT(page, HasSubstr("No operator has a reward yet."));
    EXPECT_THAT(page, HasSubstr("Nothing has been measured of it yet."));
    EXPECT_THAT(page, HasSubstr("id=\"op-000000000000\""));
    EXPECT_THAT(page, HasSubstr("class=\"graph\""));
    EXPECT_THAT(page, HasSubstr("nn.Module"));
    EXPECT_THAT(page, HasSubstr("sum over"));
}

TEST_F(ReportTest, OfAPartlyEvaluatedStoreTellsEachMeasurementWithWhereItComesFrom)
{
    const CandidateId good = addCandidate(0xa << 24, 0.5), waiting = addCandidate(0xb << 24), failing = addCandidate(0xc << 24);
    ASSERT_TRUE(waiting.valid());
    addBenchmark(good, 0.8);
    addTraining(good, 0.6, 0.25);
    addTraining(good, 0.64, 0.3025); // another seed, say
    addTraining({}, 0.5, 0);         // the unchanged backbone
    EvaluationRecord failure = record(failing, EvaluationKind::benchmark);
    failure.status = EvaluationStatus::failed;
    failure.message = "The loss became <infinite>.";
    ASSERT_TRUE(store_->addEvaluation(failure));
    StoredConstraint constraint;
    constraint.experiment = experiment_.id;
    constraint.scope = "prune unfold k below #12";
    constraint.predicate = R"({"set_at":41})";
    ASSERT_TRUE(store_->addConstraint(constraint));

    const std::string page = html();
    EXPECT_THAT(page, HasSubstr("reward 0.3025, accuracy 64.0\u00A0% (unchanged network: 50.0\u00A0%), latency ratio 0.800"));
    EXPECT_THAT(page, HasSubstr("+14.0 points"));
    EXPECT_THAT(page, HasSubstr("1.25× its speed"));
    EXPECT_THAT(page, HasSubstr("0.775 to 0.830 with a confidence of 95 %"));
    EXPECT_THAT(page, HasSubstr("the whole network"));
    EXPECT_THAT(page, HasSubstr("0.909"));
    EXPECT_THAT(page, HasSubstr("dataset builtin10-16, epochs 2, seed 7"));
    EXPECT_THAT(page, HasSubstr("href=\"#environment-1\""));
    EXPECT_THAT(page, HasSubstr("a &lt;fast&gt; processor"));
    EXPECT_THAT(page, HasSubstr("1 min 15 s"));
    EXPECT_THAT(page, HasSubstr("The loss became &lt;infinite&gt;."));
    EXPECT_THAT(page, HasSubstr("prune unfold k below #12"));
    EXPECT_THAT(page, HasSubstr("class=\"bar"));
    const auto markdown = writeMarkdown(document(), "pictures");
    EXPECT_THAT(markdown.text, HasSubstr("0.775 to 0.830 with a confidence of 95 %"));
    EXPECT_THAT(markdown.text, HasSubstr("| 1 | The loss became &lt;infinite&gt;. |"));
    for (const auto& [name, svg] : markdown.pictures)
        EXPECT_THAT(markdown.text, HasSubstr("(pictures/" + name + ")"));
}

TEST_F(ReportTest, AResultOfAnotherProgramsMakingIsListedWithoutItsTable)
{
    addBenchmark(addCandidate(1), 0.9, R"({"something":"else"})");
    const std::string page = html();
    EXPECT_THAT(page, HasSubstr("latency ratio 0.900"));
    EXPECT_THAT(page, Not(HasSubstr("Latency per binding")));
}

TEST_F(ReportTest, OfThousandsOfCandidatesStaysSmall)
{
    {
        auto transaction = store_->begin();
        ASSERT_TRUE(transaction);
        for (int i = 1; i <= 4000; ++i) {
            const CandidateId id = addCandidate(i << 12, i / 4000.0);
            EvaluationRecord training = record(id, EvaluationKind::training);
            training.accuracy = 0.2 + 0.6 * i / 4000;
            training.reward = *training.accuracy / 2;
            ASSERT_TRUE(store_->addEvaluation(training));
        }
        ASSERT_TRUE(transaction->commit());
    }
    auto reader = store_->reader();
    const auto data = gather(*reader, experiment_, 3);
    ASSERT_TRUE(data) << data.error().text();
    EXPECT_EQ(data->outcomes.size(), 4000u);
    EXPECT_EQ(data->flopsFront.size(), 4000u); // each better and dearer than the one before
    EXPECT_EQ(data->operators.size(), 6u);
    EXPECT_EQ(data->operators[0].rank, 1);
    EXPECT_EQ(data->operators[0].record.accuracy, 0.8);
    EXPECT_EQ(data->operators[3].rank, 0);
    EXPECT_TRUE(data->operators[3].onFront);
    const std::string page = html(3);
    EXPECT_LT(page.size(), 1'000'000u);
    EXPECT_THAT(page, HasSubstr("of 4000 with the highest accuracy"));
}

TEST_F(ReportTest, WhatCannotBeReadIsASentence)
{
    experiment_.problem = "{}";
    auto reader = store_->reader();
    const auto document = describe(*reader, experiment_, {});
    ASSERT_FALSE(document);
    EXPECT_FALSE(document.error().message.empty());
}

} // namespace
} // namespace synoscope::report
