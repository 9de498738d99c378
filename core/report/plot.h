// A small writer of plots as SVG: points with error bars, staircases, lines, bands, reference lines, a legend.
//
// Colours are the page's: elements have classes, and plotStyle() has the rules for them, in light and dark. Within HTML
// one style serves all plots; a plot that is a file of its own carries it (standalone).
#pragma once

#include "core/report/axis.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace synoscope::report {

struct PlotPoint
{
    double x = 0, y = 0; // a point that is not finite is left out
    std::optional<std::pair<double, double>> xRange{}, yRange{}; // error bars, from least to largest
    std::string title{};                                         // shown when the mouse rests on it; for marks
    std::string target{};                                        // an anchor of the page to go to; for marks
};

enum class Look
{
    cloud, // small dots, any number of them: dots at one place are drawn once
    marks, // large dots with error bars
    stairs, // a line that goes right, then up or down: the best so far, a front
    line,   // a line from point to point
    band,   // the area between the points' ranges of y, without a place in the legend
};

struct Series
{
    std::string name; // in the legend; empty: not in it
    Look look = Look::cloud;
    int colour = 0; // 0: muted, 1: accent, 2: good, 3: warning, 4: another
    std::vector<PlotPoint> points{};
    bool dashed = false;
};

struct ReferenceLine
{
    bool vertical = true;
    double at = 0;
    std::string label{};
};

struct PlotAxis
{
    std::string label;
    AxisUnit unit = AxisUnit::number;
};

struct Plot
{
    std::string description; // for who cannot see it
    PlotAxis x, y;
    std::vector<Series> series;         // later ones lie above
    std::vector<ReferenceLine> lines{}; // one outside of the data's range is drawn, and the range extended, when near
};

// From "<svg" to "</svg>".
std::string drawPlot(const Plot& plot);

// CSS: variables for the colours (light; dark on screens that prefer it), and the rules of a plot's classes.
std::string colourVariables();
std::string plotRules();

// The plot as a file of its own.
std::string standalone(const std::string& svg);

} // namespace synoscope::report
