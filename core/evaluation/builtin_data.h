// The generated image classification set `builtin` (DESIGN 5.2). No libtorch here: the command line previews it.
//
// An image shows one figure before a background. Figures are silhouettes (disc, square, triangle, ...) filled plainly or with
// a texture; they vary in position, size, rotation and colours, and stand among distractors and noise. A warm figure
// (more red than blue) stands on a cold ground, and brightness says nothing: only a comparison of channels separates
// them, and only a comparison of places tells the shapes apart.
//
//   builtin10-16, builtin10-32     10 classes: seven silhouettes, and the disc with three textures
//   builtin100-16, builtin100-32   100 classes: ten silhouettes, each with five fills, warm on cold or cold on warm
//
// Image number i of a seed is the same on every machine and for any number of threads. Training images and test
// images come from different streams.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace synoscope {

struct DataSpec
{
    std::string name;
    int classes = 10;
    int side = 16; // pixels
    int trainImages = 4096; // by default
    int testImages = 1024;
};

std::span<const DataSpec> builtinDataSets();
// "builtin" alone is the first of them.
Expected<DataSpec> findDataSet(std::string_view name);

struct ImageSet
{
    int classes = 0;
    int side = 0;
    std::vector<std::uint8_t> pixels; // [image][red, green, blue][row][column]
    std::vector<std::uint8_t> labels; // balanced: image i has the class i modulo `classes`

    int count() const { return static_cast<int>(labels.size()); }
    std::size_t imageBytes() const { return std::size_t{3} * static_cast<std::size_t>(side) * static_cast<std::size_t>(side); }
};

enum class DataPart { train, test };

// `threads` 0: as many as the machine has.
ImageSet generate(const DataSpec& spec, DataPart part, int count, std::uint64_t seed, int threads = 0);

std::string className(const DataSpec& spec, int label); // "disc, stripes"

// A contact sheet as a binary PPM picture: one row per class (at most 20), `columns` images each.
std::string previewPpm(const DataSpec& spec, int columns, std::uint64_t seed);

} // namespace synoscope
