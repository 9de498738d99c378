// The search tree's view: the fixed anchor, mouse, keyboard, menu, search, words.
// LINK widgets_tree
#include "tests/widgets/tree_samples.h"
#include "widgets/common/filter_edit.h"
#include "widgets/tree/tree_canvas.h"
#include "widgets/tree/tree_describe.h"
#include "widgets/tree/tree_view.h"

#include <QAction>
#include <QImage>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <cmath>

using namespace synoscope;
using namespace synoscope::samples;

namespace {

QPoint placeOf(const TreeCanvas& canvas, TreeNodeId id)
{
    return canvas.camera().toScreen(canvas.model().depth(id), canvas.model().row(id)).toPoint();
}

double screenY(const TreeCanvas& canvas, TreeNodeId id)
{
    return canvas.camera().toScreen(0, canvas.model().row(id)).y();
}

} // namespace

class TreeViewTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<TreeView> view_;
    TreeCanvas* canvas_ = nullptr;

    void trigger(TreeNodeId id, const char* name)
    {
        std::unique_ptr<QMenu> menu(canvas_->makeMenu(id));
        auto* action = menu->findChild<QAction*>(QLatin1String(name));
        QVERIFY2(action, name);
        action->trigger();
    }

private Q_SLOTS:
    void init()
    {
        view_ = std::make_unique<TreeView>();
        view_->resize(900, 600);
        canvas_ = view_->canvas();
        canvas_->setAnimated(false);
        view_->show();
        QVERIFY(QTest::qWaitForWindowExposed(view_.get()));
    }
    void cleanup() { view_.reset(); }

    void whatTheUserLooksAtDoesNotMoveWhenTheTreeGrows()
    {
        auto changes = large(4000);
        view_->apply(std::span(changes).first(1000));
        canvas_->focusOn(700);
        canvas_->zoomBy(20); // away from fitting
        canvas_->focusOn(700);
        const double before = screenY(*canvas_, 700);
        QVERIFY(before > 0 && before < canvas_->height());
        for (std::size_t i = 1000; i < changes.size(); i += 500) {
            view_->apply(std::span(changes).subspan(i, std::min<std::size_t>(500, changes.size() - i)));
            if (std::abs(screenY(*canvas_, 700) - before) >= 1)
                QCOMPARE(screenY(*canvas_, 700), before);
        }
        // Without a focus the middle of the view is the anchor.
        canvas_->focusOn(0);
        const QPointF middle(canvas_->width() / 2.0, canvas_->height() / 2.0);
        TreeNodeId there = 0;
        for (int column = 0; column < canvas_->model().columns(); ++column)
            if (const TreeNodeId id = canvas_->model().at(column, canvas_->camera().rowAt(middle.y())); id != 0)
                there = id;
        const double near = screenY(*canvas_, there);
        std::vector<TreeNodeChange> more;
        for (quint64 id = 4001; id < 4400; ++id)
            more.push_back(node(id, 2 + id % 300, "late"));
        view_->apply(more);
        QVERIFY2(std::abs(screenY(*canvas_, there) - near) < 3 * canvas_->camera().row, "the neighbourhood stays");
    }

    void untilTheUserMovesTheCameraEverythingIsInSight()
    {
        auto changes = large(2000);
        view_->apply(std::span(changes).first(10));
        view_->apply(changes);
        QVERIFY(canvas_->fitting());
        QVERIFY(canvas_->camera().toScreen(0, canvas_->model().rows()).y() <= canvas_->height());
        QVERIFY(!canvas_->minimapShown());
        canvas_->zoomBy(8);
        QVERIFY(!canvas_->fitting());
        QVERIFY(canvas_->minimapShown());
        QTest::keyClick(canvas_, Qt::Key_0);
        QVERIFY(canvas_->fitting());
        view_->resize(500, 400);
        QVERIFY(canvas_->camera().toScreen(0, canvas_->model().rows()).y() <= canvas_->height());
    }

    void arrowKeysWalkTheTree()
    {
        view_->apply(small());
        QSignalSpy selected(view_.get(), &TreeView::selectionChanged);
        canvas_->setFocus();
        const auto press = [&](Qt::Key key) {
            QTest::keyClick(canvas_, key);
            return canvas_->focus();
        };
        QCOMPARE(press(Qt::Key_Right), 1u); // the first key finds the root
        QVERIFY(press(Qt::Key_Right) != 1u);
        canvas_->focusOn(2);
        QCOMPARE(press(Qt::Key_Down), 3u);  // sibling
        QCOMPARE(press(Qt::Key_Right), 6u); // child
        QCOMPARE(press(Qt::Key_Up), 5u);    // cousin
        QCOMPARE(press(Qt::Key_Up), 4u);
        QCOMPARE(press(Qt::Key_Up), 4u); // the end
        QCOMPARE(press(Qt::Key_Left), 2u);
        QCOMPARE(press(Qt::Key_Home), 1u);
        QCOMPARE(press(Qt::Key_End), 6u); // the best leaf
        QCOMPARE(selected.last().first().toULongLong(), 6u);
        QCOMPARE(canvas_->look().path, (std::vector<TreeNodeId>{1, 3, 6}));
    }

    void theKeyboardAloneZoomsPansFoldsAndSteers()
    {
        view_->apply(large(500));
        canvas_->setFocus();
        const TreeCamera fitted = canvas_->camera();
        QTest::keyClick(canvas_, Qt::Key_Plus);
        QVERIFY(canvas_->camera().row > fitted.row);
        const double y = canvas_->camera().y;
        QTest::keyClick(canvas_, Qt::Key_Down, Qt::ControlModifier);
        QVERIFY(canvas_->camera().y < y);
        QTest::keyClick(canvas_, Qt::Key_Minus);
        QTest::keyClick(canvas_, Qt::Key_Home);
        const quint32 rows = canvas_->model().rows();
        QTest::keyClick(canvas_, Qt::Key_Space);
        QCOMPARE(canvas_->model().rows(), 1u);
        QTest::keyClick(canvas_, Qt::Key_Right); // opens it again
        QCOMPARE(canvas_->model().rows(), rows);
        QSignalSpy pins(view_.get(), &TreeView::pinRequested), prunes(view_.get(), &TreeView::pruneRequested);
        canvas_->focusOn(17);
        QTest::keyClick(canvas_, Qt::Key_P);
        QTest::keyClick(canvas_, Qt::Key_Delete);
        QCOMPARE(pins.size(), 1);
        QCOMPARE(prunes.size(), 1);
        QCOMPARE(prunes.first().first().toULongLong(), 17u);
        canvas_->focusOn(1);
        QTest::keyClick(canvas_, Qt::Key_Delete);
        QCOMPARE(prunes.size(), 1); // the root cannot be pruned
    }

    void theContextMenuSaysWhatIsWanted()
    {
        view_->apply(small());
        QSignalSpy pin(view_.get(), &TreeView::pinRequested), unpin(view_.get(), &TreeView::unpinRequested),
            prune(view_.get(), &TreeView::pruneRequested), unprune(view_.get(), &TreeView::unpruneRequested),
            rollout(view_.get(), &TreeView::rolloutRequested), below(view_.get(), &TreeView::candidatesBelowRequested);
        trigger(2, "pin");
        trigger(3, "prune");
        trigger(5, "rollout");
        trigger(3, "below");
        QCOMPARE(pin.value(0).value(0).toULongLong(), 2u);
        QCOMPARE(prune.value(0).value(0).toULongLong(), 3u);
        QCOMPARE(rollout.value(0).value(0).toULongLong(), 5u);
        QCOMPARE(below.value(0).value(0).toULongLong(), 3u);
        view_->apply(std::vector{node(2, 1, {}, 0.4, TreeNodeState::pinned), node(3, 1, {}, 0, TreeNodeState::pruned)});
        trigger(2, "pin");
        trigger(3, "prune");
        trigger(3, "rollout"); // disabled: nothing happens
        QCOMPARE(unpin.value(0).value(0).toULongLong(), 2u);
        QCOMPARE(unprune.value(0).value(0).toULongLong(), 3u);
        QCOMPARE(rollout.size(), 1);
        trigger(2, "fold");
        QVERIFY(canvas_->model()[2].collapsed);
        std::unique_ptr<QMenu> rootMenu(canvas_->makeMenu(1));
        QVERIFY(!rootMenu->findChild<QAction*>("prune")->isEnabled());
    }

    void theMouseSelectsPansZoomsAndOpens()
    {
        view_->apply(small());
        TreeNodeChange leaf = node(7, 6, "finalize");
        leaf.candidate = QStringLiteral("abcdef0123456789");
        leaf.state = TreeNodeState::complete;
        view_->apply(std::vector{leaf});
        QSignalSpy opened(view_.get(), &TreeView::candidateActivated);
        for (TreeNodeId id = 1; id <= 7; ++id) {
            QTest::mouseClick(canvas_, Qt::LeftButton, {}, placeOf(*canvas_, id));
            QCOMPARE(canvas_->focus(), id);
        }
        QTest::mouseDClick(canvas_, Qt::LeftButton, {}, placeOf(*canvas_, 7));
        QCOMPARE(opened.value(0).value(0).toString(), leaf.candidate);
        const QPoint at = placeOf(*canvas_, 3);
        QWheelEvent wheel(at, canvas_->mapToGlobal(at), {}, {0, 240}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                          false);
        const double row = canvas_->camera().row;
        QApplication::sendEvent(canvas_, &wheel);
        QVERIFY(canvas_->camera().row > row);
        QVERIFY((placeOf(*canvas_, 3) - at).manhattanLength() <= 1); // zooms about the cursor
        QTest::mousePress(canvas_, Qt::LeftButton, {}, {450, 480});
        QTest::mouseMove(canvas_, {440, 470});
        QTest::mouseMove(canvas_, {400, 430});
        QTest::mouseRelease(canvas_, Qt::LeftButton, {}, {400, 430});
        QVERIFY((placeOf(*canvas_, 3) - at - QPoint(-50, -50)).manhattanLength() <= 2);
        QCOMPARE(canvas_->focus(), 7u); // a drag selects nothing
        QTest::mouseClick(canvas_, Qt::LeftButton, {}, {450, 480});
        QCOMPARE(canvas_->focus(), 0u);
    }

    void followingTheBestShowsItUntilTheUserLooksElsewhere()
    {
        view_->apply(large(3000));
        canvas_->setFollowBest(true);
        auto best = node(3001, 1500, "winner", 2.0);
        std::vector<TreeNodeChange> batch;
        for (const TreeNodeId id : canvas_->model().pathFromRoot(1500))
            batch.push_back(node(id, canvas_->model()[id].parent, {}, 2.0));
        batch.push_back(best);
        view_->apply(batch);
        QCOMPARE(canvas_->look().path.back(), 3001u);
        QVERIFY(canvas_->rect().contains(placeOf(*canvas_, 3001)));
        QSignalSpy changed(canvas_, &TreeCanvas::followBestChanged);
        QTest::keyClick(canvas_, Qt::Key_Down, Qt::ControlModifier);
        QVERIFY(!canvas_->followsBest());
        QCOMPARE(changed.size(), 1);
    }

    void theSearchLineFindsAndGoesThere()
    {
        view_->apply(large(2000));
        view_->apply(std::vector{node(2001, 900, "needle one"), node(2002, 30, "needle two")});
        canvas_->collapseAll();
        auto* line = view_->findChild<FilterEdit*>();
        line->setDelay(0);
        const QImage before = picture(*canvas_);
        QTest::keyClicks(line, QStringLiteral("Needle"));
        QTest::keyClick(line, Qt::Key_Return);
        QTRY_COMPARE(canvas_->model().matches(), 2u);
        QVERIFY(picture(*canvas_) != before);
        QTest::keyClick(line, Qt::Key_Return);
        const TreeNodeId first = canvas_->focus();
        QTest::keyClick(line, Qt::Key_Return);
        const TreeNodeId second = canvas_->focus();
        QVERIFY(first != second);
        QCOMPARE(canvas_->model().move(first).left(6), QStringLiteral("needle"));
        QVERIFY(canvas_->model().shown(second));
        QVERIFY(canvas_->rect().contains(placeOf(*canvas_, second)));
        QTest::keyClick(line, Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(canvas_->focus(), first);
    }

    void theMinimapTakesTheViewThere()
    {
        view_->apply(large(5000));
        canvas_->zoomBy(1e4);
        QVERIFY(canvas_->minimapShown());
        const QRect map = TreeMinimap::place(canvas_->size());
        QTest::mouseClick(canvas_, Qt::LeftButton, {}, map.topLeft() + QPoint(5, map.height() / 4));
        const double quarter = canvas_->camera().rowAt(canvas_->height() / 2.0) / canvas_->model().rows();
        QVERIFY2(std::abs(quarter - 0.25) < 0.05, qPrintable(QString::number(quarter)));
    }

    void aNodeIsDescribedInWords()
    {
        view_->apply(small());
        TreeNodeChange closed = node(4, 2, {}, 0.2, TreeNodeState::closed);
        closed.reason = QStringLiteral("no move reaches the input <in time>");
        view_->apply(std::vector{closed});
        const QString tip = treeNodeToolTip(canvas_->model(), 4);
        for (const char* part : {"shift W", "0.200", "closed", "&lt;in time&gt;"})
            QVERIFY2(tip.contains(QLatin1String(part)), part);
        canvas_->focusOn(4);
        QVERIFY(canvas_->accessibleDescription().contains(QStringLiteral("shift W")));
        QVERIFY(canvas_->accessibleDescription().contains(closed.reason));
        canvas_->focusOn(2);
        QVERIFY(canvas_->accessibleDescription().contains(QStringLiteral("unfold H by k")));
        QVERIFY(!canvas_->accessibleName().isEmpty());
    }

    void selectingFromOutsideRevealsTheNode()
    {
        view_->apply(large(1000));
        canvas_->collapseAll();
        canvas_->zoomBy(1.1);
        view_->select(1000);
        QCOMPARE(view_->selected(), 1000u);
        QVERIFY(canvas_->model().shown(1000));
        QVERIFY(canvas_->rect().contains(placeOf(*canvas_, 1000)));
        view_->select(99'999); // unknown: as it was
        QCOMPARE(view_->selected(), 1000u);
        view_->select(0);
        QCOMPARE(view_->selected(), 0u);
    }
};

QTEST_MAIN(TreeViewTest)
#include "tst_tree_view.moc"
