// What a network is run by: each layer a function from one tensor to one tensor. Parameters live in modules that the steps
// share.
#pragma once

#include "core/catalog/network.h"

#include <functional>
#include <memory>
#include <torch/nn/module.h>
#include <vector>

namespace synoscope {

using TensorStep = std::function<torch::Tensor(const torch::Tensor&)>;

// A step, and whether its result is new memory that no gradient needs: what follows may overwrite it.
struct Made
{
    TensorStep step;
    bool fresh = false;
};

// image_steps.cpp, sequence_steps.cpp: one layer that is no group and no product. Its parameters go into `home`.
Made imageStep(const NetworkLayer& layer, torch::nn::Module& home, bool inputIsFresh);
Made sequenceStep(const NetworkLayer& layer, torch::nn::Module& home);

// The products of tokens with all words, by the weight of the embedding.
TensorStep tiedStep(const torch::Tensor& embedding);

// group_steps.cpp: what is done around the layers of a group. `shortcut` may be empty: the input itself.
Made groupStep(LayerKind kind, Made layers, TensorStep shortcut);

} // namespace synoscope
