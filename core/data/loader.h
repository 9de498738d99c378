// Batches, made ahead by background threads so that whoever trains does not wait for them.
//
//     threads ---> at most `ahead` finished batches ---> next()
//
// A pass over the data depends on the data, the seed and the epoch alone, not on the number of threads: it can be begun anew at
// any batch, and shows the same.
#pragma once

#include "core/data/data_set.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace synoscope {

struct HostBatch
{
    int items = 0;
    std::vector<float> pixels{};         // [item][red, green, blue][row][column]; empty for text
    std::vector<std::int64_t> tokens{};  // [item][token]; empty for images
    std::vector<std::int64_t> labels{};  // [item], for text [item][token]
};

struct LoaderSettings
{
    DataPart part = DataPart::train; // shuffled and augmented; the test part is neither
    int batchSize = 64;
    std::uint64_t seed = 1;
    int epoch = 1;      // every epoch has an order of its own
    int firstBatch = 0; // batches of the pass that are left out: training goes on after them
    int threads = 0;    // 0: one, and most of the cores where items are costly
    int ahead = 0;      // batches that may be ready; 0: two, and one more per thread
};

// One pass over a part. For one thread at a time. The destructor stops the threads at their next item.
class Loader
{
public:
    Loader(DataSetPtr data, const LoaderSettings& settings);
    ~Loader();
    Loader(const Loader&) = delete;
    Loader& operator=(const Loader&) = delete;

    int batches() const { return batches_ - settings_.firstBatch; } // of the whole pass, less those left out

    // The next batch; at most batches() times. Fails where an item could not be read; there is nothing after that.
    Expected<HostBatch> next();

    const DataFacts& facts() const { return data_->facts(); }
    double waited() const { return waited_; } // seconds that next() had to wait for

private:
    void work(const std::stop_token& stop);
    Expected<HostBatch> make(int batch, const std::stop_token& stop) const;

    DataSetPtr data_;
    LoaderSettings settings_;
    int batches_ = 0;
    std::vector<int> order_;
    double waited_ = 0;

    std::mutex mutex_;
    std::condition_variable_any changed_;
    int begun_ = 0; // the next batch that a thread makes
    int given_ = 0; // the next batch that is asked for
    std::vector<std::optional<Expected<HostBatch>>> ready_; // by batch number modulo its size
    std::vector<std::jthread> threads_; // last: they end before the rest does
};

} // namespace synoscope
