#include "core/lowering/progress.h"

#include <algorithm>

namespace synoscope::lowering {

namespace {

// Exact for whole numbers; unlike evaluate() it needs no divisibility, so that nominal numbers will do.
double extent(const Size& size, const Binding& binding)
{
    double product = 1;
    for (int i = 0; i < maxVariables; ++i) {
        const VariableId variable{static_cast<std::uint8_t>(i)};
        int exponent = size.exponent(variable);
        if (exponent == 0)
            continue;
        const auto value = static_cast<double>(binding[variable]);
        for (; exponent > 0; --exponent)
            product *= value;
        for (; exponent < 0; ++exponent)
            product /= value;
    }
    return product;
}

} // namespace

Extents::Extents(const Network& network, std::span<const Binding> bindings)
    : bindings_(static_cast<int>(bindings.size()))
{
    values_.reserve(network.labels.size() * bindings.size());
    for (std::size_t i = 0; i < network.labels.size(); ++i) {
        const Size& size = network.labels[i].size;
        std::size_t same = 0; // most sizes occur several times
        while (network.labels[same].size != size)
            ++same;
        for (std::size_t b = 0; b < bindings.size(); ++b)
            values_.push_back(same < i ? values_[same * bindings.size() + b] : extent(size, bindings[b]));
    }
}

Progress::Progress(const Network& network, const Extents& extents, std::vector<Action>* actions)
    : network_(&network), extents_(&extents), labels_(static_cast<int>(network.labels.size())),
      axes_(static_cast<int>(network.weightAxes.size())), state_(network.labels.size() + network.weightAxes.size()),
      actions_(actions), reach_(network.labels.size()), products_(static_cast<std::size_t>(extents.bindings()))
{
    for (const int label : network.input)
        setStatus(label, Status::present);
    for (int label = 0; label < labels_; ++label)
        if (network.labels[static_cast<std::size_t>(label)].expanded)
            setStatus(label, Status::expanded);
    settle();
}

void Progress::restore(State state, const Cheapness& spent)
{
    std::ranges::copy(state, state_.begin());
    spent_ = spent;
}

bool Progress::finished() const
{
    for (int axis = 0; axis < axes_; ++axis)
        if (meeting(axis) != Meeting::met)
            return false;
    for (int label = 0; label < labels_; ++label)
        if (network_->labels[label].reduced && status(label) != Status::gone)
            return false;
    return true;
}

bool Progress::complete(int label) const
{
    return std::ranges::all_of(network_->labels[label].weightAxes,
                               [&](int axis) { return meeting(axis) == Meeting::met; });
}

bool Progress::summable(int label) const
{
    return network_->labels[label].reduced && status(label) == Status::present && complete(label);
}

// In one sweep along the dataflow.
void Progress::findReach()
{
    for (int label = 0; label < labels_; ++label) {
        const Status now = status(label);
        reach_[label] = {now == Status::present || now == Status::expanded, false, now == Status::expanded};
    }
    for (const View& view : network_->views) {
        if (status(view.bottom()[0]) != Status::unborn)
            continue;
        const Reach through = reachThrough(view);
        for (const int bottom : view.bottom())
            reach_[bottom] = through;
    }
}

Progress::Reach Progress::reachThrough(const View& view) const
{
    Reach result{true, false, true};
    int expanded = 0;
    for (const int top : view.top()) {
        result.possible = result.possible && reach_[top].possible && complete(top);
        result.enlarges = result.enlarges || reach_[top].enlarges;
        expanded += reach_[top].expanded;
    }
    result.expanded = expanded == view.tops && view.kind != PrimitiveKind::unfold;
    result.enlarges = result.enlarges || view.kind == PrimitiveKind::unfold || (expanded > 0 && !result.expanded);
    return result;
}

void Progress::produce(int label)
{
    if (status(label) != Status::unborn)
        return;
    const int producer = network_->labels[label].producer;
    for (const int top : network_->views[producer].top())
        produce(top);
    runView(producer);
}

void Progress::runView(int index)
{
    const View& view = network_->views[index];
    int expanded = 0;
    for (const int top : view.top())
        expanded += status(top) == Status::expanded;
    const bool staysExpanded = expanded == view.tops && view.kind != PrimitiveKind::unfold;
    for (const int top : view.top())
        setStatus(top, Status::gone);
    for (const int bottom : view.bottom())
        setStatus(bottom, staysExpanded ? Status::expanded : Status::present);
    if (view.kind == PrimitiveKind::unfold || (expanded > 0 && !staysExpanded))
        spent_.bytes += 4 * points();
    if (actions_)
        actions_->push_back({Action::Kind::view, index});
}

// What makes the tensor smaller and needs nothing that makes it larger is done at once: all later steps profit. (A sum
// of R terms costs as many operations as there are points, and saves at least as many where R is 2 or more.)
void Progress::settle()
{
    while (settleOnce()) {
    }
}

bool Progress::settleOnce()
{
    findReach();
    const auto free = [&](int label) {
        return reach_[label].possible && !reach_[label].enlarges && !reach_[label].expanded;
    };
    bool changed = false;
    for (const View& view : network_->views) {
        if (view.kind != PrimitiveKind::stride || status(view.bottom()[0]) != Status::unborn || !free(view.bottom()[0]))
            continue;
        produce(view.bottom()[0]);
        changed = true;
    }
    summed_.clear();
    for (int label = 0; label < labels_; ++label) {
        if (!network_->labels[label].reduced || status(label) == Status::gone || !free(label) || !complete(label))
            continue;
        produce(label);
        summed_.push_back(label);
    }
    if (!summed_.empty()) {
        sum(summed_);
        changed = true;
    }
    return changed;
}

void Progress::sum(std::span<const int> summed)
{
    const double before = points();
    for (const int label : summed)
        setStatus(label, Status::gone);
    spent_.flops += before;
    spent_.bytes += 4 * (before + points());
    if (actions_)
        actions_->push_back({Action::Kind::sum, 0, {}, {summed.begin(), summed.end()}});
}

void Progress::multiplyInto(std::vector<double>& products, int label) const
{
    const std::span<const double> extents = (*extents_)[label];
    for (std::size_t b = 0; b < extents.size(); ++b)
        products[b] *= extents[b];
}

double Progress::points()
{
    std::ranges::fill(products_, 1.0);
    for (int label = 0; label < labels_; ++label)
        if (status(label) == Status::present)
            multiplyInto(products_, label);
    for (int axis = 0; axis < axes_; ++axis)
        if (meeting(axis) == Meeting::dangling)
            multiplyInto(products_, network_->weightAxes[axis].label);
    double total = 0;
    for (const double product : products_)
        total += product;
    return total;
}

} // namespace synoscope::lowering
