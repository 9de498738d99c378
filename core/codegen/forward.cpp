// forward() in Python, TorchScript or C++: one statement a step of the plan. The data is always called x; a weight is
// used where it stands, or gets a statement of its own where its expression grows long.
#include "core/codegen/einsum_text.h"
#include "core/codegen/names.h"
#include "core/codegen/torch_module.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace synoscope::codegen {

namespace {

constexpr std::size_t longestInlineWeight = 48;

class ForwardWriter
{
public:
    ForwardWriter(const Plan& plan, const std::vector<Parameter>& parameters, const SizeText& sizes, Language language)
        : plan_(plan), parameters_(parameters), sizes_(sizes), python_(language != Language::cpp),
          script_(language == Language::torchScript), values_(plan.steps.size()), weight_(plan.steps.size(), -1)
    {}

    std::vector<Statement> write()
    {
        for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
            const Step& step = plan_.steps[i];
            if (step.kind == StepKind::input)
                values_[i] = "x";
            else if (step.kind == StepKind::weight)
                startWeight(i, step);
            else if (step.operands.size() == 1 && weight_[step.operands[0].index] >= 0)
                viewWeight(i, step);
            else
                assign(i, "x", expression(step));
            if (step.kind == StepKind::convolution && !python_)
                crop(i, step);
        }
        return std::move(statements_);
    }

private:
    void startWeight(std::size_t i, const Step& step)
    {
        weight_[i] = step.index;
        values_[i] = (python_ ? "self." : "") + parameters_[static_cast<std::size_t>(step.index)].name;
    }

    void viewWeight(std::size_t i, const Step& step)
    {
        weight_[i] = weight_[step.operands[0].index];
        values_[i] = expression(step);
        if (values_[i].size() > longestInlineWeight)
            assign(i, parameters_[static_cast<std::size_t>(weight_[i])].local, values_[i]);
    }

    void assign(std::size_t i, const std::string& target, std::string value)
    {
        std::vector<std::string> names;
        for (const std::string& name : plan_.steps[i].axisNames)
            names.push_back(harmless(name));
        statements_.push_back({target, std::move(value), fmt::format("[{}]", fmt::join(names, ", "))});
        values_[i] = target;
    }

    template <typename... Args>
    std::string either(std::string_view python, std::string_view cpp, const Args&... args) const
    {
        return fmt::vformat(python_ ? python : cpp, fmt::make_format_args(args...));
    }

    // The arguments of a variadic method: reshape(a, b) in Python, reshape({a, b}) in C++.
    std::string arguments(const std::string& list) const { return python_ ? '(' + list + ')' : "({" + list + "})"; }

    std::string expression(const Step& step) const
    {
        const std::string& x = values_[step.operands[0].index];
        switch (step.kind) {
        case StepKind::reshape:
            return fmt::format("{}.reshape{}", x, arguments(sizes_.list(step.shape)));
        case StepKind::permute:
            return fmt::format("{}.permute{}", x, arguments(fmt::format("{}", fmt::join(step.permutation, ", "))));
        case StepKind::roll:
            return either("torch.roll({}, shifts={}, dims={})", "torch::roll({}, {{{}}}, {{{}}})", x,
                          -std::int64_t{step.amount}, step.axis);
        case StepKind::unfold:
            return unfold(step, x);
        case StepKind::slice:
            return slice(step, x);
        case StepKind::expand:
            return expand(step, x);
        case StepKind::einsum:
            return einsum(step);
        case StepKind::convolution:
            return convolution(step);
        case StepKind::input:
        case StepKind::weight:
            break;
        }
        return x;
    }

    std::string unfold(const Step& step, const std::string& x) const
    {
        std::string pads; // counted from the last axis
        for (std::size_t axis = step.shape.size() - 2; static_cast<int>(axis) > step.axis; --axis)
            pads += "0, 0, ";
        pads += fmt::format("{0}{1}2, {2}{1}2", sizes_(step.size), sizes_.division(), sizes_.minusOne(step.size));
        return fmt::format("{}.unfold({}, {}, 1)", padded(x, pads), step.axis, sizes_(step.size));
    }

    std::string padded(const std::string& x, const std::string& pads) const
    {
        if (script_)
            return fmt::format("torch.constant_pad_nd({}, [{}])", x, pads);
        return either("F.pad({}, ({}))", "F::pad({}, F::PadFuncOptions({{{}}}))", x, pads);
    }

    std::string slice(const Step& step, const std::string& x) const
    {
        if (!python_)
            return fmt::format("{}.slice({}, 0, {}, {})", x, step.axis,
                               sizes_(plan_[step.operands[0]].shape[static_cast<std::size_t>(step.axis)]),
                               sizes_(step.size));
        std::string index;
        for (int axis = 0; axis < step.axis; ++axis)
            index += ":, ";
        return fmt::format("{}[{}::{}]", x, index, sizes_(step.size));
    }

    std::string expand(const Step& step, const std::string& x) const
    {
        std::vector<std::string> extents(step.shape.size(), "-1");
        extents[static_cast<std::size_t>(step.axis)] = sizes_(step.size);
        return fmt::format("{}.unsqueeze({}).expand{}", x, step.axis,
                           arguments(fmt::format("{}", fmt::join(extents, ", "))));
    }

    std::string einsum(const Step& step) const
    {
        if (const std::vector<int> summed = plainSum(step); !summed.empty()) {
            const std::string axes = fmt::format("{}", fmt::join(summed, ", "));
            const std::string& x = values_[step.operands[0].index];
            return summed.size() == 1 ? either("{}.sum(dim={})", "{}.sum({})", x, axes)
                                      : either("{}.sum(dim=({}))", "{}.sum(torch::IntArrayRef({{{}}}))", x, axes);
        }
        std::vector<std::string> operands;
        for (const ValueId operand : step.operands)
            operands.push_back(values_[operand.index]);
        return either("torch.einsum(\"{}\", {})", "torch::einsum(\"{}\", {{{}}})", einsumEquation(plan_, step),
                      fmt::join(operands, ", "));
    }

    static std::string sameOrAll(const std::vector<std::string>& perAxis, bool collapse)
    {
        const bool same = std::ranges::all_of(perAxis, [&](const std::string& s) { return s == perAxis[0]; });
        return collapse && same ? perAxis[0] : fmt::format("{}", fmt::join(perAxis, ", "));
    }

    std::string padding(const Convolution& convolution, std::size_t axis) const
    {
        const Size extent = convolution.windows[axis] * convolution.dilations[axis];
        if (extent.isOne())
            return "0";
        std::string text = fmt::format("{}{}2", sizes_(extent), sizes_.division());
        if (convolution.offsets[axis] != 0)
            text += fmt::format(" - {}", convolution.offsets[axis]);
        return text;
    }

    // Padded alike on both sides, the result of an even window has elements too many behind.
    bool mayOverhang(const Convolution& convolution, std::size_t axis) const
    {
        const auto window = literalValue(convolution.windows[axis], plan_.variables);
        const auto dilation = literalValue(convolution.dilations[axis], plan_.variables);
        return !window || !dilation ||
               2 * (*window * *dilation / 2 - convolution.offsets[axis]) != *dilation * (*window - 1);
    }

    // Equal padding on both sides must suffice behind, and not be negative in front: true for offsets up to 1.
    static bool paddedAlike(const Convolution& convolution)
    {
        return std::ranges::all_of(convolution.offsets, [](int offset) { return offset <= 1; });
    }

    std::string convolution(const Step& step) const
    {
        const Convolution& convolution = step.convolution;
        const std::size_t axes = convolution.windows.size();
        std::string data = values_[step.operands[0].index];
        std::vector<std::string> paddings(axes, "0");
        std::vector<std::string> dilations;
        bool dilated = false;
        if (paddedAlike(convolution))
            for (std::size_t i = 0; i < axes; ++i)
                paddings[i] = padding(convolution, i);
        else
            data = explicitlyPadded(convolution, data);
        for (std::size_t i = 0; i < axes; ++i) {
            dilations.push_back(sizes_(convolution.dilations[i]));
            dilated = dilated || !convolution.dilations[i].isOne();
        }
        const std::string& weight = values_[step.operands[1].index];
        const std::string call = python_ ? pythonCall(convolution, data, weight, paddings, dilations, dilated)
                                         : cppCall(convolution, data, weight, paddings, dilations, dilated);
        return python_ ? call + cropping(step) : call;
    }

    std::string explicitlyPadded(const Convolution& convolution, const std::string& data) const
    {
        std::string pads;
        for (std::size_t i = convolution.windows.size(); i-- > 0;) {
            const std::string front = padding(convolution, i);
            pads += fmt::format("{}{}, {} * {} - ({})", pads.empty() ? "" : ", ", front,
                                sizes_.minusOne(convolution.windows[i]), sizes_(convolution.dilations[i]), front);
        }
        return padded(data, pads);
    }

    std::string pythonCall(const Convolution& convolution, const std::string& data, const std::string& weight,
                           const std::vector<std::string>& paddings, const std::vector<std::string>& dilations,
                           bool dilated) const
    {
        const auto tuple = [](const std::vector<std::string>& perAxis) {
            const std::string text = sameOrAll(perAxis, true);
            return perAxis.size() > 1 && text.find(", ") != std::string::npos ? '(' + text + ')' : text;
        };
        std::string options;
        if (const std::string text = tuple(paddings); text != "0")
            options += ", padding=" + text;
        if (dilated)
            options += ", dilation=" + tuple(dilations);
        if (!convolution.groups.isOne())
            options += ", groups=" + sizes_(convolution.groups);
        return fmt::format("{}.conv{}d({}, {}{})", script_ ? "torch" : "F", convolution.windows.size(), data, weight,
                           options);
    }

    std::string cppCall(const Convolution& convolution, const std::string& data, const std::string& weight,
                        const std::vector<std::string>& paddings, const std::vector<std::string>& dilations,
                        bool dilated) const
    {
        const auto list = [](const std::vector<std::string>& perAxis) {
            return fmt::format("std::vector<int64_t>{{{}}}", sameOrAll(perAxis, false));
        };
        const bool grouped = !convolution.groups.isOne();
        std::string options = ", /*bias=*/{}, /*stride=*/1, /*padding=*/" + list(paddings);
        if (dilated || grouped)
            options += ", /*dilation=*/" + list(dilations);
        if (grouped)
            options += ", /*groups=*/" + sizes_(convolution.groups);
        if (!dilated && !grouped && std::ranges::count(paddings, "0") == std::ssize(paddings))
            options.clear();
        return fmt::format("torch::conv{}d({}, {}{})", convolution.windows.size(), data, weight, options);
    }

    void crop(std::size_t i, const Step& step)
    {
        if (const std::string index = cropping(step); !index.empty())
            statements_.push_back({values_[i], values_[i] + index, "an even window leaves one too many"});
    }

    // The index that takes the overhang away; empty where there can be none.
    std::string cropping(const Step& step) const
    {
        std::vector<std::string> slices;
        bool any = false;
        for (std::size_t i = 0; i < step.convolution.windows.size(); ++i) {
            const bool overhangs = paddedAlike(step.convolution) && mayOverhang(step.convolution, i);
            any = any || overhangs;
            const std::string extent = overhangs ? sizes_(step.shape[i + 2]) : "";
            slices.push_back(overhangs ? either(":{}", "Slice(0, {})", extent) : either(":", "Slice()"));
        }
        return any ? either("[..., {}]", ".index({{\"...\", {}}})", fmt::join(slices, ", ")) : "";
    }

    const Plan& plan_;
    const std::vector<Parameter>& parameters_;
    const SizeText& sizes_;
    bool python_; // or TorchScript, which is much the same
    bool script_;
    std::vector<std::string> values_; // by step: the expression that has its value
    std::vector<int> weight_;         // by step: the weight that it is a view of, or -1
    std::vector<Statement> statements_;
};

} // namespace

std::vector<Statement> forwardStatements(const Plan& plan, const std::vector<Parameter>& parameters,
                                         const SizeText& sizes, Language language)
{
    return ForwardWriter(plan, parameters, sizes, language).write();
}

} // namespace synoscope::codegen
