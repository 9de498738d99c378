// The stages between which the scheduler chooses: multiplications by weights, and sums and strides that are
// not free.
#include "core/lowering/progress.h"

#include <algorithm>

namespace synoscope::lowering {

// Can this axis be met now?
bool Progress::open(int axis) const
{
    return meeting(axis) != Meeting::met && reach_[network_->weightAxes[axis].label].possible;
}

bool Progress::multipliable(int weight, bool partially) const
{
    int unmet = 0;
    int opened = 0;
    for (const int axis : network_->weights[weight]) {
        unmet += meeting(axis) != Meeting::met;
        opened += open(axis);
    }
    return opened > 0 && (partially || opened == unmet);
}

// All axes of the weight become axes of the data tensor. Returns the weight's elements, those off a diagonal left out
// where two of the axes now met stand on one label.
double Progress::bringIn(int weight)
{
    std::ranges::fill(products_, 1.0);
    const std::vector<int>& axes = network_->weights[weight];
    const auto onDiagonal = [&](std::size_t i) {
        const auto sameLabel = [&](int axis) {
            return network_->weightAxes[axis].label == network_->weightAxes[axes[i]].label;
        };
        return std::ranges::find(met_, axes[i]) != met_.end() &&
               std::any_of(axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(i),
                           [&](int axis) { return sameLabel(axis) && std::ranges::find(met_, axis) != met_.end(); });
    };
    for (std::size_t i = 0; i < axes.size(); ++i)
        if (!onDiagonal(i))
            multiplyInto(products_, network_->weightAxes[axes[i]].label);
    for (const int axis : axes)
        setMeeting(axis, Meeting::dangling);
    double elements = 0;
    for (const double product : products_)
        elements += product;
    return elements;
}

void Progress::multiply(int weight)
{
    findReach();
    std::vector<int> axes = std::move(met_); // settling needs no axes
    axes.clear();
    for (const int axis : network_->weights[weight])
        if (open(axis))
            axes.push_back(axis);
    for (const int axis : axes)
        produce(network_->weightAxes[axis].label);
    settle();
    met_ = std::move(axes);
    meet(weight);
    settle();
}

void Progress::meet(int weight)
{
    const double read = points();
    const bool fresh = meeting(network_->weights[weight].front()) == Meeting::pending;
    const double weightElements = fresh ? bringIn(weight) : 0;

    lonely_.clear(); // labels of this weight only: where they are summed, the weight is summed first
    for (const int axis : met_) {
        const int label = network_->weightAxes[axis].label;
        if (status(label) == Status::expanded)
            lonely_.push_back(label);
        setMeeting(axis, Meeting::met);
        setStatus(label, Status::present);
    }
    summed_.clear();
    for (int label = 0; label < labels_; ++label)
        if (summable(label))
            summed_.push_back(label);
    bool presums = false;
    for (const int label : lonely_) {
        if (fresh && summable(label)) {
            setStatus(label, Status::gone);
            presums = true;
        }
    }
    const double all = points();
    const bool sums = std::ranges::any_of(summed_, [&](int label) { return status(label) == Status::present; });
    for (const int label : summed_)
        setStatus(label, Status::gone);

    spent_.flops += (presums ? weightElements : 0) + all * (static_cast<int>(fresh) + static_cast<int>(sums));
    spent_.bytes += 4 * (read + weightElements + points());
    if (actions_)
        actions_->push_back({Action::Kind::multiply, weight, met_, summed_});
}

void Progress::findStages(std::vector<Stage>& stages)
{
    stages.clear();
    findReach();
    // A weight whose axes cannot all be met at once waits, unless all that are left are such (crossing Shares).
    for (const bool partially : {false, true}) {
        for (int weight = 0; weight < static_cast<int>(network_->weights.size()); ++weight)
            if (multipliable(weight, partially))
                stages.push_back({Stage::Kind::multiply, weight});
        if (!stages.empty())
            break;
    }
    for (int label = 0; label < labels_; ++label)
        if (network_->labels[label].reduced && status(label) != Status::gone && reach_[label].possible &&
            complete(label))
            stages.push_back({Stage::Kind::sum, label});
    for (int view = 0; view < static_cast<int>(network_->views.size()); ++view) {
        const int bottom = network_->views[view].bottom()[0];
        if (network_->views[view].kind == PrimitiveKind::stride && status(bottom) == Status::unborn &&
            reach_[bottom].possible && !reach_[bottom].expanded)
            stages.push_back({Stage::Kind::stride, view});
    }
}

void Progress::run(const Stage& stage)
{
    switch (stage.kind) {
    case Stage::Kind::multiply:
        return multiply(stage.index);
    case Stage::Kind::sum:
        return sumLabel(stage.index);
    case Stage::Kind::stride:
        produce(network_->views[stage.index].bottom()[0]);
        return settle();
    }
}

void Progress::sumLabel(int label)
{
    produce(label);
    setStatus(label, Status::present); // an expanded axis that is summed as it is has to be written out
    settle();
    if (status(label) == Status::present)
        sum(std::span(&label, 1));
    settle();
}

void Progress::runRemainingViews()
{
    for (int view = 0; view < static_cast<int>(network_->views.size()); ++view)
        if (status(network_->views[view].bottom()[0]) == Status::unborn)
            runView(view);
}

} // namespace synoscope::lowering
