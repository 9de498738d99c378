// A table of 64-bit words that threads share without locks: a tag from the upper bits of a key, and what is told of it
// in the lower ones. Nothing is ever removed. When the neighbourhood of a key is full it gets no word: users must do
// without.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace synoscope {

class AtomicTable
{
public:
    using Word = std::atomic<std::uint64_t>;

    // Keys that agree in the bits of `tagMask`, and lie near each other, are taken for the same.
    AtomicTable(std::size_t places, std::uint64_t tagMask) : tagMask_(tagMask), words_(std::bit_ceil(places)) {}

    Word* find(std::uint64_t key) { return search(key, 0); }
    // Made with `told`, which must not be 0, where there is none.
    Word* findOrMake(std::uint64_t key, std::uint64_t told) { return search(key, (key & tagMask_) | told); }

private:
    static constexpr std::size_t longestProbe = 64;

    Word* search(std::uint64_t key, std::uint64_t fresh)
    {
        const std::uint64_t tag = key & tagMask_;
        const std::size_t first = key * 0x9e3779b97f4a7c15ull >> 32;
        for (std::size_t i = 0; i < longestProbe; ++i) {
            Word& word = words_[(first + i) & (words_.size() - 1)];
            std::uint64_t now = word.load(std::memory_order_relaxed);
            if (now == 0 && fresh == 0)
                return nullptr;
            if (now == 0 && word.compare_exchange_strong(now, fresh, std::memory_order_relaxed))
                return &word;
            if ((now & tagMask_) == tag) // after the exchange failed, what another thread has put there
                return &word;
        }
        return nullptr;
    }

    std::uint64_t tagMask_;
    std::vector<Word> words_;
};

} // namespace synoscope
