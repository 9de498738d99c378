// What the views and the session tell each other through the window: one selection, steering with undo, intentions.
#include "app/workbench/view_wiring.h"
#include "app/workbench/window_actions.h"
#include "tests/app/workbench/window_fixture.h"
#include "widgets/candidates/candidates_view.h"
#include "widgets/code/code_view.h"
#include "widgets/graph/graph_view.h"
#include "widgets/jobs/jobs_view.h"
#include "widgets/plots/pareto_plot.h"
#include "widgets/steering/primitives_panel.h"
#include "widgets/tree/tree_view.h"

#include <QtGui/QAction>
#include <QtTest/QSignalSpy>

using namespace synoscope;

class TestWiring : public WindowFixture
{
    Q_OBJECT

private Q_SLOTS:
    void aSelectedCandidateIsTheSameInAllViews();
    void anImportedOperatorIsShown();
    void aLateAnswerForAnotherCandidateIsDropped();
    void theDetailsOfAChangedCandidateAreAskedForAgain();
    void steeringIsUndoneAndRedone();
    void aDecisionThatIsInForceIsNotTakenTwice();
    void liftingAllDecisionsIsOneStepBack();
    void starsNotesAndRemovalsAreUndoneAndRedone();
    void anotherExperimentStartsWithEmptyViewsAndNoUndo();
    void theSameExperimentOpenedAgainKeepsSelectionAndUndo();
    void intentionsOfTheViewsReachTheSession();
};

void TestWiring::aSelectedCandidateIsTheSameInAllViews()
{
    const Views& views = window_->views();
    QSignalSpy laidOut(views.graph, &GraphView::laidOut);
    Q_EMIT views.pareto->candidateClicked(2);
    QCOMPARE(views.candidates->currentId(), std::int64_t(2));
    QCOMPARE(session_->asked, QStringList{QStringLiteral("details 2")});
    QCOMPARE(views.code->format(), QStringLiteral("pytorch"));
    QVERIFY(views.inspector->toPlainText().contains(QStringLiteral("depthwise")));
    QVERIFY(laidOut.wait());
    QVERIFY(views.graph->hasPicture());
    QVERIFY(window_->actions().exportOperator->isEnabled());

    views.tree->select(4); // the node of candidate 3
    Q_EMIT views.tree->selectionChanged(4);
    QCOMPARE(views.candidates->currentId(), std::int64_t(3));
    QVERIFY(views.inspector->toPlainText().contains(QStringLiteral("linear")));
    Q_EMIT views.tree->candidateActivated(QStringLiteral("hash1"));
    QCOMPARE(window_->wiring().currentCandidate(), std::int64_t(1));
}

void TestWiring::anImportedOperatorIsShown()
{
    Q_EMIT session_->imported(2);
    QCOMPARE(window_->wiring().currentCandidate(), std::int64_t{2});
    QVERIFY(session_->asked.contains(QStringLiteral("details 2")));
    QVERIFY(window_->views().graph->isVisible());
}

void TestWiring::aLateAnswerForAnotherCandidateIsDropped()
{
    const auto answers = session_->details;
    session_->details.clear(); // answers come later
    window_->wiring().selectCandidate(1);
    window_->wiring().selectCandidate(2);
    Q_EMIT session_->operatorDetails(answers.at(2));
    Q_EMIT session_->operatorDetails(answers.at(1));
    QVERIFY(window_->views().inspector->toPlainText().contains(QStringLiteral("depthwise")));
}

void TestWiring::theDetailsOfAChangedCandidateAreAskedForAgain()
{
    window_->wiring().selectCandidate(1);
    session_->asked.clear();
    auto rows = candidates();
    rows[0].accuracy = 0.9;
    for (int i = 0; i < 10; ++i)
        Q_EMIT session_->candidatesChanged({rows[0]});
    Q_EMIT session_->candidatesChanged({rows[1]});
    QTRY_COMPARE(session_->asked, QStringList{QStringLiteral("details 1")}); // once
}

void TestWiring::steeringIsUndoneAndRedone()
{
    Q_EMIT window_->views().tree->pruneRequested(3);
    Q_EMIT window_->views().primitives->pinRequested(int(PrimitiveKind::unfold), true);
    QCOMPARE(session_->asked, (QStringList{QStringLiteral("apply prune node 3"), QStringLiteral("apply pin kind 3")}));
    QCOMPARE(window_->undoStack().count(), 2);
    QCOMPARE(window_->undoStack().undoText(), QStringLiteral("pin unfold"));
    QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
    QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(session_->asked.mid(2),
             (QStringList{QStringLiteral("lift pin kind 3"), QStringLiteral("lift prune node 3")}));
    QVERIFY(session_->inForce.isEmpty());
    window_->undoStack().redo();
    QCOMPARE(session_->inForce.size(), 1);
    QCOMPARE(session_->inForce[0].node, 3u);
}

void TestWiring::aDecisionThatIsInForceIsNotTakenTwice()
{
    for (int i = 0; i < 3; ++i)
        Q_EMIT window_->views().tree->pinRequested(2);
    QCOMPARE(window_->undoStack().count(), 1);
    Q_EMIT window_->views().tree->unpruneRequested(2); // nothing to lift
    QCOMPARE(window_->undoStack().count(), 1);
    Q_EMIT window_->views().tree->unpinRequested(2);
    QCOMPARE(window_->undoStack().count(), 2);
    QVERIFY(window_->undoStack().undoText().contains(QStringLiteral("lift")));
    QVERIFY(session_->inForce.isEmpty());
}

void TestWiring::liftingAllDecisionsIsOneStepBack()
{
    for (quint64 node : {2, 3, 4})
        Q_EMIT window_->views().tree->pruneRequested(node);
    Q_EMIT window_->views().primitives->liftAllRequested();
    QVERIFY(session_->inForce.isEmpty());
    QCOMPARE(window_->undoStack().count(), 4);
    window_->undoStack().undo();
    QCOMPARE(session_->inForce.size(), 3);
}

void TestWiring::starsNotesAndRemovalsAreUndoneAndRedone()
{
    CandidatesView* view = window_->views().candidates;
    auto rows = candidates();
    rows[2].starred = true;
    rows[1].note = QStringLiteral("old");
    Q_EMIT session_->candidatesChanged(rows);
    QUndoStack& undo = window_->undoStack();

    Q_EMIT view->starRequested({1, 2, 3}, true); // the third has one already
    QCOMPARE(undo.undoText(), QStringLiteral("star 2 candidates"));
    Q_EMIT view->noteRequested(2, QStringLiteral("new"));
    QCOMPARE(undo.undoText(), QStringLiteral("the note of op2"));
    Q_EMIT view->removeRequested({3}, true);
    QCOMPARE(undo.undoText(), QStringLiteral("remove op3"));
    Q_EMIT view->noteRequested(2, QStringLiteral("old")); // as it stands in its row: nothing is done
    QCOMPARE(undo.count(), 3);
    for (int i = 0; i < 3; ++i)
        QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
    undo.redo();
    QCOMPARE(session_->asked.join(u';'),
             QStringLiteral("star 1 1;star 2 1;note 2 new;remove 3 1;remove 3 0;note 2 old;star 1 0;star 2 0;star 1 1;star 2 1"));
}

void TestWiring::theSameExperimentOpenedAgainKeepsSelectionAndUndo()
{
    Q_EMIT window_->views().tree->pruneRequested(3);
    window_->wiring().selectCandidate(2);
    Q_EMIT session_->closed(); // as when its reward is changed
    QCOMPARE(window_->wiring().currentCandidate(), std::int64_t(0));
    session_->open(folder_->filePath(QStringLiteral("demo.synoscope")));
    Q_EMIT session_->candidatesChanged(candidates());
    QCOMPARE(window_->wiring().currentCandidate(), std::int64_t(2));
    QCOMPARE(window_->undoStack().count(), 1);
}

void TestWiring::anotherExperimentStartsWithEmptyViewsAndNoUndo()
{
    Q_EMIT window_->views().tree->pruneRequested(3);
    window_->wiring().selectCandidate(1);
    window_->openPath(fileInFolder(QStringLiteral("other.synoscope")));
    QCOMPARE(window_->undoStack().count(), 0);
    QCOMPARE(window_->views().candidates->model()->total(), 0);
    QCOMPARE(window_->views().code->format(), QString());
    QCOMPARE(window_->wiring().currentCandidate(), std::int64_t(0));
    QVERIFY(window_->windowTitle().startsWith(QStringLiteral("other (")));
    QVERIFY(!window_->actions().exportOperator->isEnabled());
}

void TestWiring::intentionsOfTheViewsReachTheSession()
{
    const Views& views = window_->views();
    window_->wiring().selectCandidate(2);
    session_->asked.clear();
    Q_EMIT views.candidates->starRequested({2}, true);
    Q_EMIT views.candidates->noteRequested(2, QStringLiteral("keep"));
    Q_EMIT views.jobs->pauseRequested(7);
    Q_EMIT views.jobs->resumeRequested(7);
    Q_EMIT views.jobs->cancelRequested(7);
    Q_EMIT views.jobs->retryRequested(7);
    Q_EMIT views.code->verifyRequested(QStringLiteral("libtorch"));
    Q_EMIT views.tree->rolloutRequested(5);
    Q_EMIT views.tree->candidatesBelowRequested(6);
    QCOMPARE(session_->asked.join(u';'),
             QStringLiteral("star 2 1;note 2 keep;pause job 7;resume job 7;cancel job 7;retry job 7;verify 2 libtorch;"
                            "rollout 5;below 6"));
    Q_EMIT session_->candidatesBelow(6, {1, 3});
    QCOMPARE(views.candidates->model()->rowCount(), 2);
    session_->asked.clear();
    Q_EMIT views.candidates->compareRequested({1, 3});
    QCOMPARE(session_->asked, (QStringList{QStringLiteral("details 1"), QStringLiteral("details 3")}));
    QVERIFY(views.inspector->toPlainText().contains(QStringLiteral("conv2d and linear")));
    QVERIFY(views.graph->isComparison());
    Q_EMIT views.candidates->showInTreeRequested(3);
    QCOMPARE(views.tree->selected(), quint64(4));
}

QTEST_MAIN(TestWiring)
#include "tst_wiring.moc"
