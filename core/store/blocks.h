// The figures of candidates, packed by columns: what makes a filter over a million candidates a loop over arrays.
//
//     candidates   1 ........ 4096 | 4097 ..... 8192 | 8193 ....... newest
//     blocks          block 4096   |    block 8192   |  the tail: read row by row
//     stale        ids of packed candidates whose figures have changed since
//
// A block is named by its last candidate. When the tail is long enough, its older half becomes a block; what is stale is
// packed again when there is much of it. Both are the writer's housekeeping (packBlocks); a reader that finds it undone
// is a little slower, and never wrong.
//
// A packed column is an array of doubles, little endian, NaN where there is no value; a single one, where all are equal;
// nothing, for ids that follow each other. `block_words` tells which
// candidates of a block have a word in their moves: 16-bit places in ascending order, or a bit for each place where
// that is shorter.
#pragma once

#include "core/store/sqlite.h"

#include <array>
#include <string_view>
#include <vector>

namespace synoscope {

// The numbers are part of the format. A state is its word's place in the alphabet.
enum class Packed : std::uint8_t
{
    id,
    experiment,
    iteration,
    totalFlops,
    flopsRatio,
    parameters,
    latencyRatio, // from here on: may change
    accuracy,
    reward,
    starred,
    state,
};
inline constexpr std::size_t packedCount = 11;
inline constexpr std::size_t firstChanging = static_cast<std::size_t>(Packed::latencyRatio);

using PackedRow = std::array<double, packedCount>;

inline constexpr std::size_t blockSize = 4096;
inline constexpr std::size_t longestTail = 2 * blockSize;
inline constexpr std::int64_t mostStale = 4096;

double packedState(CandidateState state);

// The columns of `candidates` in the order of Packed, for a SELECT; then what such a row says.
extern const std::string_view packedColumns;
PackedRow packedRow(const sqlite::Statement& row);

// A packed column of a block, which must have so many values.
Expected<std::vector<double>> packedColumn(sqlite::Connection& db, std::int64_t block, std::size_t column,
                                           std::size_t size);

// The words of a text in lower case (of ASCII), each once.
std::vector<std::string> wordsIn(std::string_view text);

// The places of a block that a row of block_words names are handed to `visit`. False: the bytes are damaged.
template <typename Visit>
bool visitMembers(std::span<const std::byte> members, std::size_t size, Visit visit)
{
    if (members.size() == blockSize / 8) {
        for (std::size_t byte = 0; byte < members.size(); ++byte)
            for (auto bits = std::to_integer<unsigned>(members[byte]); bits != 0; bits &= bits - 1) {
                const std::size_t place = byte * 8 + static_cast<std::size_t>(__builtin_ctz(bits));
                if (place >= size)
                    return false;
                visit(place);
            }
        return true;
    }
    for (std::size_t at = 0; at + 1 < members.size(); at += 2) {
        const std::size_t place =
            std::to_integer<std::size_t>(members[at]) | std::to_integer<std::size_t>(members[at + 1]) << 8;
        if (place >= size)
            return false;
        visit(place);
    }
    return members.size() % 2 == 0;
}

// The writer's housekeeping, outside a transaction. Each step is one of its own: a kill between them does no harm.
Expected<void> packBlocks(sqlite::Connection& db);

} // namespace synoscope
