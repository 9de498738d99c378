#include "core/evaluation/batches.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <new>
#include <numeric>

namespace synoscope {

Batches::Batches(const DataSpec& spec, int trainImages, int testImages, std::uint64_t seed, int networkSide)
    : train_(generate(spec, DataPart::train, trainImages, seed)), test_(generate(spec, DataPart::test, testImages, seed)),
      networkSide_(networkSide)
{
}

std::vector<int> Batches::shuffled(Random& random) const
{
    std::vector<int> order(static_cast<std::size_t>(train_.count()));
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
    return order;
}

void Batches::copyImage(const ImageSet& set, int image, const Augmentation& augmentation, float* target) const
{
    const int side = set.side;
    // Where each column and row comes from, mirrored at the border: -1 reads 1, `side` reads `side` - 2.
    const auto source = [side](int i, int shift) {
        const int at = std::abs(i + shift);
        return at < side ? at : 2 * side - 2 - at;
    };
    const std::uint8_t* pixels = set.pixels.data() + static_cast<std::size_t>(image) * set.imageBytes();
    for (int c = 0; c < 3; ++c)
        for (int y = 0; y < side; ++y) {
            const std::uint8_t* row = pixels + (c * side + source(y, augmentation.dy)) * side;
            for (int x = 0; x < side; ++x) {
                const int column = source(x, augmentation.dx);
                // About zero mean, and a variance of 1.
                *target++ = (static_cast<float>(row[augmentation.flip ? side - 1 - column : column]) - 127.5f) / 64.0f;
            }
        }
}

torch::Tensor Batches::scaled(torch::Tensor images) const
{
    if (images.size(2) == networkSide_)
        return images;
    return torch::upsample_bilinear2d(images, {networkSide_, networkSide_}, false);
}

Batch Batches::trainBatch(std::span<const int> images, Random& random) const
{
    const auto count = static_cast<std::int64_t>(images.size());
    Batch batch{torch::empty({count, 3, train_.side, train_.side}), torch::empty({count}, torch::kInt64)};
    float* target = batch.images.data_ptr<float>();
    auto* labels = batch.labels.data_ptr<std::int64_t>();
    const int reach = train_.side / 8;
    const auto shift = [&] { return static_cast<int>(random.below(static_cast<std::uint32_t>(2 * reach + 1))) - reach; };
    for (const int image : images) {
        const Augmentation augmentation{.flip = random.below(2) == 1, .dx = shift(), .dy = shift()};
        copyImage(train_, image, augmentation, target);
        target += train_.imageBytes();
        *labels++ = train_.labels[static_cast<std::size_t>(image)];
    }
    batch.images = scaled(batch.images);
    return batch;
}

Batch Batches::testBatch(int first, int count) const
{
    count = std::min(count, test_.count() - first);
    Batch batch{torch::empty({count, 3, test_.side, test_.side}), torch::empty({count}, torch::kInt64)};
    float* target = batch.images.data_ptr<float>();
    auto* labels = batch.labels.data_ptr<std::int64_t>();
    for (int image = first; image < first + count; ++image) {
        copyImage(test_, image, {}, target);
        target += test_.imageBytes();
        *labels++ = test_.labels[static_cast<std::size_t>(image)];
    }
    batch.images = scaled(batch.images);
    return batch;
}

} // namespace synoscope
