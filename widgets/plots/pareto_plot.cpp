#include "widgets/plots/pareto_plot.h"

#include "widgets/common/format.h"
#include "core/base/pareto_front.h"
#include "widgets/plots/qcustomplot_quiet.h"

#include <QtGui/QMouseEvent>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QToolTip>

#include <cmath>

namespace synoscope {

ParetoPlot::ParetoPlot(QWidget* parent)
    : PlotView(tr("Pareto plot"), tr("Nothing measured yet"),
               tr("Each candidate with a known accuracy becomes a point here; the best trade-offs form the front."),
               parent),
      costBox_(new QComboBox(this)), all_(plot()->addGraph()), front_(plot()->addGraph()), starred_(plot()->addGraph()),
      chosen_(plot()->addGraph()), baseline_(new QCPItemStraightLine(plot()))
{
    costBox_->addItem(tr("FLOPs ratio"));
    costBox_->addItem(tr("Speed-up"));
    costBox_->setAccessibleName(tr("Figure on the horizontal axis"));
    bar()->insertWidget(0, costBox_);
    connect(costBox_, &QComboBox::activated, this,
            [this](int index) { setCost(index == 0 ? Cost::flopsRatio : Cost::speedup); });

    for (QCPGraph* graph : {all_, starred_, chosen_})
        graph->setLineStyle(QCPGraph::lsNone);
    all_->setName(tr("candidates"));
    front_->setName(tr("front"));
    starred_->setName(tr("starred"));
    chosen_->setName(tr("selected"));
    plot()->legend->removeItem(plot()->legend->itemCount() - 1); // the ring around the selected one explains itself
    plot()->axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignRight | Qt::AlignBottom);
    plot()->yAxis->setLabel(tr("accuracy, %"));

    connect(this, &PlotView::plotClicked, this, [this](QPointF place) {
        if (const auto* point = nearestPoint(plotted_, plot()->xAxis, plot()->yAxis, place))
            Q_EMIT candidateClicked(point->id);
    });
    connect(plot(), &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) { showToolTip(event->pos()); });
    plot()->setMouseTracking(true);
}

void ParetoPlot::apply(std::span<const ParetoPoint> points)
{
    for (const ParetoPoint& point : points) {
        if (const auto known = index_.constFind(point.id); known != index_.constEnd()) {
            points_[*known] = point;
        } else if (std::isfinite(point.accuracy)) {
            index_.insert(point.id, points_.size());
            points_.push_back(point);
        }
    }
    scheduleRedraw();
}

void ParetoPlot::clear()
{
    points_.clear();
    index_.clear();
    selected_ = 0;
    resetView();
}

void ParetoPlot::setCost(Cost cost)
{
    cost_ = cost;
    costBox_->setCurrentIndex(cost == Cost::flopsRatio ? 0 : 1);
    resetView();
}

void ParetoPlot::setSelected(std::int64_t id)
{
    selected_ = id;
    scheduleRedraw();
}

double ParetoPlot::x(const ParetoPoint& point) const
{
    return cost_ == Cost::speedup ? point.speedup : point.flopsRatio;
}

std::vector<PickPoint> ParetoPlot::plotted() const
{
    std::vector<PickPoint> plotted;
    for (const ParetoPoint& point : points_)
        if (std::isfinite(x(point)) && std::isfinite(point.accuracy))
            plotted.push_back({x(point), point.accuracy * 100, point.id});
    return plotted;
}

bool ParetoPlot::isEmpty() const
{
    return plotted().empty();
}

std::vector<std::int64_t> ParetoPlot::frontIds() const
{
    const auto points = plotted();
    std::vector<Tradeoff> tradeoffs;
    for (const PickPoint& point : points)
        tradeoffs.push_back({cost_ == Cost::speedup ? -point.x : point.x, point.y});
    std::vector<std::int64_t> ids;
    for (const std::size_t i : paretoFront(tradeoffs))
        ids.push_back(points[i].id);
    return ids;
}

void ParetoPlot::updateSeries(const Colors& colors)
{
    plotted_ = plotted();
    for (QCPGraph* graph : {all_, front_, starred_, chosen_})
        graph->data()->clear();
    for (const PickPoint& point : plotted_) {
        all_->addData(point.x, point.y);
        if (points_[index_[point.id]].starred)
            starred_->addData(point.x, point.y);
        if (point.id == selected_)
            chosen_->addData(point.x, point.y);
    }
    for (const std::int64_t id : frontIds()) {
        const ParetoPoint& point = points_[index_[id]];
        front_->addData(x(point), point.accuracy * 100);
    }
    // A step shows what the front promises: at this cost, at least this accuracy.
    front_->setLineStyle(cost_ == Cost::flopsRatio ? QCPGraph::lsStepLeft : QCPGraph::lsStepRight);
    all_->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colors.mutedText, colors.mutedText, 4));
    front_->setPen(QPen(colors.accent, 1.8));
    front_->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colors.accent, colors.accent, 7));
    starred_->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssStar, QPen(colors.warning, 1.6), Qt::NoBrush, 9));
    chosen_->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(colors.bad, 2.2), Qt::NoBrush, 14));

    setLegend({{tr("front"), colors.accent, QStringLiteral("●")},
               {tr("candidates"), colors.mutedText, QStringLiteral("●")},
               {tr("starred"), colors.warning, QStringLiteral("★")}});
    plot()->xAxis->setLabel(cost_ == Cost::speedup ? tr("speed-up over the baseline, ×")
                                                   : tr("FLOPs, share of the baseline's"));
    baseline_->point1->setCoords(1, 0);
    baseline_->point2->setCoords(1, 1);
    baseline_->setPen(QPen(colors.outline, 1.2, Qt::DashLine));
    baseline_->setVisible(!plotted_.empty());
}

void ParetoPlot::fitRanges()
{
    double lowX = 1e300;
    double highX = -1e300;
    double lowY = 1e300;
    double highY = -1e300;
    for (const PickPoint& point : plotted_) {
        lowX = std::min(lowX, point.x);
        highX = std::max(highX, point.x);
        lowY = std::min(lowY, point.y);
        highY = std::max(highY, point.y);
    }
    fit(plot()->xAxis, lowX, highX);
    fit(plot()->yAxis, lowY, highY, 0.08);
}

void ParetoPlot::showToolTip(QPoint place)
{
    const auto* pick = nearestPoint(plotted_, plot()->xAxis, plot()->yAxis, place);
    if (pick == nullptr) {
        QToolTip::hideText();
        return;
    }
    const ParetoPoint& point = points_[index_[pick->id]];
    QToolTip::showText(plot()->mapToGlobal(place),
                       tr("%1\naccuracy %2, speed-up %3, FLOPs %4")
                           .arg(point.name, format::percent(point.accuracy), format::ratio(point.speedup),
                                format::ratio(point.flopsRatio)),
                       plot());
}

} // namespace synoscope
