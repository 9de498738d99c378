#include "widgets/plots/reward_plot.h"

#include "widgets/common/format.h"
#include "widgets/plots/qcustomplot_quiet.h"

#include <QtGui/QMouseEvent>
#include <QtWidgets/QToolTip>

#include <algorithm>
#include <cmath>

namespace synoscope {

RewardPlot::RewardPlot(QWidget* parent)
    : PlotView(tr("Reward plot"), tr("No rewards yet"),
               tr("The reward of each evaluated candidate appears here, with the best so far."), parent),
      all_(plot()->addGraph()), best_(plot()->addGraph()), chosen_(plot()->addGraph())
{
    all_->setName(tr("candidates"));
    best_->setName(tr("best so far"));
    chosen_->setName(tr("selected"));
    all_->setLineStyle(QCPGraph::lsNone);
    chosen_->setLineStyle(QCPGraph::lsNone);
    best_->setLineStyle(QCPGraph::lsStepLeft);
    plot()->legend->removeItem(plot()->legend->itemCount() - 1); // the ring around the selected one explains itself
    plot()->axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignLeft | Qt::AlignTop);
    plot()->xAxis->setLabel(tr("iteration"));
    plot()->yAxis->setLabel(tr("reward"));
    plot()->setMouseTracking(true);
    connect(this, &PlotView::plotClicked, this, [this](QPointF place) {
        if (const auto* point = nearestPoint(plotted_, plot()->xAxis, plot()->yAxis, place))
            Q_EMIT candidateClicked(point->id);
    });
    connect(plot(), &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) { showToolTip(event->pos()); });
}

void RewardPlot::apply(std::span<const RewardPoint> points)
{
    for (const RewardPoint& point : points) {
        if (const auto known = index_.constFind(point.id); known != index_.constEnd()) {
            points_[*known] = point;
        } else if (std::isfinite(point.reward)) {
            index_.insert(point.id, points_.size());
            points_.push_back(point);
        }
    }
    scheduleRedraw();
}

void RewardPlot::clear()
{
    points_.clear();
    index_.clear();
    selected_ = 0;
    resetView();
}

void RewardPlot::setSelected(std::int64_t id)
{
    selected_ = id;
    scheduleRedraw();
}

double RewardPlot::best() const
{
    double best = std::nan("");
    for (const RewardPoint& point : points_)
        best = std::fmax(best, point.reward);
    return best;
}

void RewardPlot::updateSeries(const Colors& colors)
{
    plotted_.clear();
    for (const RewardPoint& point : points_)
        if (std::isfinite(point.reward)) // it had one, and lost it: the candidate was removed
            plotted_.push_back({static_cast<double>(point.iteration), point.reward, point.id});
    std::sort(plotted_.begin(), plotted_.end(), [](const PickPoint& a, const PickPoint& b) { return a.x < b.x; });

    QVector<double> iterations;
    QVector<double> rewards;
    QVector<double> bests;
    chosen_->data()->clear();
    for (const PickPoint& point : plotted_) {
        iterations << point.x;
        rewards << point.y;
        bests << (bests.isEmpty() ? point.y : std::max(bests.last(), point.y));
        if (point.id == selected_)
            chosen_->addData(point.x, point.y);
    }
    all_->setData(iterations, rewards, true);
    best_->setData(iterations, bests, true);
    setLegend({{tr("best so far"), colors.accent, QStringLiteral("━")},
               {tr("candidates"), colors.mutedText, QStringLiteral("●")}});
    all_->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colors.mutedText, colors.mutedText, 4));
    best_->setPen(QPen(colors.accent, 2));
    chosen_->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(colors.bad, 2.2), Qt::NoBrush, 14));
}

void RewardPlot::fitRanges()
{
    double low = 0;
    double high = 0;
    for (const PickPoint& point : plotted_) {
        low = std::min(low, point.y);
        high = std::max(high, point.y);
    }
    fit(plot()->xAxis, plotted_.empty() ? 0 : plotted_.front().x, plotted_.empty() ? 1 : plotted_.back().x, 0.03);
    fit(plot()->yAxis, low, high, 0.06);
}

void RewardPlot::showToolTip(QPoint place)
{
    const auto* pick = nearestPoint(plotted_, plot()->xAxis, plot()->yAxis, place);
    if (pick == nullptr) {
        QToolTip::hideText();
        return;
    }
    const RewardPoint& point = points_[index_[pick->id]];
    QToolTip::showText(
        plot()->mapToGlobal(place),
        tr("%1\nreward %2 in iteration %3")
            .arg(point.name, format::reward(point.reward), format::count(static_cast<quint64>(point.iteration))),
        plot());
}

} // namespace synoscope
