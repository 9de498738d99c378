// LINK widgets_jobs
// The list of jobs: order, filter, what may be asked of which job, the log.
#include "widgets/jobs/jobs_view.h"

#include <QtGui/QAction>
#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QTreeView>

using namespace synoscope;

namespace {

JobRow job(std::int64_t id, JobRowState state, const QString& title)
{
    JobRow row;
    row.id = id;
    row.candidate = id * 10;
    row.kind = JobKind::training;
    row.state = state;
    row.pausable = true;
    row.title = title;
    return row;
}

std::vector<JobRow> oneOfEach()
{
    return {job(1, JobRowState::done, QStringLiteral("done")),
            job(2, JobRowState::queued, QStringLiteral("queued")),
            job(3, JobRowState::failed, QStringLiteral("failed")),
            job(4, JobRowState::running, QStringLiteral("running")),
            job(5, JobRowState::paused, QStringLiteral("paused")),
            job(6, JobRowState::cancelled, QStringLiteral("cancelled")),
            job(7, JobRowState::queued, QStringLiteral("queued 2"))};
}

QStringList shownTitles(const JobsView& view)
{
    QStringList titles;
    const auto* model = view.findChild<QTreeView*>()->model();
    for (int row = 0; row < model->rowCount(); ++row)
        titles << model->index(row, 1).data().toString();
    return titles;
}

QAction* action(const JobsView& view, const QString& text)
{
    for (QAction* action : view.viewActions())
        if (action->text() == text)
            return action;
    qFatal("no such action");
}

} // namespace

class TestJobs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatRunsComesFirstAndWhatEndedLast();
    void everyRowSaysWhatKindOfJobItIs();
    void theFilterChoosesByState();
    void theFilterChoosesByKindAndState();
    void aClickOnAHeadingSortsAndEqualsStayByInterest();
    void onlyPossibleIntentionsAreOffered_data();
    void onlyPossibleIntentionsAreOffered();
    void severalJobsAreCancelledAtOnce();
    void theLogOfTheCurrentJobFollowsItsProgress();
    void thousandsOfJobsAreUpdatedInPlace();
};

void TestJobs::whatRunsComesFirstAndWhatEndedLast()
{
    JobsView view;
    const QAbstractItemModelTester tester(view.findChild<QTreeView*>()->model());
    view.apply(oneOfEach());
    QCOMPARE(shownTitles(view), QStringLiteral("running,paused,queued,queued 2,cancelled,failed,done").split(u','));
    view.apply(std::vector{job(4, JobRowState::done, QStringLiteral("running"))});
    QCOMPARE(shownTitles(view), QStringLiteral("paused,queued,queued 2,cancelled,running,failed,done").split(u','));
    QCOMPARE(view.jobCount(), 7);
}

namespace {

std::vector<JobRow> oneOfEachKind()
{
    std::vector<JobRow> jobs;
    for (int kind = 0; kind < jobKinds; ++kind) {
        jobs.push_back(job(kind + 1, JobRowState::queued, QStringLiteral("operator %1").arg(kind)));
        jobs.back().kind = static_cast<JobKind>(kind);
    }
    return jobs;
}

} // namespace

void TestJobs::everyRowSaysWhatKindOfJobItIs()
{
    JobsView view;
    view.apply(oneOfEachKind());
    const auto* model = view.findChild<QTreeView*>()->model();
    QStringList kinds;
    for (int row = 0; row < model->rowCount(); ++row)
        kinds << model->index(row, 0).data().toString();
    QCOMPARE(kinds, QStringLiteral("training,benchmark,proxy score,verification,export").split(u','));
}

void TestJobs::theFilterChoosesByKindAndState()
{
    JobsView view;
    auto jobs = oneOfEachKind();
    jobs.push_back(job(9, JobRowState::done, QStringLiteral("older")));
    view.apply(jobs);
    auto* kinds = view.findChildren<QComboBox*>()[1];
    QCOMPARE(kinds->accessibleName(), QStringLiteral("Which kind of jobs is shown"));
    kinds->setFocus();
    QTest::keyClicks(kinds, QStringLiteral("tr")); // training
    Q_EMIT kinds->activated(kinds->currentIndex());
    QCOMPARE(shownTitles(view), QStringLiteral("operator 0,older").split(u','));
    view.setShow(JobsView::Show::active);
    QCOMPARE(shownTitles(view), QStringList{QStringLiteral("operator 0")});
    view.setKind(std::nullopt);
    QCOMPARE(view.shownCount(), jobKinds);
}

void TestJobs::aClickOnAHeadingSortsAndEqualsStayByInterest()
{
    JobsView view;
    view.resize(900, 300);
    view.show();
    auto jobs = oneOfEach();
    jobs[3].kind = JobKind::verification;
    view.apply(jobs);
    auto* header = view.findChild<QTreeView*>()->header();
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, {header->sectionViewportPosition(0) + 10, 8});
    QCOMPARE(shownTitles(view), QStringLiteral("paused,queued,queued 2,cancelled,failed,done,running").split(u','));
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, {header->sectionViewportPosition(2) + 10, 8});
    QCOMPARE(shownTitles(view).first(), QStringLiteral("running"));
}

void TestJobs::theFilterChoosesByState()
{
    JobsView view;
    view.apply(oneOfEach());
    view.setShow(JobsView::Show::active);
    QCOMPARE(view.shownCount(), 4);
    view.setShow(JobsView::Show::failed);
    QCOMPARE(shownTitles(view), QStringList{QStringLiteral("failed")});
    view.setShow(JobsView::Show::all);
    QCOMPARE(view.shownCount(), 7);
}

void TestJobs::onlyPossibleIntentionsAreOffered_data()
{
    QTest::addColumn<int>("id");
    QTest::addColumn<QString>("offered");
    QTest::newRow("done") << 1 << "";
    QTest::newRow("queued") << 2 << "Pause,Cancel";
    QTest::newRow("failed") << 3 << "Retry";
    QTest::newRow("running") << 4 << "Pause,Cancel";
    QTest::newRow("paused") << 5 << "Resume,Cancel";
    QTest::newRow("cancelled") << 6 << "Retry";
}

void TestJobs::onlyPossibleIntentionsAreOffered()
{
    QFETCH(int, id);
    QFETCH(QString, offered);
    JobsView view;
    view.apply(oneOfEach());
    view.setCurrentJob(id);
    QSignalSpy spies[]{{&view, &JobsView::pauseRequested},
                       {&view, &JobsView::resumeRequested},
                       {&view, &JobsView::cancelRequested},
                       {&view, &JobsView::retryRequested}};
    QStringList enabled;
    for (qsizetype i = 0; i < view.viewActions().size(); ++i) {
        QAction* action = view.viewActions()[i];
        if (action->isEnabled())
            enabled << action->text();
        action->trigger();
        QCOMPARE(spies[i].count(), action->isEnabled() ? 1 : 0);
        if (action->isEnabled())
            QCOMPARE(spies[i][0][0].value<std::int64_t>(), id);
    }
    QCOMPARE(enabled.join(u','), offered);
}

void TestJobs::severalJobsAreCancelledAtOnce()
{
    JobsView view;
    view.apply(oneOfEach());
    view.findChild<QTreeView*>()->selectAll();
    QSignalSpy cancels(&view, &JobsView::cancelRequested);
    // An answer that comes at once changes the rows while the others are still to be asked.
    connect(&view, &JobsView::cancelRequested, &view,
            [&](std::int64_t id) { view.apply(std::vector{job(id, JobRowState::cancelled, QStringLiteral("gone"))}); });
    action(view, QStringLiteral("Cancel"))->trigger();
    std::vector<std::int64_t> ids;
    for (const auto& cancel : cancels)
        ids.push_back(cancel[0].value<std::int64_t>());
    std::sort(ids.begin(), ids.end());
    QCOMPARE(ids, (std::vector<std::int64_t>{2, 4, 5, 7}));
}

void TestJobs::theLogOfTheCurrentJobFollowsItsProgress()
{
    JobsView view;
    view.apply(oneOfEach());
    QSignalSpy asked(&view, &JobsView::logRequested);
    view.setCurrentJob(4);
    QCOMPARE(asked.count(), 1);
    view.showLog(4, QStringLiteral("epoch 1"));
    view.showLog(2, QStringLiteral("late answer for another job"));
    const auto* log = view.findChild<QPlainTextEdit*>();
    QCOMPARE(log->toPlainText(), QStringLiteral("epoch 1"));
    auto changed = job(4, JobRowState::running, QStringLiteral("running"));
    changed.progress = 0.5;
    view.apply(std::vector{changed, job(2, JobRowState::running, QStringLiteral("queued"))});
    QCOMPARE(asked.count(), 2);
    QCOMPARE(asked[1][0].value<std::int64_t>(), 4);
    QCOMPARE(view.currentJob(), std::int64_t(4));
    view.setCurrentJob(1);
    QVERIFY(log->toPlainText().isEmpty());
}

void TestJobs::thousandsOfJobsAreUpdatedInPlace()
{
    JobsView view;
    view.resize(800, 300);
    view.show();
    std::vector<JobRow> jobs;
    for (std::int64_t id = 1; id <= 4000; ++id)
        jobs.push_back(job(id, id < 3900 ? JobRowState::done : JobRowState::queued, QStringLiteral("job %1").arg(id)));
    view.apply(jobs);
    QElapsedTimer timer;
    timer.start();
    for (int batch = 0; batch < 20; ++batch) {
        std::vector<JobRow> changes;
        for (int i = 0; i < 10; ++i)
            changes.push_back(job(3900 + batch, JobRowState::running, QStringLiteral("job")));
        view.apply(changes);
        QCoreApplication::processEvents();
    }
    qInfo("20 batches of 10 among 4000 jobs: %lld ms", timer.elapsed());
    QVERIFY(timer.elapsed() < 2000);
    QCOMPARE(view.jobCount(), 4000);
}

QTEST_MAIN(TestJobs)
#include "tst_jobs.moc"
