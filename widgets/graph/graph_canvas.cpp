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

void GraphCanvas::setPicture(const DimensionGraph* graph, std::unique_ptr<GraphPicture> picture)
{
    graph_ = graph;
    picture_ = std::move(picture);
    look_.focus = look_.lit = DimensionId();
    fitting_ = true;
    zoomToFit();
    setAccessibleDescription(picture_ ? tr("Arrow keys move between dimensions.") : sentence_);
    Q_EMIT dimensionLit({});
    update();
}

void GraphCanvas::setMessage(const QString& sentence, const QString& hint)
{
    sentence_ = sentence;
    hint_ = hint;
    update();
}

void GraphCanvas::setBinding(int binding)
{
    look_.binding = binding;
    update();
}

double GraphCanvas::wholeZoom() const
{
    const QSizeF size = picture_->size();
    return std::clamp(std::min((width() - 2 * margin) / size.width(), (height() - 2 * margin) / size.height()),
                      smallest, fittedLargest);
}

void GraphCanvas::place(double zoom)
{
    zoom_ = zoom;
    const QSizeF size = picture_->size() * zoom_;
    origin_ = {(width() - size.width()) / 2, std::max(margin, (height() - size.height()) / 2)};
    moved();
}

void GraphCanvas::zoomToFit()
{
    fitting_ = true;
    if (picture_)
        place(std::max(wholeZoom(), readable));
    else
        moved();
}

void GraphCanvas::toggleWhole()
{
    if (!picture_)
        return;
    if (!fitting_)
        return zoomToFit();
    fitting_ = false;
    place(wholeZoom());
}

// The bars say how much there is beside what is seen. Their signals would move the picture again.
void GraphCanvas::moved()
{
    const QSizeF size = picture_ ? picture_->size() * zoom_ : QSizeF();
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
    if (!picture_)
        return;
    fitting_ = false;
    const double zoom = std::clamp(zoom_ * factor, smallest, largest);
    origin_ = point - (point - origin_) * (zoom / zoom_);
    zoom_ = zoom;
    moved();
}

void GraphCanvas::pan(QPointF by)
{
    if (!picture_)
        return;
    fitting_ = false;
    const QSizeF size = picture_->size() * zoom_;
    const double keep = 40;
    origin_ += by;
    origin_.setX(std::clamp(origin_.x(), keep - size.width(), std::max(keep - size.width(), width() - keep)));
    origin_.setY(std::clamp(origin_.y(), keep - size.height(), std::max(keep - size.height(), height() - keep)));
    moved();
}

void GraphCanvas::light(DimensionId id)
{
    if (id == look_.lit)
        return;
    look_.lit = id;
    Q_EMIT dimensionLit(id);
    update();
}

void GraphCanvas::focusOn(DimensionId id)
{
    look_.focus = id;
    look_.lit = DimensionId();
    if (!id.valid()) {
        setAccessibleDescription(tr("Arrow keys move between dimensions."));
        Q_EMIT dimensionLit(id);
        update();
        return;
    }
    light(id);
    setAccessibleDescription(graph_->sentence(id, look_.binding));
    const QPointF at = toScreen(picture_->middle(id));
    const QPointF inside(
        std::clamp(at.x(), std::min(margin, width() / 2.0), std::max(width() - margin, width() / 2.0)),
        std::clamp(at.y(), std::min(margin, height() / 2.0), std::max(height() - margin, height() / 2.0)));
    if (inside != at)
        pan(inside - at);
}

DimensionId GraphCanvas::under(QPointF point) const
{
    return picture_ ? picture_->at((point - origin_) / zoom_, 5 / zoom_) : DimensionId();
}

// Reading order: rows from above, in a row from the left.
DimensionId GraphCanvas::beside(int direction) const
{
    std::vector<DimensionId> order;
    for (const GraphLine& line : graph_->lines())
        order.push_back(line.dimension);
    const auto place = [this](DimensionId id) {
        const QPointF at = picture_->middle(id);
        return std::pair(std::lround(at.y() / 12), at.x());
    };
    std::sort(order.begin(), order.end(), [&](DimensionId a, DimensionId b) { return place(a) < place(b); });
    const auto n = static_cast<std::ptrdiff_t>(order.size());
    const auto now = std::find(order.begin(), order.end(), look_.focus) - order.begin();
    return now == n ? order.front() : order[static_cast<std::size_t>((now + direction + n) % n)];
}

bool GraphCanvas::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const DimensionId id = under(help->pos()); id.valid())
            QToolTip::showText(help->globalPos(), graph_->sentence(id, look_.binding), this);
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
    if (picture_) {
        painter.save();
        painter.translate(origin_);
        painter.scale(zoom_, zoom_);
        picture_->paint(painter, colors, look_);
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
        const DimensionId id = under(at);
        light(id.valid() ? id : look_.focus);
    }
    last_ = at;
}

void GraphCanvas::mouseReleaseEvent(QMouseEvent* event)
{
    if (!dragging_ && event->button() == Qt::LeftButton && picture_)
        focusOn(under(event->position()));
    dragging_ = false;
    unsetCursor();
}

void GraphCanvas::leaveEvent(QEvent*)
{
    light(look_.focus);
}

void GraphCanvas::keyPressEvent(QKeyEvent* event)
{
    if (!picture_ || graph_->lines().empty())
        return QWidget::keyPressEvent(event);
    const DimensionId id = look_.focus;
    const auto first = [&](const std::vector<DimensionId>& ids) {
        if (!id.valid())
            focusOn(beside(1));
        else if (!ids.empty())
            focusOn(ids.front());
    };
    switch (event->key()) {
    case Qt::Key_Up:
        return first(id.valid() ? graph_->above(id) : std::vector<DimensionId>());
    case Qt::Key_Down:
        return first(id.valid() ? graph_->below(id) : std::vector<DimensionId>());
    case Qt::Key_Left:
        return focusOn(beside(-1));
    case Qt::Key_Right:
        return focusOn(beside(1));
    case Qt::Key_Escape:
        return focusOn({});
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
