// The library's own layers, in the forms in which it offers them: what operators are measured against is the
// fastest of them.
#pragma once

#include "core/nn/operator_module.h"

#include <string>

namespace synoscope {

struct Baseline
{
    std::string name;
    TensorModulePtr module;
    bool packed = false; // its weights are in a form of the processor's library
};

// The slot's original layer by libtorch, and a convolution by oneDNN too, with its weights packed once, beforehand. The latter
// returns the result as oneDNN likes it best (a blocked layout). It is left out where libtorch has no oneDNN.
std::vector<Baseline> baselines(const SlotShape& slot);

} // namespace synoscope
