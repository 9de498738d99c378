#include "core/codegen/onnx_nodes.h"

#include "core/codegen/einsum_text.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <numeric>

namespace synoscope::codegen {

namespace {

constexpr std::int64_t toTheEnd = std::numeric_limits<std::int64_t>::max();

void setInts(onnx::NodeProto& node, const std::string& name, const auto& values)
{
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INTS);
    for (const auto value : values)
        attribute.add_ints(value);
}

void setInt(onnx::NodeProto& node, const std::string& name, std::int64_t value)
{
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(value);
}

void setString(onnx::NodeProto& node, const std::string& name, const std::string& value)
{
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::STRING);
    attribute.set_s(value);
}

} // namespace

std::int64_t OnnxNodes::number(const Size& size) const
{
    return evaluate(size, binding_).value_or(0); // a binding of the operator's own gives every size a number
}

void OnnxNodes::write(const std::string& input, const std::string& output)
{
    for (const Step& step : plan_.steps)
        values_.push_back(step.kind == StepKind::input    ? input
                          : step.kind == StepKind::weight ? weights_[static_cast<std::size_t>(step.index)]
                                                          : write(step));
    const StepKind end = plan_.steps.back().kind;
    if (end == StepKind::input || end == StepKind::weight)
        add(fresh("identity"), "Identity", {values_.back()});
    last().set_output(0, output);
}

std::string OnnxNodes::write(const Step& step)
{
    const std::string& x = operand(step);
    switch (step.kind) {
    case StepKind::reshape:
        return reshape(step, x);
    case StepKind::permute:
        return permute(x, step.permutation);
    case StepKind::roll:
        return roll(step, x);
    case StepKind::unfold:
        return unfold(step, x);
    case StepKind::slice:
        return slice(fresh("stride", step), x, step.axis, 0, toTheEnd, number(step.size));
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

// "conv", "conv_2", ...
std::string OnnxNodes::fresh(const std::string& wanted)
{
    const int number = ++used_[wanted];
    return names_.claim(number == 1 ? wanted : fmt::format("{}_{}", wanted, number));
}

std::string OnnxNodes::fresh(const std::string& what, const Step& step)
{
    return fresh(what + '_' + step.axisNames[static_cast<std::size_t>(step.axis)]);
}

std::string OnnxNodes::add(const std::string& name, const std::string& type, std::vector<std::string> inputs)
{
    onnx::NodeProto& node = *graph_.add_node();
    node.set_name(name);
    node.set_op_type(type);
    for (std::string& input : inputs)
        node.add_input(std::move(input));
    node.add_output(node.name());
    return node.name();
}

std::string OnnxNodes::constant(const std::string& name, std::vector<std::int64_t> shape,
                                const std::vector<std::int64_t>& values)
{
    onnx::TensorProto& tensor = *graph_.add_initializer();
    tensor.set_name(names_.claim(name));
    tensor.set_data_type(onnx::TensorProto::INT64);
    for (const std::int64_t extent : shape)
        tensor.add_dims(extent);
    for (const std::int64_t value : values)
        tensor.add_int64_data(value);
    return tensor.name();
}

std::string OnnxNodes::vector(const std::string& name, const std::vector<std::int64_t>& values)
{
    return constant(name, {std::ssize(values)}, values);
}

std::string OnnxNodes::reshape(const Step& step, const std::string& x)
{
    std::vector<std::int64_t> shape;
    for (const Size& size : step.shape)
        shape.push_back(isOpen(size) ? -1 : number(size));
    const std::string name = fresh("reshape");
    return add(name, "Reshape", {x, vector(name + "_shape", shape)});
}

std::string OnnxNodes::permute(const std::string& x, const std::vector<int>& permutation)
{
    const std::string result = add(fresh("transpose"), "Transpose", {x});
    setInts(last(), "perm", permutation);
    return result;
}

// The end of the axis, and then its beginning.
std::string OnnxNodes::roll(const Step& step, const std::string& x)
{
    const std::string name = fresh("roll", step);
    const std::int64_t extent = number(step.shape[static_cast<std::size_t>(step.axis)]);
    const std::int64_t first = (step.amount % extent + extent) % extent;
    if (first == 0)
        return add(name, "Identity", {x});
    const std::string front = slice(name + "_front", x, step.axis, first, toTheEnd);
    const std::string back = slice(name + "_back", x, step.axis, 0, first);
    const std::string result = add(name, "Concat", {front, back});
    setInt(last(), "axis", step.axis);
    return result;
}

std::string OnnxNodes::slice(const std::string& name, const std::string& x, int axis, std::int64_t from,
                             std::int64_t to, std::int64_t step)
{
    std::vector<std::string> inputs{x, vector(name + "_from", {from}), vector(name + "_to", {to}),
                                    vector(name + "_axis", {axis})};
    if (step != 1)
        inputs.push_back(vector(name + "_step", {step}));
    return add(name, "Slice", std::move(inputs));
}

std::string OnnxNodes::pad(const std::string& name, const std::string& x,
                           const std::vector<std::int64_t>& frontsAndBacks)
{
    return add(name, "Pad", {x, vector(name + "_amounts", frontsAndBacks)});
}

// Element [i, j] of the two axes is element i + j of the padded one.
std::string OnnxNodes::unfold(const Step& step, const std::string& x)
{
    const std::string name = fresh("unfold", step);
    const std::size_t rank = step.shape.size() - 1; // of the operand
    const auto axis = static_cast<std::size_t>(step.axis);
    const std::int64_t extent = number(step.shape[axis]);
    const std::int64_t window = number(step.size);
    std::vector<std::int64_t> amounts(2 * rank);
    amounts[axis] = window / 2;
    amounts[rank + axis] = window - 1 - window / 2;
    std::vector<std::int64_t> places;
    for (std::int64_t i = 0; i < extent; ++i)
        for (std::int64_t j = 0; j < window; ++j)
            places.push_back(i + j);
    const std::string padded = pad(name + "_pad", x, amounts);
    const std::string windows = add(name, "Gather", {padded, constant(name + "_places", {extent, window}, places)});
    setInt(last(), "axis", step.axis);
    if (axis + 1 == rank)
        return windows;
    std::vector<int> windowLast(rank + 1);
    std::iota(windowLast.begin(), windowLast.end(), 0);
    std::rotate(windowLast.begin() + step.axis + 1, windowLast.begin() + step.axis + 2, windowLast.end());
    return permute(windows, windowLast);
}

std::string OnnxNodes::expand(const Step& step, const std::string& x)
{
    const std::string name = fresh("expand", step);
    const std::string ready = add(name + "_axis", "Unsqueeze", {x, vector(name + "_at", {step.axis})});
    std::vector<std::int64_t> shape(step.shape.size(), 1); // 1: as it is
    shape[static_cast<std::size_t>(step.axis)] = number(step.size);
    return add(name, "Expand", {ready, vector(name + "_shape", shape)});
}

std::string OnnxNodes::einsum(const Step& step)
{
    if (const std::vector<int> summed = plainSum(step); !summed.empty()) {
        const std::string name = fresh("sum");
        add(name, "ReduceSum", {operand(step), vector(name + "_axes", {summed.begin(), summed.end()})});
        setInt(last(), "keepdims", 0);
        return name;
    }
    if (auto product = matrixProduct(step))
        return *product;
    std::vector<std::string> operands;
    for (std::size_t i = 0; i < step.operands.size(); ++i)
        operands.push_back(operand(step, i));
    const std::string result = add(fresh("einsum"), "Einsum", std::move(operands));
    setString(last(), "equation", einsumEquation(plan_, step));
    return result;
}

// [..., m, k] times [k, n] or [n, k] is [..., m, n]: what every runtime has its fastest code for.
std::optional<std::string> OnnxNodes::matrixProduct(const Step& step)
{
    if (step.operands.size() != 2)
        return std::nullopt;
    const std::vector<int>& result = step.labels[2];
    for (const std::size_t left : {0, 1}) {
        const std::vector<int>& a = step.labels[left];
        const std::vector<int>& b = step.labels[1 - left];
        if (a.size() < 2 || b.size() != 2 || a.size() != result.size() ||
            !std::equal(a.begin(), a.end() - 1, result.begin()))
            continue;
        const int k = a.back();
        const int n = result.back();
        if (k == n || std::ranges::count(result, k) != 0 || std::ranges::count(a, n) != 0)
            continue;
        if (b == std::vector{k, n})
            return add(fresh("matmul"), "MatMul", {operand(step, left), operand(step, 1 - left)});
        if (b == std::vector{n, k}) {
            const std::string transposed = permute(operand(step, 1 - left), {1, 0});
            return add(fresh("matmul"), "MatMul", {operand(step, left), transposed});
        }
    }
    return std::nullopt;
}

std::string OnnxNodes::convolution(const Step& step)
{
    const Convolution& convolution = step.convolution;
    const std::size_t spatial = convolution.windows.size();
    std::vector<std::int64_t> windows;
    std::vector<std::int64_t> dilations;
    std::vector<std::int64_t> pads(2 * spatial);
    for (std::size_t i = 0; i < spatial; ++i) {
        windows.push_back(number(convolution.windows[i]));
        dilations.push_back(number(convolution.dilations[i]));
        pads[i] = windows[i] * dilations[i] / 2 - convolution.offsets[i];
        pads[spatial + i] = dilations[i] * (windows[i] - 1) - pads[i];
    }
    std::string data = operand(step);
    if (std::ranges::any_of(pads, [](std::int64_t amount) { return amount < 0; })) { // cut off, which Conv cannot
        std::vector<std::int64_t> amounts(2 * (spatial + 2));
        std::copy_n(pads.begin(), spatial, amounts.begin() + 2);
        std::copy_n(pads.begin() + static_cast<std::ptrdiff_t>(spatial), spatial,
                    amounts.begin() + static_cast<std::ptrdiff_t>(spatial) + 4);
        data = pad(fresh("crop"), data, amounts);
        std::ranges::fill(pads, 0);
    }
    const std::string result = add(fresh("conv"), "Conv", {data, operand(step, 1)});
    setInts(last(), "kernel_shape", windows);
    const auto isOne = [](std::int64_t value) { return value == 1; };
    if (!std::ranges::all_of(dilations, isOne))
        setInts(last(), "dilations", dilations);
    if (!std::ranges::all_of(pads, std::logical_not<>()))
        setInts(last(), "pads", pads);
    if (const std::int64_t groups = number(convolution.groups); groups != 1)
        setInt(last(), "group", groups);
    return result;
}

namespace {

bool staysApart(const Step& step, VariableId variable)
{
    const auto has = [&](const Size& size) { return size.exponent(variable) != 0; };
    const auto axis = static_cast<std::size_t>(step.axis);
    switch (step.kind) {
    case StepKind::weight:
        return std::ranges::none_of(step.shape, has);
    case StepKind::roll:
        return !has(step.shape[axis]);
    case StepKind::unfold:
    case StepKind::slice:
    case StepKind::expand:
        return !has(step.size) && !has(step.shape[axis]);
    case StepKind::convolution:
        return !has(step.convolution.groups) && std::ranges::none_of(step.convolution.dilations, has) &&
               std::ranges::none_of(step.convolution.windows, has);
    default:
        return true;
    }
}

} // namespace

bool mayStayOpen(const Plan& plan, VariableId variable)
{
    bool read = false;
    for (const Step& step : plan.steps) {
        const auto holding =
            std::ranges::count_if(step.shape, [&](const Size& s) { return s.exponent(variable) != 0; });
        if (holding > 1 || !staysApart(step, variable))
            return false;
        if (step.kind == StepKind::input)
            read = std::ranges::find(step.shape, Size::of(variable)) != step.shape.end();
    }
    return read;
}

} // namespace synoscope::codegen
