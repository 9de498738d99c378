// Counts what a plan does, following the layout of every value as PyTorch keeps it: views share storage, and a reshape
// is a view where the strides allow it.
#include "core/lowering/plan.h"

#include <algorithm>
#include <numeric>

namespace synoscope {

namespace {

using Extents = std::span<const std::int64_t>;

double elements(Extents shape)
{
    return std::accumulate(shape.begin(), shape.end(), 1.0, std::multiplies<>());
}

void rowMajor(Extents shape, std::span<std::int64_t> strides)
{
    std::int64_t stride = 1;
    for (std::size_t i = shape.size(); i-- > 0;) {
        strides[i] = stride;
        stride *= shape[i];
    }
}

// The strides of a view of other shape; false where there is none. Runs of axes without a gap are cut anew. (An axis of
// extent 1 fits anywhere.)
bool viewStrides(Extents shapeFrom, Extents stridesFrom, Extents shape, std::span<std::int64_t> strides)
{
    std::ranges::fill(strides, 1);
    std::size_t to = shape.size();
    for (std::size_t end = shapeFrom.size(); end > 0;) {
        std::size_t begin = end - 1;
        const std::int64_t stride = stridesFrom[begin];
        std::int64_t run = shapeFrom[begin];
        while (begin > 0 && (shapeFrom[begin - 1] == 1 || stridesFrom[begin - 1] == run * stride))
            run *= shapeFrom[--begin];
        std::int64_t covered = 1;
        while (to > 0 && (covered < run || shape[to - 1] == 1)) {
            strides[--to] = stride * covered;
            covered *= shape[to];
        }
        if (covered != run)
            return false;
        end = begin;
    }
    return to == 0;
}

// Made once for a plan, then asked for one binding after the other: equal sizes are evaluated once, and nothing is
// allocated any more.
class Accountant
{
public:
    explicit Accountant(const Plan& plan) : plan_(plan), storage_(plan.steps.size()), lastUse_(plan.steps.size())
    {
        first_.reserve(plan.steps.size() + 1);
        first_.push_back(0);
        for (const Step& step : plan.steps) {
            for (const Size& size : step.shape)
                sizeOfAxis_.push_back(indexOf(size));
            first_.push_back(sizeOfAxis_.size());
        }
        shapes_.resize(sizeOfAxis_.size());
        strides_.resize(sizeOfAxis_.size());
    }

    Cost at(const Binding& binding)
    {
        values_.clear();
        for (const Size& size : sizes_)
            values_.push_back(evaluate(size, binding).value_or(0));
        for (std::size_t i = 0; i < sizeOfAxis_.size(); ++i)
            shapes_[i] = values_[sizeOfAxis_[i]];
        binding_ = &binding;
        cost_ = {};
        for (std::size_t i = 0; i < plan_.steps.size(); ++i)
            visit(i);
        cost_.peakBytes = peak();
        return cost_;
    }

private:
    std::size_t indexOf(const Size& size)
    {
        const auto at = static_cast<std::size_t>(std::ranges::find(sizes_, size) - sizes_.begin());
        if (at == sizes_.size())
            sizes_.push_back(size);
        return at;
    }

    std::size_t axes(std::size_t step) const { return first_[step + 1] - first_[step]; }
    Extents shape(std::size_t step) const { return {shapes_.data() + first_[step], axes(step)}; }
    std::span<std::int64_t> strides(std::size_t step) { return {strides_.data() + first_[step], axes(step)}; }

    void visit(std::size_t index)
    {
        const Step& step = plan_.steps[index];
        if (!step.operands.empty() && view(index, step))
            return;
        rowMajor(shape(index), strides(index));
        storage_[index] = index;
        if (step.kind == StepKind::weight)
            cost_.parameters += elements(shape(index));
        if (step.kind == StepKind::weight || step.kind == StepKind::input)
            return;
        for (const ValueId operand : step.operands)
            cost_.bytesMoved += 4 * elements(shape(operand.index));
        cost_.bytesMoved += 4 * elements(shape(index));
        if (step.kind == StepKind::einsum)
            cost_.flops += einsumFlops(step);
        if (step.kind == StepKind::convolution)
            cost_.flops += convolutionFlops(index, step);
    }

    // True where the step is a view; its layout is then filled in.
    bool view(std::size_t index, const Step& step)
    {
        const std::size_t from = step.operands[0].index;
        const std::span<std::int64_t> to = strides(index);
        const Extents before = strides(from);
        storage_[index] = storage_[from];
        switch (step.kind) {
        case StepKind::permute:
            for (std::size_t i = 0; i < step.permutation.size(); ++i)
                to[i] = before[static_cast<std::size_t>(step.permutation[i])];
            return true;
        case StepKind::slice:
            std::ranges::copy(before, to.begin());
            to[static_cast<std::size_t>(step.axis)] *= evaluate(step.size, *binding_).value_or(0);
            return true;
        case StepKind::expand:
            std::copy_n(before.begin(), step.axis, to.begin());
            to[static_cast<std::size_t>(step.axis)] = 0;
            std::copy(before.begin() + step.axis, before.end(), to.begin() + step.axis + 1);
            return true;
        case StepKind::reshape:
            return viewStrides(shape(from), before, shape(index), to);
        case StepKind::einsum:
            return step.operands.size() == 1 && diagonal(step, before, to);
        default:
            return false;
        }
    }

    // A diagonal without a sum: the strides of axes with one label add up.
    static bool diagonal(const Step& step, Extents before, std::span<std::int64_t> to)
    {
        const std::vector<int>& labels = step.labels[0];
        const std::vector<int>& result = step.labels[1];
        std::ranges::fill(to, 0);
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const auto at = std::ranges::find(result, labels[i]);
            if (at == result.end())
                return false;
            to[static_cast<std::size_t>(at - result.begin())] += before[i];
        }
        return true;
    }

    double einsumFlops(const Step& step)
    {
        seen_.clear();
        double points = 1;
        for (std::size_t o = 0; o < step.operands.size(); ++o) {
            for (std::size_t i = 0; i < step.labels[o].size(); ++i) {
                if (std::ranges::find(seen_, step.labels[o][i]) != seen_.end())
                    continue;
                seen_.push_back(step.labels[o][i]);
                points *= static_cast<double>(shape(step.operands[o].index)[i]);
            }
        }
        const bool sums = seen_.size() > step.labels.back().size();
        return points * static_cast<double>(step.operands.size() - 1 + (sums ? 1 : 0));
    }

    double convolutionFlops(std::size_t index, const Step& step) const
    {
        const Extents weight = shape(step.operands[1].index); // [O, C, window...]
        const double terms = elements(weight) / static_cast<double>(weight[0]);
        return 2 * terms * elements(shape(index));
    }

    double peak()
    {
        double always = 0;
        for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
            const Step& step = plan_.steps[i];
            lastUse_[storage_[i]] = i;
            for (const ValueId operand : step.operands)
                lastUse_[storage_[operand.index]] = i;
            if (step.operands.empty())
                always += elements(shape(i));
        }
        double largest = always;
        for (std::size_t now = 0; now < plan_.steps.size(); ++now) {
            double live = always;
            for (std::size_t i = 0; i <= now; ++i)
                if (!plan_.steps[i].operands.empty() && storage_[i] == i && lastUse_[i] >= now)
                    live += elements(shape(i));
            largest = std::max(largest, live);
        }
        return 4 * largest;
    }

    const Plan& plan_;
    std::vector<Size> sizes_; // that occur, each once
    std::vector<std::size_t> sizeOfAxis_;
    std::vector<std::size_t> first_; // of a step's axes

    const Binding* binding_ = nullptr;
    Cost cost_;
    std::vector<std::int64_t> values_; // of sizes_
    std::vector<std::int64_t> shapes_; // by axis
    std::vector<std::int64_t> strides_;
    std::vector<std::size_t> storage_; // by step: the step whose tensor holds the elements
    std::vector<std::size_t> lastUse_;
    std::vector<int> seen_;
};

} // namespace

Cost cost(const Plan& plan, const Binding& binding)
{
    return Accountant(plan).at(binding);
}

NetworkCost networkCost(const Plan& plan, std::span<const Binding> bindings, std::span<const int> counts)
{
    Accountant accountant(plan);
    NetworkCost total;
    for (std::size_t i = 0; i < bindings.size(); ++i) {
        const Cost one = accountant.at(bindings[i]);
        const double count = counts.empty() ? 1 : counts[i];
        total.flops += count * one.flops;
        total.parameters += count * one.parameters;
        total.peakBytes = std::max(total.peakBytes, one.peakBytes);
    }
    return total;
}

} // namespace synoscope
