#include "core/report/plot.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <set>

namespace synoscope::report {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr double infinite = std::numeric_limits<double>::infinity();

int occurrences(const std::string& text, const std::string& part)
{
    int count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
        ++count;
    return count;
}

TEST(Axis, HoldsAllValuesAndHasFewDistinctRoundTicks)
{
    for (const double scale : {1e-9, 1e-3, 0.7, 1.0, 30.0, 4e5, 2e12})
        for (const auto& values : {std::vector{0.0, 1.0}, {-1.0, 1.0}, {0.98, 1.0}, {-3.0, -2.9}, {0.3}, {0.0}}) {
            std::vector<double> scaled;
            for (const double value : values)
                scaled.push_back(scale * value);
            const Axis axis = axisFor(scaled, 8);
            for (const double value : scaled) {
                EXPECT_GE(axis.share(value), 0);
                EXPECT_LE(axis.share(value), 1);
            }
            EXPECT_GE(axis.ticks.size(), 1u);
            EXPECT_LE(axis.ticks.size(), 9u);
            std::set<std::string> labels;
            for (const Tick& tick : axis.ticks) {
                EXPECT_TRUE(labels.insert(tick.label).second) << tick.label << " twice, at scale " << scale;
                EXPECT_GE(tick.value, axis.low);
                EXPECT_LE(tick.value, axis.high);
            }
        }
}

TEST(Axis, LeavesOutWhatIsNotFinite)
{
    const Axis axis = axisFor({0.5, infinite, -infinite, std::nan("")}, 6);
    EXPECT_LT(axis.low, 0.5);
    EXPECT_GT(axis.high, 0.5);
    EXPECT_LT(axis.high, 1);
    EXPECT_TRUE(std::isfinite(axisFor({}, 6).high));
}

TEST(Axis, WritesSharesAsPercent)
{
    std::vector<std::string> labels;
    for (const Tick& tick : axisFor({0.2, 0.6}, 6, AxisUnit::percent).ticks)
        labels.push_back(tick.label);
    EXPECT_THAT(labels, testing::ElementsAre("20 %", "30 %", "40 %", "50 %", "60 %"));
}

TEST(Axis, HasNoTicksBetweenWholeNumbersWhereThereAreNone)
{
    for (const auto& values : {std::vector{1.0, 2.0}, {1.0}, {1.0, 3000.0}})
        for (const Tick& tick : axisFor(values, 8, AxisUnit::whole).ticks)
            EXPECT_EQ(tick.value, std::round(tick.value));
}

TEST(Axis, OfMagnitudesHasEqualStepsForEqualFactors)
{
    for (const auto& values : {std::vector{1.0, 2000.0}, {0.02, 0.03}, {7.0}, {-3.0, 0.0, 5.0}, {0.0}, {1e-9, 1e9}}) {
        const Axis axis = axisFor(values, 8, AxisUnit::magnitude);
        ASSERT_GT(axis.low, 0);
        EXPECT_NEAR(axis.share(2 * axis.low) - axis.share(axis.low), axis.share(8 * axis.low) - axis.share(4 * axis.low), 1e-9);
        for (const double value : values)
            if (value > 0) {
                EXPECT_GE(axis.share(value), 0);
                EXPECT_LE(axis.share(value), 1);
            }
        for (const Tick& tick : axis.ticks) {
            EXPECT_GE(tick.value, axis.low);
            EXPECT_LE(tick.value, axis.high);
        }
    }
    EXPECT_LE(axisFor({1.0, 2000.0}, 8, AxisUnit::magnitude).ticks.size(), 8u);
}

TEST(Plot, ABandIsTheAreaBetweenItsRanges)
{
    Plot plot{"an area", {"x", AxisUnit::magnitude}, {"y"}, {Series{.name = "band", .look = Look::band}}, {}};
    plot.series[0].points = {{0, 1, {}, std::pair{0.0, 2.0}}, {1, 1, {}, std::pair{0.5, 1.5}}, {10, 2, {}, std::pair{1.0, 3.0}}, {20, 2}};
    const std::string svg = drawPlot(plot);
    const std::size_t path = svg.find("class=\"band c0\" d=\"M");
    ASSERT_NE(path, std::string::npos);
    const std::string d = svg.substr(path, svg.find("/>", path) - path);
    EXPECT_EQ(occurrences(d, "L"), 3); // two points up there, two below: none for what has no range or no place
    EXPECT_THAT(d, HasSubstr("Z"));
    EXPECT_THAT(svg, Not(HasSubstr("nan")));
    EXPECT_THAT(svg, Not(HasSubstr(">band<"))); // in the legend
}

TEST(Plot, DrawsDotsAtOnePlaceOnce)
{
    Plot plot{"many", {"x"}, {"y"}, {Series{.name = "dots", .look = Look::cloud}}, {}};
    for (int i = 0; i < 200'000; ++i)
        plot.series[0].points.push_back({static_cast<double>(i % 1000), static_cast<double>(i % 7)});
    const std::string svg = drawPlot(plot);
    EXPECT_EQ(occurrences(svg, "h.01"), 7000);
    EXPECT_LT(svg.size(), 200'000u);
}

TEST(Plot, MarksHaveBarsTitlesAndTargets)
{
    Plot plot{"marks", {"x"}, {"y"}, {Series{.name = "marks", .look = Look::marks}}, {}};
    plot.series[0].points = {{1, 2, std::pair{0.5, 1.5}, std::pair{1.0, 3.0}, "one & only", "op-1"},
                             {infinite, 2, {}, {}, "nowhere", "op-2"}};
    const std::string svg = drawPlot(plot);
    EXPECT_EQ(occurrences(svg, "class=\"bar"), 2);
    EXPECT_THAT(svg, HasSubstr("<title>one &amp; only</title>"));
    EXPECT_THAT(svg, HasSubstr("href=\"#op-1\""));
    EXPECT_THAT(svg, Not(HasSubstr("op-2")));
    EXPECT_THAT(svg, Not(HasSubstr("inf")));
}

TEST(Plot, AStaircaseGoesRightBeforeItRises)
{
    Plot plot{"stairs", {"x"}, {"y"}, {Series{.name = "best", .look = Look::stairs}}, {}};
    plot.series[0].points = {{0, 0}, {1, 0}, {2, 1}};
    const std::string svg = drawPlot(plot);
    const std::size_t path = svg.find("class=\"line c0\" d=\"M", svg.find("class=\"axis\""));
    ASSERT_NE(path, std::string::npos);
    const std::string d = svg.substr(path, svg.find("/>", path) - path);
    EXPECT_EQ(occurrences(d, "H"), 2);
    EXPECT_EQ(occurrences(d, "V"), 1);
    EXPECT_LT(d.find('H'), d.find('V'));
}

TEST(Plot, AReferenceLineFarAwayDoesNotPressTheDataIntoACorner)
{
    Plot plot{"lines", {"x"}, {"y"}, {Series{.name = "dots", .look = Look::cloud}}, {{true, 50, "far"}, {true, 1.2, "near"}}};
    plot.series[0].points = {{0.8, 1}, {1.1, 2}};
    const std::string svg = drawPlot(plot);
    EXPECT_THAT(svg, HasSubstr("near"));
    EXPECT_THAT(svg, Not(HasSubstr("far")));
}

TEST(Plot, AFileOfItsOwnCarriesItsColours)
{
    const std::string svg = standalone(drawPlot({"alone", {"x"}, {"y"}, {}, {}}));
    EXPECT_TRUE(svg.starts_with("<svg "));
    EXPECT_THAT(svg, HasSubstr("prefers-color-scheme: dark"));
    EXPECT_THAT(svg, HasSubstr("--accent"));
}

} // namespace
} // namespace synoscope::report
