// The real session, without a window: what it answers, and that nobody waits for it.
#include "app/workbench/session.h"
#include "app/workbench/session_factory.h"
#include "app/workbench/session_values.h"
#include "core/evaluation/protocol/protocol.h"
#include "core/store/store.h"

#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <map>

using namespace synoscope;

class TestSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void theFirstStartMakesTheDemoAndTheNextOpensIt();
    void aDemoWhoseCreationWasCutShortIsMadeAnew();
    void aDemoThatIsNoExperimentIsASentenceAndLeftAlone();
    void aSearchThatCannotGoOnIsShownAllTheSame();
    void anOperatorIsExportedByThisProcessAndByTheOneWithLibtorch();
    void aVerificationIsAJobThatHoldsNobodyUpAndCanBeCancelled();
    void anotherRewardIsGivenToTheOpenExperiment();
    void theLatencyOfTheWholeNetworkReachesTheInspector();
    void aJobSaysWhatItIs();

private:
    QString demo() const { return folder_->filePath(QStringLiteral("synoscope/demo.synoscope")); }

    std::unique_ptr<QTemporaryDir> folder_;
};

namespace {

// One start of the program, up to its first answer: the error's sentence, or nothing when an experiment was opened.
QString startOnce()
{
    const auto session = makeSession();
    QSignalSpy opened(session.get(), &SessionPort::opened);
    QString sentence;
    QObject::connect(session.get(), &SessionPort::failed, session.get(),
                     [&](const Error& error) { sentence = QString::fromStdString(error.text()); });
    openDefaultExperiment(*session);
    if (!QTest::qWaitFor([&] { return !opened.isEmpty() || !sentence.isEmpty(); }, 20000))
        return QStringLiteral("no answer");
    return sentence;
}

} // namespace

void TestSession::init()
{
    folder_ = std::make_unique<QTemporaryDir>();
    qputenv("XDG_DATA_HOME", folder_->path().toUtf8());
}

void TestSession::theFirstStartMakesTheDemoAndTheNextOpensIt()
{
    QCOMPARE(startOnce(), QString());
    QVERIFY(QFileInfo::exists(demo()));
    QCOMPARE(startOnce(), QString());
}

void TestSession::aDemoWhoseCreationWasCutShortIsMadeAnew()
{
    QDir(folder_->path()).mkpath(QStringLiteral("synoscope"));
    QVERIFY(Store::open(demo().toStdString()).hasValue()); // a store, and no experiment in it
    QCOMPARE(startOnce(), QString());
    QCOMPARE(startOnce(), QString());
}

void TestSession::aDemoThatIsNoExperimentIsASentenceAndLeftAlone()
{
    QDir(folder_->path()).mkpath(QStringLiteral("synoscope"));
    const QByteArray text("my thesis, and nothing else\n");
    QFile file(demo());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.close();
    QVERIFY(startOnce().contains(QStringLiteral("not a Synoscope store")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), text);
}

void TestSession::aSearchThatCannotGoOnIsShownAllTheSame()
{
    QCOMPARE(startOnce(), QString());
    {
        auto store = Store::open(demo().toStdString());
        QVERIFY(store.hasValue());
        CandidateRecord candidate;
        candidate.experiment = ExperimentId(1);
        candidate.hash = "abc";
        QFile conv2d(QStringLiteral(SYNOSCOPE_SOURCE_DIR "/resources/operators/conv2d.pgraph"));
        QVERIFY(conv2d.open(QIODevice::ReadOnly));
        candidate.pgraph = conv2d.readAll().toStdString();
        QVERIFY((*store)->addCandidate(candidate).hasValue());
        const IterationRecord nonsense{ExperimentId(1), 7, "S", 0.5, CandidateId(1)};
        QVERIFY((*store)->addIterations({&nonsense, 1}).hasValue());
    }
    const auto session = makeSession();
    QSignalSpy opened(session.get(), &SessionPort::opened);
    QStringList sentences;
    connect(session.get(), &SessionPort::failed, this,
            [&](const Error& error) { sentences << QString::fromStdString(error.text()); });
    std::size_t shown = 0;
    connect(session.get(), &SessionPort::candidatesChanged, this,
            [&](const std::vector<CandidateRow>& rows) { shown += rows.size(); });
    SessionStatus status;
    connect(session.get(), &SessionPort::statusChanged, this, [&](const SessionStatus& now) { status = now; });
    openDefaultExperiment(*session);
    QTRY_COMPARE_WITH_TIMEOUT(shown, std::size_t{1}, 20000);
    QCOMPARE(opened.size(), 1);
    QCOMPARE(sentences.size(), 1);
    QVERIFY(sentences[0].contains(QStringLiteral("log is damaged")));
    QTRY_COMPARE_WITH_TIMEOUT(status.phase, SearchPhase::finished, 20000);
    QCOMPARE(status.reason, sentences[0]);
    session->start();
    QTRY_COMPARE_WITH_TIMEOUT(sentences.size(), 2, 20000);
    QCOMPARE(sentences[1], sentences[0]);
}

void TestSession::anOperatorIsExportedByThisProcessAndByTheOneWithLibtorch()
{
    const auto session = makeSession();
    QSignalSpy opened(session.get(), &SessionPort::opened);
    openDefaultExperiment(*session);
    QVERIFY(opened.wait(20000));
    std::int64_t candidate = 0;
    connect(session.get(), &SessionPort::candidatesChanged, this,
            [&](const std::vector<CandidateRow>& rows) { candidate = rows.empty() ? 0 : rows[0].id; });
    QSignalSpy imported(session.get(), &SessionPort::imported);
    session->importOperator(QStringLiteral(SYNOSCOPE_SOURCE_DIR "/resources/operators/depthwise_separable.pgraph"));
    QTRY_VERIFY_WITH_TIMEOUT(!imported.isEmpty(), 20000);
    QCOMPARE(imported[0][0].toLongLong(), qint64{candidate}); // whose row has come before

    QString sentence;
    connect(session.get(), &SessionPort::failed, this,
            [&](const Error& error) { sentence = QString::fromStdString(error.text()); });
    for (const auto& [format, magic] : {std::pair{"svg", "<?xml"}, {"png", "\x89PNG"}, {"torchscript", "PK"}}) {
        const QString file = folder_->filePath(QStringLiteral("exported.") + QLatin1String(format));
        session->exportOperator(candidate, QLatin1String(format), 0, file);
        QTRY_VERIFY2_WITH_TIMEOUT(QFileInfo::exists(file) || !sentence.isEmpty(), format, 60000);
        QCOMPARE(sentence, QString());
        QFile exported(file);
        QVERIFY(exported.open(QIODevice::ReadOnly));
        QVERIFY2(exported.readAll().startsWith(magic), format);
    }
    // Another layer has other sizes; one that there is not is a sentence.
    const QString second = folder_->filePath(QStringLiteral("second.pt"));
    session->exportOperator(candidate, QStringLiteral("torchscript"), 1, second);
    QTRY_VERIFY2_WITH_TIMEOUT(QFileInfo::exists(second) || !sentence.isEmpty(), "layer 1", 60000);
    QCOMPARE(sentence, QString());
    session->exportOperator(candidate, QStringLiteral("fortran"), 0, folder_->filePath(QStringLiteral("x.f")));
    QTRY_COMPARE_WITH_TIMEOUT(sentence.contains(QStringLiteral("no export format fortran")), true, 20000);
}

namespace {

// A session on the demo with one candidate in it, as the window has it.
struct Opened
{
    explicit Opened(const QString& operatorName) : session(makeSession())
    {
        QObject::connect(session.get(), &SessionPort::candidatesChanged, session.get(),
                         [this](const std::vector<CandidateRow>& rows) {
                             for (const CandidateRow& row : rows)
                                 candidate = row;
                         });
        QObject::connect(session.get(), &SessionPort::operatorDetails, session.get(),
                         [this](const OperatorDetails& now) { details = now; });
        QObject::connect(session.get(), &SessionPort::jobsChanged, session.get(),
                         [this](const std::vector<JobRow>& rows) {
                             for (const JobRow& row : rows)
                                 jobs[row.id] = row;
                         });
        QObject::connect(session.get(), &SessionPort::failed, session.get(),
                         [this](const Error& error) { errors << QString::fromStdString(error.text()); });
        QSignalSpy opened(session.get(), &SessionPort::opened);
        openDefaultExperiment(*session);
        ready = opened.wait(20000);
        session->importOperator(QStringLiteral(SYNOSCOPE_SOURCE_DIR "/resources/operators/") + operatorName +
                                QStringLiteral(".pgraph"));
        ready = ready && QTest::qWaitFor([this] { return candidate.id != 0; }, 20000);
    }

    bool close() const
    {
        QSignalSpy closed(session.get(), &SessionPort::closed);
        session->close();
        return closed.wait(20000);
    }
    Verification::State verification() const
    {
        return details.documents.isEmpty() ? Verification::State::none : details.documents[0].verification.state;
    }

    std::unique_ptr<SessionPort> session;
    CandidateRow candidate;
    OperatorDetails details;
    std::map<std::int64_t, JobRow> jobs;
    QStringList errors;
    bool ready = false;
};

} // namespace

void TestSession::aVerificationIsAJobThatHoldsNobodyUpAndCanBeCancelled()
{
    Opened one(QStringLiteral("conv2d"));
    QVERIFY(one.ready);
    one.session->verify(one.candidate.id, QStringLiteral("pytorch"));
    QTRY_COMPARE_WITH_TIMEOUT(one.verification(), Verification::State::running, 20000);
    one.session->cancelVerification(one.candidate.id);
    QTRY_COMPARE_WITH_TIMEOUT(one.verification(), Verification::State::notVerified, 5000);
    one.session->verify(one.candidate.id, QStringLiteral("pytorch"));
    QTRY_COMPARE_WITH_TIMEOUT(one.verification(), Verification::State::running, 20000);
    QTRY_VERIFY_WITH_TIMEOUT(one.verification() != Verification::State::running, 120000);
    const Verification& ended = one.details.documents[0].verification;
    QVERIFY2(ended.state == Verification::State::verified || ended.details.contains(QStringLiteral("No module named")),
             qPrintable(ended.details));
    one.session->verify(one.candidate.id, QStringLiteral("pytorch"));
    QTRY_COMPARE_WITH_TIMEOUT(one.verification(), Verification::State::running, 20000);
    QElapsedTimer time;
    time.start();
    QVERIFY(one.close());
    QVERIFY2(time.elapsed() < 8000, "closing waited for the verification");
}

void TestSession::anotherRewardIsGivenToTheOpenExperiment()
{
    Opened one(QStringLiteral("depthwise_separable"));
    QVERIFY(one.ready);
    const std::int64_t id = one.candidate.id;
    QVERIFY(one.close());
    {
        auto store = Store::open(demo().toStdString());
        QVERIFY(store.hasValue());
        EvaluationRecord record;
        record.candidate = CandidateId(id);
        record.kind = EvaluationKind::training;
        record.status = EvaluationStatus::done;
        record.accuracy = 0.55;
        record.rewardComponents = R"({"accuracy": 0.55, "flops_ratio": 0.5})";
        record.reward = 0.0625;
        QVERIFY((*store)->addEvaluation(record).hasValue());
        QVERIFY((*store)->setReward(CandidateId(id), 0.0625).hasValue());
    }
    QSignalSpy opened(one.session.get(), &SessionPort::opened);
    openDefaultExperiment(*one.session);
    QVERIFY(opened.wait(20000));
    QTRY_COMPARE_WITH_TIMEOUT(one.candidate.reward, 0.0625, 20000);

    auto info = opened[0][0].value<ExperimentInfo>();
    RewardSettings reward = info.reward;
    reward.power = 1; // (0.55 - floor) / (ceiling - floor)
    std::optional<RewardPreview> preview;
    connect(one.session.get(), &SessionPort::rewardPreview, this, [&](const RewardPreview& p) { preview = p; });
    one.session->previewReward(reward, 3);
    QTRY_VERIFY_WITH_TIMEOUT(preview.has_value(), 20000);
    QCOMPARE(preview->question, std::uint64_t(3));
    QCOMPARE(preview->changed, std::int64_t(1));
    QSignalSpy ended(one.session.get(), &SessionPort::rewardChangeEnded);
    one.session->changeReward(reward);
    QVERIFY(ended.wait(20000));
    QVERIFY2(ended[0][0].toString().startsWith(QStringLiteral("1 of 1 rewards have changed")),
             qPrintable(ended[0][0].toString() + one.errors.join(u';')));
    const double expected = (0.55 - reward.accuracyFloor) / (reward.accuracyCeiling - reward.accuracyFloor);
    QTRY_VERIFY_WITH_TIMEOUT(std::abs(one.candidate.reward - expected) < 1e-9, 20000);
    QVERIFY(std::abs(preview->bestRewardThen - expected) < 1e-9);
    QCOMPARE(opened.back()[0].value<ExperimentInfo>().reward, reward);

    one.session->changeReward(info.reward);
    one.session->cancelRewardChange();
    QVERIFY(ended.wait(20000));
    QCOMPARE(ended.back()[0].toString(), QString()); // cancelled
    QCOMPARE(opened.back()[0].value<ExperimentInfo>().reward, reward);
    QVERIFY(one.errors.isEmpty());
}

void TestSession::theLatencyOfTheWholeNetworkReachesTheInspector()
{
    Opened one(QStringLiteral("depthwise_separable"));
    QVERIFY(one.ready);
    protocol::BenchResult bench;
    bench.bindings.push_back({.label = "C_in=16 C_out=16 H=16 W=16", .count = 3, .medianUs = 50, .baselineUs = 100,
                              .ratio = 0.5, .ratioLow = 0.4, .ratioHigh = 0.8});
    bench.network = protocol::BenchBinding{.label = "whole network", .medianUs = 900, .baselineUs = 1000, .ratio = 0.9};
    QVERIFY(one.close());
    {
        auto store = Store::open(demo().toStdString());
        QVERIFY(store.hasValue());
        EvaluationRecord record;
        record.candidate = CandidateId(one.candidate.id);
        record.status = EvaluationStatus::done;
        record.result = protocol::toJson(protocol::Event{1, bench});
        QVERIFY((*store)->addEvaluation(record).hasValue());
    }
    openDefaultExperiment(*one.session);
    one.session->requestDetails(one.candidate.id);
    QTRY_COMPARE_WITH_TIMEOUT(one.details.inspector.layers.size(), qsizetype(2), 20000);
    const auto& layers = one.details.inspector.layers;
    QCOMPARE(layers[0].speedup, 2.0);
    QCOMPARE(layers[0].speedupLow, 1.25);
    QVERIFY(layers[1].ofNetwork());
    QCOMPARE(layers[1].medianUs, 900.0);
}

void TestSession::aJobSaysWhatItIs()
{
    JobSnapshot job;
    job.kind = "proxy";
    job.title = "operator 3f9a01c2, to epoch 6";
    QCOMPARE(session::jobRow(job, {}).kind, JobKind::proxy);
    QCOMPARE(session::jobRow(job, {}).title, QStringLiteral("operator 3f9a01c2, to epoch 6"));
    job.kind = "benchmark";
    job.title = "operator 3f9a01c2";
    QCOMPARE(session::jobRow(job, {}).kind, JobKind::benchmark);
    QCOMPARE(session::jobRow(job, {}).title, QStringLiteral("operator 3f9a01c2"));
}

QTEST_MAIN(TestSession)
#include "tst_session.moc"
