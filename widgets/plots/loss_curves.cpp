#include "widgets/plots/loss_curves.h"

#include "widgets/plots/qcustomplot_quiet.h"

#include <algorithm>
#include <cmath>

namespace synoscope {

namespace {

// There is no epoch and a half.
class EpochTicker final : public QCPAxisTicker
{
protected:
    double getTickStep(const QCPRange& range) override { return std::ceil(QCPAxisTicker::getTickStep(range)); }
    int getSubTickCount(double) override { return 0; }
};

} // namespace

LossCurves::LossCurves(QWidget* parent)
    : PlotView(tr("Training curves"), tr("No training yet"),
               tr("Loss and accuracy of each training appear here, epoch by epoch."), parent),
      accuracyRect_(new QCPAxisRect(plot()))
{
    plot()->plotLayout()->addElement(0, 1, accuracyRect_);
    adopt(accuracyRect_);
    QCPAxisRect* loss = plot()->axisRect(0);
    QSharedPointer<EpochTicker> epochs(new EpochTicker);
    for (QCPAxisRect* rect : {loss, accuracyRect_})
        rect->axis(QCPAxis::atBottom)->setTicker(epochs);
    loss->axis(QCPAxis::atBottom)->setLabel(tr("epoch"));
    loss->axis(QCPAxis::atLeft)->setLabel(tr("loss"));
    accuracyRect_->axis(QCPAxis::atBottom)->setLabel(tr("epoch"));
    accuracyRect_->axis(QCPAxis::atLeft)->setLabel(tr("accuracy, %"));
    // Losses fall and accuracies rise: the corner at the lower right of the accuracies is free.
    loss->insetLayout()->take(plot()->legend);
    accuracyRect_->insetLayout()->addElement(plot()->legend, Qt::AlignRight | Qt::AlignBottom);
}

void LossCurves::add(std::span<const CurvePoint> points)
{
    for (const CurvePoint& point : points) {
        if (!std::isfinite(point.loss) && !std::isfinite(point.accuracy))
            continue;
        const auto [run, isNew] = runs_.try_emplace(point.run);
        if (isNew)
            order_.push_back(point.run);
        run->second.title = point.title;
        run->second.candidate = point.candidate;
        run->second.epochs[point.epoch] = {point.loss, point.accuracy};
    }
    scheduleRedraw();
}

void LossCurves::clear()
{
    runs_.clear();
    order_.clear();
    focus_ = 0;
    resetView();
}

void LossCurves::setFocusCandidate(std::int64_t candidate)
{
    if (focus_ == candidate)
        return;
    focus_ = candidate;
    scheduleRedraw();
}

// Oldest first; the run in focus last, so that it lies on top.
std::vector<std::int64_t> LossCurves::shownRuns() const
{
    const auto isFocus = [this](std::int64_t run) { return focus_ != 0 && runs_.at(run).candidate == focus_; };
    const auto focus = std::find_if(order_.rbegin(), order_.rend(), isFocus);
    std::vector<std::int64_t> shown;
    for (auto run = order_.rbegin(); run != order_.rend() && shown.size() < drawnRuns; ++run)
        if (run != focus)
            shown.push_back(*run);
    std::reverse(shown.begin(), shown.end());
    if (focus != order_.rend())
        shown.push_back(*focus);
    return shown;
}

void LossCurves::updateSeries(const Colors& colors)
{
    plot()->clearGraphs();
    std::vector<LegendEntry> legend;
    QCPAxisRect* lossRect = plot()->axisRect(0);
    for (const std::int64_t id : shownRuns()) {
        const Run& run = runs_.at(id);
        const bool focus = focus_ != 0 && run.candidate == focus_;
        // By the order of arrival, so that a run keeps its colour while others come.
        const auto place = static_cast<std::size_t>(std::find(order_.begin(), order_.end(), id) - order_.begin());
        const QColor color = seriesColor(colors, place);
        QVector<double> epochs;
        QVector<double> losses;
        QVector<double> accuracies;
        for (const auto& [epoch, values] : run.epochs) {
            epochs << epoch;
            losses << values.loss;
            accuracies << values.accuracy * 100;
        }
        QCPGraph* loss = plot()->addGraph(lossRect->axis(QCPAxis::atBottom), lossRect->axis(QCPAxis::atLeft));
        QCPGraph* accuracy =
            plot()->addGraph(accuracyRect_->axis(QCPAxis::atBottom), accuracyRect_->axis(QCPAxis::atLeft));
        loss->setData(epochs, losses, true);
        accuracy->setData(epochs, accuracies, true);
        for (QCPGraph* graph : {loss, accuracy}) {
            graph->setPen(QPen(color, focus ? 3 : 1.6));
            graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, focus ? 7 : 4.5));
            graph->setName(run.title);
        }
        loss->removeFromLegend();
        legend.insert(legend.begin(), {run.title, color, QStringLiteral("━")}); // newest and focus first
    }
    setLegend(legend);
}

void LossCurves::fitRanges()
{
    double lastEpoch = 2;
    double highestLoss = 0;
    double lowestLoss = 1e300;
    double highest = 0;
    double lowest = 100;
    for (const std::int64_t id : shownRuns()) {
        for (const auto& [epoch, values] : runs_.at(id).epochs) {
            lastEpoch = std::max(lastEpoch, static_cast<double>(epoch));
            if (std::isfinite(values.loss)) {
                highestLoss = std::max(highestLoss, values.loss);
                lowestLoss = std::min(lowestLoss, values.loss);
            }
            if (std::isfinite(values.accuracy)) {
                highest = std::max(highest, values.accuracy * 100);
                lowest = std::min(lowest, values.accuracy * 100);
            }
        }
    }
    QCPAxisRect* lossRect = plot()->axisRect(0);
    fit(lossRect->axis(QCPAxis::atBottom), 1, lastEpoch);
    fit(lossRect->axis(QCPAxis::atLeft), lowestLoss, highestLoss);
    fit(accuracyRect_->axis(QCPAxis::atBottom), 1, lastEpoch);
    fit(accuracyRect_->axis(QCPAxis::atLeft), lowest, highest);
}

} // namespace synoscope
