#include "widgets/tree/tree_view.h"

#include "widgets/common/filter_edit.h"
#include "widgets/common/format.h"
#include "widgets/common/icons.h"
#include "widgets/tree/tree_canvas.h"

#include <QActionGroup>
#include <QComboBox>
#include <QLabel>
#include <QToolBar>
#include <QVBoxLayout>

namespace synoscope {

TreeView::TreeView(QWidget* parent) : QWidget(parent), canvas_(new TreeCanvas(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeToolBar());
    layout->addWidget(canvas_, 1);
    setFocusProxy(canvas_);
    connectCanvas();
}

QToolBar* TreeView::makeToolBar()
{
    auto* bar = new QToolBar(tr("Search tree"), this);
    bar->setIconSize({18, 18});
    const auto add = [&](const QIcon& sign, const QString& text, auto&& what) {
        QAction* action = bar->addAction(sign, text);
        connect(action, &QAction::triggered, this, what);
        actions_ += action;
        return action;
    };
    search_ = new FilterEdit(tr("Find moves"), this);
    search_->setMinimumWidth(90);
    search_->setMaximumWidth(220);
    bar->addWidget(search_);
    matches_ = new QLabel(this);
    matches_->setContentsMargins(6, 0, 6, 0);
    bar->addWidget(matches_);

    coloring_ = new QComboBox(this);
    coloring_->addItems({tr("Mean reward"), tr("Visits"), tr("Depth"), tr("Primitive")}); // as in TreeColoring
    coloring_->setToolTip(tr("What the colours show"));
    coloring_->setAccessibleName(tr("What the colours show"));
    bar->addWidget(coloring_);
    connect(coloring_, &QComboBox::currentIndexChanged, this,
            [this](int index) { canvas_->setColoring(static_cast<TreeColoring>(index)); });
    bar->addSeparator();

    tidy_ = add(icon(QStringLiteral("tree")), tr("Tidy tree"), [this] { canvas_->setTreeLayout(TreeLayout::tidy); });
    icicle_ =
        add(icon(QStringLiteral("icicle")), tr("Icicles"), [this] { canvas_->setTreeLayout(TreeLayout::icicle); });
    auto* layouts = new QActionGroup(this);
    for (QAction* action : {tidy_, icicle_}) {
        action->setCheckable(true);
        layouts->addAction(action);
    }
    tidy_->setChecked(true);
    bar->addSeparator();
    add(icon(QStringLiteral("zoom-fit")), tr("Show the whole tree (0)"), [this] { canvas_->zoomToFit(); });
    add(icon(QStringLiteral("zoom-in")), tr("Zoom in (+)"), [this] { canvas_->zoomBy(1.5); });
    add(icon(QStringLiteral("zoom-out")), tr("Zoom out (-)"), [this] { canvas_->zoomBy(1 / 1.5); });
    follow_ = add(icon(QStringLiteral("follow")), tr("Follow the best operator"),
                  [this] { canvas_->setFollowBest(follow_->isChecked()); });
    follow_->setCheckable(true);
    bar->addSeparator();
    add(icon(QStringLiteral("expand")), tr("Expand everything"), [this] { canvas_->expandAll(); });
    add(icon(QStringLiteral("collapse")), tr("Collapse everything"), [this] { canvas_->collapseAll(); });
    return bar;
}

void TreeView::connectCanvas()
{
    connect(canvas_, &TreeCanvas::selectionChanged, this, &TreeView::selectionChanged);
    connect(canvas_, &TreeCanvas::candidateActivated, this, &TreeView::candidateActivated);
    connect(canvas_, &TreeCanvas::pinRequested, this, &TreeView::pinRequested);
    connect(canvas_, &TreeCanvas::unpinRequested, this, &TreeView::unpinRequested);
    connect(canvas_, &TreeCanvas::pruneRequested, this, &TreeView::pruneRequested);
    connect(canvas_, &TreeCanvas::unpruneRequested, this, &TreeView::unpruneRequested);
    connect(canvas_, &TreeCanvas::rolloutRequested, this, &TreeView::rolloutRequested);
    connect(canvas_, &TreeCanvas::candidatesBelowRequested, this, &TreeView::candidatesBelowRequested);
    connect(canvas_, &TreeCanvas::followBestChanged, follow_, &QAction::setChecked);
    connect(search_, &FilterEdit::filterChanged, this, [this](const QString& text) {
        canvas_->setSearch(text);
        showMatches();
    });
    connect(search_, &FilterEdit::nextRequested, this, [this] { canvas_->goToMatch(true); });
    connect(search_, &FilterEdit::previousRequested, this, [this] { canvas_->goToMatch(false); });
}

void TreeView::showMatches()
{
    const bool searching = !canvas_->model().search().isEmpty();
    const auto n = canvas_->model().matches();
    matches_->setText(!searching ? QString()
                      : n == 0   ? tr("no match")
                               //: How many nodes match; the number is formatted, as in "1.2 k"
                               : tr("%1 found").arg(format::quantity(static_cast<double>(n))));
}

void TreeView::apply(std::span<const TreeNodeChange> changes)
{
    canvas_->apply(changes);
    showMatches();
}

void TreeView::clear()
{
    canvas_->clear();
    showMatches();
}

void TreeView::setNotice(const QString& sentence)
{
    canvas_->setNotice(sentence);
}

void TreeView::select(quint64 node)
{
    canvas_->focusOn(static_cast<TreeNodeId>(node < TreeModel::maxId ? node : 0));
}

quint64 TreeView::selected() const
{
    return canvas_->focus();
}

void TreeView::setColoring(TreeColoring coloring)
{
    coloring_->setCurrentIndex(static_cast<int>(coloring));
}

TreeColoring TreeView::coloring() const
{
    return canvas_->look().coloring;
}

void TreeView::setTreeLayout(TreeLayout layout)
{
    (layout == TreeLayout::tidy ? tidy_ : icicle_)->trigger();
}

TreeLayout TreeView::treeLayout() const
{
    return canvas_->look().layout;
}

QList<QAction*> TreeView::viewActions() const
{
    return actions_;
}

} // namespace synoscope
