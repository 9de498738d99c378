#include "core/evaluation/batches.h"

#include <algorithm>
#include <chrono>
#include <numeric>

namespace synoscope {

namespace {

double secondsNow()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace

BatchStream::BatchStream(const Batches& data, bool test, std::uint64_t seed, int batchSize, int firstBatch)
    : data_(data), test_(test), seed_(seed), batchSize_(batchSize), first_(firstBatch), next_(firstBatch),
      order_(static_cast<std::size_t>(test ? data.testCount() : data.trainCount()))
{
    std::iota(order_.begin(), order_.end(), 0);
    Random random(seed_);
    for (std::size_t i = order_.size(); !test && i > 1; --i)
        std::swap(order_[i - 1], order_[random.below(static_cast<std::uint32_t>(i))]);
}

int BatchStream::batches() const
{
    const int all = (static_cast<int>(order_.size()) + batchSize_ - 1) / batchSize_;
    return std::max(0, all - first_);
}

Expected<Batch> BatchStream::next()
{
    const double start = secondsNow();
    const std::size_t from = static_cast<std::size_t>(next_) * static_cast<std::size_t>(batchSize_);
    const auto images = std::span(order_).subspan(from, std::min(static_cast<std::size_t>(batchSize_), order_.size() - from));
    Random augmentation(combine(seed_, static_cast<std::uint64_t>(next_)));
    ++next_;
    Batch batch = data_.batchOf(test_ ? data_.test_ : data_.train_, images, test_ ? nullptr : &augmentation);
    waited_ += secondsNow() - start;
    return batch;
}

Batches::Batches(const DataSpec& spec, int trainImages, int testImages, std::uint64_t seed, int networkSide)
    : train_(generate(spec, DataPart::train, trainImages, seed)), test_(generate(spec, DataPart::test, testImages, seed)),
      seed_(combine(seed, 3)), networkSide_(networkSide)
{
}

BatchStream Batches::train(int epoch, int batchSize, int firstBatch) const
{
    return {*this, false, combine(seed_, static_cast<std::uint64_t>(epoch)), batchSize, firstBatch};
}

BatchStream Batches::test(int batchSize) const
{
    return {*this, true, 0, batchSize, 0};
}

Expected<Batches> openBatches(const BatchesRequest& request)
{
    const auto spec = findDataSet(request.dataset);
    if (!spec)
        return spec.error();
    return Batches(*spec, request.trainItems > 0 ? request.trainItems : spec->trainImages,
                   request.testItems > 0 ? request.testItems : spec->testImages, request.seed, request.size);
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

Batch Batches::batchOf(const ImageSet& set, std::span<const int> images, Random* augmentation) const
{
    const auto count = static_cast<std::int64_t>(images.size());
    Batch batch{torch::empty({count, 3, set.side, set.side}), torch::empty({count}, torch::kInt64)};
    float* target = batch.inputs.data_ptr<float>();
    auto* labels = batch.labels.data_ptr<std::int64_t>();
    const int reach = set.side / 8;
    const auto shift = [&] { return static_cast<int>(augmentation->below(static_cast<std::uint32_t>(2 * reach + 1))) - reach; };
    for (const int image : images) {
        Augmentation change;
        if (augmentation)
            change = {.flip = augmentation->below(2) == 1, .dx = shift(), .dy = shift()};
        copyImage(set, image, change, target);
        target += set.imageBytes();
        *labels++ = set.labels[static_cast<std::size_t>(image)];
    }
    if (set.side != networkSide_)
        batch.inputs = torch::upsample_bilinear2d(batch.inputs, {networkSide_, networkSide_}, false);
    return batch;
}

} // namespace synoscope
