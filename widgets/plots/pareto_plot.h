// Speed-up or FLOPs ratio against accuracy: each evaluated candidate a point, the best trade-offs joined as a front.
// A click on a point selects its candidate.
#pragma once

#include "widgets/plots/plot_view.h"

#include <QtCore/QHash>

class QComboBox;
class QCPGraph;
class QCPItemStraightLine;

namespace synoscope {

struct ParetoPoint
{
    std::int64_t id = 0;
    QString name;
    double speedup = 0;    // NaN: not measured, the point is left out of that plot
    double flopsRatio = 0; // the same
    double accuracy = 0;   // 0 to 1
    bool starred = false;
};

class ParetoPlot final : public PlotView
{
    Q_OBJECT

public:
    enum class Cost
    {
        speedup,
        flopsRatio
    };

    explicit ParetoPlot(QWidget* parent = nullptr);

    void apply(std::span<const ParetoPoint> points); // new ones and new versions, by id
    void clear();
    void setCost(Cost cost);
    Cost cost() const { return cost_; }
    void setSelected(std::int64_t id); // 0: none

    std::vector<std::int64_t> frontIds() const; // by rising cost

Q_SIGNALS:
    void candidateClicked(std::int64_t id);

protected:
    bool isEmpty() const override;
    void updateSeries(const Colors& colors) override;
    void fitRanges() override;

private:
    double x(const ParetoPoint& point) const;
    std::vector<PickPoint> plotted() const;
    void showToolTip(QPoint place);

    std::vector<ParetoPoint> points_;
    QHash<std::int64_t, std::size_t> index_;
    std::vector<PickPoint> plotted_; // what was drawn last
    Cost cost_ = Cost::flopsRatio;
    std::int64_t selected_ = 0;
    QComboBox* costBox_;
    QCPGraph* all_;
    QCPGraph* front_;
    QCPGraph* starred_;
    QCPGraph* chosen_;
    QCPItemStraightLine* baseline_;
};

} // namespace synoscope
