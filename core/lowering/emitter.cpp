#include "core/lowering/emitter.h"

#include <algorithm>

namespace synoscope::lowering {

namespace {

bool contains(const std::vector<int>& list, int item)
{
    return std::ranges::find(list, item) != list.end();
}

} // namespace

Emitter::Emitter(const Network& network, const VariableTable& variables, std::span<const Binding> bindings,
                 Naming naming, Contractions contractions)
    : network_(network), bindings_(bindings), contractions_(contractions), plan_(variables, naming),
      axes_(network.input), broughtIn_(network.weights.size()), ranks_(network.labels.size()),
      ranking_(network.labels.size())
{
    data_ = plan_.input(axesOf(axes_));
}

Plan Emitter::run(std::span<const Action> actions)
{
    for (const Action& action : actions) {
        if (action.kind == Action::Kind::view)
            view(network_.views[action.index]);
        else if (action.kind == Action::Kind::multiply)
            multiply(action);
        else
            sum(action.labels);
    }
    finishOutput();
    return plan_.finish(data_);
}

int Emitter::labelOf(int item) const
{
    const int labels = static_cast<int>(network_.labels.size());
    return item < labels ? item : network_.weightAxes[item - labels].label;
}

Axis Emitter::axisOf(int item) const
{
    const int labels = static_cast<int>(network_.labels.size());
    if (item < labels)
        return {network_.labels[item].name, network_.labels[item].size};
    return {network_.weightAxes[item - labels].name, network_.weightAxes[item - labels].size};
}

std::vector<Axis> Emitter::axesOf(std::span<const int> items) const
{
    std::vector<Axis> axes;
    axes.reserve(items.size());
    for (const int item : items)
        axes.push_back(axisOf(item));
    return axes;
}

bool Emitter::present(int item) const
{
    return contains(axes_, item) ||
           std::ranges::any_of(unfolds_, [&](const PendingUnfold& unfold) { return unfold.window == item; });
}

int Emitter::position(int item) const
{
    return static_cast<int>(std::ranges::find(axes_, item) - axes_.begin());
}

bool Emitter::staysExpanded(const View& view) const
{
    return view.kind != PrimitiveKind::unfold &&
           std::ranges::none_of(view.top(), [&](int label) { return present(label); });
}

void Emitter::view(const View& view)
{
    if (staysExpanded(view))
        return;
    if (view.kind == PrimitiveKind::stride)
        return stride(view);
    if (view.kind == PrimitiveKind::shift)
        return shift(view);
    writeOutTouching(view.top());
    if (view.kind == PrimitiveKind::split)
        return split(view);
    if (view.kind == PrimitiveKind::merge)
        return merge(view);
    unfold(view);
}

void Emitter::split(const View& view)
{
    const int at = position(view.top()[0]);
    axes_[at] = view.bottom()[0];
    axes_.insert(axes_.begin() + at + 1, view.bottom()[1]);
    data_ = plan_.reshape(data_, axesOf(axes_));
}

void Emitter::merge(const View& view)
{
    const int group = view.top()[0];
    const int block = view.top()[1];
    if (!present(group))
        materialise(group, position(block));
    if (!present(block))
        materialise(block, position(group) + 1);
    if (position(block) != position(group) + 1) {
        std::vector<int> order = axes_;
        std::erase(order, block);
        order.insert(std::ranges::find(order, group) + 1, block);
        arrange(std::move(order));
    }
    const int at = position(group);
    axes_[at] = view.bottom()[0];
    axes_.erase(axes_.begin() + at + 1);
    data_ = plan_.reshape(data_, axesOf(axes_));
}

void Emitter::unfold(const View& view)
{
    if (!present(view.top()[0]))
        materialiseInOrder(view.top()[0]);
    axes_[position(view.top()[0])] = view.bottom()[0];
    unfolds_.push_back({view.bottom()[0], view.bottom()[1], view.parameter});
}

void Emitter::stride(const View& view)
{
    if (PendingUnfold* unfold = pendingWindow(view.top()[0])) {
        unfold->window = view.bottom()[0];
        unfold->dilation = unfold->dilation * view.parameter;
        unfold->plain = plain(*unfold);
        return;
    }
    writeOutTouching(view.top());
    const int at = position(view.top()[0]);
    axes_[at] = view.bottom()[0];
    data_ = plan_.slice(data_, at, view.parameter, axisOf(view.bottom()[0]).name);
}

void Emitter::shift(const View& view)
{
    if (PendingUnfold* unfold = pendingWindow(view.top()[0]); unfold && unfold->dilation.isOne()) {
        unfold->window = view.bottom()[0];
        unfold->offset += view.amount;
        unfold->plain = plain(*unfold);
        return;
    }
    writeOutTouching(view.top());
    const int at = position(view.top()[0]);
    axes_[at] = view.bottom()[0];
    data_ = plan_.roll(data_, at, view.amount, axisOf(view.bottom()[0]).name);
}

PendingUnfold* Emitter::pendingWindow(int label)
{
    const auto found = std::ranges::find(unfolds_, label, &PendingUnfold::window);
    return found == unfolds_.end() ? nullptr : &*found;
}

// (dilation*j + offset) % (dilation*K) is dilation*j + offset for every j when the offset lies within the dilation.
bool Emitter::plain(const PendingUnfold& unfold) const
{
    return unfold.offset == 0 || (unfold.offset > 0 && std::ranges::all_of(bindings_, [&](const Binding& binding) {
                                      return evaluate(unfold.dilation, binding).value_or(0) > unfold.offset;
                                  }));
}

void Emitter::multiply(const Action& action)
{
    if (broughtIn_[action.index])
        return meetDangling(action);
    broughtIn_[action.index] = true;
    std::vector<int> items;
    const ValueId weight = bringIn(action, items);
    std::vector<int> summed = action.labels;
    std::erase_if(summed, [&](int label) { return !present(label); }); // summed in the weight already
    contract(weight, items, summed);
}

// The weight, with axes that meet on one label taken as a diagonal, and what only the weight has and is summed, summed.
ValueId Emitter::bringIn(const Action& action, std::vector<int>& items)
{
    std::vector<Axis> axes;
    std::vector<int> labels;
    for (const int axis : network_.weights[action.index]) {
        axes.push_back({network_.weightAxes[axis].name, network_.weightAxes[axis].size});
        const int item = contains(action.axes, axis) ? network_.weightAxes[axis].label : dangling(axis);
        labels.push_back(item);
        if (!contains(items, item) && (present(item) || !contains(action.labels, item)))
            items.push_back(item);
    }
    const ValueId weight = plan_.weight(action.index, axes);
    return plan_.einsum({weight}, {labels, items}, axesOf(items));
}

// Axes of a weight that came in earlier meet their labels: a diagonal, where the data has the label already.
void Emitter::meetDangling(const Action& action)
{
    std::vector<int> labels;
    for (const int axis : action.axes)
        labels.push_back(network_.weightAxes[axis].label);
    writeOutTouching(labels);
    std::vector<int> met = axes_;
    for (const int axis : action.axes)
        std::ranges::replace(met, dangling(axis), network_.weightAxes[axis].label);
    std::vector<int> kept;
    for (const int item : met)
        if (!contains(kept, item) && !contains(action.labels, item))
            kept.push_back(item);
    data_ = plan_.einsum({data_}, {met, kept}, axesOf(kept));
    axes_ = std::move(kept);
}

void Emitter::contract(ValueId weight, const std::vector<int>& items, const std::vector<int>& summed)
{
    // Windows that a convolution cannot contract are written out, and windows beyond the second.
    const int most = contractions_ == Contractions::recognised ? 2 : 0;
    int windows = 0;
    for (std::size_t i = unfolds_.size(); i-- > 0;) {
        if (contractsWindow(unfolds_[i], items, summed) && windows < most)
            ++windows;
        else if (contains(items, unfolds_[i].window) || contains(items, unfolds_[i].axis))
            writeOut(i);
    }
    const auto roles =
        contractions_ == Contractions::recognised ? recogniseConvolution(axes_, items, summed, unfolds_) : std::nullopt;
    if (roles)
        return convolve(*roles, weight, items);
    std::vector<int> result;
    for (const int item : axes_)
        if (!contains(summed, item))
            result.push_back(item);
    for (const int item : items)
        if (!contains(result, item) && !contains(summed, item))
            result.push_back(item);
    std::ranges::stable_sort(result, {}, [&](int item) { return rank(item); });
    data_ = plan_.einsum({data_, weight}, {axes_, items, result}, axesOf(result));
    axes_ = std::move(result);
}

void Emitter::sum(const std::vector<int>& labels)
{
    for (const int label : labels)
        if (!present(label))
            materialiseInOrder(label);
    writeOutTouching(labels);
    std::vector<int> kept;
    for (const int item : axes_)
        if (!contains(labels, item))
            kept.push_back(item);
    data_ = plan_.einsum({data_}, {axes_, kept}, axesOf(kept));
    axes_ = std::move(kept);
}

void Emitter::writeOut(std::size_t index)
{
    const PendingUnfold unfold = unfolds_[index];
    unfolds_.erase(unfolds_.begin() + static_cast<std::ptrdiff_t>(index));
    const std::string name = axisOf(unfold.window).name;
    data_ = plan_.unfold(data_, position(unfold.axis), unfold.size, name);
    axes_.push_back(unfold.window);
    const int last = static_cast<int>(axes_.size()) - 1;
    if (unfold.offset != 0)
        data_ = plan_.roll(data_, last, unfold.offset, name);
    if (!unfold.dilation.isOne())
        data_ = plan_.slice(data_, last, unfold.dilation, name);
}

void Emitter::writeOutTouching(std::span<const int> items)
{
    for (std::size_t i = 0; i < unfolds_.size();) {
        const bool touched = std::ranges::find(items, unfolds_[i].axis) != items.end() ||
                             std::ranges::find(items, unfolds_[i].window) != items.end();
        if (touched)
            writeOut(i);
        else
            ++i;
    }
}

void Emitter::materialise(int label, int at)
{
    data_ = plan_.expand(data_, at, axisOf(label));
    axes_.insert(axes_.begin() + at, label);
}

void Emitter::materialiseInOrder(int label)
{
    const std::vector<int> wanted = rank(label);
    const auto next = std::ranges::find_if(axes_, [&](int item) { return wanted < rank(item); });
    materialise(label, static_cast<int>(next - axes_.begin()));
}

void Emitter::arrange(std::vector<int> order)
{
    std::vector<int> permutation;
    for (const int item : order)
        permutation.push_back(position(item));
    data_ = plan_.permute(data_, std::move(permutation));
    axes_ = std::move(order);
}

void Emitter::finishOutput()
{
    writeOutTouching(network_.output);
    for (const int label : network_.output)
        if (!present(label))
            materialiseInOrder(label);
    arrange(network_.output);
}

} // namespace synoscope::lowering
