#include "core/codegen/kernel_program.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

namespace synoscope::codegen {

namespace {

using Shape = std::vector<std::int64_t>;

struct Padding
{
    std::int64_t front = 0;
    std::int64_t back = 0;
};

std::int64_t product(const Shape& shape)
{
    std::int64_t result = 1;
    for (const std::int64_t extent : shape)
        result *= extent;
    return result;
}

class ProgramBuilder
{
public:
    ProgramBuilder(const Plan& plan, const Binding& binding)
        : plan_(plan), binding_(binding), values_(plan.steps.size())
    {}

    KernelProgram build()
    {
        int weights = 0;
        for (const Step& step : plan_.steps)
            if (step.kind == StepKind::weight)
                weights = std::max(weights, step.index + 1);
        program_.outputShape = shapeOf(plan_.steps.back());
        program_.weightShapes.resize(static_cast<std::size_t>(weights));
        program_.buffers.resize(static_cast<std::size_t>(2 + weights));
        for (std::size_t i = 0; i < plan_.steps.size(); ++i)
            values_[i] = run(i, plan_.steps[i]);
        program_.buffers[KernelProgram::output] = {
            KernelBuffer::Kind::output, -1, product(program_.outputShape), false, false, "output"};
        copy(values_.back(), denseAccess(KernelProgram::output, program_.outputShape));
        return std::move(program_);
    }

private:
    std::int64_t number(const Size& size) const { return evaluate(size, binding_).value_or(1); }

    Shape shapeOf(const Step& step) const
    {
        Shape shape;
        for (const Size& size : step.shape)
            shape.push_back(number(size));
        return shape;
    }

    bool prepared(const Access& access) const
    {
        return program_.buffers[static_cast<std::size_t>(access.buffer)].prepared;
    }
    std::vector<KernelOperation>& operations(bool prepared) { return prepared ? program_.prepare : program_.forward; }

    int addBuffer(std::int64_t elements, bool zeros, bool prepared, const std::string& name)
    {
        program_.buffers.push_back({KernelBuffer::Kind::scratch, -1, elements, zeros, prepared, name});
        return static_cast<int>(program_.buffers.size()) - 1;
    }

    Access run(std::size_t index, const Step& step)
    {
        const Shape shape = shapeOf(step);
        switch (step.kind) {
        case StepKind::input:
            program_.inputShape = shape;
            program_.buffers[KernelProgram::input] = {
                KernelBuffer::Kind::input, -1, product(shape), false, false, "input"};
            return padded(denseAccess(KernelProgram::input, shape), index);
        case StepKind::weight: {
            const auto w = static_cast<std::size_t>(step.index);
            program_.weightShapes[w] = shape;
            program_.buffers[w + 2] = {KernelBuffer::Kind::weight,   step.index, product(shape), false, true,
                                       fmt::format("weights[{}]", w)};
            return denseAccess(step.index + 2, shape);
        }
        case StepKind::einsum:
        case StepKind::convolution:
            return padded(contract(step, shape), index);
        default:
            return view(step, shape);
        }
    }

    const Access& operand(const Step& step, std::size_t i = 0) const { return values_[step.operands[i].index]; }

    // The view of the operand, of a copy of it where there is none.
    Access view(const Step& step, const Shape& shape)
    {
        const Access& from = operand(step);
        if (auto direct = viewOf(step, shape, from))
            return *direct;
        std::vector<Padding> padding(from.axes.size());
        if (step.kind == StepKind::unfold) {
            padding = paddingWanted(step.operands[0].index);
            const std::int64_t window = number(step.size);
            padding[static_cast<std::size_t>(step.axis)] = {window / 2, window - 1 - window / 2};
        }
        return *viewOf(step, shape, materialised(from, padding));
    }

    std::optional<Access> viewOf(const Step& step, const Shape& shape, const Access& from) const
    {
        const auto axis = static_cast<std::size_t>(step.axis);
        switch (step.kind) {
        case StepKind::reshape:
            return reshaped(from, shape);
        case StepKind::slice:
            return sliced(from, axis, number(step.size));
        case StepKind::unfold:
            return unfolded(from, axis, number(step.size));
        case StepKind::permute: {
            Access result{from.buffer, from.offset, {}};
            for (const int source : step.permutation)
                result.axes.push_back(from.axes[static_cast<std::size_t>(source)]);
            return result;
        }
        case StepKind::roll: {
            Access result = from;
            AxisAccess& rolled = result.axes[axis];
            if (rolled.digits.size() > 1)
                return std::nullopt;
            const std::int64_t extent = rolled.extent();
            rolled.roll = ((rolled.roll + step.amount) % extent + extent) % extent;
            rolled.front = rolled.back = 0;
            return result;
        }
        case StepKind::expand: {
            Access result = from;
            result.axes.insert(result.axes.begin() + step.axis, axisOf(shape[axis], 0));
            return result;
        }
        default:
            return std::nullopt;
        }
    }

    // --- windows need zeros around ---

    // The zeros that the steps behind value `index` want around its axes.
    std::vector<Padding> paddingWanted(std::size_t index) const
    {
        std::vector<Padding> wanted(plan_.steps[index].shape.size());
        std::vector<int> origin(wanted.size()); // of the current value's axes: the axis of value `index`, or -1
        for (std::size_t i = 0; i < origin.size(); ++i)
            origin[i] = static_cast<int>(i);
        const auto want = [&](int axis, std::int64_t front, std::int64_t back) {
            if (axis < 0)
                return;
            Padding& padding = wanted[static_cast<std::size_t>(axis)];
            padding.front = std::max(padding.front, front);
            padding.back = std::max(padding.back, back);
        };
        for (std::size_t next = index + 1; next < plan_.steps.size(); ++next) {
            const Step& step = plan_.steps[next];
            if (step.operands.empty() || step.operands[0].index != index)
                continue;
            index = next;
            const auto axis = static_cast<std::size_t>(step.axis);
            if (step.kind == StepKind::unfold) {
                const std::int64_t window = number(step.size);
                want(origin[axis], window / 2, window - 1 - window / 2);
                origin[axis] = -1;
                origin.push_back(-1);
            } else if (step.kind == StepKind::permute) {
                const std::vector<int> before = origin;
                for (std::size_t i = 0; i < origin.size(); ++i)
                    origin[i] = before[static_cast<std::size_t>(step.permutation[i])];
            } else if (step.kind == StepKind::slice || step.kind == StepKind::roll) {
                origin[axis] = -1;
            } else if (step.kind == StepKind::expand) {
                origin.insert(origin.begin() + step.axis, -1);
            } else if (step.kind == StepKind::reshape) {
                origin = originsBehindReshape(plan_[step.operands[0]], step, origin);
            } else {
                if (step.kind == StepKind::convolution)
                    for (std::size_t i = 0; i < step.convolution.windows.size(); ++i) {
                        const Padding padding = paddingOf(step, i);
                        want(origin[i + 2], padding.front, padding.back);
                    }
                break;
            }
        }
        return wanted;
    }

    // An axis is still itself where the products before it and its extent are the same.
    std::vector<int> originsBehindReshape(const Step& from, const Step& to, const std::vector<int>& origin) const
    {
        std::vector<int> result(to.shape.size(), -1);
        for (std::size_t t = 0; t < to.shape.size(); ++t) {
            Size before;
            for (std::size_t i = 0; i < t; ++i)
                before = before * to.shape[i];
            Size product;
            for (std::size_t f = 0; f < from.shape.size(); ++f) {
                if (product == before && from.shape[f] == to.shape[t] && number(to.shape[t]) > 1)
                    result[t] = origin[f];
                product = product * from.shape[f];
            }
        }
        return result;
    }

    Padding paddingOf(const Step& step, std::size_t spatial) const
    {
        const Convolution& convolution = step.convolution;
        const std::int64_t window = number(convolution.windows[spatial]);
        const std::int64_t dilation = number(convolution.dilations[spatial]);
        const std::int64_t front = window * dilation / 2 - convolution.offsets[spatial];
        const std::int64_t back = dilation * (window - 1) - front;
        return {std::max<std::int64_t>(front, 0), std::max<std::int64_t>(back, 0)};
    }

    // The value with the zeros around that later steps want: made once, in the first copy.
    Access padded(const Access& access, std::size_t index)
    {
        const std::vector<Padding> wanted = paddingWanted(index);
        const bool any = std::ranges::any_of(wanted, [](const Padding& p) { return p.front > 0 || p.back > 0; });
        return any ? materialised(access, wanted) : access;
    }

    Access materialised(const Access& from, const std::vector<Padding>& padding)
    {
        Access to{-1, 0, std::vector<AxisAccess>(from.axes.size())};
        std::int64_t stride = 1;
        bool zeros = false;
        for (std::size_t i = from.axes.size(); i-- > 0;) {
            const std::int64_t extent = from.axes[i].extent();
            to.axes[i] = axisOf(extent, stride);
            if (padding[i].front + padding[i].back > 0) {
                to.axes[i] = {{{extent, stride}}, 0, padding[i].front, padding[i].back};
                zeros = true;
            }
            to.offset += stride * padding[i].front;
            stride *= extent + padding[i].front + padding[i].back;
        }
        to.buffer = addBuffer(stride, zeros, prepared(from), "");
        copy(from, to);
        return to;
    }

    // --- copies ---

    void copy(const Access& from, const Access& to)
    {
        std::vector<Piece> pieces{{from.offset, to.offset, {}}};
        for (std::size_t i = 0; i < from.axes.size(); ++i)
            pieces = withAxis(pieces, from.axes[i], to.axes[i]);
        for (const Piece& piece : pieces)
            operations(prepared(from)).push_back(KernelCopy{from.buffer, to.buffer, piece.from, piece.to, piece.dims});
    }

    struct Piece
    {
        std::int64_t from, to;
        std::vector<CopyDim> dims;
    };

    // A rolled axis, which has one digit, is copied in two pieces.
    std::vector<Piece> withAxis(const std::vector<Piece>& pieces, const AxisAccess& from, const AxisAccess& to)
    {
        std::vector<Piece> result;
        for (const Piece& piece : pieces) {
            if (from.roll == 0) {
                const std::array<AxisAccess, 2> both{AxisAccess{from.digits}, AxisAccess{to.digits}};
                result.push_back(piece);
                const auto digits = commonDigits(both);
                for (const CommonDigit& digit : *digits)
                    result.back().dims.push_back({digit.extent, digit.strides[0], digit.strides[1]});
                continue;
            }
            const std::int64_t extent = from.extent();
            const std::int64_t step = from.digits[0].stride;
            const std::int64_t target = to.digits[0].stride;
            const std::int64_t head = extent - from.roll;
            result.push_back(piece);
            result.back().from += from.roll * step;
            result.back().dims.push_back({head, step, target});
            result.push_back(piece);
            result.back().to += head * target;
            result.back().dims.push_back({from.roll, step, target});
        }
        return result;
    }

    // --- contractions ---

    struct Term
    {
        int label;
        int tensor; // 0: a, 1: b, 2: r
        AxisAccess axis;
    };

    Access contract(const Step& step, const Shape& shape)
    {
        std::vector<Access> operands;
        for (std::size_t i = 0; i < step.operands.size(); ++i)
            operands.push_back(operand(step, i).rolled()
                                   ? materialised(operand(step, i), std::vector<Padding>(operand(step, i).axes.size()))
                                   : operand(step, i));
        const bool prepares = std::ranges::all_of(operands, [&](const Access& a) { return prepared(a); });
        Access result = denseAccess(addBuffer(product(shape), false, prepares, ""), shape);
        std::vector<Term> terms;
        if (step.kind == StepKind::einsum)
            einsumTerms(step, operands, result, terms);
        else
            convolutionTerms(step, operands, result, terms);

        KernelContraction contraction;
        contraction.a = operands[0].buffer;
        contraction.aOffset = operands[0].offset;
        if (operands.size() > 1) {
            contraction.b = operands[1].buffer;
            contraction.bOffset = operands[1].offset;
        }
        contraction.r = result.buffer;
        contraction.dims = dimsOf(terms);
        operations(prepares).push_back(std::move(contraction));
        return result;
    }

    void einsumTerms(const Step& step, std::vector<Access>& operands, const Access& result, std::vector<Term>& terms)
    {
        // Where digits do not fit together, all operands are copied: then every axis is one digit.
        for (const bool copies : {false, true}) {
            terms.clear();
            for (std::size_t o = 0; o < operands.size(); ++o) {
                if (copies)
                    operands[o] = materialised(operands[o], std::vector<Padding>(operands[o].axes.size()));
                for (std::size_t i = 0; i < operands[o].axes.size(); ++i)
                    terms.push_back({step.labels[o][i], static_cast<int>(o), operands[o].axes[i]});
            }
            for (std::size_t i = 0; i < result.axes.size(); ++i)
                terms.push_back({step.labels.back()[i], 2, result.axes[i]});
            if (fitTogether(terms))
                return;
        }
    }

    void convolutionTerms(const Step& step, std::vector<Access>& operands, const Access& result,
                          std::vector<Term>& terms)
    {
        const Convolution& convolution = step.convolution;
        std::vector<Padding> padding(operands[0].axes.size());
        bool pads = false;
        for (std::size_t i = 0; i < convolution.windows.size(); ++i) {
            padding[i + 2] = paddingOf(step, i);
            const AxisAccess& axis = operands[0].axes[i + 2];
            const bool windowed = number(convolution.windows[i]) > 1 || padding[i + 2].front > 0;
            pads = pads || (windowed && (axis.digits.size() != 1 || axis.front < padding[i + 2].front ||
                                         axis.back < padding[i + 2].back));
        }
        if (pads)
            operands[0] = materialised(operands[0], padding);
        for (const bool copies : {false, true}) {
            if (copies) {
                operands[0] = materialised(operands[0], padding);
                operands[1] = materialised(operands[1], std::vector<Padding>(operands[1].axes.size()));
            }
            terms.clear();
            if (groupedTerms(step, operands, result, terms) && fitTogether(terms))
                break;
        }
        for (std::size_t i = 0; i < convolution.windows.size(); ++i) {
            const AxisAccess& axis = operands[0].axes[i + 2];
            const std::int64_t stride = axis.digits.empty() ? 0 : axis.digits[0].stride;
            const std::int64_t front =
                number(convolution.windows[i]) * number(convolution.dilations[i]) / 2 - convolution.offsets[i];
            operands[0].offset -= front * stride;
        }
    }

    enum Label
    {
        batch,
        group,
        channel,
        out,
        spatial,
        window = spatial + 2
    };

    bool groupedTerms(const Step& step, const std::vector<Access>& operands, const Access& result,
                      std::vector<Term>& terms) const
    {
        const Convolution& convolution = step.convolution;
        const std::int64_t groups = number(convolution.groups);
        const auto grouped = [&](const Access& access, std::size_t axis, int tensor, int inner) {
            const std::int64_t extent = access.axes[axis].extent();
            const auto parts = reshaped(Access{0, 0, {access.axes[axis]}}, Shape{groups, extent / groups});
            if (!parts)
                return false;
            terms.push_back({group, tensor, parts->axes[0]});
            terms.push_back({inner, tensor, parts->axes[1]});
            return true;
        };
        terms.push_back({batch, 0, operands[0].axes[0]});
        terms.push_back({batch, 2, result.axes[0]});
        terms.push_back({channel, 1, operands[1].axes[1]});
        for (std::size_t i = 0; i < convolution.windows.size(); ++i) {
            const AxisAccess& data = operands[0].axes[i + 2];
            const std::int64_t stride = data.digits.empty() ? 0 : data.digits.back().stride;
            terms.push_back({spatial + static_cast<int>(i), 0, data});
            terms.push_back({spatial + static_cast<int>(i), 2, result.axes[i + 2]});
            terms.push_back({window + static_cast<int>(i), 0,
                             axisOf(number(convolution.windows[i]), number(convolution.dilations[i]) * stride)});
            terms.push_back({window + static_cast<int>(i), 1, operands[1].axes[i + 2]});
        }
        return grouped(operands[0], 1, 0, channel) && grouped(operands[1], 0, 1, out) && grouped(result, 1, 2, out);
    }

    static std::map<int, std::vector<Term>> byLabel(const std::vector<Term>& terms)
    {
        std::map<int, std::vector<Term>> result;
        for (const Term& term : terms)
            result[term.label].push_back(term);
        return result;
    }

    static std::optional<std::vector<CommonDigit>> digitsOf(const std::vector<Term>& terms)
    {
        std::vector<AxisAccess> axes;
        for (const Term& term : terms)
            axes.push_back({term.axis.digits});
        return commonDigits(axes);
    }

    static bool fitTogether(const std::vector<Term>& terms)
    {
        for (const auto& [label, group] : byLabel(terms))
            if (!digitsOf(group))
                return false;
        return true;
    }

    static std::vector<ContractionDim> dimsOf(const std::vector<Term>& terms)
    {
        std::vector<ContractionDim> dims;
        for (const auto& [label, group] : byLabel(terms)) {
            const auto digits = digitsOf(group);
            for (const CommonDigit& digit : *digits) {
                ContractionDim dim{digit.extent, 0, 0, 0};
                for (std::size_t i = 0; i < group.size(); ++i) {
                    std::int64_t& stride = group[i].tensor == 0 ? dim.a : group[i].tensor == 1 ? dim.b : dim.r;
                    stride += digit.strides[i];
                }
                dims.push_back(dim);
            }
        }
        return dims;
    }

    const Plan& plan_;
    const Binding& binding_;
    std::vector<Access> values_;
    KernelProgram program_;
};

} // namespace

KernelProgram kernelProgram(const Plan& plan, const Binding& binding)
{
    KernelProgram program = ProgramBuilder(plan, binding).build();
    foldCopies(program);
    return program;
}

} // namespace synoscope::codegen
