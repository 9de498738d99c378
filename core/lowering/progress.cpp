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
        const auto value = static_cast<double>(binding[variable]);
        int exponent = size.exponent(variable);
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
    for (const Label& label : network.labels)
        for (const Binding& binding : bindings)
            labels_.push_back(extent(label.size, binding));
    for (const WeightAxis& axis : network.weightAxes)
        for (const Binding& binding : bindings)
            axes_.push_back(extent(axis.size, binding));
}

Progress::Progress(const Network& network, const Extents& extents)
    : network_(&network), extents_(&extents), state_(network.labels.size() + network.weightAxes.size(), 0)
{
    for (const int label : network.input)
        setStatus(label, Status::present);
    for (int label = 0; label < labels(); ++label)
        if (network.labels[label].expanded)
            setStatus(label, Status::expanded);
    settle();
}

bool Progress::finished() const
{
    for (int axis = 0; axis < axes(); ++axis)
        if (meeting(axis) != Meeting::met)
            return false;
    for (int label = 0; label < labels(); ++label)
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

// Which labels exist or can be made by views alone, in one sweep along the dataflow.
std::vector<Progress::Reach> Progress::reachable() const
{
    std::vector<Reach> reach(network_->labels.size());
    for (int label = 0; label < labels(); ++label) {
        const Status now = status(label);
        reach[label] = {now == Status::present || now == Status::expanded, false, now == Status::expanded};
    }
    for (const View& view : network_->views) {
        if (status(view.bottom[0]) != Status::unborn)
            continue;
        const Reach through = reachThrough(view, reach);
        for (const int bottom : view.bottom)
            reach[bottom] = through;
    }
    return reach;
}

Progress::Reach Progress::reachThrough(const View& view, const std::vector<Reach>& reach) const
{
    Reach result{true, false, true};
    int expanded = 0;
    for (const int top : view.top) {
        result.possible = result.possible && reach[top].possible && complete(top);
        result.enlarges = result.enlarges || reach[top].enlarges;
        expanded += reach[top].expanded;
    }
    result.expanded = expanded == static_cast<int>(view.top.size()) && view.kind != PrimitiveKind::unfold;
    result.enlarges = result.enlarges || view.kind == PrimitiveKind::unfold || (expanded > 0 && !result.expanded);
    return result;
}

void Progress::produce(int label)
{
    if (status(label) != Status::unborn)
        return;
    const int producer = network_->labels[label].producer;
    for (const int top : network_->views[producer].top)
        produce(top);
    run(producer);
}

void Progress::run(int index)
{
    const View& view = network_->views[index];
    int expanded = 0;
    for (const int top : view.top)
        expanded += status(top) == Status::expanded;
    const bool staysExpanded = expanded == static_cast<int>(view.top.size()) && view.kind != PrimitiveKind::unfold;
    for (const int top : view.top)
        setStatus(top, Status::gone);
    for (const int bottom : view.bottom)
        setStatus(bottom, staysExpanded ? Status::expanded : Status::present);
    if (view.kind == PrimitiveKind::unfold || (expanded > 0 && !staysExpanded))
        spent_.bytes += 4 * points();
    actions_.push_back({Action::Kind::view, index});
}

// What makes the tensor smaller and needs nothing that makes it larger is done at once: all later steps profit.
void Progress::settle()
{
    while (settleOnce()) {
    }
}

bool Progress::settleOnce()
{
    const std::vector<Reach> reach = reachable();
    const auto free = [&](int label) {
        return reach[label].possible && !reach[label].enlarges && !reach[label].expanded;
    };
    bool changed = false;
    for (const View& view : network_->views) {
        if (view.kind != PrimitiveKind::stride || status(view.bottom[0]) != Status::unborn || !free(view.bottom[0]))
            continue;
        produce(view.bottom[0]);
        changed = true;
    }
    std::vector<int> summed;
    for (int label = 0; label < labels(); ++label) {
        if (!network_->labels[label].reduced || status(label) == Status::gone || !free(label) || !complete(label))
            continue;
        produce(label);
        summed.push_back(label);
    }
    if (!summed.empty()) {
        sum(std::move(summed));
        changed = true;
    }
    return changed;
}

void Progress::sum(std::vector<int> summed)
{
    const double before = points();
    for (const int label : summed)
        setStatus(label, Status::gone);
    spent_.flops += before;
    spent_.bytes += 4 * (before + points());
    actions_.push_back({Action::Kind::sum, 0, {}, std::move(summed)});
}

double Progress::points() const
{
    double total = 0;
    for (int b = 0; b < extents_->bindings(); ++b) {
        double product = 1;
        for (int label = 0; label < labels(); ++label)
            if (status(label) == Status::present)
                product *= extents_->label(label)[b];
        for (int axis = 0; axis < axes(); ++axis)
            if (meeting(axis) == Meeting::dangling)
                product *= extents_->axis(axis)[b];
        total += product;
    }
    return total;
}

} // namespace synoscope::lowering
