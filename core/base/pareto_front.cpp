#include "core/base/pareto_front.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace synoscope {

std::vector<std::size_t> paretoFront(std::span<const Tradeoff> points)
{
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < points.size(); ++i)
        if (!std::isnan(points[i].cost) && !std::isnan(points[i].value))
            order.push_back(i);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (points[a].cost != points[b].cost)
            return points[a].cost < points[b].cost;
        return points[a].value != points[b].value ? points[a].value > points[b].value : a < b;
    });
    std::vector<std::size_t> front;
    double best = -std::numeric_limits<double>::infinity();
    for (const std::size_t i : order) {
        if (points[i].value > best || front.empty()) {
            front.push_back(i);
            best = points[i].value;
        }
    }
    return front;
}

} // namespace synoscope
