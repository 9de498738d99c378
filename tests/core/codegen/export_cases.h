// Operators, arguments and what the reference interpreter makes of them: what exported code is judged by.
#pragma once

#include "core/codegen/torch_module.h"
#include "core/base/random.h"
#include "core/graph/interpreter.h"

namespace synoscope::test {

struct Sample
{
    Binding binding;
    Array input;
    std::vector<Array> weights;
    Array output;
    Array direction; // the gradients are those of sum(direction * output)
    Gradients gradients;
};

struct ExportCase
{
    PGraph graph; // with a name of its own
    std::vector<Sample> samples;
};

// Under any binding that gives every size of the graph a whole number.
Sample sample(const PGraph& graph, const Binding& binding, Random& random);

// The zoo, each with its first layer and one of other sizes with an even window; then random operators, two layers
// each.
std::vector<ExportCase> exportCases(int randomOperators);

// All arrays of all samples one after the other, in double precision: input, weights, output, direction, gradient of
// the input, gradients of the weights.
void writeArrays(const std::vector<ExportCase>& cases, const std::string& path);

// The values of the module's arguments for a sample, with their names.
std::vector<std::pair<std::string, std::int64_t>> argumentValues(const codegen::TorchModule& module,
                                                                 const Binding& binding);

} // namespace synoscope::test
