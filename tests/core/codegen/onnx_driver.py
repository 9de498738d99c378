"""Judges exported ONNX models: the checker with strict shape inference, and an evaluator of the few operators that they
consist of, in double precision, written from the ONNX specification. Run in a folder with cases.json and arrays.bin."""

import json
import math

import numpy
import onnx
import onnx.checker
import onnx.numpy_helper
import torch

# Named in the order of the specification's inputs; the attributes by their names there.
arrays = numpy.fromfile("arrays.bin")
position = 0


def take(shape):
    global position
    size = math.prod(shape)
    position += size
    return arrays[position - size:position].reshape(shape)


def pad(x, amounts):
    rank = x.ndim
    kept = tuple(slice(max(0, -amounts[i]), x.shape[i] - max(0, -amounts[rank + i])) for i in range(rank))
    return numpy.pad(x[kept], [(max(0, amounts[i]), max(0, amounts[rank + i])) for i in range(rank)])


def slice_(x, starts, ends, axes, steps=None):
    index = [slice(None)] * x.ndim
    for i, axis in enumerate(axes):
        index[axis] = slice(starts[i], ends[i], 1 if steps is None else steps[i])
    return x[tuple(index)]


def conv(x, weight, kernel_shape, dilations=None, pads=None, group=1):
    spatial = len(kernel_shape)
    assert list(weight.shape[2:]) == kernel_shape
    if pads:
        x = numpy.pad(x, [(0, 0), (0, 0)] + [(pads[i], pads[spatial + i]) for i in range(spatial)])
    function = (torch.conv1d, torch.conv2d)[spatial - 1]
    return function(torch.from_numpy(numpy.ascontiguousarray(x)), torch.from_numpy(numpy.ascontiguousarray(weight)),
                    dilation=dilations or [1] * spatial, groups=group).numpy()


OPERATORS = {
    "Identity": lambda x: x,
    "Reshape": lambda x, shape: x.reshape([x.shape[i] if n == 0 else n for i, n in enumerate(shape)]),
    "Transpose": lambda x, perm: x.transpose(perm),
    "Slice": slice_,
    "Concat": lambda *parts, axis: numpy.concatenate(parts, axis),
    "Pad": pad,
    "Gather": lambda x, indices, axis: numpy.take(x, indices, axis),
    "Unsqueeze": lambda x, axes: numpy.expand_dims(x, tuple(axes)),
    "Expand": lambda x, shape: x * numpy.ones(shape),
    "ReduceSum": lambda x, axes, keepdims: x.sum(tuple(axes), keepdims=bool(keepdims)),
    "Einsum": lambda *operands, equation: numpy.einsum(equation, *operands),
    "MatMul": numpy.matmul,
    "Conv": conv,
}


def attribute(value):
    content = onnx.helper.get_attribute_value(value)
    return content.decode() if isinstance(content, bytes) else list(content) if value.ints else content


def run(graph, x, weights):
    values = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    values.update(weights)
    values[graph.input[0].name] = x
    for node in graph.node:
        attributes = {value.name: attribute(value) for value in node.attribute}
        values[node.output[0]] = OPERATORS[node.op_type](*[values[name] for name in node.input], **attributes)
    return values[graph.output[0].name]


def deviation(actual, expected):
    assert actual.shape == expected.shape, (actual.shape, expected.shape)
    return abs(actual - expected).max() / max(1.0, abs(expected).max())


def is_open(value):
    return any(dimension.dim_param for dimension in value.type.tensor_type.shape.dim)


def fits(value, shape):
    """Whether the model says that it takes or gives an array of this shape."""
    dimensions = value.type.tensor_type.shape.dim
    return len(dimensions) == len(shape) and all(dimension.dim_param or dimension.dim_value == extent
                                                 for dimension, extent in zip(dimensions, shape))


torch.set_num_threads(1)
worst, open_batches = 0.0, 0
with open("cases.json", encoding="utf-8") as file:
    cases = json.load(file)
for case in cases:
    model = onnx.load(case["file"])
    onnx.checker.check_model(model, full_check=True)
    names = [tensor.name for tensor in model.graph.initializer[:len(case["weights"])]]
    for number, (shape, output_shape) in enumerate(case["samples"]):
        x = take(shape)
        weights = {name: take(extents) for name, extents in zip(names, case["weights"])}
        expected = take(output_shape)
        if number > 0 and not is_open(model.graph.input[0]):
            continue
        assert fits(model.graph.input[0], shape) and fits(model.graph.output[0], output_shape), case["file"]
        error = deviation(run(model.graph, x, weights), expected)
        if not error < 1e-11:
            raise SystemExit(f"{case['file']}: deviates by {error} from the interpreter in sample {number}")
        worst, open_batches = max(worst, error), open_batches + number
assert position == len(arrays)
print(f"{len(cases)} operators, {open_batches} of them with another batch as well, largest deviation {worst:.2e}")
