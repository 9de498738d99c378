#include "core/report/plot.h"

#include "core/report/markup.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace synoscope::report {

namespace {

// All in the units of the picture's own coordinates, which are pixels at its natural size.
constexpr double width = 680, left = 64, right = 18, bottom = 50, plotHeight = 320;
constexpr double legendLine = 20, letter = 6.6; // mean width of a letter at 12 px
constexpr double cloudGrid = 2;                 // dots are put on a grid of half a unit

bool finite(const PlotPoint& point)
{
    return std::isfinite(point.x) && std::isfinite(point.y);
}

class PlotWriter
{
public:
    explicit PlotWriter(const Plot& plot) : plot_(plot)
    {
        layOutLegend();
        std::vector<double> xs, ys;
        for (const Series& series : plot.series)
            for (const PlotPoint& point : series.points)
                if (finite(point))
                    collect(point, xs, ys);
        for (const ReferenceLine& line : plot.lines)
            addIfNear(line.vertical ? xs : ys, line.at);
        x_ = axisFor(xs, 8, plot.x.unit);
        y_ = axisFor(ys, 6, plot.y.unit);
    }

    std::string write()
    {
        line(R"(<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" viewBox="0 0 {} {}" width="{}" height="{}">)",
             width, height(), width, height());
        line("<title>{}</title>", escaped(plot_.description));
        axes();
        for (const Series& series : plot_.series)
            draw(series);
        for (const ReferenceLine& reference : plot_.lines)
            referenceLine(reference);
        legend();
        return text_ + "</svg>";
    }

private:
    template <typename... Args>
    void line(fmt::format_string<Args...> format, Args&&... args)
    {
        text_ += fmt::format(format, std::forward<Args>(args)...) + '\n';
    }

    // On a logarithmic scale there is no place for what is not positive.
    bool drawn(const PlotPoint& point) const
    {
        return finite(point) && (!x_.logarithmic || point.x > 0) && (!y_.logarithmic || point.y > 0);
    }

    static void collect(const PlotPoint& point, std::vector<double>& xs, std::vector<double>& ys)
    {
        xs.push_back(point.x);
        ys.push_back(point.y);
        for (const auto& [range, values] : {std::pair{&point.xRange, &xs}, std::pair{&point.yRange, &ys}})
            if (*range)
                values->insert(values->end(), {(*range)->first, (*range)->second});
    }

    // A line far from everything would press the data into a corner.
    static void addIfNear(std::vector<double>& values, double at)
    {
        if (values.empty())
            return;
        const auto [low, high] = std::ranges::minmax(values);
        const double reach = 0.6 * std::max(high - low, 0.1 * std::abs(high));
        if (at > low - reach && at < high + reach)
            values.push_back(at);
    }

    double top() const { return 14 + legendLine * legendRows_; }
    double height() const { return top() + plotHeight + bottom; }
    double x(double value) const { return left + (width - left - right) * x_.share(value); }
    double y(double value) const { return top() + plotHeight * (1 - y_.share(value)); }

    void layOutLegend()
    {
        double at = left;
        for (const Series& series : plot_.series) {
            const bool any = std::ranges::any_of(series.points, finite);
            if (series.name.empty() || series.look == Look::band || !any)
                continue;
            const double wide = 38 + letter * static_cast<double>(series.name.size());
            if (legendRows_ == 0 || at + wide > width - right) {
                at = left;
                ++legendRows_;
            }
            legend_.push_back({&series, at, 6 + legendLine * legendRows_ - legendLine / 2});
            at += wide;
        }
    }

    void legend()
    {
        for (const auto& [series, at, middle] : legend_) {
            if (series->look == Look::cloud || series->look == Look::marks)
                line(R"(<circle class="{} c{}" cx="{:.1f}" cy="{:.1f}" r="{}"/>)",
                     series->look == Look::cloud ? "dot" : "mark", series->colour, at + 8, middle,
                     series->look == Look::cloud ? 2.5 : 4.5);
            else
                line(R"(<path class="line c{}{}" d="M{:.1f} {:.1f}h16"/>)", series->colour,
                     series->dashed ? " dashed" : "", at, middle);
            line(R"(<text x="{:.1f}" y="{:.1f}">{}</text>)", at + 21, middle + 4, escaped(series->name));
        }
    }

    void axes()
    {
        const double low = top() + plotHeight;
        for (const Tick& tick : x_.ticks) {
            line(R"(<path class="grid" d="M{:.1f} {:.1f}V{:.1f}"/>)", x(tick.value), low, top());
            line(R"(<text class="tick" text-anchor="middle" x="{:.1f}" y="{:.1f}">{}</text>)", x(tick.value), low + 18,
                 tick.label);
        }
        for (const Tick& tick : y_.ticks) {
            line(R"(<path class="grid" d="M{:.1f} {:.1f}H{:.1f}"/>)", left, y(tick.value), width - right);
            line(R"(<text class="tick" text-anchor="end" x="{:.1f}" y="{:.1f}">{}</text>)", left - 7, y(tick.value) + 4,
                 tick.label);
        }
        line(R"(<path class="axis" d="M{0:.1f} {1:.1f}V{2:.1f}H{3:.1f}"/>)", left, top(), low, width - right);
        line(R"(<text text-anchor="middle" x="{:.1f}" y="{:.1f}">{}</text>)", (left + width - right) / 2, low + 40,
             escaped(plot_.x.label));
        line(R"-(<text text-anchor="middle" transform="translate(14 {:.1f}) rotate(-90)">{}</text>)-",
             top() + plotHeight / 2, escaped(plot_.y.label));
    }

    void referenceLine(const ReferenceLine& reference)
    {
        const Axis& axis = reference.vertical ? x_ : y_;
        if (reference.at < axis.low || reference.at > axis.high)
            return;
        const std::string label = escaped(reference.label);
        if (reference.vertical) {
            const double at = x(reference.at);
            // Where there is no room on the right, the label stands on the left.
            const bool flip = at + 8 + letter * static_cast<double>(reference.label.size()) > width - right;
            line(R"(<path class="reference" d="M{:.1f} {:.1f}V{:.1f}"/>)", at, top(), top() + plotHeight);
            line(R"(<text class="note" text-anchor="{}" x="{:.1f}" y="{:.1f}">{}</text>)", flip ? "end" : "start",
                 at + (flip ? -6 : 6), top() + 13, label);
        } else {
            const double at = y(reference.at);
            const bool below = at - 18 < top();
            line(R"(<path class="reference" d="M{:.1f} {:.1f}H{:.1f}"/>)", left, at, width - right);
            line(R"(<text class="note" text-anchor="end" x="{:.1f}" y="{:.1f}">{}</text>)", width - right - 6,
                 below ? at + 15 : at - 6, label);
        }
    }

    void draw(const Series& series)
    {
        switch (series.look) {
        case Look::cloud:
            return cloud(series);
        case Look::marks:
            return marks(series);
        case Look::stairs:
        case Look::line:
            return connected(series);
        case Look::band:
            return band(series);
        }
    }

    void cloud(const Series& series)
    {
        std::set<std::pair<int, int>> places;
        for (const PlotPoint& point : series.points)
            if (drawn(point))
                places.emplace(static_cast<int>(std::lround(cloudGrid * x(point.x))),
                               static_cast<int>(std::lround(cloudGrid * y(point.y))));
        std::string path;
        for (const auto& [column, row] : places)
            path += fmt::format("M{:g} {:g}h.01", column / cloudGrid, row / cloudGrid);
        if (!path.empty())
            line(R"(<path class="cloud c{}" d="{}"/>)", series.colour, path);
    }

    void marks(const Series& series)
    {
        for (const PlotPoint& point : series.points) {
            if (!drawn(point))
                continue;
            const double px = x(point.x), py = y(point.y);
            if (point.xRange)
                line(R"(<path class="bar c{0}" d="M{1:.1f} {2:.1f}H{3:.1f}M{1:.1f} {4:.1f}v8M{3:.1f} {4:.1f}v8"/>)",
                     series.colour, x(point.xRange->first), py, x(point.xRange->second), py - 4);
            if (point.yRange)
                line(R"(<path class="bar c{0}" d="M{1:.1f} {2:.1f}V{3:.1f}M{4:.1f} {2:.1f}h8M{4:.1f} {3:.1f}h8"/>)",
                     series.colour, px, y(point.yRange->first), y(point.yRange->second), px - 4);
            const std::string title = point.title.empty() ? "" : "<title>" + escaped(point.title) + "</title>";
            const std::string circle = fmt::format(R"(<circle class="mark c{}" cx="{:.1f}" cy="{:.1f}" r="4.5">{}</circle>)",
                                                   series.colour, px, py, title);
            if (point.target.empty())
                line("{}", circle);
            else
                line(R"(<a href="#{}">{}</a>)", escaped(point.target), circle);
        }
    }

    void connected(const Series& series)
    {
        std::string path;
        double lastY = 0;
        std::pair<long, long> last{-1, -1}; // a long run of points in one place is one
        for (const PlotPoint& point : series.points) {
            if (!drawn(point))
                continue;
            const double px = x(point.x), py = y(point.y);
            const std::pair place{std::lround(10 * px), std::lround(10 * py)};
            if (place == last)
                continue;
            last = place;
            if (path.empty())
                path = fmt::format("M{:.1f} {:.1f}", px, py);
            else if (series.look == Look::line)
                path += fmt::format("L{:.1f} {:.1f}", px, py);
            else
                path += fmt::format("H{:.1f}", px) + (py != lastY ? fmt::format("V{:.1f}", py) : "");
            lastY = py;
        }
        if (!path.empty())
            line(R"(<path class="line c{}{}" d="{}"/>)", series.colour, series.dashed ? " dashed" : "", path);
    }

    // Along the upper ends, and back along the lower ones.
    void band(const Series& series)
    {
        std::string upper, lower;
        for (const PlotPoint& point : series.points) {
            if (!drawn(point) || !point.yRange)
                continue;
            upper += fmt::format("{}{:.1f} {:.1f}", upper.empty() ? "M" : "L", x(point.x), y(point.yRange->second));
            lower = fmt::format("L{:.1f} {:.1f}", x(point.x), y(point.yRange->first)) + lower;
        }
        if (!upper.empty())
            line(R"(<path class="band c{}" d="{}{}Z"/>)", series.colour, upper, lower);
    }

    struct LegendEntry
    {
        const Series* series;
        double at, middle;
    };

    const Plot& plot_;
    Axis x_, y_;
    std::vector<LegendEntry> legend_;
    int legendRows_ = 0;
    std::string text_;
};

} // namespace

std::string drawPlot(const Plot& plot)
{
    return PlotWriter(plot).write();
}

} // namespace synoscope::report
