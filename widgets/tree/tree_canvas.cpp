// TreeCanvas's first half: the model, the camera and the painting. The events are in tree_canvas_events.cpp.
#include "widgets/tree/tree_canvas.h"

#include "widgets/common/empty_state.h"
#include "widgets/tree/tree_describe.h"

#include <QPaintEvent>
#include <QPainter>
#include <QStyle>

#include <algorithm>
#include <cmath>

namespace synoscope {

TreeCanvas::TreeCanvas(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    grabGesture(Qt::PinchGesture);
    setAccessibleName(tr("Search tree"));
    animation_.setStartValue(0.0);
    animation_.setEndValue(1.0);
    animation_.setDuration(170);
    animation_.setEasingCurve(QEasingCurve::OutCubic);
    connect(&animation_, &QVariantAnimation::valueChanged, this, [this](const QVariant& t) {
        camera_ = between(from_, target_, t.toDouble());
        update();
    });
    announceFocus();
}

void TreeCanvas::clear()
{
    model_.clear();
    animation_.stop();
    style_.focus = style_.hover = 0;
    style_.path.clear();
    fitting_ = true;
    minimap_.invalidate();
    announceFocus();
    update();
}

void TreeCanvas::apply(std::span<const TreeNodeChange> changes)
{
    const bool first = model_.empty();
    holding(anchor(), [&] { model_.apply(changes); });
    minimap_.invalidate();
    refreshPath();
    if (first)
        moveTo(whole(), false);
    else if (followBest_)
        follow();
    else if (fitting_)
        moveTo(whole(), true);
    if (style_.focus != 0 && hasFocus())
        setAccessibleDescription(treeNodeSentence(model_, style_.focus));
    update();
}

// What the user looks at keeps its place: the focused node, when it is in sight, or what is in the middle.
TreeNodeId TreeCanvas::anchor() const
{
    if (model_.empty())
        return 0;
    if (style_.focus != 0 && model_.shown(style_.focus)) {
        const double y = camera_.y + camera_.row * model_.row(style_.focus);
        if (y >= 0 && y <= height())
            return style_.focus;
    }
    const double row = camera_.rowAt(height() / 2.0);
    const int deepest = std::clamp(static_cast<int>(camera_.columnAt(width() / 2.0)), 0, model_.columns() - 1);
    for (int depth = deepest; depth >= 0; --depth)
        if (const TreeNodeId id = model_.at(depth, row); id != 0)
            return id;
    return TreeModel::root;
}

void TreeCanvas::holding(TreeNodeId anchor, const std::function<void()>& change)
{
    const double before = anchor != 0 ? model_.row(anchor) : 0;
    change();
    if (anchor == 0 || fitting_)
        return;
    const double rows = model_.row(anchor) - before;
    for (TreeCamera* camera : {&camera_, &from_, &target_})
        camera->y -= rows * camera->row;
}

TreeCamera TreeCanvas::whole() const
{
    return TreeCamera::fitted(model_.columns(), model_.rows(), QSizeF(width(), height() - treeLegendHeight));
}

void TreeCanvas::moveTo(const TreeCamera& camera, bool smoothly)
{
    if (camera == target_ && (camera == camera_ || animation_.state() == QAbstractAnimation::Running))
        return;
    target_ = camera;
    from_ = camera_;
    animation_.stop();
    const bool wanted = style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) != 0;
    if (smoothly && animated_ && wanted && isVisible()) {
        animation_.start();
    } else {
        camera_ = target_;
        update();
    }
}

void TreeCanvas::userMoved()
{
    fitting_ = false;
    if (followBest_) {
        followBest_ = false;
        Q_EMIT followBestChanged(false);
        refreshPath();
    }
}

void TreeCanvas::zoomToFit()
{
    fitting_ = true;
    moveTo(whole(), true);
}

void TreeCanvas::zoomBy(double factor)
{
    zoomAt(QPointF(width() / 2.0, height() / 2.0), factor);
}

void TreeCanvas::zoomAt(QPointF point, double factor)
{
    if (model_.empty())
        return;
    userMoved();
    if (animation_.state() != QAbstractAnimation::Running)
        target_ = camera_;
    moveTo(target_.zoomed(point, factor, whole()).kept(model_.columns(), model_.rows(), size()), true);
}

void TreeCanvas::pan(QPointF by)
{
    if (model_.empty())
        return;
    userMoved();
    moveTo(camera_.panned(by).kept(model_.columns(), model_.rows(), size()), false);
}

void TreeCanvas::setColoring(TreeColoring coloring)
{
    style_.coloring = coloring;
    minimap_.invalidate();
    update();
}

void TreeCanvas::setTreeLayout(TreeLayout layout)
{
    style_.layout = layout;
    update();
}

void TreeCanvas::setFollowBest(bool follows)
{
    if (followBest_ == follows)
        return;
    followBest_ = follows;
    if (follows)
        fitting_ = false;
    refreshPath();
    if (follows)
        follow();
    Q_EMIT followBestChanged(follows);
    update();
}

void TreeCanvas::follow()
{
    if (style_.path.empty())
        return;
    // As near as labels need, so that the path can be read.
    const TreeNodeId leaf = style_.path.back();
    model_.reveal(leaf);
    TreeCamera camera = animation_.state() == QAbstractAnimation::Running ? target_ : camera_;
    camera.row = std::max(camera.row, TreeCamera::labelRow);
    camera.column =
        std::clamp((width() - 2 * TreeCamera::margin) / std::max(1, model_.columns()), 90.0, TreeCamera::labelColumn);
    camera.x = TreeCamera::margin;
    camera.y = height() / 2.0 - camera.row * model_.row(leaf);
    moveTo(camera.showing(model_.depth(leaf) + 0.8, model_.row(leaf), size(), {40, 60}), true);
}

void TreeCanvas::refreshPath()
{
    style_.path = followBest_ ? model_.bestPath() : model_.pathFromRoot(style_.focus);
}

void TreeCanvas::focusOn(TreeNodeId id)
{
    if (id != 0 && !model_.contains(id))
        return;
    const bool changed = id != style_.focus;
    if (id != 0 && !model_.shown(id))
        reveal(id);
    style_.focus = id;
    refreshPath();
    if (id != 0 && model_.shown(id)) {
        const double column = model_.depth(id) + 0.4, row = model_.row(id);
        const TreeCamera now = animation_.state() == QAbstractAnimation::Running ? target_ : camera_;
        const TreeCamera moved = now.showing(column, row, QSizeF(width(), height() - treeLegendHeight), {60, 30});
        if (!fitting_)
            moveTo(moved, true);
    }
    announceFocus();
    if (changed)
        Q_EMIT selectionChanged(id);
    update();
}

void TreeCanvas::reveal(TreeNodeId id)
{
    holding(anchor(), [&] { model_.reveal(id); });
    minimap_.invalidate();
    if (fitting_)
        moveTo(whole(), false);
}

void TreeCanvas::announceFocus()
{
    setAccessibleDescription(style_.focus != 0 ? treeNodeSentence(model_, style_.focus)
                                               : tr("No node is selected. Arrow keys move between nodes."));
}

void TreeCanvas::setCollapsed(TreeNodeId id, bool collapsed)
{
    holding(id, [&] { model_.setCollapsed(id, collapsed); });
    if (style_.focus != 0 && !model_.shown(style_.focus))
        focusOn(id);
    minimap_.invalidate();
    if (fitting_)
        moveTo(whole(), true);
    update();
}

void TreeCanvas::expandAll()
{
    model_.collapseBelow(1 << 20);
    zoomToFit();
}

void TreeCanvas::collapseAll()
{
    model_.collapseBelow(1);
    if (style_.focus != 0 && !model_.shown(style_.focus))
        focusOn(TreeModel::root);
    zoomToFit();
}

void TreeCanvas::setSearch(const QString& text)
{
    model_.setSearch(text);
    minimap_.invalidate();
    update();
}

void TreeCanvas::goToMatch(bool forward)
{
    const TreeNodeId id = model_.nextMatch(style_.focus, forward);
    if (id == 0)
        return;
    if (!model_.shown(id))
        reveal(id);
    // A match that could not be told from its neighbours is worth coming nearer.
    if (camera_.row < TreeCamera::labelRow / 2) {
        userMoved();
        TreeCamera camera = camera_;
        camera.row = TreeCamera::labelRow;
        camera.column = std::max(camera.column, 100.0);
        camera.y = height() / 2.0 - camera.row * model_.row(id);
        moveTo(camera, false);
    }
    focusOn(id);
}

bool TreeCanvas::minimapShown() const
{
    return !model_.empty() && width() > 280 && height() > 200 &&
           (camera_.row * model_.rows() > 1.3 * height() || camera_.column * model_.columns() > 1.3 * width());
}

TreeNodeId TreeCanvas::nodeAt(QPointF point) const
{
    if (model_.empty())
        return 0;
    const TreePainter painter(model_, camera_, QRectF(-1e6, point.y() - 30, 2e6, 60), font(), palette(), style_);
    TreeNodeId nearest = 0;
    double best = 7; // pixels: how exactly one must aim at a dot
    for (const TreePainter::Item& item : painter.items()) {
        const QRectF box = painter.frame(item);
        const double dx = std::max({box.left() - point.x(), 0.0, point.x() - box.right()});
        const double dy = std::max({box.top() - point.y(), 0.0, point.y() - box.bottom()});
        const double distance = std::hypot(dx, dy);
        if (distance < best || (distance <= best && nearest == 0)) {
            best = distance;
            nearest = item.id;
        }
    }
    return nearest;
}

void TreeCanvas::setNotice(const QString& notice)
{
    if (notice == notice_)
        return;
    notice_ = notice;
    update();
}

void TreeCanvas::paintEvent(QPaintEvent*)
{
    const Colors& colors = Colors::of(palette());
    QPainter painter(this);
    painter.fillRect(rect(), colors.canvas);
    painter.setRenderHint(QPainter::Antialiasing);
    if (model_.empty()) {
        paintEmptyState(painter, rect(), palette(), tr("The search tree will grow here"),
                        tr("Start the search: every node is a partial operator, every branch a move. "
                           "Right-click a node to pin or prune what lies below it."));
    } else {
        TreePainter(model_, camera_, QRectF(rect()), font(), palette(), style_).paint(painter);
        const QRect legend = paintTreeLegend(painter, rect(), model_, style_.coloring, palette());
        const QRect minimap = TreeMinimap::place(size());
        paintTreeNotice(painter, rect(), legend, (minimapShown() ? minimap.left() : width()) - 6, notice_, palette());
        if (minimapShown())
            minimap_.paint(painter, minimap, model_, style_, camera_, size(), font(), palette());
    }
    paintFocusFrame(painter, *this);
}

} // namespace synoscope
