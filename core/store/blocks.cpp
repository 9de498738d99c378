#include "core/store/blocks.h"

#include "core/store/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <numeric>

namespace synoscope {

static_assert(std::endian::native == std::endian::little, "columns are stored little endian, as they are in memory");
static_assert(blockSize <= 65536, "places in a block have 16 bits");

const std::string_view packedColumns =
    "id, experiment, iteration, total_flops, flops_ratio, parameters, latency_ratio, accuracy, reward, starred, "
    "CASE state WHEN 'active' THEN 0 WHEN 'duplicate' THEN 1 WHEN 'pruned' THEN 2 WHEN 'removed' THEN 3 END";

double packedState(CandidateState state)
{
    const auto& words = Words<CandidateState>::list;
    return static_cast<double>(std::ranges::count_if(words, [&](auto word) { return word < wordOf(state); }));
}

PackedRow packedRow(const sqlite::Statement& row)
{
    PackedRow values;
    for (std::size_t i = 0; i < packedCount; ++i)
        values[i] = row.optionalReal(static_cast<int>(i)).value_or(std::numeric_limits<double>::quiet_NaN());
    return values;
}

Expected<std::vector<double>> packedColumn(sqlite::Connection& db, std::int64_t block, std::size_t column,
                                           std::size_t size)
{
    auto row = db.prepare("SELECT data FROM block_columns WHERE block = ? AND part = ?");
    if (!row)
        return row.error();
    auto found = row->bind(block, static_cast<std::int64_t>(column)).step();
    if (!found)
        return found.error();
    const auto bytes = *found ? row->blob(0) : std::span<const std::byte>();
    std::vector<double> values(size);
    if (!*found && column == 0) {
        std::iota(values.begin(), values.end(), static_cast<double>(block) - static_cast<double>(size) + 1);
        return values;
    }
    if (bytes.size() == sizeof(double)) {
        std::ranges::copy(bytes, std::as_writable_bytes(std::span(values).first(1)).begin());
        std::ranges::fill(values, double{values[0]});
        return values;
    }
    if (bytes.size() != size * sizeof(double))
        return sqlite::fileError(db.file(), "the file is damaged: a column of its candidates is incomplete");
    std::ranges::copy(bytes, std::as_writable_bytes(std::span(values)).begin());
    return values;
}

std::vector<std::string> wordsIn(std::string_view text)
{
    std::vector<std::string> words;
    std::string word;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const char c = i < text.size() ? text[i] : ' ';
        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            if (!word.empty() && std::ranges::find(words, word) == words.end())
                words.push_back(word);
            word.clear();
        } else {
            word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
    }
    return words;
}

namespace {

using Columns = std::array<std::vector<double>, packedCount>;
using Members = std::map<std::string, std::vector<std::uint16_t>>; // by word, the places

std::vector<std::byte> membersAsBytes(const std::vector<std::uint16_t>& places)
{
    std::vector<std::byte> bytes;
    if (places.size() * 2 < blockSize / 8) {
        for (const std::uint16_t place : places) {
            bytes.push_back(static_cast<std::byte>(place & 0xff));
            bytes.push_back(static_cast<std::byte>(place >> 8));
        }
        return bytes;
    }
    bytes.resize(blockSize / 8);
    for (const std::uint16_t place : places)
        bytes[place / 8] |= static_cast<std::byte>(1 << place % 8);
    return bytes;
}

bool sameBits(double a, double b)
{
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

// As it is stored: of equal values only one.
std::span<const std::byte> columnAsBytes(std::span<const double> column)
{
    if (std::ranges::all_of(column, [&](double value) { return sameBits(value, column[0]); }))
        column = column.first(1);
    return std::as_bytes(column);
}

// A number that no block has had before: readers see by it what to read again.
constexpr std::string_view nextStamp = "(SELECT coalesce(max(stamp), 0) + 1 FROM blocks)";

Expected<void> writeWords(sqlite::Connection& db, std::int64_t block, const Members& members)
{
    for (const auto& [word, places] : members) {
        if (auto known = db.run("INSERT INTO words (text) VALUES (?) ON CONFLICT (text) DO NOTHING", word); !known)
            return known;
        auto done = db.run("INSERT INTO block_words (word, block, members) "
                           "VALUES ((SELECT id FROM words WHERE text = ?), ?, ?)",
                           word, block, std::span<const std::byte>(membersAsBytes(places)));
        if (!done)
            return done;
    }
    return {};
}

Expected<void> writeBlock(sqlite::Connection& db, const Columns& columns, const Members& members)
{
    const std::size_t size = columns[0].size();
    const auto block = static_cast<std::int64_t>(columns[0].back());
    auto done = db.run(fmt::format("INSERT INTO blocks (last, size, stamp) VALUES (?, ?, {})", nextStamp), block,
                       static_cast<std::int64_t>(size));
    const bool withoutGaps = columns[0].back() - columns[0].front() + 1 == static_cast<double>(size);
    for (std::size_t i = withoutGaps ? 1 : 0; done && i < packedCount; ++i)
        done = db.run("INSERT INTO block_columns (block, part, data) VALUES (?, ?, ?)", block,
                      static_cast<std::int64_t>(i), columnAsBytes(columns[i]));
    return done ? writeWords(db, block, members) : done;
}

// Whether there was a block to be made.
Expected<bool> packTail(sqlite::Connection& db)
{
    const auto last = db.integer("SELECT max(last) FROM blocks");
    if (!last)
        return last.error();
    auto length = db.prepare("SELECT count(*) FROM (SELECT 1 FROM candidates WHERE id > ? LIMIT ?)");
    if (!length)
        return length.error();
    if (auto row = length->bind(*last, static_cast<std::int64_t>(longestTail)).step(); !row)
        return row.error();
    if (static_cast<std::size_t>(length->integer(0)) < longestTail)
        return false;
    auto rows =
        db.prepare(fmt::format("SELECT {}, moves FROM candidates WHERE id > ? ORDER BY id LIMIT ?", packedColumns));
    if (!rows)
        return rows.error();
    rows->bind(*last, static_cast<std::int64_t>(blockSize));
    Columns columns;
    Members members;
    for (;;) {
        auto row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        const PackedRow values = packedRow(*rows);
        for (const std::string& word : wordsIn(rows->text(packedCount)))
            members[word].push_back(static_cast<std::uint16_t>(columns[0].size()));
        for (std::size_t i = 0; i < packedCount; ++i)
            columns[i].push_back(values[i]);
    }
    if (auto done = writeBlock(db, columns, members); !done)
        return done.error();
    return true;
}

// The rows of one block that are stale, into it.
Expected<void> packAgain(sqlite::Connection& db, std::int64_t block, std::size_t size,
                         std::span<const PackedRow> stale)
{
    const auto ids = packedColumn(db, block, 0, size);
    if (!ids)
        return ids.error();
    for (std::size_t i = firstChanging; i < packedCount; ++i) {
        auto column = packedColumn(db, block, i, size);
        if (!column)
            return column.error();
        for (const PackedRow& row : stale) {
            const auto place = std::ranges::lower_bound(*ids, row[0]);
            if (place != ids->end() && *place == row[0])
                (*column)[static_cast<std::size_t>(place - ids->begin())] = row[i];
        }
        auto done = db.run("UPDATE block_columns SET data = ? WHERE block = ? AND part = ?",
                           columnAsBytes(*column), block, static_cast<std::int64_t>(i));
        if (!done)
            return done;
    }
    return db.run(fmt::format("UPDATE blocks SET stamp = {} WHERE last = ?", nextStamp), block);
}

// Whether there was much that is stale.
Expected<bool> packStale(sqlite::Connection& db)
{
    const auto count = db.integer("SELECT count(*) FROM stale");
    if (!count)
        return count.error();
    if (*count < mostStale)
        return false;
    struct Changed
    {
        std::size_t size = 0;
        std::vector<PackedRow> rows;
    };
    std::map<std::int64_t, Changed> blocks;
    auto rows = db.prepare(fmt::format(
        "SELECT {}, last, size FROM stale CROSS JOIN candidates ON candidates.id = candidate CROSS JOIN blocks "
        "ON last = (SELECT min(last) FROM blocks WHERE last >= candidate)",
        packedColumns));
    if (!rows)
        return rows.error();
    for (;;) {
        auto row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        Changed& block = blocks[rows->integer(packedCount)];
        block.size = static_cast<std::size_t>(rows->integer(packedCount + 1));
        block.rows.push_back(packedRow(*rows));
    }
    for (const auto& [block, changed] : blocks)
        if (auto done = packAgain(db, block, changed.size, changed.rows); !done)
            return done.error();
    if (auto done = db.run("DELETE FROM stale"); !done)
        return done.error();
    return true;
}

Expected<bool> inTransaction(sqlite::Connection& db, Expected<bool> (*step)(sqlite::Connection&))
{
    if (auto begun = db.run("BEGIN IMMEDIATE"); !begun)
        return begun.error();
    auto done = step(db);
    if (done) {
        if (auto stored = db.run("COMMIT"); !stored)
            done = stored.error();
    }
    if (!done && db.inTransaction())
        (void)db.run("ROLLBACK"); // the first error is the one to report
    return done;
}

} // namespace

Expected<void> packBlocks(sqlite::Connection& db)
{
    for (;;) {
        const auto packed = inTransaction(db, packTail);
        if (!packed)
            return packed.error();
        if (!*packed)
            break;
    }
    const auto packed = inTransaction(db, packStale);
    return packed ? Expected<void>() : packed.error();
}

} // namespace synoscope
