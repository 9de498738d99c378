// TreeCanvas's second half: mouse, keyboard, gestures and the context menu.
#include "widgets/tree/tree_canvas.h"

#include "widgets/common/icons.h"
#include "widgets/tree/tree_describe.h"

#include <QContextMenuEvent>
#include <QGestureEvent>
#include <QHelpEvent>
#include <QMenu>
#include <QNativeGestureEvent>
#include <QPinchGesture>
#include <QToolTip>

#include <cmath>

namespace synoscope {

namespace {

constexpr double wheelStep = 1.32; // a notch of the wheel
constexpr double keyStep = 1.5;
constexpr int dragStarts = 4; // pixels

} // namespace

bool TreeCanvas::event(QEvent* event)
{
    switch (event->type()) {
    case QEvent::ToolTip: {
        const auto* help = static_cast<QHelpEvent*>(event);
        const TreeNodeId id = nodeAt(help->pos());
        if (id == 0)
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), treeNodeToolTip(model_, id), this);
        return true;
    }
    case QEvent::NativeGesture: {
        const auto* gesture = static_cast<QNativeGestureEvent*>(event);
        if (gesture->gestureType() != Qt::ZoomNativeGesture)
            break;
        zoomAt(gesture->position(), std::exp(gesture->value()));
        return true;
    }
    case QEvent::Gesture:
        if (auto* pinch = static_cast<QPinchGesture*>(static_cast<QGestureEvent*>(event)->gesture(Qt::PinchGesture))) {
            zoomAt(mapFromGlobal(pinch->hotSpot().toPoint()), pinch->scaleFactor());
            return true;
        }
        break;
    default:
        break;
    }
    return QWidget::event(event);
}

void TreeCanvas::resizeEvent(QResizeEvent*)
{
    if (fitting_)
        moveTo(whole(), false);
}

void TreeCanvas::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        minimap_.invalidate();
        update();
    }
}

void TreeCanvas::wheelEvent(QWheelEvent* event)
{
    const QPointF turn = event->angleDelta();
    if (event->modifiers() & Qt::ShiftModifier)
        pan(QPointF(0, turn.y() != 0 ? turn.y() : turn.x()));
    else if (turn.y() == 0)
        pan(QPointF(turn.x(), 0));
    else
        zoomAt(event->position(), std::pow(wheelStep, turn.y() / 120.0));
    event->accept();
}

void TreeCanvas::mousePressEvent(QMouseEvent* event)
{
    pressed_ = last_ = event->position();
    if (event->button() == Qt::LeftButton && minimapShown() &&
        TreeMinimap::place(size()).contains(event->position().toPoint())) {
        drag_ = Drag::minimap;
        goToMinimap(event->position());
    } else if (event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton) {
        drag_ = Drag::press;
    }
}

void TreeCanvas::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    if (drag_ == Drag::minimap) {
        goToMinimap(at);
    } else if (drag_ != Drag::none) {
        if (drag_ == Drag::press && (at - pressed_).manhattanLength() >= dragStarts) {
            drag_ = Drag::pan;
            setCursor(Qt::ClosedHandCursor);
        }
        if (drag_ == Drag::pan)
            pan(at - last_);
    } else if (const TreeNodeId over = nodeAt(at); over != style_.hover) {
        style_.hover = over;
        setCursor(over != 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
        update();
    }
    last_ = at;
}

void TreeCanvas::mouseReleaseEvent(QMouseEvent* event)
{
    if (drag_ == Drag::press && event->button() == Qt::LeftButton) {
        const TreeNodeId id = nodeAt(event->position());
        const bool again = id == style_.focus;
        focusOn(id);
        if (again && id != 0) // another candidate may have been selected elsewhere since
            Q_EMIT selectionChanged(id);
    }
    drag_ = Drag::none;
    unsetCursor();
}

void TreeCanvas::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (const TreeNodeId id = nodeAt(event->position()); id != 0)
        activate(id);
}

void TreeCanvas::leaveEvent(QEvent*)
{
    style_.hover = 0;
    update();
}

void TreeCanvas::goToMinimap(QPointF point)
{
    const QPointF tree = TreeMinimap::treeAt(point, TreeMinimap::place(size()), model_);
    const QPointF screen = camera_.toScreen(tree.x(), tree.y());
    pan(QPointF(width() / 2.0, height() / 2.0) - screen);
}

// A complete operator is shown; anything else is folded or unfolded.
void TreeCanvas::activate(TreeNodeId id)
{
    if (const QString candidate = model_.candidate(id); !candidate.isEmpty())
        Q_EMIT candidateActivated(candidate);
    else
        setCollapsed(id, !model_[id].collapsed);
}

void TreeCanvas::keyPressEvent(QKeyEvent* event)
{
    if (model_.empty())
        return QWidget::keyPressEvent(event);
    const bool control = event->modifiers() & Qt::ControlModifier;
    const bool done = control ? panByKey(event->key()) : moveFocus(event->key()) || steerByKey(event->key());
    if (!done)
        QWidget::keyPressEvent(event);
}

bool TreeCanvas::moveFocus(int key)
{
    const TreeNodeId id = style_.focus;
    TreeNodeId to = 0;
    switch (key) {
    case Qt::Key_Home:
        to = TreeModel::root;
        break;
    case Qt::Key_End:
        to = model_.bestPath().back();
        break;
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (id == 0 || !model_.shown(id)) {
            to = TreeModel::root;
        } else if (key == Qt::Key_Left) {
            to = model_[id].parent;
        } else if (key == Qt::Key_Right) {
            if (model_[id].collapsed)
                setCollapsed(id, false);
            to = model_.at(model_.depth(id) + 1, model_.row(id));
        } else if (key == Qt::Key_Up) {
            to = model_.previousSibling(id) != 0 ? model_.previousSibling(id) : model_.neighbour(id, -1);
        } else {
            to = model_[id].nextSibling != 0 ? model_[id].nextSibling : model_.neighbour(id, 1);
        }
        break;
    default:
        return false;
    }
    if (to != 0)
        focusOn(to);
    return true;
}

bool TreeCanvas::panByKey(int key)
{
    const double step = 60;
    switch (key) {
    case Qt::Key_Left:
        pan({step, 0});
        return true;
    case Qt::Key_Right:
        pan({-step, 0});
        return true;
    case Qt::Key_Up:
        pan({0, step});
        return true;
    case Qt::Key_Down:
        pan({0, -step});
        return true;
    default:
        return false;
    }
}

bool TreeCanvas::steerByKey(int key)
{
    switch (key) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(keyStep);
        return true;
    case Qt::Key_Minus:
        zoomBy(1 / keyStep);
        return true;
    case Qt::Key_0:
        zoomToFit();
        return true;
    case Qt::Key_PageUp:
        pan({0, height() * 0.8});
        return true;
    case Qt::Key_PageDown:
        pan({0, -height() * 0.8});
        return true;
    default:
        break;
    }
    const TreeNodeId id = style_.focus;
    if (id == 0)
        return false;
    switch (key) {
    case Qt::Key_Space:
        setCollapsed(id, !model_[id].collapsed);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        activate(id);
        return true;
    case Qt::Key_P:
        togglePin(id);
        return true;
    case Qt::Key_Delete:
        togglePrune(id);
        return true;
    default:
        return false;
    }
}

void TreeCanvas::togglePin(TreeNodeId id)
{
    if (model_[id].state == TreeNodeState::pinned)
        Q_EMIT unpinRequested(id);
    else
        Q_EMIT pinRequested(id);
}

void TreeCanvas::togglePrune(TreeNodeId id)
{
    if (id == TreeModel::root)
        return; // nothing would be left
    if (model_[id].state == TreeNodeState::pruned)
        Q_EMIT unpruneRequested(id);
    else
        Q_EMIT pruneRequested(id);
}

QMenu* TreeCanvas::makeMenu(TreeNodeId id)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setAccessibleName(tr("Steering of a node"));
    const TreeNodeState state = model_[id].state;
    const bool pinned = state == TreeNodeState::pinned, pruned = state == TreeNodeState::pruned;
    const bool collapsed = model_[id].collapsed, inner = model_[id].firstChild != 0;
    const auto add = [&](const char* name, const QIcon& sign, const QString& text, bool enabled, auto&& what) {
        QAction* action = menu->addAction(sign, text);
        action->setObjectName(QLatin1String(name));
        action->setEnabled(enabled);
        connect(action, &QAction::triggered, this, what);
        return action;
    };
    add("pin", icon(pinned ? QStringLiteral("unpin") : QStringLiteral("pin")),
        pinned ? tr("Unpin this subtree") : tr("Pin this subtree"), !pruned, [this, id] { togglePin(id); })
        ->setShortcut(Qt::Key_P);
    add("prune", icon(pruned ? QStringLiteral("unprune") : QStringLiteral("prune")),
        pruned ? tr("Lift the prune") : tr("Prune this subtree"), id != TreeModel::root,
        [this, id] { togglePrune(id); })
        ->setShortcut(Qt::Key_Delete);
    menu->addSeparator();
    const bool dead = pruned || state == TreeNodeState::exhausted || state == TreeNodeState::closed ||
                      state == TreeNodeState::complete;
    add("rollout", icon(QStringLiteral("rollout")), tr("Roll out from here"), !dead,
        [this, id] { Q_EMIT rolloutRequested(id); });
    add("below", icon(QStringLiteral("below")), tr("Show candidates below"), true,
        [this, id] { Q_EMIT candidatesBelowRequested(id); });
    menu->addSeparator();
    add("fold", icon(collapsed ? QStringLiteral("expand") : QStringLiteral("collapse")),
        collapsed ? tr("Expand") : tr("Collapse"), inner, [this, id, collapsed] { setCollapsed(id, !collapsed); })
        ->setShortcut(Qt::Key_Space);
    return menu;
}

void TreeCanvas::contextMenuEvent(QContextMenuEvent* event)
{
    if (model_.empty())
        return;
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const TreeNodeId id = byKey ? style_.focus : nodeAt(event->pos());
    if (id == 0)
        return;
    focusOn(id);
    const QPoint at =
        byKey ? mapToGlobal(camera_.toScreen(model_.depth(id), model_.row(id)).toPoint()) : event->globalPos();
    makeMenu(id)->popup(at);
}

} // namespace synoscope
