// A reader's copy of the figures of all candidates, by columns (blocks.h): what has been asked of, as it is now.
//
// A column is read when a query first needs it, and again only where the file has changed: blocks by their stamps, the
// tail and what is stale as a whole. A million candidates are 8 MB a column.
#pragma once

#include "core/store/blocks.h"

#include <bitset>
#include <optional>

namespace synoscope {

using PackedSet = std::bitset<packedCount>;

class CandidateColumns
{
public:
    struct Block
    {
        std::int64_t last = 0; // id; of the tail: 0
        std::int64_t stamp = 0;
        std::size_t size = 0;
        std::array<std::vector<double>, packedCount> columns; // empty: not read yet

        const std::vector<double>& operator[](Packed column) const
        {
            return columns[static_cast<std::size_t>(column)];
        }
        std::optional<std::size_t> placeOf(std::int64_t id) const;
    };

    // Brings what is needed, and the ids, up to date. Within a read transaction.
    Expected<void> load(sqlite::Connection& db, PackedSet needed);

    // In the order of ids. The last one is the tail.
    std::span<const Block> blocks() const { return blocks_; }
    std::size_t size() const;
    std::int64_t lastPacked() const { return blocks_.size() < 2 ? 0 : blocks_[blocks_.size() - 2].last; }
    const Block* blockOf(std::int64_t id) const;

private:
    Expected<void> refresh(sqlite::Connection& db);
    Expected<std::vector<Block>> readBlocks(sqlite::Connection& db);
    Expected<Block> readTail(sqlite::Connection& db, std::int64_t after);
    Expected<void> readStale(sqlite::Connection& db);
    void patch(Block& block, std::size_t column) const;

    std::vector<Block> blocks_;
    std::vector<PackedRow> stale_; // in the order of ids
    std::int64_t version_ = -1;    // of the file's contents
};

} // namespace synoscope
