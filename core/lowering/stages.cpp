// The stages between which the scheduler chooses: multiplications by weights, and sums that are not free.
#include "core/lowering/progress.h"

#include <algorithm>

namespace synoscope::lowering {

// The axes of a weight that can be met now.
std::vector<int> Progress::openAxes(int weight, const std::vector<Reach>& reach) const
{
    std::vector<int> open;
    for (const int axis : network_->weights[weight])
        if (meeting(axis) != Meeting::met && reach[network_->weightAxes[axis].label].possible)
            open.push_back(axis);
    return open;
}

bool Progress::multipliable(int weight, const std::vector<Reach>& reach, bool partially) const
{
    const auto unmet =
        std::ranges::count_if(network_->weights[weight], [&](int axis) { return meeting(axis) != Meeting::met; });
    const auto open = static_cast<std::ptrdiff_t>(openAxes(weight, reach).size());
    return open > 0 && (partially || open == unmet);
}

// All axes of the weight become axes of the data tensor. Returns the weight's elements, those off a diagonal left out
// where two of the axes now met stand on one label.
double Progress::bringIn(int weight, std::span<const int> met)
{
    double elements = 0;
    for (int b = 0; b < extents_->bindings(); ++b) {
        double product = 1;
        std::vector<int> seen;
        for (const int axis : network_->weights[weight]) {
            const int label = network_->weightAxes[axis].label;
            const bool isMet = std::ranges::find(met, axis) != met.end();
            if (isMet && std::ranges::find(seen, label) != seen.end())
                continue;
            if (isMet)
                seen.push_back(label);
            product *= extents_->axis(axis)[b];
        }
        elements += product;
    }
    for (const int axis : network_->weights[weight])
        setMeeting(axis, Meeting::dangling);
    return elements;
}

void Progress::multiply(int weight, const std::vector<Reach>& reach)
{
    std::vector<int> axes = openAxes(weight, reach);
    for (const int axis : axes)
        produce(network_->weightAxes[axis].label);
    settle();
    meet(weight, std::move(axes));
    settle();
}

void Progress::meet(int weight, std::vector<int> axes)
{
    const double read = points();
    const bool fresh = meeting(network_->weights[weight].front()) == Meeting::pending;
    const double weightElements = fresh ? bringIn(weight, axes) : 0;

    bool presums = false;
    std::vector<int> lonely; // labels of this weight only: where they are summed, the weight is summed first
    for (const int axis : axes) {
        const int label = network_->weightAxes[axis].label;
        if (status(label) == Status::expanded)
            lonely.push_back(label);
        setMeeting(axis, Meeting::met);
        setStatus(label, Status::present);
    }
    std::vector<int> summed;
    for (int label = 0; label < labels(); ++label)
        if (summable(label))
            summed.push_back(label);
    for (const int label : lonely) {
        if (fresh && summable(label)) {
            setStatus(label, Status::gone);
            presums = true;
        }
    }
    const double all = points();
    const bool sums = std::ranges::any_of(summed, [&](int label) { return status(label) == Status::present; });
    for (const int label : summed)
        setStatus(label, Status::gone);

    spent_.flops += (presums ? weightElements : 0) + all * (static_cast<int>(fresh) + static_cast<int>(sums));
    spent_.bytes += 4 * (read + weightElements + points());
    actions_.push_back({Action::Kind::multiply, weight, std::move(axes), std::move(summed)});
}

std::vector<Progress> Progress::nextStages() const
{
    std::vector<Progress> stages;
    const std::vector<Reach> reach = reachable();
    const auto branch = [&]() -> Progress& {
        stages.push_back(*this);
        stages.back().actions_.clear();
        return stages.back();
    };
    // A weight whose axes cannot all be met at once waits, unless all that are left are such (crossing Shares).
    for (const bool partially : {false, true}) {
        for (int weight = 0; weight < static_cast<int>(network_->weights.size()); ++weight)
            if (multipliable(weight, reach, partially))
                branch().multiply(weight, reach);
        if (!stages.empty())
            break;
    }
    for (int label = 0; label < labels(); ++label) {
        if (!network_->labels[label].reduced || status(label) == Status::gone || !reach[label].possible ||
            !complete(label))
            continue;
        Progress& next = branch();
        next.produce(label);
        next.setStatus(label, Status::present); // an expanded axis that is summed as it is has to be written out
        next.settle();
        if (next.status(label) == Status::present)
            next.sum({label});
        next.settle();
    }
    return stages;
}

void Progress::runRemainingViews()
{
    for (int view = 0; view < static_cast<int>(network_->views.size()); ++view)
        if (status(network_->views[view].bottom[0]) == Status::unborn)
            run(view);
}

} // namespace synoscope::lowering
