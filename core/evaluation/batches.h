// The generated images as libtorch's batches, with augmentation. Includes libtorch: for sources of this folder.
#pragma once

#include "core/base/random.h"
#include "core/evaluation/builtin_data.h"

#include <memory>
#include <torch/types.h>

namespace synoscope {

struct Batch
{
    torch::Tensor inputs; // float32 [images, 3, side, side], about zero mean
    torch::Tensor labels; // int64 [images]
};

class Batches;

// One pass over a part of the data. For one thread; the data must outlive it.
//
//     BatchStream stream = data.train(epoch, batchSize);
//     for (int i = 0; i < stream.batches(); ++i) { Expected<Batch> batch = stream.next(); ... }
class BatchStream
{
public:
    int batches() const; // that are left of the pass when it was begun
    Expected<Batch> next(); // at most batches() times
    double waited() const { return waited_; } // seconds: what training lost by waiting for data

private:
    friend class Batches;
    BatchStream(const Batches& data, bool test, std::uint64_t seed, int batchSize, int firstBatch);

    const Batches& data_;
    bool test_;
    std::uint64_t seed_; // of this pass's order and augmentation
    int batchSize_;
    int first_, next_;
    std::vector<int> order_;
    double waited_ = 0;
};

// Immutable after construction.
class Batches
{
public:
    // Images whose side is not `networkSide` are scaled when a batch is made.
    Batches(const DataSpec& spec, int trainImages, int testImages, std::uint64_t seed, int networkSide);

    int classes() const { return train_.classes; }
    int trainCount() const { return train_.count(); }
    int testCount() const { return test_.count(); }

    // Order and augmentation follow from seed and epoch (from 1) alone. Training that goes on within an epoch leaves out the
    // batches it has seen. Images are flipped left to right at random, and shifted by up to an eighth of the side, mirrored at
    // the border.
    BatchStream train(int epoch, int batchSize, int firstBatch = 0) const;
    BatchStream test(int batchSize) const;

private:
    friend class BatchStream;
    struct Augmentation
    {
        bool flip = false;
        int dx = 0, dy = 0;
    };
    void copyImage(const ImageSet& set, int image, const Augmentation& augmentation, float* target) const;
    Batch batchOf(const ImageSet& set, std::span<const int> images, Random* augmentation) const;

    ImageSet train_, test_;
    std::uint64_t seed_;
    int networkSide_;
};

struct BatchesRequest
{
    std::string dataset;
    int size = 0;                      // side of the network's images
    int trainItems = 0, testItems = 0; // 0: the data set's default
    std::uint64_t seed = 1;
};

Expected<Batches> openBatches(const BatchesRequest& request);

} // namespace synoscope
