// How the search tree is painted: level of detail, labels, colours, what is pinned and pruned.
// LINK widgets_tree
#include "tests/widgets/tree_samples.h"
#include "widgets/tree/tree_canvas.h"
#include "widgets/tree/tree_view.h"

#include <QElapsedTimer>
#include <QTest>

#include <memory>

using namespace synoscope;
using namespace synoscope::samples;

namespace {

QPoint placeOf(const TreeCanvas& canvas, TreeNodeId id)
{
    return canvas.camera().toScreen(canvas.model().depth(id), canvas.model().row(id)).toPoint();
}

} // namespace

class TreePaintingTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<TreeView> view_;
    TreeCanvas* canvas_ = nullptr;

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

    void anEmptyViewInvites()
    {
        const QImage empty = picture(*canvas_);
        view_->apply(small());
        QVERIFY(picture(*canvas_) != empty);
        view_->clear();
        QCOMPARE(picture(*canvas_), empty);
        QTest::keyClick(canvas_, Qt::Key_Right); // nothing to move to, nothing breaks
        QVERIFY(canvas_->focus() == 0);
    }

    void everyLayoutAndColouringLooksDifferent()
    {
        view_->apply(small());
        QList<QImage> seen;
        for (const TreeLayout layout : {TreeLayout::tidy, TreeLayout::icicle})
            for (const TreeColoring coloring :
                 {TreeColoring::mean, TreeColoring::visits, TreeColoring::depth, TreeColoring::kind}) {
                view_->setTreeLayout(layout);
                view_->setColoring(coloring);
                QCOMPARE(view_->treeLayout(), layout);
                QCOMPARE(view_->coloring(), coloring);
                const QImage image = picture(*canvas_);
                QVERIFY(!seen.contains(image));
                seen += image;
            }
    }

    void pinnedAndPrunedSubtreesAreVisiblyDifferent()
    {
        view_->apply(small());
        const QImage plain = picture(*canvas_);
        view_->apply(std::vector{node(2, 1, {}, 0.4, TreeNodeState::pruned)});
        const QImage pruned = picture(*canvas_);
        view_->apply(std::vector{node(2, 1, {}, 0.4, TreeNodeState::pinned)});
        const QImage pinned = picture(*canvas_);
        QVERIFY(plain != pruned && pruned != pinned && plain != pinned);
        const QPoint child = placeOf(*canvas_, 5); // not only the node itself: what hangs below it too
        const QRect around(child - QPoint(20, 11), QSize(40, 22));
        QVERIFY(plain.copy(around) != pruned.copy(around));
        QVERIFY(plain.copy(around) != pinned.copy(around));
        view_->apply(std::vector{node(2, 1, {}, 0.4)});
        QCOMPARE(picture(*canvas_), plain);
    }

    void paintingDependsOnThePixelsNotOnTheTree()
    {
        view_->apply(large(100'000));
        QElapsedTimer clock;
        clock.start();
        QVERIFY(!picture(*canvas_).isNull());
        const qint64 fitted = clock.restart();
        const TreePainter far(canvas_->model(), canvas_->camera(), canvas_->rect(), canvas_->font(), canvas_->palette(),
                              canvas_->look());
        QVERIFY2(far.items().size() < 20'000, qPrintable(QString::number(far.items().size())));
        QVERIFY(far.dust().size() > 100);
        for (int i = 0; i < 40; ++i)
            canvas_->zoomBy(1.4);
        clock.restart();
        QVERIFY(!picture(*canvas_).isNull());
        const qint64 near = clock.elapsed();
        const TreePainter close(canvas_->model(), canvas_->camera(), canvas_->rect(), canvas_->font(),
                                canvas_->palette(), canvas_->look());
        QVERIFY(close.items().size() < 2000);
        QVERIFY(close.dust().empty());
        qInfo("100 000 nodes: fitted %lld ms (%zu nodes, %zu strokes), near %lld ms (%zu nodes)", fitted,
              far.items().size(), far.dust().size(), near, close.items().size());
        QVERIFY2(fitted < 1500 && near < 1500, "far from what a busy machine explains");
    }

    void labelsNeverOverlap()
    {
        view_->apply(large(3000));
        for (int i = 0; i < 12; ++i) {
            const TreePainter painter(canvas_->model(), canvas_->camera(), canvas_->rect(), canvas_->font(),
                                      canvas_->palette(), canvas_->look());
            std::vector<QRectF> labels;
            for (const auto& item : painter.items())
                if (item.labelled)
                    labels.push_back(painter.frame(item));
            for (std::size_t a = 0; a < labels.size(); ++a)
                for (std::size_t b = 0; b < a; ++b)
                    QVERIFY(!labels[a].adjusted(0.5, 0.5, -0.5, -0.5).intersects(labels[b]));
            if (i > 9)
                QVERIFY(!labels.empty());
            canvas_->zoomBy(1.6);
        }
    }

    void aSmallWindowStillWorks()
    {
        view_->apply(large(200));
        canvas_->resize(40, 30);
        QVERIFY(!picture(*canvas_).isNull());
        canvas_->zoomBy(3);
        QVERIFY(!picture(*canvas_).isNull());
        QVERIFY(!canvas_->minimapShown());
    }
};

QTEST_MAIN(TreePaintingTest)
#include "tst_tree_painting.moc"
