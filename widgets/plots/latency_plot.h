// How fast one operator is in each layer, and in one pass through the whole network, against the baseline (DESIGN 7).
//
// A bar is a speed-up, so that a layer of microseconds and a network of milliseconds stand side by side; its whisker is
// where the speed-up lies with a confidence of 95 %. The times themselves are told by the tool tip.
#pragma once

#include "widgets/common/layer_latency.h"
#include "widgets/plots/plot_view.h"

#include <QtCore/QList>

class QCPBars;
class QCPErrorBars;
class QCPItemStraightLine;

namespace synoscope {

class LatencyPlot final : public PlotView
{
    Q_OBJECT

public:
    explicit LatencyPlot(QWidget* parent = nullptr);

    // Of one operator, the network last; none: it was not measured.
    void setLayers(const QString& name, const QList<LayerLatency>& layers);
    void clear() { setLayers({}, {}); }

    const QList<LayerLatency>& layers() const { return layers_; }
    QString toolTipAt(double row) const; // a coordinate on the vertical axis; empty: no bar there

protected:
    bool isEmpty() const override { return layers_.isEmpty(); }
    void updateSeries(const Colors& colors) override;
    void fitRanges() override;

private:
    double rowOf(qsizetype i) const { return static_cast<double>(layers_.size() - i); } // the first layer is on top
    void labelRows();

    QString name_;
    QList<LayerLatency> layers_;
    QCPBars* faster_;
    QCPBars* slower_;
    QCPErrorBars* intervals_;
    QCPErrorBars* slowerIntervals_;
    QCPItemStraightLine* baseline_;
};

} // namespace synoscope
