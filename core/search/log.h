// The iteration log: each completed iteration as a value, complete enough to rebuild the tree from nothing else.
#pragma once

#include "core/base/error.h"
#include "core/synthesis/move.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace synoscope {

struct LoggedStep
{
    Move move{};
    std::uint64_t key = 0;    // of the state it leads to; beyond the tree only the lower 32 bits
    std::uint64_t node = 0;   // the tree node it leads to; 0 beyond the tree
    std::uint64_t parent = 0; // under which that node is shown; 0: the node before it on this way

    friend bool operator==(const LoggedStep& a, const LoggedStep& b)
    {
        return a.move == b.move && a.move.size == b.move.size && a.key == b.key && a.node == b.node &&
               a.parent == b.parent && a.move.first == b.move.first && a.move.second == b.move.second &&
               a.move.inner == b.move.inner && a.move.outer == b.move.outer;
    }
};

struct LogEntry
{
    std::uint64_t sequence = 0; // from 1, without gaps
    std::vector<LoggedStep> path;
    double reward = 0;
    bool failed = false;
    std::string candidate; // canonical hash

    // The keys of the moves: what others compare and print.
    std::vector<std::uint64_t> moveKeys() const;
    friend bool operator==(const LogEntry&, const LogEntry&) = default;
};

// The path as bytes for the store, about 25 a step.
std::string encodePath(const std::vector<LoggedStep>& path);
Expected<std::vector<LoggedStep>> decodePath(std::string_view bytes);

} // namespace synoscope
