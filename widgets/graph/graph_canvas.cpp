#include "widgets/graph/graph_canvas.h"

#include "widgets/common/empty_state.h"
#include "widgets/common/theme.h"

#include <QHelpEvent>
#include <QNativeGestureEvent>
#include <QPainter>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace synoscope {

namespace {

constexpr double margin = 16;
constexpr double smallest = 0.1, largest = 6, fittedLargest = 1.35;
constexpr double readable = 0.8; // of the application's font
constexpr int dragStarts = 4;

} // namespace

GraphCanvas::GraphCanvas(QWidget* parent)
    : QWidget(parent), across_(new QScrollBar(Qt::Horizontal, this)), down_(new QScrollBar(Qt::Vertical, this))
{
    for (QScrollBar* bar : {across_, down_}) {
        bar->hide();
        bar->setCursor(Qt::ArrowCursor);
        connect(bar, &QScrollBar::valueChanged, this, [this, bar](int value) { scrollTo(bar->orientation(), value); });
    }
    across_->setAccessibleName(tr("Scroll across"));
    down_->setAccessibleName(tr("Scroll down"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Dimension graph"));
}

void GraphCanvas::setSheet(std::unique_ptr<GraphSheet> sheet)
{
    sheet_ = std::move(sheet);
    look_.focus = look_.lit = {};
    fitting_ = true;
    zoomToFit();
    setAccessibleDescription(sheet_ ? tr("Arrow keys move between dimensions.") : sentence_);
    Q_EMIT dimensionLit({});
    update();
}

void GraphCanvas::setMessage(const QString& sentence, const QString& hint)
{
    sentence_ = sentence;
    hint_ = hint;
    update();
}

void GraphCanvas::setMarks(int panel, GraphMarks marks)
{
    if (sheet_)
        sheet_->setMarks(panel, std::move(marks));
    update();
}

void GraphCanvas::setBinding(int binding)
{
    look_.binding = binding;
    update();
}

double GraphCanvas::wholeZoom() const
{
    const QSizeF size = sheet_->size();
    return std::clamp(std::min((width() - 2 * margin) / size.width(), (height() - 2 * margin) / size.height()),
                      smallest, fittedLargest);
}

void GraphCanvas::place(double zoom)
{
    zoom_ = zoom;
    const QSizeF size = sheet_->size() * zoom_;
    origin_ = {(width() - size.width()) / 2, std::max(margin, (height() - size.height()) / 2)};
    moved();
}

void GraphCanvas::zoomToFit()
{
    fitting_ = true;
    if (!sheet_)
        return moved();
    sheet_->arrange(QSizeF(size()));
    place(std::max(wholeZoom(), readable));
}

void GraphCanvas::toggleWhole()
{
    if (!sheet_)
        return;
    if (!fitting_)
        return zoomToFit();
    fitting_ = false;
    sheet_->arrange(QSizeF(size()), true);
    place(wholeZoom());
}

// The bars say how much there is beside what is seen. Their signals would move the picture again.
void GraphCanvas::moved()
{
    const QSizeF size = sheet_ ? sheet_->size() * zoom_ : QSizeF();
    const auto set = [](QScrollBar& bar, double origin, double length, int room) {
        const QSignalBlocker quiet(bar);
        const int first = static_cast<int>(std::floor(std::min(0.0, origin - margin)));
        const int last = static_cast<int>(std::ceil(std::max<double>(0, origin + length + margin - room)));
        bar.setRange(0, last - first);
        bar.setPageStep(room);
        bar.setSingleStep(24);
        bar.setValue(-first);
        bar.setVisible(length + 2 * margin > room + 1);
    };
    set(*across_, origin_.x(), size.width(), width());
    set(*down_, origin_.y(), size.height(), height());
    const int thick = down_->sizeHint().width();
    across_->setGeometry(0, height() - thick, width() - (down_->isVisibleTo(this) ? thick : 0), thick);
    down_->setGeometry(width() - thick, 0, thick, height() - (across_->isVisibleTo(this) ? thick : 0));
    update();
}

void GraphCanvas::scrollTo(Qt::Orientation orientation, int value)
{
    const double first = std::min(0.0, (orientation == Qt::Horizontal ? origin_.x() : origin_.y()) - margin);
    const double by = std::floor(first) + value;
    pan(orientation == Qt::Horizontal ? QPointF(-by, 0) : QPointF(0, -by));
}

void GraphCanvas::zoomAt(QPointF point, double factor)
{
    if (!sheet_)
        return;
    fitting_ = false;
    const double zoom = std::clamp(zoom_ * factor, smallest, largest);
    origin_ = point - (point - origin_) * (zoom / zoom_);
    zoom_ = zoom;
    moved();
}

void GraphCanvas::pan(QPointF by)
{
    if (!sheet_)
        return;
    fitting_ = false;
    const QSizeF size = sheet_->size() * zoom_;
    const double keep = 40;
    origin_ += by;
    origin_.setX(std::clamp(origin_.x(), keep - size.width(), std::max(keep - size.width(), width() - keep)));
    origin_.setY(std::clamp(origin_.y(), keep - size.height(), std::max(keep - size.height(), height() - keep)));
    moved();
}

void GraphCanvas::light(GraphSheet::Spot spot)
{
    if (spot == look_.lit)
        return;
    look_.lit = spot;
    Q_EMIT dimensionLit(spot.dimension);
    update();
}

void GraphCanvas::focusOn(DimensionId id, int panel)
{
    look_.focus = id.valid() ? GraphSheet::Spot{id, panel} : GraphSheet::Spot();
    look_.lit = {};
    if (!id.valid()) {
        setAccessibleDescription(tr("Arrow keys move between dimensions."));
        Q_EMIT dimensionLit(id);
        update();
        return;
    }
    light(look_.focus);
    setAccessibleDescription(sheet_->graph(look_.focus).sentence(id, look_.binding));
    const QPointF at = toScreen(sheet_->middle(look_.focus));
    const QPointF inside(
        std::clamp(at.x(), std::min(margin, width() / 2.0), std::max(width() - margin, width() / 2.0)),
        std::clamp(at.y(), std::min(margin, height() / 2.0), std::max(height() - margin, height() / 2.0)));
    if (inside != at)
        pan(inside - at);
}

GraphSheet::Spot GraphCanvas::under(QPointF point) const
{
    return sheet_ ? sheet_->at((point - origin_) / zoom_, 5 / zoom_) : GraphSheet::Spot();
}

GraphSheet::Spot GraphCanvas::beside(int direction) const
{
    const std::vector<GraphSheet::Spot> order = sheet_->inReadingOrder();
    const auto n = static_cast<std::ptrdiff_t>(order.size());
    const auto now = std::find(order.begin(), order.end(), look_.focus) - order.begin();
    return now == n ? order.front() : order[static_cast<std::size_t>((now + direction + n) % n)];
}

bool GraphCanvas::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const GraphSheet::Spot spot = under(help->pos()); spot.valid())
            QToolTip::showText(help->globalPos(), sheet_->graph(spot).sentence(spot.dimension, look_.binding), this);
        else
            QToolTip::hideText();
        return true;
    }
    if (event->type() == QEvent::NativeGesture) {
        const auto* gesture = static_cast<QNativeGestureEvent*>(event);
        if (gesture->gestureType() == Qt::ZoomNativeGesture) {
            zoomAt(gesture->position(), std::exp(gesture->value()));
            return true;
        }
    }
    return QWidget::event(event);
}

void GraphCanvas::paintEvent(QPaintEvent*)
{
    const Colors& colors = Colors::of(palette());
    QPainter painter(this);
    painter.fillRect(rect(), colors.canvas);
    if (sheet_) {
        painter.save();
        painter.translate(origin_);
        painter.scale(zoom_, zoom_);
        sheet_->paint(painter, colors, look_);
        painter.restore();
    } else {
        paintEmptyState(painter, rect(), palette(), sentence_, hint_);
    }
    paintFocusFrame(painter, *this);
}

void GraphCanvas::resizeEvent(QResizeEvent*)
{
    if (fitting_)
        zoomToFit();
    else
        moved();
}

void GraphCanvas::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        update();
}

void GraphCanvas::wheelEvent(QWheelEvent* event)
{
    const QPointF turn = event->angleDelta();
    if (event->modifiers() & Qt::ShiftModifier)
        pan({turn.x() + turn.y(), 0});
    else if (turn.y() == 0)
        pan({turn.x(), 0});
    else
        zoomAt(event->position(), std::pow(1.2, turn.y() / 120.0));
    event->accept();
}

void GraphCanvas::mousePressEvent(QMouseEvent* event)
{
    pressed_ = last_ = event->position();
}

void GraphCanvas::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    if (event->buttons() & (Qt::LeftButton | Qt::MiddleButton)) {
        if ((at - pressed_).manhattanLength() >= dragStarts && !dragging_) {
            dragging_ = true;
            setCursor(Qt::ClosedHandCursor);
        }
        if (dragging_)
            pan(at - last_);
    } else {
        const GraphSheet::Spot spot = under(at);
        light(spot.valid() ? spot : look_.focus);
    }
    last_ = at;
}

void GraphCanvas::mouseReleaseEvent(QMouseEvent* event)
{
    if (!dragging_ && event->button() == Qt::LeftButton && sheet_)
        focusOnSpot(under(event->position()));
    dragging_ = false;
    unsetCursor();
}

void GraphCanvas::leaveEvent(QEvent*)
{
    light(look_.focus);
}

void GraphCanvas::keyPressEvent(QKeyEvent* event)
{
    if (!sheet_ || sheet_->inReadingOrder().empty() || event->modifiers().testFlag(Qt::AltModifier))
        return QWidget::keyPressEvent(event);
    const GraphSheet::Spot spot = look_.focus;
    const auto follow = [&](std::vector<DimensionId> (DimensionGraph::*next)(DimensionId) const) {
        if (!spot.valid())
            return focusOnSpot(beside(1));
        if (const auto ids = (sheet_->graph(spot).*next)(spot.dimension); !ids.empty())
            focusOn(ids.front(), spot.panel);
    };
    switch (event->key()) {
    case Qt::Key_Up:
        return follow(&DimensionGraph::above);
    case Qt::Key_Down:
        return follow(&DimensionGraph::below);
    case Qt::Key_Left:
        return focusOnSpot(beside(-1));
    case Qt::Key_Right:
        return focusOnSpot(beside(1));
    case Qt::Key_Escape:
        return focusOn(DimensionId());
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoomBy(1.3);
    case Qt::Key_Minus:
        return zoomBy(1 / 1.3);
    case Qt::Key_0:
        return toggleWhole();
    case Qt::Key_PageUp:
        return pan({0, height() * 0.8});
    case Qt::Key_PageDown:
        return pan({0, height() * -0.8});
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace synoscope
