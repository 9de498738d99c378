// What synthesizers of one problem in several threads tell each other (DESIGN 2.4). Each has states of its own; keys
// mean the same in all of them.
#pragma once

#include "core/base/atomic_table.h"

#include <optional>

namespace synoscope {

// Where rollouts have been: threads are to find different operators.
//
// Threads that walk the same states gain little, as each has to expand them for itself. So a state belongs to the
// thread that came through first, and the others go there only when they find nothing else to do, and then take it
// over: near the root, where regions have little in common. What the table has no room for is met more often than it
// need be.
class RolloutTraffic
{
public:
    struct Seen
    {
        std::uint32_t visits = 0;
        int owner = -1; // a thread's number
        bool exhausted = false;
    };

    // Threads are numbered from 0 to 254.
    void visit(std::uint64_t key, int thread)
    {
        Word* word = words_.findOrMake(key, ownerBits(thread));
        if (word && (word->load(std::memory_order_relaxed) & countMask) < countLimit)
            word->fetch_add(1, std::memory_order_relaxed);
    }
    void setExhausted(std::uint64_t key, int thread)
    {
        if (Word* word = words_.findOrMake(key, ownerBits(thread)))
            word->fetch_or(exhaustedBit, std::memory_order_relaxed);
    }
    void take(std::uint64_t key, int thread)
    {
        Word* word = words_.findOrMake(key, ownerBits(thread));
        std::uint64_t now = word ? word->load(std::memory_order_relaxed) : 0;
        while (word &&
               !word->compare_exchange_weak(now, (now & ~ownerMask) | ownerBits(thread), std::memory_order_relaxed)) {
        }
    }
    Seen look(std::uint64_t key)
    {
        const Word* found = words_.find(key);
        if (!found)
            return {};
        const std::uint64_t word = found->load(std::memory_order_relaxed);
        return {.visits = static_cast<std::uint32_t>(word & countMask),
                .owner = static_cast<int>((word & ownerMask) >> ownerShift) - 1,
                .exhausted = (word & exhaustedBit) != 0};
    }

private:
    using Word = AtomicTable::Word;
    static constexpr std::uint64_t exhaustedBit = std::uint64_t{1} << 20;
    static constexpr std::uint64_t countMask = exhaustedBit - 1;
    static constexpr std::uint64_t countLimit = countMask - 1024; // threads that pass the test together do not overflow
    static constexpr int ownerShift = 21;
    static constexpr std::uint64_t ownerMask = std::uint64_t{0xff} << ownerShift;
    static constexpr std::uint64_t tagMask = ~((std::uint64_t{1} << (ownerShift + 8)) - 1);
    static constexpr std::uint64_t ownerBits(int owner) { return static_cast<std::uint64_t>(owner + 1) << ownerShift; }

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

struct Sharing
{
    RolloutTraffic traffic;
    SharedDistances distances;
};

} // namespace synoscope
