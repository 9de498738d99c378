#include "core/experiment/stored_log.h"

#include "core/experiment/stored_forms.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace synoscope {

namespace {

using Chunk = std::vector<LogEntry>;

// Chunks from one thread to another; a few at a time, so that a long log does not pile up in memory.
class Channel
{
public:
    // False: the receiver wants no more.
    bool put(Chunk chunk)
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return chunks_.size() < most || closed_; });
        if (closed_)
            return false;
        chunks_.push_back(std::move(chunk));
        changed_.notify_all();
        return true;
    }
    // Empty: there is no more.
    Chunk take()
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !chunks_.empty() || closed_; });
        if (chunks_.empty())
            return {};
        Chunk chunk = std::move(chunks_.front());
        chunks_.pop_front();
        changed_.notify_all();
        return chunk;
    }
    void close()
    {
        std::lock_guard lock(mutex_);
        closed_ = true;
        changed_.notify_all();
    }

private:
    static constexpr std::size_t most = 4;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Chunk> chunks_;
    bool closed_ = false;
};

Expected<void> read(Reader& reader, ExperimentId experiment, const HashesById& hashes, Channel& channel)
{
    constexpr std::size_t chunkSize = 1024;
    Chunk chunk;
    const auto done = reader.replay(experiment, 0, [&](const IterationRecord& row) -> Expected<void> {
        auto entry = logEntryOf(row);
        if (!entry)
            return entry.error();
        if (const auto hash = hashes.find(row.candidate.value); hash != hashes.end())
            entry->candidate = hash->second;
        chunk.push_back(std::move(*entry));
        if (chunk.size() >= chunkSize && !channel.put(std::exchange(chunk, {})))
            return Error{"the visitor has stopped"}; // who says why
        return {};
    });
    if (!chunk.empty())
        (void)channel.put(std::move(chunk)); // entries before an error too: one of theirs comes first
    return done;
}

} // namespace

Expected<void> visitLog(Reader& reader, ExperimentId experiment, const HashesById& hashes, const SearchEngine::LogVisitor& visit)
{
    Channel channel;
    Expected<void> reading;
    std::jthread thread([&] {
        reading = read(reader, experiment, hashes, channel);
        channel.close();
    });
    for (Chunk chunk = channel.take(); !chunk.empty(); chunk = channel.take())
        for (const LogEntry& entry : chunk)
            if (auto visited = visit(entry); !visited) {
                channel.close();
                return visited; // the thread ends before what it works with
            }
    thread.join();
    return reading;
}

} // namespace synoscope
