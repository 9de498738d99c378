// The generated image classification set `builtin` (DESIGN 5.2).
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

#include "core/data/image_set.h"

namespace synoscope {

// `classes` is 10 or 100; the images' labels are balanced: image i has the class i modulo `classes`. `threads` 0: as many as
// the machine has.
ImageSet generateImages(int classes, int side, DataPart part, int count, std::uint64_t seed, int threads = 0);

std::string builtinClassName(int classes, int label); // "disc, stripes"

} // namespace synoscope
