#include "core/evaluation/timing.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

namespace synoscope {
namespace {

TEST(Quantile, InterpolatesBetweenValues)
{
    EXPECT_DOUBLE_EQ(quantile({1, 2, 3, 4}, 0.5), 2.5);
    EXPECT_DOUBLE_EQ(quantile({1, 2, 3}, 0.0), 1);
    EXPECT_DOUBLE_EQ(quantile({1, 2, 3}, 1.0), 3);
    EXPECT_DOUBLE_EQ(quantile({7}, 0.9), 7);
}

TEST(Times, LeaveOutDisturbedRunsWhileThereAreOthers)
{
    Times times;
    times.add(5, false);
    times.add(100, true);
    times.add(3, false);
    EXPECT_EQ(times.sorted(), (std::vector<double>{3, 5, 100})); // too few clean ones
    times.add(4, false);
    EXPECT_EQ(times.sorted(), (std::vector<double>{3, 4, 5}));
    EXPECT_EQ(times.clean(), 3u);
    EXPECT_EQ(times.disturbed(), 1u);
    EXPECT_EQ(times.mediansOfParts(2), (std::vector<double>{5, 3.5}));
}

// The true ratio lies within the interval in about 95 of 100 measurements, though the machine changes its speed.
TEST(RatioInterval, HoldsTheRatioAsOftenAsItSays)
{
    std::mt19937 random(1);
    std::normal_distribution<double> noise(0, 1);
    int inside = 0;
    constexpr int measurements = 2000;
    for (int i = 0; i < measurements; ++i) {
        std::vector<double> parts;
        double logs = 0;
        for (int part = 0; part < 10; ++part) {
            const double drift = 0.3 * noise(random); // of both sides: it is no part of the ratio
            const double one = std::exp(std::log(0.8) + drift + 0.02 * noise(random));
            const double other = std::exp(drift + 0.02 * noise(random));
            parts.push_back(one / other);
            logs += std::log(parts.back()) / 10;
        }
        const auto [low, high] = ratioInterval(std::exp(logs), parts);
        inside += low <= 0.8 && 0.8 <= high;
    }
    EXPECT_GT(inside, 0.93 * measurements);
    EXPECT_LT(inside, 0.97 * measurements);
    EXPECT_EQ(ratioInterval(1, {1, 1}).first, 0);
}

} // namespace
} // namespace synoscope
