// Training curves as they come: loss at the left, accuracy at the right, both over epochs.
//
// Every run is kept; the newest few are drawn, and the one in focus always, on top and thick.
#pragma once

#include "widgets/plots/plot_view.h"

#include <map>

namespace synoscope {

struct CurvePoint
{
    std::int64_t run = 0; // identifies the training run
    std::int64_t candidate = 0;
    QString title; // of the run, for the legend
    int epoch = 0; // 1 is the first
    double loss = 0;
    double accuracy = 0; // 0 to 1; NaN: not measured in this epoch
};

class LossCurves final : public PlotView
{
    Q_OBJECT

public:
    static constexpr std::size_t drawnRuns = 6;

    explicit LossCurves(QWidget* parent = nullptr);

    // A point of an epoch that is already there replaces it (a resumed run repeats one).
    void add(std::span<const CurvePoint> points);
    void clear();
    // Draws the newest run of this candidate on top; 0: of none.
    void setFocusCandidate(std::int64_t candidate);

    int runCount() const { return static_cast<int>(order_.size()); }

protected:
    bool isEmpty() const override { return runs_.empty(); }
    void updateSeries(const Colors& colors) override;
    void fitRanges() override;

private:
    struct Epoch
    {
        double loss = 0;
        double accuracy = 0;
    };
    struct Run
    {
        QString title;
        std::int64_t candidate = 0;
        std::map<int, Epoch> epochs;
    };

    std::vector<std::int64_t> shownRuns() const;

    std::map<std::int64_t, Run> runs_;
    std::vector<std::int64_t> order_; // of their first points
    std::int64_t focus_ = 0;
    QCPAxisRect* accuracyRect_;
};

} // namespace synoscope
