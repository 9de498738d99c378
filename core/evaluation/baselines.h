// The library's own convolutions, in the forms in which it offers them: what operators are measured against is the
// fastest of them.
#pragma once

#include "core/nn/operator_module.h"

#include <string>

namespace synoscope {

struct Baseline
{
    std::string name;
    TensorModulePtr module;
};

// The slot's original convolution by libtorch, and by oneDNN with its weights packed once, beforehand. The latter
// returns the result as oneDNN likes it best (a blocked layout). It is left out where libtorch has no oneDNN.
std::vector<Baseline> baselines(const SlotShape& slot);

} // namespace synoscope
