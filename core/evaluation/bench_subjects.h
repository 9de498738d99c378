// What a benchmark measures: an operator in each slot of a network, under its own bindings, and in all slots at once.
#pragma once

#include "core/evaluation/baselines.h"
#include "core/graph/pgraph.h"

#include <optional>
#include <string>
#include <vector>

namespace synoscope {

// One thing to measure, and the forms of what it is measured against. All on one device.
struct BenchSubject
{
    std::string label;
    int count = 1;
    double flops = 0; // of the operator; 0: they say nothing here
    double bytes = 0; // likewise, of input, weights and output
    TensorModulePtr module{}; // none: the baseline, against itself
    std::vector<Baseline> baselines{};
    torch::Tensor input{};
};

struct BenchSubjects
{
    std::vector<BenchSubject> bindings;
    std::optional<BenchSubject> network{}; // with the operator in all slots, beside the original; not without a backbone
};

// Without an operator: the originals. Without a backbone (empty): under the operator's own bindings, against the
// convolution or linear layer of its shapes. Fails where the operator does not fit, where the back end is unknown or not
// for this device, and where nothing is named. libtorch's exceptions pass.
Expected<BenchSubjects> benchSubjects(const std::optional<PGraph>& graph, const std::string& backbone,
                                      const std::string& backend, const torch::Device& device);

} // namespace synoscope
