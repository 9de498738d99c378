// What is known of a move wherever it stood (rapid action value estimation; PAPER: progressive widening). Global values
// are kept by move, local ones by (node, move).
#pragma once

#include "core/base/hash.h"
#include "core/base/huge_pages.h"
#include "core/search/reward.h"
#include "core/search/tree.h"

#include <cstdint>
#include <vector>

namespace synoscope {

struct RaveValue
{
    std::uint64_t key = 0; // 0: an empty slot
    std::int64_t sum = 0;
    std::int64_t squares = 0;
    std::uint32_t visits = 0;
};

// Optimistic score: mean + deviation - 1/visits.
double raveScore(const RaveValue& value);

class RaveTable
{
public:
    void add(std::uint64_t key, Reward reward, std::uint32_t times = 1);
    // Begins to fetch the key's place from memory. A table of a long search lies far outside of the caches: who asks for
    // all places first waits for them together, not one after the other.
    void prefetch(std::uint64_t key) const;
    const RaveValue* find(std::uint64_t key) const; // nothing when unseen

    std::size_t memoryBytes() const { return slots_.capacity() * sizeof(RaveValue); }
    // Values that count something, for comparisons: (key, value), in no particular order.
    std::vector<RaveValue> values() const;

private:
    // Where the key is looked for first; of a table that is not empty.
    std::size_t home(std::uint64_t key) const { return mix(key) & (slots_.size() - 1); }
    RaveValue& slot(std::uint64_t key);
    void grow();

    HugePageVector<RaveValue> slots_;
    std::size_t used_ = 0;
};

struct Rave
{
    RaveTable global;
    RaveTable local;

    static std::uint64_t kindKey(MoveKind kind) { return mix(0x6b696e64ull + static_cast<std::uint64_t>(kind)); }
    static std::uint64_t localKey(TreeNodeId node, std::uint64_t key) { return combine(node.index, key); }
};

} // namespace synoscope
