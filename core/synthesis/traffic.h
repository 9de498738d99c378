// Where rollouts of several threads have been (DESIGN 2.4): each thread has states of its own, but not its own
// operators to find. Keyed by the states' keys, which mean the same in every thread.
//
// A table of 64-bit words, without locks: the upper bits of a key, whether everything below that state has been found,
// and how often rollouts came through. When it is full, what is new is not noted: threads then meet more often.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace synoscope {

class RolloutTraffic
{
public:
    explicit RolloutTraffic(std::size_t places = std::size_t{1} << 22) : words_(places) {}

    void visit(std::uint64_t key)
    {
        if (Word* word = find(key, true))
            word->fetch_add(1, std::memory_order_relaxed);
    }
    void setExhausted(std::uint64_t key)
    {
        if (Word* word = find(key, true))
            word->fetch_or(exhausted_, std::memory_order_relaxed);
    }
    std::uint32_t visits(std::uint64_t key)
    {
        const Word* word = find(key, false);
        return word ? static_cast<std::uint32_t>(word->load(std::memory_order_relaxed) & countMask) : 0;
    }
    bool exhausted(std::uint64_t key)
    {
        const Word* word = find(key, false);
        return word && (word->load(std::memory_order_relaxed) & exhausted_);
    }

private:
    using Word = std::atomic<std::uint64_t>;
    static constexpr std::uint64_t exhausted_ = std::uint64_t{1} << 22;
    static constexpr std::uint64_t countMask = exhausted_ - 1;
    static constexpr std::uint64_t tagMask = ~(exhausted_ | countMask);
    static constexpr std::size_t longestProbe = 64;

    Word* find(std::uint64_t key, bool make)
    {
        const std::uint64_t tag = (key & tagMask) == 0 ? exhausted_ << 1 : key & tagMask;
        for (std::size_t i = 0; i < longestProbe; ++i) {
            Word& word = words_[(key * 0x9e3779b97f4a7c15ull + i) % words_.size()];
            std::uint64_t now = word.load(std::memory_order_relaxed);
            if (now == 0 && make && word.compare_exchange_strong(now, tag, std::memory_order_relaxed))
                return &word;
            if ((now & tagMask) == tag)
                return &word;
            if (now == 0 && !make)
                return nullptr;
        }
        return nullptr;
    }

    std::vector<Word> words_;
};

} // namespace synoscope
