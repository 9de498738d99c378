// The generated images as libtorch's batches, with augmentation. Includes libtorch: for sources of this folder.
#pragma once

#include "core/base/random.h"
#include "core/evaluation/builtin_data.h"

#include <torch/types.h>

namespace synoscope {

struct Batch
{
    torch::Tensor images; // float32 [images, 3, side, side], about zero mean
    torch::Tensor labels; // int64 [images]
};

// Immutable after construction.
class Batches
{
public:
    // Images whose side is not `networkSide` are scaled when a batch is made.
    Batches(const DataSpec& spec, int trainImages, int testImages, std::uint64_t seed, int networkSide);

    int testCount() const { return test_.count(); }

    std::vector<int> shuffled(Random& random) const; // the training images' numbers
    // Flipped left to right at random, and shifted by up to an eighth of the side, mirrored at the border.
    Batch trainBatch(std::span<const int> images, Random& random) const;
    Batch testBatch(int first, int count) const;

private:
    struct Augmentation
    {
        bool flip = false;
        int dx = 0, dy = 0;
    };
    void copyImage(const ImageSet& set, int image, const Augmentation& augmentation, float* target) const;
    torch::Tensor scaled(torch::Tensor images) const;

    ImageSet train_, test_;
    int networkSide_;
};

} // namespace synoscope
