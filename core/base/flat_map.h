// A hash table for keys that are hashes already: open addressing in one array, linear probing, no deletion.
//
// What the synthesis asks millions of times a second (products of sizes, known states, known distances) is one probe of
// one cache line here. Keys are 64-bit and well mixed; the key 0 is kept for empty places and stands for itself as 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace synoscope {

template <typename Value>
class FlatMap
{
public:
    explicit FlatMap(std::size_t places = 64) : entries_(places) {}

    const Value* find(std::uint64_t key) const
    {
        const Entry& entry = entries_[place(key)];
        return entry.key == 0 ? nullptr : &entry.value;
    }

    // The value of a key, made from `value` when there was none, and whether it was made. Valid until the next insert.
    std::pair<Value*, bool> insert(std::uint64_t key, const Value& value)
    {
        std::size_t at = place(key);
        if (entries_[at].key != 0)
            return {&entries_[at].value, false};
        if (2 * (size_ + 1) > entries_.size()) {
            grow();
            at = place(key);
        }
        entries_[at] = {nonzero(key), value};
        ++size_;
        return {&entries_[at].value, true};
    }

    bool contains(std::uint64_t key) const { return find(key) != nullptr; }
    std::size_t size() const { return size_; }
    std::size_t memoryBytes() const { return entries_.capacity() * sizeof(Entry); }

    void clear()
    {
        if (size_ > 0)
            entries_.assign(entries_.size(), Entry{});
        size_ = 0;
    }

private:
    struct Entry
    {
        std::uint64_t key = 0;
        Value value{};
    };

    static std::uint64_t nonzero(std::uint64_t key) { return key == 0 ? 1 : key; }

    // Where the key is, or the empty place where it would be.
    std::size_t place(std::uint64_t key) const
    {
        key = nonzero(key);
        const std::size_t mask = entries_.size() - 1;
        std::size_t at = key & mask;
        while (entries_[at].key != 0 && entries_[at].key != key)
            at = (at + 1) & mask;
        return at;
    }

    void grow()
    {
        std::vector<Entry> old(2 * entries_.size());
        old.swap(entries_);
        for (const Entry& entry : old)
            if (entry.key != 0)
                entries_[place(entry.key)] = entry;
    }

    std::vector<Entry> entries_; // a power of two, at most half of them taken
    std::size_t size_ = 0;
};

} // namespace synoscope
