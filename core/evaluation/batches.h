// Data sets (core/data) as libtorch's batches. Includes libtorch: for sources of this folder.
#pragma once

#include "core/data/loader.h"

#include <torch/types.h>

namespace synoscope {

struct Batch
{
    torch::Tensor inputs; // float32 [images, 3, side, side], about zero mean; text: int64 [windows, tokens]
    torch::Tensor labels; // int64 [images]; text: [windows, tokens], the token after each
};

// One pass over a part of the data, made ahead in the background. For one thread.
//
//     BatchStream stream = data.train(epoch, batchSize);
//     for (int i = 0; i < stream.batches(); ++i) { Expected<Batch> batch = stream.next(); ... }
class BatchStream
{
public:
    BatchStream(DataSetPtr data, const LoaderSettings& settings) : loader_(std::make_unique<Loader>(std::move(data), settings)) {}

    int batches() const { return loader_->batches(); }
    Expected<Batch> next(); // at most batches() times; fails where a file is damaged
    double waited() const { return loader_->waited(); } // seconds: what training lost by waiting for data

private:
    std::unique_ptr<Loader> loader_;
};

// Immutable after construction.
class Batches
{
public:
    Batches(DataSetPtr data, std::uint64_t seed) : data_(std::move(data)), seed_(seed) {}

    const DataFacts& facts() const { return data_->facts(); }
    int trainCount() const { return facts().itemsOf(DataPart::train); }
    int testCount() const { return facts().itemsOf(DataPart::test); }

    // Order and augmentation follow from seed and epoch (from 1) alone. Training that goes on within an epoch leaves out the
    // batches it has seen.
    BatchStream train(int epoch, int batchSize, int firstBatch = 0) const;
    BatchStream test(int batchSize) const;

private:
    DataSetPtr data_;
    std::uint64_t seed_;
};

struct BatchesRequest
{
    std::string dataset;               // as on the command line: "builtin10-16", "cifar10:FOLDER"
    int size = 0;                      // side of the network's images, or its tokens
    bool sequence = false;             // the network reads tokens
    int trainItems = 0, testItems = 0; // 0: the data set's default
    std::uint64_t seed = 1;
};

// Opens the data set, or takes the one of the last call where that is the same: a worker trains one operator after another on it.
// For any thread.
Expected<Batches> openBatches(const BatchesRequest& request);

} // namespace synoscope
