#include "core/store/candidate_columns.h"

#include <fmt/format.h>

#include <algorithm>

namespace synoscope {

namespace {

Error damaged(const sqlite::Connection& db)
{
    return sqlite::fileError(db.file(), "the file is damaged: the blocks of its candidates cannot be read");
}

} // namespace

std::optional<std::size_t> CandidateColumns::Block::placeOf(std::int64_t id) const
{
    const std::vector<double>& ids = (*this)[Packed::id];
    const auto place = std::ranges::lower_bound(ids, static_cast<double>(id));
    if (place == ids.end() || *place != static_cast<double>(id))
        return std::nullopt;
    return static_cast<std::size_t>(place - ids.begin());
}

std::size_t CandidateColumns::size() const
{
    std::size_t total = 0;
    for (const Block& block : blocks_)
        total += block.size;
    return total;
}

const CandidateColumns::Block* CandidateColumns::blockOf(std::int64_t id) const
{
    const auto packed = std::span(blocks_).first(blocks_.size() - 1);
    const auto block = std::ranges::lower_bound(packed, id, {}, &Block::last);
    return block == packed.end() ? &blocks_.back() : &*block;
}

Expected<void> CandidateColumns::load(sqlite::Connection& db, PackedSet needed)
{
    if (auto done = refresh(db); !done)
        return done;
    needed.set(static_cast<std::size_t>(Packed::id)); // first: the others are patched by it
    for (Block& block : blocks_)
        for (std::size_t i = 0; i < packedCount && block.last != 0; ++i) {
            if (!needed[i] || !block.columns[i].empty())
                continue;
            auto column = packedColumn(db, block.last, i, block.size);
            if (!column)
                return column.error();
            block.columns[i] = std::move(*column);
            patch(block, i);
        }
    return {};
}

Expected<void> CandidateColumns::refresh(sqlite::Connection& db)
{
    // The transaction sees the file as it is at its first look into it; only then the version is that of what it sees.
    if (auto look = db.integer("SELECT max(last) FROM blocks"); !look)
        return look.error();
    const auto version = db.integer("PRAGMA data_version");
    if (!version)
        return version.error();
    if (*version == version_)
        return {};
    version_ = -1; // until all of it is read
    auto blocks = readBlocks(db);
    if (!blocks)
        return blocks.error();
    for (Block& fresh : *blocks) { // ids decide about equality as much as stamps: both are unique
        const auto old = std::ranges::find(blocks_, fresh.last, &Block::last);
        if (old != blocks_.end() && old->stamp == fresh.stamp && old->size == fresh.size)
            fresh = std::move(*old);
    }
    auto tail = readTail(db, blocks->empty() ? 0 : blocks->back().last);
    if (!tail)
        return tail.error();
    blocks->push_back(std::move(*tail));
    blocks_ = std::move(*blocks);
    if (auto done = readStale(db); !done)
        return done;
    for (Block& block : blocks_)
        for (std::size_t i = firstChanging; i < packedCount; ++i)
            patch(block, i);
    version_ = *version;
    return {};
}

Expected<std::vector<CandidateColumns::Block>> CandidateColumns::readBlocks(sqlite::Connection& db)
{
    auto rows = db.prepare("SELECT last, stamp, size FROM blocks ORDER BY last");
    if (!rows)
        return rows.error();
    std::vector<Block> blocks;
    for (;;) {
        auto row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            return blocks;
        Block& block = blocks.emplace_back();
        block.last = rows->integer(0);
        block.stamp = rows->integer(1);
        const std::int64_t size = rows->integer(2);
        if (block.last <= 0 || size <= 0 || size > static_cast<std::int64_t>(blockSize))
            return damaged(db);
        block.size = static_cast<std::size_t>(size);
    }
}

Expected<CandidateColumns::Block> CandidateColumns::readTail(sqlite::Connection& db, std::int64_t after)
{
    auto rows = db.prepare(fmt::format("SELECT {} FROM candidates WHERE id > ? ORDER BY id", packedColumns));
    if (!rows)
        return rows.error();
    rows->bind(after);
    Block tail;
    for (;;) {
        auto row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        const PackedRow values = packedRow(*rows);
        for (std::size_t i = 0; i < packedCount; ++i)
            tail.columns[i].push_back(values[i]);
    }
    tail.size = tail.columns[0].size();
    return tail;
}

Expected<void> CandidateColumns::readStale(sqlite::Connection& db)
{
    stale_.clear();
    auto rows = db.prepare(fmt::format(
        "SELECT {} FROM stale CROSS JOIN candidates ON candidates.id = candidate ORDER BY candidate", packedColumns));
    if (!rows)
        return rows.error();
    for (;;) {
        auto row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            return {};
        stale_.push_back(packedRow(*rows));
    }
}

// Puts what is stale in its place, where both the column and the ids are there; the ids are read first.
void CandidateColumns::patch(Block& block, std::size_t column) const
{
    if (column < firstChanging || block.last == 0 || block.columns[column].empty())
        return;
    const auto& ids = block[Packed::id];
    const auto begin = std::ranges::lower_bound(stale_, ids.front(), {}, [](const PackedRow& row) { return row[0]; });
    for (auto row = begin; row != stale_.end() && (*row)[0] <= ids.back(); ++row)
        if (const auto place = block.placeOf(static_cast<std::int64_t>((*row)[0])))
            block.columns[column][*place] = (*row)[column];
}

} // namespace synoscope
