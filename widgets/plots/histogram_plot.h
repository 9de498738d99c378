// How a figure is distributed among the candidates: bars of equal width, their number by the rule of Freedman and
// Diaconis (On the histogram as a density estimator, 1981), which follows the quartiles and not the outliers. The
// selected candidate is a line; a click on a bar asks for its candidates.
#pragma once

#include "widgets/plots/plot_view.h"

#include <QtCore/QHash>
#include <QtCore/QList>

#include <array>

class QComboBox;
class QCPBars;
class QCPItemStraightLine;

namespace synoscope {

struct HistogramPoint
{
    static constexpr int figures = 5;

    std::int64_t id = 0;
    std::array<double, figures> values{}; // by HistogramPlot::Figure; NaN: not known
};

class HistogramPlot final : public PlotView
{
    Q_OBJECT

public:
    enum class Figure
    {
        reward,
        accuracy,   // 0 to 1
        speedup,    // over the baseline
        flopsRatio, // to the baseline
        parameters
    };
    struct Bar
    {
        double from = 0; // up to, and without, `to`; the last one with it
        double to = 0;
        int count = 0;
    };

    explicit HistogramPlot(QWidget* parent = nullptr);

    void apply(std::span<const HistogramPoint> points); // new ones and new versions, by id
    void clear();
    void setFigure(Figure figure);
    Figure figure() const { return figure_; }
    void setSelected(std::int64_t id); // 0: none

    const std::vector<Bar>& bars() const { return bars_; }

Q_SIGNALS:
    void candidatesRequested(const QString& title, const QList<std::int64_t>& candidates);

protected:
    bool isEmpty() const override;
    void updateSeries(const Colors& colors) override;
    void fitRanges() override;

private:
    double value(const HistogramPoint& point) const { return point.values[static_cast<std::size_t>(figure_)]; }
    double scale() const; // of what is shown to the value
    QString text(double value) const;
    QString title(const Bar& bar) const;
    const Bar* barAt(QPointF place) const;
    void requestCandidates(QPointF place);
    void showToolTip(QPoint place);

    std::vector<HistogramPoint> points_;
    QHash<std::int64_t, std::size_t> index_;
    std::vector<Bar> bars_;
    Figure figure_ = Figure::reward;
    std::int64_t selected_ = 0;
    QComboBox* box_;
    QCPBars* drawn_;
    QCPItemStraightLine* chosen_;
};

// The bars for these values, which need not be sorted; between 1 and 100 of them. None for no value.
std::vector<HistogramPlot::Bar> histogram(std::vector<double> values);

} // namespace synoscope
