// Images that are small enough to stay in memory: generated ones, CIFAR, MNIST.
#pragma once

#include "core/data/data_set.h"

namespace synoscope {

struct ImageSet
{
    int side = 0;
    std::vector<std::uint8_t> pixels{}; // [image][red, green, blue][row][column]
    std::vector<std::uint8_t> labels{};

    int count() const { return static_cast<int>(labels.size()); }
    std::size_t imageBytes() const { return std::size_t{3} * static_cast<std::size_t>(side) * static_cast<std::size_t>(side); }
    const std::uint8_t* image(int index) const { return pixels.data() + static_cast<std::size_t>(index) * imageBytes(); }
};

enum class ImageAugmentation
{
    none,
    shiftAndFlip // moved by up to an eighth of the side, mirrored at the border; flipped left to right at random
};

using ImageParts = std::array<ImageSet, 2>; // by DataPart

// Images larger than `size` are shrunk here, once; smaller ones are enlarged whenever they are written. `facts` needs the
// name and the class names; `size` 0 keeps the images' own side.
DataSetPtr keepInMemory(ImageParts parts, DataFacts facts, ImageAugmentation augmentation);

// The mean and deviation of each channel over the images; a constant channel has the deviation 1.
void measureChannels(const ImageSet& images, DataFacts& facts);

// Which of `available` items are used where `wanted` are asked for (0: all): a random choice, always the same, in ascending
// order. Fails when there are not so many.
Expected<std::vector<int>> chooseItems(const DataName& name, DataPart part, int available, int wanted);

} // namespace synoscope
