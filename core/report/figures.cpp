#include "core/report/figures.h"

#include "core/codegen/export.h"
#include "core/report/plot.h"
#include "core/report/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <regex>

namespace synoscope::report {

namespace {

enum Colour
{
    muted,
    accent,
    good,
    warning
};

using Value = std::function<std::optional<double>(const Outcome&)>;

std::string markTitle(const Outcome& one, const OperatorFacts& facts)
{
    return fmt::format("{}: accuracy {}, latency ratio {}, FLOPs ratio {}, reward {}",
                       facts.shortName(), percent(one.accuracy),
                       ratio(one.latencyRatio), ratio(one.flopsRatio), reward(one.reward));
}

// Large marks with error bars for what has a section, small dots for the rest.
struct Marks
{
    Series others{.name = "other candidates", .look = Look::cloud, .colour = muted};
    Series shown{.name = "operators described below", .look = Look::marks, .colour = accent};
};

using Range = std::function<std::optional<std::pair<double, double>>(const OperatorFacts&)>;

std::optional<std::pair<double, double>> noRange(const OperatorFacts&)
{
    return std::nullopt;
}

Marks marksOf(const ReportData& data, const Value& x, const Range& xRange, const Value& y, const Range& yRange)
{
    Marks marks;
    for (const Outcome& one : data.outcomes) {
        const auto px = x(one), py = y(one);
        if (!px || !py)
            continue;
        PlotPoint point{*px, *py};
        const OperatorFacts* facts = data.operatorOf(one.id);
        if (!facts) {
            marks.others.points.push_back(std::move(point));
            continue;
        }
        point.xRange = xRange(*facts);
        point.yRange = yRange(*facts);
        point.title = markTitle(one, *facts);
        point.target = facts->anchor();
        marks.shown.points.push_back(std::move(point));
    }
    return marks;
}

// The front as a staircase from the cheapest, and on to the edge of the data: what is reached at that cost.
Series staircase(const ReportData& data, const std::vector<std::size_t>& front, const Value& cost)
{
    Series series{.name = "Pareto front", .look = Look::stairs, .colour = good};
    for (const std::size_t i : front)
        series.points.push_back({*cost(data.outcomes[i]), *data.outcomes[i].accuracy});
    double last = series.points.empty() ? 0 : series.points.back().x;
    for (const Outcome& one : data.outcomes)
        if (one.accuracy && cost(one))
            last = std::max(last, *cost(one));
    if (!series.points.empty())
        series.points.push_back({last, series.points.back().y});
    return series;
}

void baselineLines(const ReportData& data, Plot& plot)
{
    plot.lines.push_back({true, 1, "baseline"});
    if (const auto accuracy = data.baselineAccuracy())
        plot.lines.push_back({false, *accuracy, "unchanged network, " + percent(*accuracy)});
}

std::optional<Figure> tradeoff(const ReportData& data, const std::vector<std::size_t>& front, const Value& cost,
                               const Range& costRange, const char* name, const char* what)
{
    const auto accuracy = [](const Outcome& one) { return one.accuracy; };
    if (front.empty())
        return std::nullopt;
    Plot plot{fmt::format("Accuracy of {} candidates against their {}", data.outcomes.size(), what),
              {fmt::format("{} (baseline = 1, less is better)", what)},
              {"accuracy", AxisUnit::percent},
              {},
              {}};
    Marks marks = marksOf(data, cost, costRange, accuracy, accuracyRange);
    plot.series = {std::move(marks.others), staircase(data, front, cost), std::move(marks.shown)};
    baselineLines(data, plot);
    const bool bars = std::ranges::any_of(plot.series.back().points,
                                          [](const PlotPoint& p) { return p.xRange || p.yRange; });
    const char* const barsText =
        " Horizontal bars are where the ratio lies with a confidence of 95 %; vertical ones reach over several trainings.";
    return Figure{.name = name,
                  .svg = drawPlot(plot),
                  .caption = fmt::format("Accuracy against {}. {} of {} candidates that were trained are on the front.{}",
                                         what, front.size(), number(data.summary.trained), bars ? barsText : ""),
                  .description = plot.description};
}

std::optional<Figure> rewards(const std::vector<RewardPoint>& points, const char* name, PlotAxis x, double unit,
                              const std::string& caption)
{
    if (points.empty())
        return std::nullopt;
    Series each{.name = "each evaluation", .look = Look::cloud, .colour = muted};
    Series best{.name = "best so far", .look = Look::stairs, .colour = accent};
    double highest = 0;
    for (const RewardPoint& point : points) {
        highest = best.points.empty() ? point.reward : std::max(highest, point.reward);
        each.points.push_back({point.at / unit, point.reward});
        best.points.push_back({point.at / unit, highest});
    }
    Plot plot{"Reward of each evaluation, and the best so far", std::move(x), {"reward"}, {std::move(each), std::move(best)}, {}};
    return Figure{.name = name, .svg = drawPlot(plot), .caption = caption, .description = plot.description};
}

Series curve(const std::vector<EpochRecord>& epochs, int colour)
{
    Series series{.name = {}, .look = Look::line, .colour = colour};
    for (const EpochRecord& epoch : epochs)
        series.points.push_back({static_cast<double>(epoch.epoch), epoch.accuracy});
    return series;
}

} // namespace

std::optional<Figure> latencyPlot(const ReportData& data)
{
    return tradeoff(data, data.latencyFront, [](const Outcome& one) { return one.latencyRatio; }, latencyRange,
                    "pareto-latency", "latency ratio");
}

std::optional<Figure> flopsPlot(const ReportData& data)
{
    return tradeoff(data, data.flopsFront, [](const Outcome& one) { return std::optional(one.flopsRatio); }, noRange,
                    "pareto-flops", "FLOPs ratio");
}

std::optional<Figure> untrainedPlot(const ReportData& data)
{
    if (data.summary.trained > 0 || data.summary.benchmarked == 0)
        return std::nullopt;
    Marks marks = marksOf(
        data, [](const Outcome& one) { return std::optional(one.flopsRatio); }, noRange,
        [](const Outcome& one) { return one.latencyRatio; }, latencyRange);
    Plot plot{"Latency ratio of candidates against their FLOPs ratio",
              {"FLOPs ratio (baseline = 1, less is better)"},
              {"latency ratio (less is better)"},
              {std::move(marks.others), std::move(marks.shown)},
              {{true, 1, "baseline"}, {false, 1, "baseline"}}};
    return Figure{.name = "latency-flops",
                  .svg = drawPlot(plot),
                  .caption = "Latency ratio against FLOPs ratio: nothing has been trained, so there is no accuracy to weigh "
                             "them against.",
                  .description = plot.description};
}

std::optional<Figure> rewardByIteration(const ReportData& data)
{
    std::string caption = fmt::format("Reward over iterations ({} with a reward", number(std::ssize(data.byIteration)));
    if (data.failedIterations > 0)
        caption += fmt::format("; {} more ended in a failure", number(data.failedIterations));
    return rewards(data.byIteration, "reward-iterations", {"iteration", AxisUnit::whole}, 1, caption + ").");
}

std::optional<Figure> rewardByTime(const ReportData& data)
{
    if (data.byTime.empty())
        return std::nullopt;
    const double last = data.byTime.back().at;
    const auto [unit, name] = last > 3 * 3600 ? std::pair{3600.0, "hours"} : last > 180 ? std::pair{60.0, "minutes"} : std::pair{1.0, "seconds"};
    return rewards(data.byTime, "reward-time", {fmt::format("{} of evaluation", name)}, unit,
                   "Reward over time. Time counts while anything was being measured or trained; what lies between two runs "
                   "of the program does not.");
}

std::optional<Figure> accuracyByEpoch(const ReportData& data)
{
    Plot plot{"Accuracy after each epoch", {"epoch", AxisUnit::whole}, {"accuracy on the test images", AxisUnit::percent}, {}, {}};
    for (const OperatorFacts& one : data.operators)
        if (const Measured* training = latest(one.measured, EvaluationKind::training)) {
            plot.series.push_back(curve(training->epochs, accent));
            if (plot.series.size() == 1)
                plot.series.back().name = "operators described below";
        }
    if (const Measured* training = latest(data.baselines, EvaluationKind::training)) {
        plot.series.push_back(curve(training->epochs, warning));
        plot.series.back().name = "unchanged network";
        plot.series.back().dashed = true;
    }
    // A curve of one point is none.
    if (std::ranges::none_of(plot.series, [](const Series& one) { return one.points.size() > 1; }))
        return std::nullopt;
    return Figure{.name = "accuracy-epochs",
                  .svg = drawPlot(plot),
                  .caption = "Accuracy after each epoch of the latest complete trainings.",
                  .description = plot.description};
}

Expected<Figure> dimensionGraph(const OperatorFacts& one)
{
    auto svg = exportOperator(one.graph, ExportFormat::svg);
    if (!svg)
        return svg.error();
    // Within a page: no prologue; no ids, which would meet those of the other graphs; no names of Graphviz's nodes, which
    // would appear under the mouse.
    std::string text = svg->substr(std::min(svg->find("<svg"), svg->size()));
    static const std::regex noise("<!--[^>]*-->\\n?|<title>[^<]*</title>\\n?| id=\"[^\"]*\"");
    text = std::regex_replace(text, noise, "");
    while (text.ends_with('\n'))
        text.pop_back();
    const std::string description = "Dimension graph of operator " + one.shortName();
    text.insert(4, fmt::format(" role=\"img\" aria-label=\"{}\"", description)); // behind "<svg"
    return Figure{.name = "graph-" + one.shortName(),
                  .svg = std::move(text),
                  .caption = "Dimension graph: data flows from the input and the weights at the top to the output.",
                  .description = description,
                  .plot = false};
}

} // namespace synoscope::report
