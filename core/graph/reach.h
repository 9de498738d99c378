// Which elements of the input an element of the output depends on, and by how many terms of the operator's sum
// (DESIGN 1.2): what a researcher looks at as receptive field and as connectivity between channels.
//
// Iterators on which neither the coordinates asked for nor a guard depend are counted, and not walked: the work is that
// of what one sees, not that of the operator. Pure functions; any thread.
#pragma once

#include "core/graph/pgraph.h"

#include <cstdint>
#include <optional>

namespace synoscope {

// Terms by two coordinates, row-major. A number is exact up to 2^53.
struct ReachMap
{
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::vector<double> terms;

    double at(std::int64_t row, std::int64_t column) const
    {
        return terms[static_cast<std::size_t>(row * columns + column)];
    }
    friend bool operator==(const ReachMap&, const ReachMap&) = default;
};

// What the output element in the middle of all axes reads of the input: rows and columns are the places on two of the
// input's axes, by their numbers. Nothing: more than `mostPoints` points would have to be visited, or a coordinate is
// no whole number under the binding.
inline constexpr std::int64_t mostReachPoints = std::int64_t{1} << 22;
std::optional<ReachMap> receptiveField(const PGraph& graph, const Binding& binding, std::size_t rowAxis,
                                       std::size_t columnAxis, std::int64_t mostPoints = mostReachPoints);

// What each place on an axis of the output (a row) reads along an axis of the input (the columns); on its other axes
// the output element is in the middle.
std::optional<ReachMap> connectivity(const PGraph& graph, const Binding& binding, std::size_t outputAxis,
                                     std::size_t inputAxis, std::int64_t mostPoints = mostReachPoints);

} // namespace synoscope
