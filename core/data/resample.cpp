#include "core/data/resample.h"

#include <algorithm>
#include <cmath>

namespace synoscope {

namespace {

// Which input pixels make an output pixel, along one axis.
struct Taps
{
    int first = 0;
    std::vector<float> weights;
};

std::vector<Taps> axisTaps(double from, double length, int inputs, int outputs)
{
    const double scale = length / outputs;
    const double reach = std::max(1.0, scale);
    std::vector<Taps> all(static_cast<std::size_t>(outputs));
    for (int i = 0; i < outputs; ++i) {
        const double centre = from + (i + 0.5) * scale;
        const int first = std::clamp(static_cast<int>(std::floor(centre - reach)), 0, inputs - 1);
        const int last = std::clamp(static_cast<int>(std::ceil(centre + reach)) - 1, first, inputs - 1);
        Taps& taps = all[static_cast<std::size_t>(i)];
        taps.first = first;
        double sum = 0;
        for (int x = first; x <= last; ++x) {
            const double weight = std::max(1e-6, 1 - std::abs((x + 0.5 - centre) / reach)); // never nothing at all
            taps.weights.push_back(static_cast<float>(weight));
            sum += weight;
        }
        for (float& weight : taps.weights)
            weight /= static_cast<float>(sum);
    }
    return all;
}

// Scales one row into [channel][column].
void scaleRow(const PixelView& image, int y, const std::vector<Taps>& columns, float* out)
{
    for (int c = 0; c < 3; ++c) {
        const std::uint8_t* row = image.data + y * image.rowStep + c * image.channelStep;
        for (const Taps& taps : columns) {
            const std::uint8_t* pixel = row + taps.first * image.pixelStep;
            float sum = 0;
            for (const float weight : taps.weights) {
                sum += weight * static_cast<float>(*pixel);
                pixel += image.pixelStep;
            }
            *out++ = sum;
        }
    }
}

} // namespace

PixelView PixelView::planar(const std::uint8_t* data, int side)
{
    return {data, side, side, 1, side, std::ptrdiff_t{side} * side};
}

Crop Crop::whole(const PixelView& image)
{
    return {0, 0, static_cast<double>(image.width), static_cast<double>(image.height)};
}

void resample(const PixelView& image, const Crop& crop, bool flip, int side, std::span<float> out)
{
    std::vector<Taps> columns = axisTaps(crop.left, crop.width, image.width, side);
    if (flip)
        std::ranges::reverse(columns);
    const std::vector<Taps> rows = axisTaps(crop.top, crop.height, image.height, side);
    const int firstRow = rows.front().first;
    const int rowCount = rows.back().first + static_cast<int>(rows.back().weights.size()) - firstRow;
    const auto width = static_cast<std::size_t>(side);
    std::vector<float> narrow(static_cast<std::size_t>(rowCount) * 3 * width); // [row][channel][column]
    for (int y = 0; y < rowCount; ++y)
        scaleRow(image, firstRow + y, columns, narrow.data() + static_cast<std::size_t>(y) * 3 * width);

    std::ranges::fill(out, 0.0f);
    for (std::size_t y = 0; y < width; ++y)
        for (std::size_t tap = 0; tap < rows[y].weights.size(); ++tap) {
            const float weight = rows[y].weights[tap];
            const float* source = narrow.data() + (static_cast<std::size_t>(rows[y].first - firstRow) + tap) * 3 * width;
            for (std::size_t c = 0; c < 3; ++c) {
                float* target = out.data() + (c * width + y) * width;
                for (std::size_t x = 0; x < width; ++x)
                    target[x] += weight * source[c * width + x];
            }
        }
}

void normalise(std::span<float> planes, const std::array<float, 3>& mean, const std::array<float, 3>& deviation)
{
    const std::size_t plane = planes.size() / 3;
    for (std::size_t c = 0; c < 3; ++c)
        for (float& value : planes.subspan(c * plane, plane))
            value = (value - mean[c]) / deviation[c];
}

} // namespace synoscope
