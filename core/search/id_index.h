// Finds 32-bit ids by a 64-bit hash: open addressing over bare ids, 5 to 11 bytes an entry. The hashed things themselves
// lie in the owner's arena; the owner says how to compare, and how to hash again when the table grows.
#pragma once

#include "core/base/huge_pages.h"

#include <cstddef>
#include <cstdint>

namespace synoscope {

class IdIndex
{
public:
    static constexpr std::uint32_t none = 0xffffffffu;

    template <typename Equal>
    std::uint32_t find(std::uint64_t hash, Equal&& equal) const
    {
        if (slots_.empty())
            return none;
        for (std::size_t slot = hash & mask();; slot = (slot + 1) & mask()) {
            if (slots_[slot] == none)
                return none;
            if (equal(slots_[slot]))
                return slots_[slot];
        }
    }

    // The id must not be there yet. hashOf(id) gives the hash of an id inserted before.
    template <typename HashOf>
    void insert(std::uint64_t hash, std::uint32_t id, HashOf&& hashOf)
    {
        if (4 * (count_ + 1) > 3 * slots_.size()) {
            HugePageVector<std::uint32_t> old(slots_.empty() ? 64 : 2 * slots_.size(), none);
            old.swap(slots_);
            for (const std::uint32_t entry : old)
                if (entry != none)
                    place(hashOf(entry), entry);
        }
        place(hash, id);
        ++count_;
    }

    std::size_t memoryBytes() const { return slots_.capacity() * sizeof(std::uint32_t); }

private:
    std::size_t mask() const { return slots_.size() - 1; }
    void place(std::uint64_t hash, std::uint32_t id)
    {
        std::size_t slot = hash & mask();
        while (slots_[slot] != none)
            slot = (slot + 1) & mask();
        slots_[slot] = id;
    }

    HugePageVector<std::uint32_t> slots_;
    std::size_t count_ = 0;
};

} // namespace synoscope
