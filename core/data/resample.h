// Images of any size to what a network reads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace synoscope {

// Pixels with red, green and blue, somewhere in memory; steps are in bytes.
struct PixelView
{
    const std::uint8_t* data = nullptr;
    int width = 0, height = 0;
    std::ptrdiff_t pixelStep = 3, rowStep = 0, channelStep = 1;

    static PixelView planar(const std::uint8_t* data, int side); // [channel][row][column]
};

// A part of an image, in its pixels.
struct Crop
{
    double left = 0, top = 0, width = 0, height = 0;

    static Crop whole(const PixelView& image);
};

// Scales the part to a square, with a triangle as wide as an output pixel or, when it enlarges, as an input pixel: the
// usual bilinear filter that does not alias. Writes [channel][row][column] with values from 0 to 255.
void resample(const PixelView& image, const Crop& crop, bool flip, int side, std::span<float> out);

// (value - mean) / deviation for each of the three planes.
void normalise(std::span<float> planes, const std::array<float, 3>& mean, const std::array<float, 3>& deviation);

} // namespace synoscope
