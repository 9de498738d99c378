#include "widgets/plots/plot_view.h"

#include "widgets/common/empty_state.h"
#include "widgets/common/icons.h"
#include "widgets/plots/qcustomplot_quiet.h"

#include <QtCore/QScopedValueRollback>
#include <QtGui/QAction>
#include <QtGui/QKeyEvent>
#include <QtWidgets/QApplication>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QVBoxLayout>

#include <array>
#include <cmath>

namespace synoscope {

namespace {

constexpr int redrawInterval = 100; // milliseconds
constexpr double zoomStep = 0.8;
constexpr double panStep = 0.1; // of the visible range

} // namespace

PlotView::PlotView(const QString& name, const QString& emptySentence, const QString& emptyHint, QWidget* parent)
    : QWidget(parent), plot_(new QCustomPlot(this)), bar_(new QHBoxLayout),
      empty_(new EmptyState(emptySentence, emptyHint, plot_)), legend_(new QLabel(this)),
      reset_(new QAction(icon(QStringLiteral("zoom-fit")), tr("Show everything"), this))
{
    setAccessibleName(name);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(160, 120);
    plot_->setFocusProxy(this);
    plot_->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot_->setMultiSelectModifier(Qt::NoModifier);
    plot_->setNoAntialiasingOnDrag(true);

    reset_->setShortcut(Qt::Key_Home);
    reset_->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    reset_->setToolTip(tr("Show everything and follow new data again (Home)"));
    connect(reset_, &QAction::triggered, this, &PlotView::resetView);
    auto* save = new QAction(icon(QStringLiteral("export")), tr("Save the plot as a picture…"), this);
    connect(save, &QAction::triggered, this, &PlotView::exportPicture);
    addActions({reset_, save});

    bar_->setContentsMargins(6, 2, 4, 2);
    bar_->setSpacing(4);
    legend_->setTextFormat(Qt::RichText);
    legend_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    legend_->setMinimumWidth(1);
    legend_->setContentsMargins(6, 0, 6, 0);
    bar_->addWidget(legend_, 1);
    for (QAction* action : {reset_, save}) {
        auto* button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        bar_->addWidget(button);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar_);
    layout->addWidget(plot_, 1);

    adopt(plot_->axisRect());
    plot_->legend->setVisible(false);
    connect(plot_, &QCustomPlot::mouseDoubleClick, this, &PlotView::resetView);
    connect(plot_, &QCustomPlot::mousePress, this, [this](QMouseEvent* event) { pressed_ = event->position(); });
    connect(plot_, &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) {
        const double moved = (event->position() - pressed_).manhattanLength();
        if (event->button() == Qt::LeftButton && moved < QApplication::startDragDistance())
            Q_EMIT plotClicked(event->position());
    });
    timer_.setSingleShot(true);
    timer_.setInterval(redrawInterval);
    connect(&timer_, &QTimer::timeout, this, &PlotView::redrawNow);
}

void PlotView::adopt(QCPAxisRect* rect)
{
    rect->setupFullAxesBox(false);
    rect->axis(QCPAxis::atTop)->setVisible(false);
    rect->axis(QCPAxis::atRight)->setVisible(false);
    rect->setMinimumMargins(QMargins(8, 6, 12, 4));
    for (QCPAxis* axis : {rect->axis(QCPAxis::atBottom), rect->axis(QCPAxis::atLeft)}) {
        axis->setNumberFormat(QStringLiteral("gb"));
        axis->setNumberPrecision(4);
        axis->setLabelPadding(2);
        connect(axis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, [this] {
            if (!fitting_)
                zoomed_ = true;
        });
    }
}

void PlotView::resetView()
{
    zoomed_ = false;
    redrawNow();
}

Expected<void> PlotView::save(const QString& path) const
{
    const bool pdf = path.endsWith(QStringLiteral(".pdf"), Qt::CaseInsensitive);
    if (!pdf && !path.endsWith(QStringLiteral(".png"), Qt::CaseInsensitive))
        return Error{.message = tr("A plot is saved as .png or .pdf, not as “%1”.").arg(path).toStdString()};
    empty_->setVisible(isEmpty());
    plot_->legend->setVisible(true);
    const bool saved = pdf ? plot_->savePdf(path) : plot_->savePng(path, plot_->width(), plot_->height(), 2);
    plot_->legend->setVisible(false);
    if (!saved)
        return Error{.message = tr("The plot cannot be written to “%1”.").arg(path).toStdString()};
    return {};
}

void PlotView::exportPicture()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save the plot"), QStringLiteral("plot.png"),
                                                      tr("Pictures (*.png *.pdf)"));
    if (path.isEmpty())
        return;
    if (const auto saved = save(path); !saved)
        Q_EMIT failed(QString::fromStdString(saved.error().message));
}

void PlotView::scheduleRedraw()
{
    dirty_ = true;
    if (isVisible() && !timer_.isActive())
        timer_.start();
}

void PlotView::redrawNow()
{
    timer_.stop();
    dirty_ = false;
    empty_->setVisible(isEmpty());
    restyle();
    updateSeries(Colors::of(palette()));
    if (!zoomed_) {
        const QScopedValueRollback fitting(fitting_, true);
        fitRanges();
    }
    for (QCPAxisRect* rect : plot_->axisRects())
        rect->setVisible(!isEmpty());
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void PlotView::restyle()
{
    const Colors& colors = Colors::of(palette());
    plot_->setBackground(colors.canvas);
    for (QCPAxisRect* rect : plot_->axisRects()) {
        for (QCPAxis* axis : rect->axes()) {
            axis->setBasePen(colors.outline);
            axis->setTickPen(colors.outline);
            axis->setSubTickPen(Qt::NoPen);
            axis->setTickLabelColor(colors.mutedText);
            axis->setLabelColor(colors.mutedText);
            axis->setTickLabelFont(font());
            axis->setLabelFont(font());
            axis->grid()->setPen(QPen(colors.grid, 1));
            axis->grid()->setZeroLinePen(QPen(colors.grid, 1));
        }
    }
    if (plot_->legend != nullptr) {
        QColor background = colors.surface;
        background.setAlpha(225);
        plot_->legend->setBrush(background);
        plot_->legend->setBorderPen(colors.outline);
        plot_->legend->setTextColor(colors.text);
        plot_->legend->setFont(font());
        plot_->legend->setIconSize(18, 10);
        plot_->legend->setRowSpacing(0);
        plot_->legend->setMargins(QMargins(6, 4, 6, 4));
    }
}

void PlotView::setLegend(const std::vector<LegendEntry>& entries)
{
    QStringList parts;
    for (const LegendEntry& entry : entries)
        parts << QStringLiteral("<span style='color:%1'>%2</span>&nbsp;%3")
                     .arg(entry.color.name(), entry.sign, entry.name.toHtmlEscaped());
    const QString text = parts.join(QStringLiteral("&nbsp;&nbsp; "));
    legend_->setText(QStringLiteral("<div style='white-space:pre'>%1</div>").arg(text));
    legend_->setToolTip(parts.join(QStringLiteral("<br>")));
}

void PlotView::fit(QCPAxis* axis, double low, double high, double marginShare)
{
    if (!(low <= high)) { // nothing there
        low = 0;
        high = 1;
    }
    double margin = (high - low) * marginShare;
    if (margin == 0)
        margin = std::max(std::abs(low) * 0.1, 0.05);
    axis->setRange(low - margin, high + margin);
}

void PlotView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (dirty_)
        redrawNow();
}

void PlotView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        scheduleRedraw();
}

void PlotView::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(zoomStep);
        break;
    case Qt::Key_Minus:
        zoomBy(1 / zoomStep);
        break;
    case Qt::Key_Left:
        panBy(-panStep, 0);
        break;
    case Qt::Key_Right:
        panBy(panStep, 0);
        break;
    case Qt::Key_Up:
        panBy(0, panStep);
        break;
    case Qt::Key_Down:
        panBy(0, -panStep);
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

void PlotView::zoomBy(double factor)
{
    for (QCPAxisRect* rect : plot_->axisRects())
        for (QCPAxis* axis : {rect->axis(QCPAxis::atBottom), rect->axis(QCPAxis::atLeft)})
            axis->scaleRange(factor, axis->range().center());
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void PlotView::panBy(double right, double up)
{
    for (QCPAxisRect* rect : plot_->axisRects()) {
        QCPAxis* x = rect->axis(QCPAxis::atBottom);
        QCPAxis* y = rect->axis(QCPAxis::atLeft);
        x->moveRange(x->range().size() * right);
        y->moveRange(y->range().size() * up);
    }
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

const PickPoint* nearestPoint(std::span<const PickPoint> points, const QCPAxis* x, const QCPAxis* y, QPointF place,
                              double reach)
{
    const PickPoint* nearest = nullptr;
    double least = reach * reach;
    for (const PickPoint& point : points) {
        const double dx = x->coordToPixel(point.x) - place.x();
        const double dy = y->coordToPixel(point.y) - place.y();
        if (dx * dx + dy * dy <= least) {
            least = dx * dx + dy * dy;
            nearest = &point;
        }
    }
    return nearest;
}

QColor seriesColor(const Colors& colors, std::size_t i)
{
    // Kinds whose colours stay apart side by side.
    static constexpr std::array order{PrimitiveKind::split,  PrimitiveKind::reduce, PrimitiveKind::unfold,
                                      PrimitiveKind::expand, PrimitiveKind::shift,  PrimitiveKind::share,
                                      PrimitiveKind::merge,  PrimitiveKind::stride};
    return colors.kind(static_cast<int>(order[i % order.size()]));
}

} // namespace synoscope
