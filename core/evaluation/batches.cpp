#include "core/evaluation/batches.h"

#include <fmt/format.h>
#include <mutex>

namespace synoscope {

namespace {

// The tensor owns the values: nothing is copied.
template <typename Value>
torch::Tensor tensorOf(std::vector<Value> values, const std::vector<std::int64_t>& shape)
{
    auto kept = std::make_shared<std::vector<Value>>(std::move(values));
    return torch::from_blob(kept->data(), shape, [kept](void*) {}, torch::CppTypeToScalarType<Value>::value);
}

std::string keyOf(const DataRequest& request)
{
    return fmt::format("{} {} {} {} {}", request.name.text(), request.size, request.items[0], request.items[1], request.seed);
}

// The data set that was opened last.
struct LastDataSet
{
    std::mutex mutex;
    std::string key;
    DataSetPtr data;
};

Expected<DataSetPtr> openOnce(const DataRequest& request)
{
    static LastDataSet last;
    const std::scoped_lock lock(last.mutex);
    if (const std::string key = keyOf(request); !last.data || last.key != key) {
        last.data.reset(); // before the next one takes memory
        auto opened = openDataSet(request);
        if (!opened)
            return opened.error();
        last.key = key;
        last.data = std::move(*opened);
    }
    return last.data;
}

} // namespace

Expected<Batch> BatchStream::next()
{
    auto host = loader_->next();
    if (!host)
        return host.error();
    const DataFacts& facts = loader_->facts();
    const std::int64_t items = host->items, size = facts.size;
    if (facts.text)
        return Batch{tensorOf(std::move(host->tokens), {items, size}), tensorOf(std::move(host->labels), {items, size})};
    return Batch{tensorOf(std::move(host->pixels), {items, 3, size, size}), tensorOf(std::move(host->labels), {items})};
}

BatchStream Batches::train(int epoch, int batchSize, int firstBatch) const
{
    return {data_, {.part = DataPart::train, .batchSize = batchSize, .seed = seed_, .epoch = epoch, .firstBatch = firstBatch}};
}

BatchStream Batches::test(int batchSize) const
{
    return {data_, {.part = DataPart::test, .batchSize = batchSize, .seed = seed_}};
}

Expected<Batches> openBatches(const BatchesRequest& request)
{
    const auto name = dataNameFor(request.dataset, request.sequence);
    if (!name)
        return name.error();
    const auto data = openOnce({.name = *name, .size = request.size, .items = {request.trainItems, request.testItems}, .seed = request.seed});
    if (!data)
        return data.error();
    return Batches(*data, request.seed);
}

} // namespace synoscope
