#include "core/report/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace synoscope::report {

namespace {

constexpr double room = 0.04; // of the span, on either side

// The least of 1, 2, 5 times a power of ten that leaves at most so many steps.
double niceStep(double span, int atMost)
{
    const double rough = span / std::max(1, atMost);
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= rough)
            return factor * power;
    return 10 * power;
}

std::string label(double value, double step, AxisUnit unit)
{
    if (unit == AxisUnit::percent) {
        value *= 100;
        step *= 100;
    }
    if (std::abs(value) < step / 2)
        value = 0; // no "-0"
    const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 12);
    const char* const sign = unit == AxisUnit::percent ? " %" : "";
    if (step >= 1e6 || step < 1e-5)
        return fmt::format("{:g}{}", value, sign);
    return fmt::format("{:.{}f}{}", value, decimals, sign);
}

// From power to power, with ticks at 1, 2 and 5 times as far as there is room for them.
Axis magnitudesFor(const std::vector<double>& values, int atMostTicks)
{
    double low = std::numeric_limits<double>::infinity(), high = 0;
    for (const double value : values)
        if (std::isfinite(value) && value > 0) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    if (low > high)
        low = 1, high = 10;
    const double around = low == high ? 1.5 : std::pow(high / low, room);
    Axis axis{low / around, high * around, {}, true};
    std::vector<double> places;
    for (const auto& factors : {std::vector{1.0, 2.0, 5.0}, {1.0, 3.0}, {1.0}}) {
        places.clear();
        for (double power = std::floor(std::log10(axis.low)); power <= std::log10(axis.high); ++power)
            for (const double factor : factors)
                if (const double at = factor * std::pow(10, power); at >= axis.low && at <= axis.high)
                    places.push_back(at);
        if (static_cast<int>(places.size()) <= atMostTicks)
            break;
    }
    for (const double at : places)
        axis.ticks.push_back({at, fmt::format("{:g}", at)});
    return axis;
}

} // namespace

Axis axisFor(const std::vector<double>& values, int atMostTicks, AxisUnit unit)
{
    if (unit == AxisUnit::magnitude)
        return magnitudesFor(values, atMostTicks);
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double value : values)
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    if (low > high)
        low = 0, high = 1;
    const double largest = std::max(std::abs(low), std::abs(high));
    if (high - low <= 1e-6 * largest) { // one value: it stands in the middle
        const double around = largest > 0 ? 0.1 * largest : 0.1;
        low -= around;
        high += around;
    }
    const bool positive = low >= 0;
    const double span = high - low;
    Axis axis{low - room * span, high + room * span, {}, false};
    if (positive)
        axis.low = std::max(axis.low, low == 0 ? -0.02 * span : 0.0);
    double step = niceStep(axis.high - axis.low, atMostTicks);
    if (unit == AxisUnit::whole)
        step = std::max(1.0, step);
    for (double i = std::ceil(axis.low / step); i * step <= axis.high; ++i)
        axis.ticks.push_back({i * step, label(i * step, step, unit)});
    return axis;
}

} // namespace synoscope::report
