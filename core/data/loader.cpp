#include "core/data/loader.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <numeric>

namespace synoscope {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t orderStream = 4, itemStream = 5;

int usualThreads(const DataSet& data)
{
    const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    return data.facts().costly ? std::clamp(3 * cores / 4, 1, 12) : 1;
}

std::vector<int> orderOf(int items, const LoaderSettings& settings)
{
    std::vector<int> order(static_cast<std::size_t>(items));
    std::iota(order.begin(), order.end(), 0);
    if (settings.part == DataPart::test)
        return order;
    Random random(combine(combine(settings.seed, orderStream), static_cast<std::uint64_t>(settings.epoch)));
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
    return order;
}

} // namespace

Loader::Loader(DataSetPtr data, const LoaderSettings& settings) : data_(std::move(data)), settings_(settings)
{
    const int items = data_->facts().itemsOf(settings_.part);
    batches_ = (items + settings_.batchSize - 1) / settings_.batchSize;
    settings_.firstBatch = std::clamp(settings_.firstBatch, 0, batches_);
    order_ = orderOf(items, settings_);
    begun_ = given_ = settings_.firstBatch;
    const int threads = std::min(settings_.threads > 0 ? settings_.threads : usualThreads(*data_), std::max(1, batches()));
    ready_.resize(static_cast<std::size_t>(settings_.ahead > 0 ? settings_.ahead : 2 + threads));
    for (int i = 0; i < threads; ++i)
        threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

Loader::~Loader()
{
    for (std::jthread& thread : threads_) // all of them, before the first is waited for
        thread.request_stop();
}

void Loader::work(const std::stop_token& stop)
{
    std::unique_lock lock(mutex_);
    while (true) {
        const auto room = [this] { return begun_ >= batches_ || begun_ < given_ + static_cast<int>(ready_.size()); };
        if (!changed_.wait(lock, stop, room) || begun_ >= batches_)
            return;
        const int batch = begun_++;
        lock.unlock();
        auto made = make(batch, stop);
        lock.lock();
        ready_[static_cast<std::size_t>(batch) % ready_.size()] = std::move(made);
        changed_.notify_all();
    }
}

Expected<HostBatch> Loader::make(int number, const std::stop_token& stop) const
try {
    const DataFacts& facts = data_->facts();
    const auto first = static_cast<std::size_t>(number) * static_cast<std::size_t>(settings_.batchSize);
    const std::span<const int> chosen = std::span(order_).subspan(first, std::min<std::size_t>(order_.size() - first, static_cast<std::size_t>(settings_.batchSize)));
    const std::size_t pixels = facts.pixelsPerItem(), tokens = facts.tokensPerItem(), labels = facts.labelsPerItem();
    HostBatch batch{.items = static_cast<int>(chosen.size())};
    batch.pixels.resize(chosen.size() * pixels);
    batch.tokens.resize(chosen.size() * tokens);
    batch.labels.resize(chosen.size() * labels);
    const std::uint64_t stream = combine(combine(settings_.seed, itemStream), static_cast<std::uint64_t>(settings_.epoch));
    for (std::size_t i = 0; i < chosen.size() && !stop.stop_requested(); ++i) {
        // Every item has a seed of its own, so that it does not matter which thread makes it.
        Random random(combine(stream, static_cast<std::uint64_t>(chosen[i])));
        const ItemTarget target{.pixels = std::span(batch.pixels).subspan(i * pixels, pixels),
                                .tokens = std::span(batch.tokens).subspan(i * tokens, tokens),
                                .labels = std::span(batch.labels).subspan(i * labels, labels)};
        auto written = data_->write(settings_.part, chosen[i], settings_.part == DataPart::train ? &random : nullptr, target);
        if (!written)
            return written.error();
    }
    return batch;
} catch (const std::bad_alloc&) {
    return Error{.message = "There is not enough memory for a batch of the data set; fewer items a batch need less.",
                 .file = data_->facts().name.path};
}

Expected<HostBatch> Loader::next()
{
    std::unique_lock lock(mutex_);
    auto& place = ready_[static_cast<std::size_t>(given_) % ready_.size()];
    if (!place) {
        const auto start = Clock::now();
        changed_.wait(lock, [&place] { return place.has_value(); });
        waited_ += std::chrono::duration<double>(Clock::now() - start).count();
    }
    Expected<HostBatch> batch = std::move(*place);
    place.reset();
    ++given_;
    lock.unlock();
    changed_.notify_all();
    return batch;
}

} // namespace synoscope
