#include "widgets/plots/latency_plot.h"

#include "widgets/common/format.h"
#include "widgets/plots/qcustomplot_quiet.h"

#include <QtGui/QMouseEvent>
#include <QtWidgets/QToolTip>

#include <algorithm>
#include <cmath>

namespace synoscope {

namespace {

constexpr double barHeight = 0.62; // of a row

struct LayerText
{
    QString names, numbers;
};

// "C_in=16 H=8 stride 2" is "16 · 8 stride 2" at its bar; the names, "C_in · H", stand once, beside the axis.
LayerText textOf(const QString& layer)
{
    QStringList names, numbers, words;
    for (const QString& part : layer.split(u' ', Qt::SkipEmptyParts)) {
        const auto parts = part.split(u'=');
        if (parts.size() == 2) {
            names << parts[0];
            numbers << parts[1];
        } else {
            words << part;
        }
    }
    return {names.join(QStringLiteral(" · ")), (numbers.join(QStringLiteral(" · ")) + u' ' + words.join(u' ')).trimmed()};
}

QCPErrorBars* whiskersOf(QCPBars* bars, QCustomPlot* plot)
{
    auto* whiskers = new QCPErrorBars(plot->yAxis, plot->xAxis);
    whiskers->setDataPlottable(bars);
    whiskers->setWhiskerWidth(5);
    whiskers->setSymbolGap(0);
    whiskers->removeFromLegend();
    return whiskers;
}

} // namespace

LatencyPlot::LatencyPlot(QWidget* parent)
    : PlotView(tr("Latency by layer"), tr("No latency measured"),
               tr("Select a candidate that was measured: its speed in each layer and in the whole network appears here."),
               parent),
      faster_(new QCPBars(plot()->yAxis, plot()->xAxis)), slower_(new QCPBars(plot()->yAxis, plot()->xAxis)),
      intervals_(whiskersOf(faster_, plot())), slowerIntervals_(whiskersOf(slower_, plot())),
      baseline_(new QCPItemStraightLine(plot()))
{
    faster_->setName(tr("faster than the baseline"));
    slower_->setName(tr("slower"));
    for (QCPBars* bars : {faster_, slower_})
        bars->setWidth(barHeight);
    plot()->xAxis->setLabel(tr("speed-up over the baseline, ×"));
    connect(plot(), &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        const QString text = toolTipAt(plot()->yAxis->pixelToCoord(event->position().y()));
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(plot()->mapToGlobal(event->pos()), text, plot());
    });
    plot()->setMouseTracking(true);
}

void LatencyPlot::setLayers(const QString& name, const QList<LayerLatency>& layers)
{
    if (name == name_ && layers == layers_)
        return;
    name_ = name;
    layers_ = layers;
    setAccessibleDescription(layers_.isEmpty() ? QString() : toolTipAt(rowOf(layers_.size() - 1)));
    if (isVisible())
        resetView();
    else
        scheduleRedraw();
}

QString LatencyPlot::toolTipAt(double row) const
{
    const auto i = layers_.size() - static_cast<qsizetype>(std::lround(row));
    if (i < 0 || i >= layers_.size() || std::abs(row - rowOf(i)) > barHeight / 2)
        return {};
    const LayerLatency& one = layers_[i];
    QString what = one.ofNetwork() ? tr("the whole network") : one.layer;
    if (one.count > 1)
        what = tr("%1 (%2 times)").arg(what).arg(one.count);
    QString text = tr("%1\n%2 in %3, the baseline in %4: %5 its speed")
                       .arg(name_, what, format::latency(one.medianUs), format::latency(one.baselineUs),
                            format::ratio(one.speedup));
    if (one.speedupLow < one.speedupHigh)
        text += u'\n' + tr("between %1 and %2 with a confidence of 95 %")
                            .arg(format::ratio(one.speedupLow), format::ratio(one.speedupHigh));
    return text;
}

void LatencyPlot::labelRows()
{
    const QSharedPointer<QCPAxisTickerText> rows(new QCPAxisTickerText);
    for (qsizetype i = 0; i < layers_.size(); ++i)
        rows->addTick(rowOf(i), layers_[i].ofNetwork() ? tr("network") : textOf(layers_[i].layer).numbers);
    plot()->yAxis->setTicker(rows);
    plot()->yAxis->setLabel(layers_.isEmpty() ? QString() : textOf(layers_.front().layer).names);
}

void LatencyPlot::updateSeries(const Colors& colors)
{
    labelRows();
    for (QCPBars* bars : {faster_, slower_})
        bars->data()->clear();
    for (QCPErrorBars* whiskers : {intervals_, slowerIntervals_})
        whiskers->data()->clear();
    for (qsizetype i = layers_.size(); i-- > 0;) { // from below: whiskers belong to bars by their order
        const LayerLatency& one = layers_[i];
        const bool faster = one.speedup >= 1;
        (faster ? faster_ : slower_)->addData(rowOf(i), one.speedup);
        const bool known = one.speedupLow < one.speedupHigh;
        (faster ? intervals_ : slowerIntervals_)
            ->addData(known ? one.speedup - one.speedupLow : 0, known ? one.speedupHigh - one.speedup : 0);
    }
    const auto paint = [&colors](QCPBars* bars, const QColor& color) {
        bars->setPen(QPen(color, 1));
        bars->setBrush(blend(color, colors.canvas, 0.35));
    };
    paint(faster_, colors.accent); // with the other a pair that all eyes tell apart
    paint(slower_, colors.warning);
    for (QCPErrorBars* whiskers : {intervals_, slowerIntervals_})
        whiskers->setPen(QPen(colors.text, 1.2));
    baseline_->point1->setCoords(1, 0);
    baseline_->point2->setCoords(1, 1);
    baseline_->setPen(QPen(colors.text, 1.2, Qt::DashLine));
    baseline_->setVisible(!layers_.isEmpty());
    setLegend({{faster_->name(), colors.accent, QStringLiteral("■")}, {slower_->name(), colors.warning, QStringLiteral("■")}});
}

void LatencyPlot::fitRanges()
{
    double highest = 1;
    for (const LayerLatency& one : layers_)
        highest = std::max({highest, one.speedup, one.speedupHigh});
    plot()->xAxis->setRange(0, highest * 1.06);
    plot()->yAxis->setRange(0.4, static_cast<double>(layers_.size()) + 0.6);
}

} // namespace synoscope
