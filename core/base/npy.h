// NumPy's array files (.npy): format versions 1.0 to 3.0, float32 and float64, little endian, C order.
//
// What is not of that kind (another dtype, Fortran order, a header that lies about its length, a file cut short or with
// bytes to spare) is refused with one sentence that names the file. Memory is taken only after the file's length has
// been checked against its shape.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace synoscope {

enum class NpyType : std::uint8_t
{
    float32,
    float64
};

struct NpyArray
{
    std::vector<std::int64_t> shape; // empty: a single number
    std::vector<double> values;      // row-major; float32 widened
    NpyType type = NpyType::float64; // in the file
};

Expected<NpyArray> parseNpy(std::span<const char> bytes, std::string_view fileName);
Expected<NpyArray> readNpy(const std::filesystem::path& path);
// Refuses another shape before it reads the numbers; `what` names the array in the sentence ("the operator's input").
Expected<NpyArray> readNpy(const std::filesystem::path& path, std::span<const std::int64_t> shape,
                           std::string_view what);

// The bytes of a version 1.0 file.
std::string npyBytes(std::span<const std::int64_t> shape, std::span<const double> values, NpyType type);

std::string shapeText(std::span<const std::int64_t> shape); // "[1, 64, 56, 56]"

} // namespace synoscope
