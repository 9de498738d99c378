#include "core/lowering/execute.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>

namespace synoscope {

namespace {

using Extents = std::vector<std::int64_t>;

std::int64_t count(const Extents& shape)
{
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
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

// Calls visit(point, running number) for every point of the box, in row-major order.
template <typename Visit>
void forEachPoint(const Extents& box, Visit visit)
{
    Extents point(box.size());
    const std::int64_t total = count(box);
    for (std::int64_t number = 0; number < total; ++number) {
        visit(point, number);
        for (std::size_t i = box.size(); i-- > 0 && ++point[i] == box[i];)
            point[i] = 0;
    }
}

Array zeros(Extents shape)
{
    const auto total = static_cast<std::size_t>(count(shape));
    return {std::move(shape), std::vector<double>(total)};
}

std::int64_t offset(const Extents& point, const Extents& strides)
{
    return std::inner_product(point.begin(), point.end(), strides.begin(), std::int64_t{0});
}

// result[p] = x[source(p)], where source returns false for an element that is zero.
template <typename Source>
Array gather(const Array& x, Extents shape, Source source)
{
    Array result = zeros(std::move(shape));
    const Extents strides = rowMajor(x.shape);
    Extents from(x.shape.size());
    forEachPoint(result.shape, [&](const Extents& point, std::int64_t number) {
        if (source(point, from))
            result.values[number] = x.values[offset(from, strides)];
    });
    return result;
}

class Machine
{
public:
    Machine(const Plan& plan, const Binding& binding) : plan_(plan), binding_(binding) {}

    Expected<Array> run(const Array& input, std::span<const Array> weights)
    {
        for (const Step& step : plan_.steps) {
            const Extents shape = shapeOf(step);
            if (std::ranges::find(shape, 0) != shape.end())
                return Error{"the binding does not give every size of the plan a whole number"};
            const bool given = step.kind == StepKind::input || step.kind == StepKind::weight;
            if (!given) {
                values_.push_back(compute(step, shape));
                continue;
            }
            const auto index = static_cast<std::size_t>(step.index);
            if (step.kind == StepKind::weight && index >= weights.size())
                return Error{fmt::format("weight {} is missing; {} came", index, weights.size())};
            const Array& array = step.kind == StepKind::input ? input : weights[index];
            if (array.shape != shape || static_cast<std::int64_t>(array.values.size()) != count(shape))
                return Error{fmt::format("{} has the shape [{}]; expected [{}]",
                                         step.kind == StepKind::input ? "the input" : fmt::format("weight {}", index),
                                         fmt::join(array.shape, ", "), fmt::join(shape, ", "))};
            values_.push_back(array);
        }
        return std::move(values_.back());
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

    const Array& operand(const Step& step, std::size_t i = 0) const { return values_[step.operands[i].index]; }

    Array compute(const Step& step, const Extents& shape) const
    {
        const Array& x = operand(step);
        const auto axis = static_cast<std::size_t>(step.axis);
        switch (step.kind) {
        case StepKind::reshape:
            return {shape, x.values};
        case StepKind::permute:
            return gather(x, shape, [&](const Extents& point, Extents& from) {
                for (std::size_t i = 0; i < point.size(); ++i)
                    from[static_cast<std::size_t>(step.permutation[i])] = point[i];
                return true;
            });
        case StepKind::roll:
            return gather(x, shape, [&](const Extents& point, Extents& from) {
                from = point;
                from[axis] = ((point[axis] + step.amount) % shape[axis] + shape[axis]) % shape[axis];
                return true;
            });
        case StepKind::unfold:
            return gather(x, shape, [&](const Extents& point, Extents& from) {
                std::copy_n(point.begin(), from.size(), from.begin());
                from[axis] += point.back() - shape.back() / 2;
                return from[axis] >= 0 && from[axis] < shape[axis];
            });
        case StepKind::slice:
            return gather(x, shape, [&, step = number(step.size)](const Extents& point, Extents& from) {
                from = point;
                from[axis] *= step;
                return true;
            });
        case StepKind::expand:
            return gather(x, shape, [&](const Extents& point, Extents& from) {
                from = point;
                from.erase(from.begin() + step.axis);
                return true;
            });
        case StepKind::einsum:
            return einsum(step, shape);
        case StepKind::convolution:
            return convolution(step, shape);
        case StepKind::input:
        case StepKind::weight:
            break;
        }
        return x;
    }

    Array einsum(const Step& step, const Extents& shape) const
    {
        int labels = 0;
        for (const std::vector<int>& list : step.labels)
            for (const int label : list)
                labels = std::max(labels, label + 1);
        Extents box(static_cast<std::size_t>(labels), 1);
        std::vector<Extents> strides; // of each operand, then of the result, by label
        const auto addTensor = [&](const Extents& tensorShape, const std::vector<int>& list) {
            Extents byLabel(box.size());
            const Extents own = rowMajor(tensorShape);
            for (std::size_t i = 0; i < list.size(); ++i) {
                byLabel[static_cast<std::size_t>(list[i])] += own[i];
                box[static_cast<std::size_t>(list[i])] = tensorShape[i];
            }
            strides.push_back(std::move(byLabel));
        };
        for (std::size_t i = 0; i < step.operands.size(); ++i)
            addTensor(operand(step, i).shape, step.labels[i]);
        addTensor(shape, step.labels.back());

        Array result = zeros(shape);
        forEachPoint(box, [&](const Extents& point, std::int64_t) {
            double product = 1;
            for (std::size_t i = 0; i < step.operands.size(); ++i)
                product *= operand(step, i).values[static_cast<std::size_t>(offset(point, strides[i]))];
            result.values[static_cast<std::size_t>(offset(point, strides.back()))] += product;
        });
        return result;
    }

    Array convolution(const Step& step, const Extents& shape) const
    {
        const Array& data = operand(step, 0);
        const Array& weight = operand(step, 1);
        const std::int64_t outputsPerGroup = weight.shape[0] / number(step.convolution.groups);
        const Extents dataStrides = rowMajor(data.shape);
        const Extents terms(weight.shape.begin() + 1, weight.shape.end());
        const std::size_t spatial = terms.size() - 1;
        Extents dilation;
        for (const Size& size : step.convolution.dilations)
            dilation.push_back(number(size));

        Array result = zeros(shape);
        Extents from(data.shape.size());
        forEachPoint(shape, [&](const Extents& point, std::int64_t number) {
            const std::int64_t weightBase = point[1] * count(terms);
            double sum = 0;
            forEachPoint(terms, [&](const Extents& term, std::int64_t entry) {
                from[0] = point[0];
                from[1] = point[1] / outputsPerGroup * terms[0] + term[0];
                for (std::size_t i = 0; i < spatial; ++i) {
                    const std::int64_t padding = dilation[i] * terms[i + 1] / 2 - step.convolution.offsets[i];
                    from[i + 2] = point[i + 2] + dilation[i] * term[i + 1] - padding;
                    if (from[i + 2] < 0 || from[i + 2] >= data.shape[i + 2])
                        return;
                }
                sum += data.values[static_cast<std::size_t>(offset(from, dataStrides))] *
                       weight.values[static_cast<std::size_t>(weightBase + entry)];
            });
            result.values[static_cast<std::size_t>(number)] = sum;
        });
        return result;
    }

    const Plan& plan_;
    const Binding& binding_;
    std::vector<Array> values_;
};

} // namespace

Expected<Array> execute(const Plan& plan, const Binding& binding, const Array& input, std::span<const Array> weights)
{
    return Machine(plan, binding).run(input, weights);
}

} // namespace synoscope
