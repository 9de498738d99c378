// The scale of a plot's axis: which numbers it spans, where its ticks are, and how they are written.
#pragma once

#include <cmath>
#include <string>
#include <vector>

namespace synoscope::report {

struct Tick
{
    double value = 0;
    std::string label;
};

struct Axis
{
    double low = 0, high = 1; // low < high
    std::vector<Tick> ticks;  // within, rising
    bool logarithmic = false; // then low > 0

    // 0 at low, 1 at high
    double share(double value) const
    {
        return logarithmic ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
    }
};

enum class AxisUnit
{
    number,
    whole,  // no ticks between whole numbers
    percent, // shares, written as percent
    magnitude // positive numbers, on a logarithmic scale; others are left out
};

// Around all finite values, with some room; of one value, or none, around it. Labels are distinct.
Axis axisFor(const std::vector<double>& values, int atMostTicks, AxisUnit unit = AxisUnit::number);

} // namespace synoscope::report
