// What synthesizers of one problem in several threads tell each other (DESIGN 2.4). Each has states of its own; keys
// mean the same in all of them.
#pragma once

#include "core/base/atomic_table.h"
#include "core/base/flat_map.h"
#include "core/base/hash.h"
#include "core/lowering/plan.h"

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace synoscope {

// Where rollouts have been: threads are to find different operators.
//
// Threads that walk the same states gain little, as each has to expand them for itself. Reductions come first, so the
// states above one choice of reductions have none in common with those above another: such a region belongs to the
// thread that enters it first. One that has finished its own takes over where least has been done. What the table has
// no room for is met more often than it need be.
class RolloutTraffic
{
public:
    struct Seen
    {
        std::uint32_t visits = 0;
        bool exhausted = false;
    };
    struct Region
    {
        int owner = -1;         // a thread's number
        std::uint32_t work = 0; // states that have been expanded there
        bool closed = false;    // nothing is left
    };

    void visit(std::uint64_t key) { count(words_.findOrMake(key, presentBit)); }
    void setExhausted(std::uint64_t key) { set(words_.findOrMake(key, presentBit), exhaustedBit); }
    Seen look(std::uint64_t key)
    {
        const std::uint64_t word = read(words_.find(key));
        return {.visits = static_cast<std::uint32_t>(word & countMask), .exhausted = (word & exhaustedBit) != 0};
    }

    // Regions go by the state with their reductions and nothing else. Threads are numbered from 0 to 254.
    void enter(std::uint64_t key, int thread) { words_.findOrMake(regionKey(key), presentBit | ownerBits(thread)); }
    void take(std::uint64_t key, int thread)
    {
        Word* word = words_.findOrMake(regionKey(key), presentBit | ownerBits(thread));
        std::uint64_t now = read(word);
        while (word &&
               !word->compare_exchange_weak(now, (now & ~ownerMask) | ownerBits(thread), std::memory_order_relaxed)) {
        }
    }
    void work(std::uint64_t key) { count(words_.find(regionKey(key))); }
    void close(std::uint64_t key) { set(words_.find(regionKey(key)), exhaustedBit); }
    Region region(std::uint64_t key)
    {
        const std::uint64_t word = read(words_.find(regionKey(key)));
        return {.owner = static_cast<int>((word & ownerMask) >> ownerShift) - 1,
                .work = static_cast<std::uint32_t>(word & countMask),
                .closed = (word & exhaustedBit) != 0};
    }

private:
    using Word = AtomicTable::Word;
    static constexpr std::uint64_t exhaustedBit = std::uint64_t{1} << 20;
    static constexpr std::uint64_t countMask = exhaustedBit - 1;
    static constexpr std::uint64_t countLimit = countMask - 1024; // threads that pass the test together do not overflow
    static constexpr int ownerShift = 21;
    static constexpr std::uint64_t ownerMask = std::uint64_t{0xff} << ownerShift;
    static constexpr std::uint64_t presentBit = std::uint64_t{1} << (ownerShift + 8);
    static constexpr std::uint64_t tagMask = ~((presentBit << 1) - 1);
    static constexpr std::uint64_t ownerBits(int owner) { return static_cast<std::uint64_t>(owner + 1) << ownerShift; }
    static std::uint64_t regionKey(std::uint64_t key) { return mix(key); } // apart from the state's own word

    static std::uint64_t read(const Word* word) { return word ? word->load(std::memory_order_relaxed) : 0; }
    static void set(Word* word, std::uint64_t bits)
    {
        if (word)
            word->fetch_or(bits, std::memory_order_relaxed);
    }
    static void count(Word* word)
    {
        if ((read(word) & countMask) < countLimit && word)
            word->fetch_add(1, std::memory_order_relaxed);
    }

    AtomicTable words_{std::size_t{1} << 22, tagMask};
};

// Shape distances that one of the threads has computed (distance.h).
class SharedDistances
{
public:
    // A distance, or infiniteDistance: it exceeds `most`.
    struct Known
    {
        std::uint8_t distance = 0;
        std::uint8_t most = 0;
    };

    std::optional<Known> find(std::uint64_t key)
    {
        const Word* found = words_.find(key);
        if (!found)
            return std::nullopt;
        const std::uint64_t word = found->load(std::memory_order_relaxed);
        return Known{static_cast<std::uint8_t>(word >> 8), static_cast<std::uint8_t>(word)};
    }
    void insert(std::uint64_t key, Known known)
    {
        const std::uint64_t told = std::uint64_t{known.distance} << 8 | known.most;
        if (Word* word = words_.findOrMake(key, told | toldBit))
            word->store((key & tagMask) | toldBit | told, std::memory_order_relaxed);
    }

private:
    using Word = AtomicTable::Word;
    static constexpr std::uint64_t toldBit = 1 << 16;
    static constexpr std::uint64_t tagMask = ~((std::uint64_t{1} << 17) - 1);

    AtomicTable words_{std::size_t{1} << 21, tagMask};
};

// What one of the threads has found out about final states, by their keys: two thirds of what a rollout costs. Thread-safe.
class SharedOperators
{
public:
    std::optional<NetworkCost> cost(std::uint64_t key)
    {
        Shard& shard = shardOf(key);
        const std::lock_guard lock(shard.mutex);
        const NetworkCost* found = shard.costs.find(key);
        return found ? std::optional(*found) : std::nullopt;
    }
    std::string fingerprint(std::uint64_t key) // empty: nobody knows
    {
        Shard& shard = shardOf(key);
        const std::lock_guard lock(shard.mutex);
        const auto found = shard.fingerprints.find(key);
        return found == shard.fingerprints.end() ? std::string() : found->second;
    }

    // Both return the bytes that it takes.
    std::size_t tell(std::uint64_t key, const NetworkCost& cost)
    {
        Shard& shard = shardOf(key);
        const std::lock_guard lock(shard.mutex);
        const std::size_t before = shard.costs.memoryBytes();
        shard.costs.insert(key, cost);
        return shard.costs.memoryBytes() - before;
    }
    std::size_t tell(std::uint64_t key, const std::string& fingerprint)
    {
        constexpr std::size_t bytesPerNode = 96; // about: the key, the text, its characters and the links
        Shard& shard = shardOf(key);
        const std::lock_guard lock(shard.mutex);
        return shard.fingerprints.emplace(key, fingerprint).second ? bytesPerNode : 0;
    }

private:
    struct alignas(64) Shard
    {
        std::mutex mutex;
        FlatMap<NetworkCost> costs;
        std::unordered_map<std::uint64_t, std::string> fingerprints;
    };

    Shard& shardOf(std::uint64_t key) { return shards_[key >> 58]; }

    std::array<Shard, 64> shards_;
};

struct Sharing
{
    RolloutTraffic traffic;
    SharedDistances distances;
    std::shared_ptr<SharedOperators> operators = std::make_shared<SharedOperators>();
};

} // namespace synoscope
