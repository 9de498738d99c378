// A second, simple-minded book-keeper: adds up the values of a tree from the log and the constraints, by the words of
// constraint.h. What the engine says must be equal to the bit.
#pragma once

#include "core/search/engine.h"

#include <map>

namespace synoscope::test {

struct NodeTotals
{
    std::uint32_t visits = 0;
    std::int64_t sum = 0;
    std::int64_t squares = 0;
    std::int64_t best = noReward.raw();
    friend bool operator==(const NodeTotals&, const NodeTotals&) = default;
};

struct Totals
{
    std::map<std::uint64_t, NodeTotals> nodes;                                  // by node id; those never visited are absent
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint32_t> edges;     // visits by (node, move key)
    std::map<std::uint64_t, NodeTotals> moves;                                  // global RAVE by key; best unused
    std::map<std::string, int> openWays;                                        // by candidate
    friend bool operator==(const Totals&, const Totals&) = default;
};

Totals recompute(std::span<const LogEntry> log, std::span<const ConstraintRecord> constraints);
Totals totalsOf(const SearchEngine& engine); // what the engine holds (values of zero left out)

// The local RAVE values, sorted: equal for equal searches.
std::vector<std::tuple<std::uint64_t, std::uint32_t, std::int64_t, std::int64_t>> localRave(const SearchEngine& engine);

// Whether the operator's way obeys the constraints.
bool isOpen(const LogEntry& entry, std::span<const ConstraintRecord> constraints);

} // namespace synoscope::test
