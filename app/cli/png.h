// Writes a picture as PNG, uncompressed: contact sheets are small and need no library.
#pragma once

#include <string>
#include <string_view>

namespace synoscope::cli {

// From a binary PPM ("P6 width height 255", then red, green, blue); the PPM must be a whole one.
std::string pngFromPpm(std::string_view ppm);

} // namespace synoscope::cli
