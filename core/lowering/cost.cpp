// Counts what a plan does, following the layout of every value as PyTorch keeps it: views share storage, and a reshape
// is a view where the strides allow it.
#include "core/lowering/plan.h"

#include <algorithm>
#include <numeric>

namespace synoscope {

namespace {

using Extents = std::vector<std::int64_t>;

struct Layout
{
    Extents shape;
    Extents strides;
    std::size_t storage = 0; // the step whose tensor holds the elements
};

double elements(const Extents& shape)
{
    return std::accumulate(shape.begin(), shape.end(), 1.0, std::multiplies<>());
}

Extents rowMajor(const Extents& shape)
{
    Extents strides(shape.size());
    std::int64_t stride = 1;
    for (std::size_t i = shape.size(); i-- > 0;) {
        strides[i] = stride;
        stride *= shape[i];
    }
    return strides;
}

// Does axis i + 1 follow axis i without a gap, so that both could be one axis? (Extents of 1 fit anywhere.)
bool adjoins(const Layout& layout, std::size_t i, std::int64_t extentBelow, std::int64_t strideBelow)
{
    return layout.shape[i] == 1 || layout.strides[i] == extentBelow * strideBelow;
}

// The strides of a view of other shape; empty where there is none. Runs of axes without a gap are cut anew.
Extents viewStrides(const Layout& from, const Extents& shape)
{
    Extents strides(shape.size(), 1);
    std::size_t to = shape.size();
    for (std::size_t end = from.shape.size(); end > 0;) {
        std::size_t begin = end - 1;
        const std::int64_t stride = from.strides[begin];
        std::int64_t run = from.shape[begin];
        while (begin > 0 && adjoins(from, begin - 1, run, stride))
            run *= from.shape[--begin];
        std::int64_t covered = 1;
        while (to > 0 && (covered < run || shape[to - 1] == 1)) {
            strides[--to] = stride * covered;
            covered *= shape[to];
        }
        if (covered != run)
            return {};
        end = begin;
    }
    return to == 0 ? strides : Extents{};
}

class Accountant
{
public:
    Accountant(const Plan& plan, const Binding& binding) : plan_(plan), binding_(binding), layouts_(plan.steps.size())
    {}

    Cost run()
    {
        for (std::size_t i = 0; i < plan_.steps.size(); ++i)
            visit(i);
        cost_.peakBytes = peak();
        return cost_;
    }

private:
    std::int64_t number(const Size& size) const { return evaluate(size, binding_).value_or(0); }

    Extents shapeOf(const Step& step) const
    {
        Extents shape;
        for (const Size& size : step.shape)
            shape.push_back(number(size));
        return shape;
    }

    const Layout& operand(const Step& step, std::size_t i = 0) const { return layouts_[step.operands[i].index]; }

    void visit(std::size_t index)
    {
        const Step& step = plan_.steps[index];
        layouts_[index].shape = shapeOf(step);
        if (!step.operands.empty() && view(index, step))
            return;
        Layout& layout = layouts_[index];
        layout.strides = rowMajor(layout.shape);
        layout.storage = index;
        if (step.kind == StepKind::weight)
            cost_.parameters += elements(layout.shape);
        if (step.kind == StepKind::weight || step.kind == StepKind::input)
            return;
        for (std::size_t i = 0; i < step.operands.size(); ++i)
            cost_.bytesMoved += 4 * elements(operand(step, i).shape);
        cost_.bytesMoved += 4 * elements(layout.shape);
        if (step.kind == StepKind::einsum)
            cost_.flops += einsumFlops(step);
        if (step.kind == StepKind::convolution)
            cost_.flops += convolutionFlops(step);
    }

    // True where the step is a view; its layout is then filled in.
    bool view(std::size_t index, const Step& step)
    {
        const Layout& from = operand(step);
        Layout& layout = layouts_[index];
        layout.storage = from.storage;
        layout.strides = from.strides;
        switch (step.kind) {
        case StepKind::permute:
            for (std::size_t i = 0; i < step.permutation.size(); ++i)
                layout.strides[i] = from.strides[step.permutation[i]];
            return true;
        case StepKind::slice:
            layout.strides[step.axis] *= number(step.size);
            return true;
        case StepKind::expand:
            layout.strides.insert(layout.strides.begin() + step.axis, 0);
            return true;
        case StepKind::reshape:
            layout.strides = viewStrides(from, layout.shape);
            return !layout.strides.empty();
        case StepKind::einsum:
            return step.operands.size() == 1 && diagonal(step, layout, from);
        default:
            return false;
        }
    }

    // A diagonal without a sum: the strides of axes with one label add up.
    static bool diagonal(const Step& step, Layout& layout, const Layout& from)
    {
        const std::vector<int>& labels = step.labels[0];
        const std::vector<int>& result = step.labels[1];
        layout.strides.assign(result.size(), 0);
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const auto at = std::ranges::find(result, labels[i]);
            if (at == result.end())
                return false;
            layout.strides[static_cast<std::size_t>(at - result.begin())] += from.strides[i];
        }
        return true;
    }

    double einsumFlops(const Step& step) const
    {
        std::vector<int> seen;
        double points = 1;
        for (std::size_t o = 0; o < step.operands.size(); ++o) {
            for (std::size_t i = 0; i < step.labels[o].size(); ++i) {
                if (std::ranges::find(seen, step.labels[o][i]) != seen.end())
                    continue;
                seen.push_back(step.labels[o][i]);
                points *= static_cast<double>(operand(step, o).shape[i]);
            }
        }
        const bool sums = seen.size() > step.labels.back().size();
        return points * static_cast<double>(step.operands.size() - 1 + (sums ? 1 : 0));
    }

    double convolutionFlops(const Step& step) const
    {
        const Extents& weight = operand(step, 1).shape; // [O, C, window...]
        const double terms = elements(weight) / static_cast<double>(weight[0]);
        return 2 * terms * elements(shapeOf(step));
    }

    double peak() const
    {
        std::vector<std::size_t> lastUse(plan_.steps.size());
        double always = 0;
        for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
            const Step& step = plan_.steps[i];
            lastUse[layouts_[i].storage] = i;
            for (const ValueId operand : step.operands)
                lastUse[layouts_[operand.index].storage] = i;
            if (step.operands.empty())
                always += elements(layouts_[i].shape);
        }
        double largest = always;
        for (std::size_t now = 0; now < plan_.steps.size(); ++now) {
            double live = always;
            for (std::size_t i = 0; i <= now; ++i)
                if (!plan_.steps[i].operands.empty() && layouts_[i].storage == i && lastUse[i] >= now)
                    live += elements(layouts_[i].shape);
            largest = std::max(largest, live);
        }
        return 4 * largest;
    }

    const Plan& plan_;
    const Binding& binding_;
    std::vector<Layout> layouts_;
    Cost cost_;
};

} // namespace

Cost cost(const Plan& plan, const Binding& binding)
{
    return Accountant(plan, binding).run();
}

} // namespace synoscope
