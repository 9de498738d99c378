#include "widgets/plots/histogram_plot.h"

#include "widgets/common/format.h"
#include "widgets/plots/qcustomplot_quiet.h"

#include <QtCore/QSignalBlocker>
#include <QtGui/QMouseEvent>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QToolTip>

#include <algorithm>
#include <cmath>

namespace synoscope {

namespace {

constexpr double mostBars = 100;

// By linear interpolation; of sorted values, at least one.
double quantile(const std::vector<double>& sorted, double share)
{
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (place - static_cast<double>(below));
}

} // namespace

std::vector<HistogramPlot::Bar> histogram(std::vector<double> values)
{
    if (values.empty())
        return {};
    std::ranges::sort(values);
    const double low = values.front();
    const double range = values.back() - low;
    if (range <= 0)
        return {{low, low, static_cast<int>(values.size())}};
    const double spread = quantile(values, 0.75) - quantile(values, 0.25);
    const double wanted = 2 * spread / std::cbrt(static_cast<double>(values.size()));
    const double count = wanted > 0 ? std::clamp(std::ceil(range / wanted), 1.0, mostBars)
                                    : std::ceil(std::log2(static_cast<double>(values.size()))) + 1; // Sturges
    const double width = range / count;
    std::vector<HistogramPlot::Bar> bars;
    for (int i = 0; i < static_cast<int>(count); ++i)
        bars.push_back({low + i * width, low + (i + 1) * width, 0});
    for (const double value : values)
        ++bars[std::min(static_cast<std::size_t>((value - low) / width), bars.size() - 1)].count;
    return bars;
}

HistogramPlot::HistogramPlot(QWidget* parent)
    : PlotView(tr("Histogram"), tr("Nothing to count yet"),
               tr("How many candidates have which reward, accuracy, speed-up or cost."), parent),
      box_(new QComboBox), drawn_(new QCPBars(plot()->xAxis, plot()->yAxis)), chosen_(new QCPItemStraightLine(plot()))
{
    box_->addItems({tr("Reward"), tr("Accuracy"), tr("Speed-up"), tr("FLOPs ratio"), tr("Parameters")});
    box_->setAccessibleName(tr("Figure that is counted"));
    bar()->insertWidget(0, box_);
    connect(box_, &QComboBox::currentIndexChanged, this, [this](int i) { setFigure(static_cast<Figure>(i)); });
    drawn_->setWidthType(QCPBars::wtPlotCoords);
    drawn_->removeFromLegend();
    chosen_->point1->setCoords(0, 0);
    plot()->yAxis->setLabel(tr("candidates"));
    const QSharedPointer<QCPAxisTickerFixed> whole(new QCPAxisTickerFixed); // there are no half candidates
    whole->setTickStep(1);
    whole->setScaleStrategy(QCPAxisTickerFixed::ssMultiples);
    plot()->yAxis->setTicker(whole);
    plot()->setMouseTracking(true);
    connect(this, &PlotView::plotClicked, this, &HistogramPlot::requestCandidates);
    connect(plot(), &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) { showToolTip(event->pos()); });
}

void HistogramPlot::apply(std::span<const HistogramPoint> points)
{
    for (const HistogramPoint& point : points) {
        const auto known = index_.constFind(point.id);
        if (known != index_.constEnd()) {
            points_[*known] = point;
            continue;
        }
        index_.insert(point.id, points_.size());
        points_.push_back(point);
    }
    scheduleRedraw();
}

void HistogramPlot::clear()
{
    points_.clear();
    index_.clear();
    selected_ = 0;
    resetView();
}

void HistogramPlot::setFigure(Figure figure)
{
    figure_ = figure;
    const QSignalBlocker blocked(box_);
    box_->setCurrentIndex(static_cast<int>(figure));
    resetView();
}

void HistogramPlot::setSelected(std::int64_t id)
{
    selected_ = id;
    scheduleRedraw();
}

bool HistogramPlot::isEmpty() const
{
    return std::ranges::none_of(points_, [this](const HistogramPoint& point) { return std::isfinite(value(point)); });
}

double HistogramPlot::scale() const
{
    return figure_ == Figure::accuracy ? 100 : 1;
}

QString HistogramPlot::text(double value) const
{
    switch (figure_) {
    case Figure::reward:
        return format::reward(value);
    case Figure::accuracy:
        return format::percent(value);
    case Figure::speedup:
    case Figure::flopsRatio:
        return format::ratio(value);
    case Figure::parameters:
        return format::quantity(value);
    }
    return {};
}

QString HistogramPlot::title(const Bar& bar) const
{
    return tr("%1 %2 to %3").arg(box_->currentText(), text(bar.from), text(bar.to));
}

void HistogramPlot::updateSeries(const Colors& colors)
{
    std::vector<double> values;
    for (const HistogramPoint& point : points_)
        if (std::isfinite(value(point)))
            values.push_back(value(point));
    bars_ = histogram(std::move(values));

    QVector<double> middles;
    QVector<double> counts;
    for (const Bar& bar : bars_) {
        middles << (bar.from + bar.to) / 2 * scale();
        counts << bar.count;
    }
    drawn_->setData(middles, counts, true);
    drawn_->setWidth(bars_.empty() || bars_[0].to <= bars_[0].from ? 0.1 : (bars_[0].to - bars_[0].from) * scale());
    drawn_->setPen(QPen(colors.canvas, 1));
    drawn_->setBrush(colors.accent);
    const auto chosen = index_.constFind(selected_);
    const double at = chosen == index_.constEnd() ? std::nan("") : value(points_[*chosen]);
    chosen_->setVisible(std::isfinite(at));
    if (std::isfinite(at)) {
        chosen_->point1->setCoords(at * scale(), 0);
        chosen_->point2->setCoords(at * scale(), 1);
        chosen_->setPen(QPen(colors.bad, 2));
    }
    std::vector<LegendEntry> legend{{tr("candidates"), colors.accent, QStringLiteral("■")}};
    if (std::isfinite(at))
        legend.push_back({tr("the selected one"), colors.bad, QStringLiteral("|")});
    setLegend(legend);
    const std::array labels{tr("reward"), tr("accuracy, %"), tr("speed-up over the baseline, ×"),
                            tr("FLOPs, share of the baseline's"), tr("parameters")};
    plot()->xAxis->setLabel(labels[static_cast<std::size_t>(figure_)]);
}

void HistogramPlot::fitRanges()
{
    int most = 0;
    for (const Bar& bar : bars_)
        most = std::max(most, bar.count);
    const double low = bars_.empty() ? 0 : bars_.front().from * scale();
    const double high = bars_.empty() ? 1 : bars_.back().to * scale();
    fit(plot()->xAxis, low, high, 0.03);
    plot()->yAxis->setRange(0, std::max(1, most) * 1.08);
}

const HistogramPlot::Bar* HistogramPlot::barAt(QPointF place) const
{
    const double x = plot()->xAxis->pixelToCoord(place.x()) / scale();
    const double y = plot()->yAxis->pixelToCoord(place.y());
    const double half = drawn_->width() / scale() / 2;
    for (const Bar& bar : bars_)
        if (std::abs(x - (bar.from + bar.to) / 2) <= half && y >= 0 && y <= bar.count)
            return &bar;
    return nullptr;
}

void HistogramPlot::requestCandidates(QPointF place)
{
    const Bar* bar = barAt(place);
    if (bar == nullptr || bar->count == 0)
        return;
    const bool last = bar == &bars_.back();
    QList<std::int64_t> ids;
    for (const HistogramPoint& point : points_)
        if (const double at = value(point); at >= bar->from && (at < bar->to || (last && at <= bar->to)))
            ids << point.id;
    Q_EMIT candidatesRequested(title(*bar), ids);
}

void HistogramPlot::showToolTip(QPoint place)
{
    const Bar* bar = barAt(place);
    if (bar == nullptr)
        return QToolTip::hideText();
    QToolTip::showText(plot()->mapToGlobal(place),
                       bar->count == 1
                           ? tr("%1: one candidate").arg(title(*bar))
                           : tr("%1: %2 candidates").arg(title(*bar), format::count(static_cast<quint64>(bar->count))),
                       plot());
}

} // namespace synoscope
