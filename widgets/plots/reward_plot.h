// Rewards over the search's iterations: every evaluated candidate a point, the best so far a line. A click selects.
#pragma once

#include "widgets/plots/plot_view.h"

#include <QtCore/QHash>

class QCPGraph;

namespace synoscope {

struct RewardPoint
{
    std::int64_t id = 0; // of the candidate
    QString name;
    std::int64_t iteration = 0;
    double reward = 0; // NaN: not known yet, the point is left out
};

class RewardPlot final : public PlotView
{
    Q_OBJECT

public:
    explicit RewardPlot(QWidget* parent = nullptr);

    void apply(std::span<const RewardPoint> points); // in any order; new ones and new versions, by id
    void clear();
    void setSelected(std::int64_t id);

    double best() const; // NaN while there is none

Q_SIGNALS:
    void candidateClicked(std::int64_t id);

protected:
    bool isEmpty() const override { return points_.empty(); }
    void updateSeries(const Colors& colors) override;
    void fitRanges() override;

private:
    void showToolTip(QPoint place);

    std::vector<RewardPoint> points_;
    QHash<std::int64_t, std::size_t> index_;
    std::vector<PickPoint> plotted_; // by iteration
    std::int64_t selected_ = 0;
    QCPGraph* all_;
    QCPGraph* best_;
    QCPGraph* chosen_;
};

} // namespace synoscope
