// Which of several operators no other one beats in both respects.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace synoscope {

struct Tradeoff
{
    double cost = 0;  // lower is better
    double value = 0; // higher is better
};

// The indexes of the points that none is better than: no other has at most its cost and at least its value, one of them
// strictly. Ordered by rising cost (and so by rising value); of equal points the first stays. O(n log n).
// Points with a NaN are left out.
std::vector<std::size_t> paretoFront(std::span<const Tradeoff> points);

} // namespace synoscope
