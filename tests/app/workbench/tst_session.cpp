// The real session, without a window: what it answers, and that nobody waits for it.
#include "app/workbench/session.h"
#include "app/workbench/session_factory.h"
#include "core/store/store.h"

#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

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
    session->importOperator(QStringLiteral(SYNOSCOPE_SOURCE_DIR "/resources/operators/depthwise_separable.pgraph"));
    QTRY_VERIFY_WITH_TIMEOUT(candidate != 0, 20000);

    QString sentence;
    connect(session.get(), &SessionPort::failed, this,
            [&](const Error& error) { sentence = QString::fromStdString(error.text()); });
    for (const auto& [format, magic] : {std::pair{"svg", "<?xml"}, {"png", "\x89PNG"}, {"torchscript", "PK"}}) {
        const QString file = folder_->filePath(QStringLiteral("exported.") + QLatin1String(format));
        session->exportOperator(candidate, QLatin1String(format), file);
        QTRY_VERIFY2_WITH_TIMEOUT(QFileInfo::exists(file) || !sentence.isEmpty(), format, 60000);
        QCOMPARE(sentence, QString());
        QFile exported(file);
        QVERIFY(exported.open(QIODevice::ReadOnly));
        QVERIFY2(exported.readAll().startsWith(magic), format);
    }
    session->exportOperator(candidate, QStringLiteral("fortran"), folder_->filePath(QStringLiteral("x.f")));
    QTRY_COMPARE_WITH_TIMEOUT(sentence.contains(QStringLiteral("no export format fortran")), true, 20000);
}

QTEST_MAIN(TestSession)
#include "tst_session.moc"
