#include "core/evaluation/timing.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <sys/resource.h>

namespace synoscope {

namespace {

// How often the system has taken the processor from a thread of this process.
long preemptions()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_nivcsw;
}

// The 97.5 % quantile of Student's t, by degrees of freedom from 2 on; from 12 on it is near enough to that of 12.
double studentsT(std::size_t freedom)
{
    constexpr std::array<double, 11> table{4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179};
    return table[std::min(freedom - 2, table.size() - 1)];
}

} // namespace

double quantile(const std::vector<double>& sorted, double p)
{
    const double position = p * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], position - static_cast<double>(below));
}

void Times::time(const std::function<void()>& run)
{
    const long before = preemptions();
    const auto start = std::chrono::steady_clock::now();
    run();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    add(1e6 * seconds, preemptions() != before);
}

void Times::add(double microseconds, bool disturbed)
{
    runs_.push_back({microseconds, disturbed});
    clean_ += !disturbed;
}

std::vector<double> Times::sorted() const
{
    const bool all = clean_ < 3;
    std::vector<double> times;
    for (const Run& run : runs_)
        if (all || !run.disturbed)
            times.push_back(run.microseconds);
    std::ranges::sort(times);
    return times;
}

std::vector<double> Times::mediansOfParts(std::size_t parts) const
{
    std::vector<double> medians;
    for (std::size_t part = 0; part < parts; ++part) {
        std::vector<double> times;
        for (std::size_t i = runs_.size() * part / parts; i < runs_.size() * (part + 1) / parts; ++i)
            if (!runs_[i].disturbed)
                times.push_back(runs_[i].microseconds);
        std::ranges::sort(times);
        medians.push_back(times.empty() ? 0 : quantile(times, 0.5));
    }
    return medians;
}

std::pair<double, double> ratioInterval(double ratio, const std::vector<double>& ratiosOfParts)
{
    const std::size_t parts = ratiosOfParts.size();
    if (parts < 3)
        return {0, std::numeric_limits<double>::infinity()};
    double sum = 0;
    for (const double part : ratiosOfParts)
        sum += std::log(part);
    const double mean = sum / static_cast<double>(parts);
    double squares = 0;
    for (const double part : ratiosOfParts)
        squares += std::pow(std::log(part) - mean, 2);
    const double deviation = std::sqrt(squares / static_cast<double>(parts - 1) / static_cast<double>(parts));
    const double factor = std::exp(studentsT(parts - 1) * deviation);
    return {ratio / factor, ratio * factor};
}

} // namespace synoscope
