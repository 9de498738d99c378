#include "core/data/image_set.h"

#include "core/data/resample.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace synoscope {

namespace {

ImageSet shrunk(const ImageSet& set, int side)
{
    ImageSet small{.side = side, .labels = set.labels};
    small.pixels.resize(static_cast<std::size_t>(set.count()) * small.imageBytes());
    std::vector<float> values(small.imageBytes());
    std::uint8_t* out = small.pixels.data();
    for (int i = 0; i < set.count(); ++i) {
        const PixelView image = PixelView::planar(set.image(i), set.side);
        resample(image, Crop::whole(image), false, side, values);
        for (const float value : values)
            *out++ = static_cast<std::uint8_t>(std::lround(value));
    }
    return small;
}

struct Movement
{
    int dx = 0, dy = 0;
    bool flip = false;
};

Movement randomMovement(Random& random, int side)
{
    const int reach = side / 8;
    const auto shift = [&] { return static_cast<int>(random.below(static_cast<std::uint32_t>(2 * reach + 1))) - reach; };
    const bool flip = random.below(2) == 1;
    const int dx = shift();
    return {dx, shift(), flip};
}

// Which columns (or rows) those of the moved image are, mirrored at the border: -1 reads 1, `side` reads `side` - 2.
std::vector<int> sources(int side, int shift, bool flip)
{
    std::vector<int> places(static_cast<std::size_t>(side));
    for (int i = 0; i < side; ++i) {
        const int at = std::abs(i + shift);
        places[static_cast<std::size_t>(i)] = at < side ? at : 2 * side - 2 - at;
    }
    if (flip)
        std::ranges::reverse(places);
    return places;
}

// Calls put(value) for all pixels of the moved image, plane by plane.
template <typename Put>
void forMoved(const ImageSet& set, int index, const Movement& movement, Put put)
{
    const std::vector<int> rows = sources(set.side, movement.dy, false);
    const std::vector<int> columns = sources(set.side, movement.dx, movement.flip);
    const std::uint8_t* plane = set.image(index);
    for (std::size_t c = 0; c < 3; ++c, plane += set.side * set.side)
        for (const int y : rows)
            for (const int x : columns)
                put(c, plane[y * set.side + x]);
}

class MemoryImages : public DataSet
{
public:
    MemoryImages(ImageParts parts, DataFacts facts, ImageAugmentation augmentation)
        : DataSet(std::move(facts)), parts_(std::move(parts)), augmentation_(augmentation)
    {
    }

    Expected<void> write(DataPart part, int index, Random* random, const ItemTarget& target) const override
    {
        const ImageSet& set = setOf(part);
        target.labels[0] = set.labels[static_cast<std::size_t>(index)];
        const bool moved = random && augmentation_ == ImageAugmentation::shiftAndFlip;
        const Movement movement = moved ? randomMovement(*random, set.side) : Movement{};
        if (set.side == facts_.size) {
            float* out = target.pixels.data();
            forMoved(set, index, movement, [&](std::size_t c, std::uint8_t value) {
                *out++ = (static_cast<float>(value) - facts_.mean[c]) / facts_.deviation[c];
            });
            return {};
        }
        std::vector<std::uint8_t> pixels(set.imageBytes());
        std::uint8_t* out = pixels.data();
        forMoved(set, index, movement, [&](std::size_t, std::uint8_t value) { *out++ = value; });
        const PixelView image = PixelView::planar(pixels.data(), set.side);
        resample(image, Crop::whole(image), false, facts_.size, target.pixels);
        normalise(target.pixels, facts_.mean, facts_.deviation);
        return {};
    }

    int label(DataPart part, int index) const override { return setOf(part).labels[static_cast<std::size_t>(index)]; }

private:
    const ImageSet& setOf(DataPart part) const { return parts_[static_cast<std::size_t>(part)]; }

    ImageParts parts_;
    ImageAugmentation augmentation_;
};

} // namespace

DataSetPtr keepInMemory(ImageParts parts, DataFacts facts, ImageAugmentation augmentation)
{
    if (facts.size == 0)
        facts.size = parts[0].side;
    for (const DataPart part : dataParts) {
        ImageSet& set = parts[static_cast<std::size_t>(part)];
        if (set.side > facts.size)
            set = shrunk(set, facts.size);
        facts.items[static_cast<std::size_t>(part)] = set.count();
        facts.costly = facts.costly || set.side < facts.size;
    }
    return std::make_shared<MemoryImages>(std::move(parts), std::move(facts), augmentation);
}

void measureChannels(const ImageSet& images, DataFacts& facts)
{
    const std::size_t plane = images.imageBytes() / 3;
    const auto total = static_cast<double>(plane) * std::max(1, images.count());
    for (std::size_t c = 0; c < 3; ++c) {
        std::uint64_t sum = 0, squares = 0; // whole numbers: the same in any order
        for (int i = 0; i < images.count(); ++i)
            for (const std::uint8_t value : std::span(images.image(i) + c * plane, plane)) {
                sum += value;
                squares += std::uint64_t{value} * value;
            }
        const double mean = static_cast<double>(sum) / total;
        const double variance = static_cast<double>(squares) / total - mean * mean;
        facts.mean[c] = static_cast<float>(mean);
        facts.deviation[c] = variance > 0.25 ? static_cast<float>(std::sqrt(variance)) : 1.0f;
    }
}

Expected<std::vector<int>> chooseItems(const DataName& name, DataPart part, int available, int wanted)
{
    std::vector<int> all(static_cast<std::size_t>(available));
    std::iota(all.begin(), all.end(), 0);
    if (wanted <= 0 || wanted == available)
        return all;
    if (wanted > available)
        return Error{.message = fmt::format("The data set has {} items to {}, but {} were asked for.", available,
                                            part == DataPart::train ? "train on" : "test with", wanted),
                     .file = name.path};
    Random random(1);
    for (std::size_t i = 0; i < static_cast<std::size_t>(wanted); ++i)
        std::swap(all[i], all[i + random.below(static_cast<std::uint32_t>(all.size() - i))]);
    all.resize(static_cast<std::size_t>(wanted));
    std::ranges::sort(all);
    return all;
}

} // namespace synoscope
