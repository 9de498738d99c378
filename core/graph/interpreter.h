// The reference interpreter: DESIGN 1.2's formula, evaluated literally, one term after the other. Slow, obvious, and
// the judge of everything faster. Each function runs over all points of output and reductions; memory is that of the
// arrays.
//
// Arrays are dense and row-major, the last axis innermost. Weights come in the order of PGraph::weights(), their axes
// in the order of Weight::axes. A wrong count or shape is an Error naming the array, what was expected and what came.
#pragma once

#include "core/graph/field.h"
#include "core/graph/pgraph.h"

#include <cstdint>

namespace synoscope {

struct Array
{
    using Scalar = double;
    std::vector<std::int64_t> shape;
    std::vector<double> values;
    std::int64_t elements() const; // by the shape
};

// Elements of the prime field (field.h); any 64-bit number is taken modulo the prime.
struct ModularArray
{
    using Scalar = std::uint64_t;
    std::vector<std::int64_t> shape;
    std::vector<std::uint64_t> values;
    std::int64_t elements() const;
};

struct Gradients
{
    Array input;
    std::vector<Array> weights;
};

Expected<Array> evaluate(const PGraph& graph, const Binding& binding, const Array& input,
                         std::span<const Array> weights);

// The gradients of sum(gradOutput * output) by the input and by each weight.
Expected<Gradients> gradients(const PGraph& graph, const Binding& binding, const Array& input,
                              std::span<const Array> weights, const Array& gradOutput);

Expected<ModularArray> evaluateModulo(const PGraph& graph, const Binding& binding, const ModularArray& input,
                                      std::span<const ModularArray> weights);

} // namespace synoscope
