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
