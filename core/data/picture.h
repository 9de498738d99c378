// PNG and JPEG files to pixels, by libpng and libjpeg-turbo, and pixels to PNG. What a file is, its first bytes say, not its name.
#pragma once

#include "core/base/error.h"
#include "core/data/resample.h"

#include <string>
#include <string_view>

namespace synoscope {

struct PictureSize
{
    int width = 0, height = 0;
};

struct Picture
{
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgb{}; // [row][column][red, green, blue]

    PixelView view() const { return {rgb.data(), width, height, 3, std::ptrdiff_t{3} * width, 1}; }
};

// Errors name `file`: neither PNG nor JPEG, truncated, damaged, or beyond 2^28 pixels.
Expected<PictureSize> readPictureSize(std::string_view bytes, const std::string& file);

// Grey, palettes and CMYK become RGB, transparency stands before black. A JPEG comes 1, 2, 4 or 8 times smaller, as `shrink`
// says, for less time; a PNG always comes whole: the picture knows its size.
Expected<Picture> decodePicture(std::string_view bytes, const std::string& file, int shrink = 1);

std::string encodePng(const Picture& picture);

} // namespace synoscope
