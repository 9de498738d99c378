#include "core/report/comparison.h"

#include "core/base/json_demands.h"
#include "core/report/plot.h"
#include "core/report/wording.h"

#include <fmt/format.h>

#include <array>

namespace synoscope::report {

namespace {

using jsonDemands::integer, jsonDemands::join, jsonDemands::Json, jsonDemands::list, jsonDemands::member, jsonDemands::text;

constexpr std::int64_t mostEvaluations = 1'000'000'000;
constexpr double mostPerSecond = 1e12;
constexpr std::size_t most = 1000; // entries of a list

struct CurvePoint
{
    std::int64_t evaluations = 0;
    double low = 0, median = 0, high = 0;
};

struct AlgorithmRuns
{
    std::string name;
    std::vector<CurvePoint> curve;
    std::array<std::int64_t, 3> reached{}; // quartiles
    double perSecond = 0;
};

struct Comparison
{
    std::string problem, reward;
    double target = 0;
    std::vector<AlgorithmRuns> algorithms;
};

struct Comparisons
{
    std::int64_t evaluations = 0; // the most that any made
    std::int64_t seeds = 0;
    std::vector<Comparison> all;
};

CurvePoint readPoint(const Json& json, const std::string& path)
{
    const auto share = [&](const char* key) { return jsonDemands::number(member(json, key, path), join(path, key), 0, 1e9); };
    return {integer(member(json, "evaluations", path), join(path, "evaluations"), 1, mostEvaluations), share("quartile1"),
            share("median"), share("quartile3")};
}

// Each entry of a list, with its path.
void each(const Json& owner, const char* key, const std::string& path, std::size_t least, const auto& read)
{
    const std::string place = join(path, key);
    std::size_t i = 0;
    for (const Json& entry : list(member(owner, key, path), place, least, most))
        read(entry, fmt::format("{}[{}]", place, i++));
}

AlgorithmRuns readAlgorithm(const Json& json, const std::string& path)
{
    AlgorithmRuns runs;
    runs.name = text(member(json, "algorithm", path), join(path, "algorithm"));
    each(json, "curve", path, 1, [&](const Json& point, const std::string& at) { runs.curve.push_back(readPoint(point, at)); });
    const std::string reached = join(path, "reached_quartiles");
    const Json& quartiles = list(member(json, "reached_quartiles", path), reached, 3, 3);
    for (std::size_t i = 0; i < 3; ++i)
        runs.reached[i] = integer(quartiles[i], fmt::format("{}[{}]", reached, i), 1, mostEvaluations);
    runs.perSecond = jsonDemands::number(member(json, "evaluations_per_second", path), join(path, "evaluations_per_second"), 0, mostPerSecond);
    return runs;
}

Comparison readComparison(const Json& json, const std::string& path)
{
    Comparison one;
    one.problem = text(member(json, "problem", path), join(path, "problem"));
    one.reward = text(member(json, "reward", path), join(path, "reward"));
    one.target = jsonDemands::number(member(json, "target", path), join(path, "target"), 0, 1e9);
    each(json, "algorithms", path, 1,
         [&](const Json& runs, const std::string& at) { one.algorithms.push_back(readAlgorithm(runs, at)); });
    return one;
}

Expected<Comparisons> read(std::string_view source, const std::string& file)
{
    Comparisons comparisons;
    auto done = jsonDemands::readJson(source, file, comparisonKind(), [&](const Json& json) {
        comparisons.evaluations = integer(member(jsonDemands::object(json, ""), "evaluations", ""), "evaluations", 1, mostEvaluations);
        comparisons.seeds = integer(member(json, "seeds", ""), "seeds", 1, mostEvaluations);
        each(json, "comparisons", "", 1,
             [&](const Json& one, const std::string& at) { comparisons.all.push_back(readComparison(one, at)); });
    });
    if (!done)
        return done.error();
    return comparisons;
}

std::string titleOf(const Comparison& one)
{
    return fmt::format("{} on {}", one.reward, one.problem);
}

std::string reachedText(std::int64_t count, const AlgorithmRuns& runs)
{
    const std::int64_t made = runs.curve.back().evaluations;
    return count > made ? "> " + number(made) : number(count);
}

Figure curvesOf(const Comparison& one, std::int64_t seeds, int index)
{
    Plot plot{fmt::format("Best reward so far by evaluations, {}", titleOf(one)),
              {"operators evaluated", AxisUnit::magnitude},
              {"best reward so far"},
              {},
              {{false, one.target, "random search in the end"}}};
    for (const bool bands : {true, false}) // the lines above all bands
        for (std::size_t i = 0; i < one.algorithms.size(); ++i) {
            Series series{one.algorithms[i].name, bands ? Look::band : Look::line, static_cast<int>(i % 5), {}, i >= 5};
            for (const CurvePoint& point : one.algorithms[i].curve)
                series.points.push_back({static_cast<double>(point.evaluations), point.median, {}, std::pair{point.low, point.high}});
            plot.series.push_back(std::move(series));
        }
    return {.name = fmt::format("comparison-{}", index),
            .svg = drawPlot(plot),
            .caption = fmt::format("Lines are medians over {} seeds, areas reach from quartile to quartile.", number(seeds)),
            .description = plot.description};
}

Table tableOf(const Comparison& one)
{
    Table table{"", {{"algorithm", false}, {"evaluations"}, {"best in the end"}, {"quartiles"},
                     {"to random's result"}, {"quartiles"}, {"per second"}}};
    for (const AlgorithmRuns& runs : one.algorithms) {
        const CurvePoint& end = runs.curve.back();
        table.rows.push_back({runs.name, number(end.evaluations), fmt::format("{:.4f}", end.median),
                              fmt::format("{:.4f} – {:.4f}", end.low, end.high), reachedText(runs.reached[1], runs),
                              fmt::format("{} – {}", reachedText(runs.reached[0], runs), reachedText(runs.reached[2], runs)),
                              number(static_cast<std::int64_t>(runs.perSecond))});
    }
    return table;
}

// A row for each comparison, a column for each algorithm of any.
Table overview(const Comparisons& comparisons)
{
    Table table{"Evaluations until random search's result is reached, medians over the seeds", {{"reward and space", false}, {"random's result"}}};
    std::vector<std::string> names;
    for (const Comparison& one : comparisons.all)
        for (const AlgorithmRuns& runs : one.algorithms)
            if (std::ranges::find(names, runs.name) == names.end())
                names.push_back(runs.name);
    for (const std::string& name : names)
        table.columns.push_back({name});
    for (const Comparison& one : comparisons.all) {
        std::vector<Text> row{titleOf(one), fmt::format("{:.4f}", one.target)};
        for (const std::string& name : names) {
            const auto runs = std::ranges::find(one.algorithms, name, &AlgorithmRuns::name);
            row.emplace_back(runs == one.algorithms.end() ? std::string(unknown) : reachedText(runs->reached[1], *runs));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

} // namespace

jsonDemands::DocumentKind comparisonKind()
{
    return {"a comparison of algorithms", std::uintmax_t{64} << 20};
}

Expected<Document> describeComparison(std::string_view json, const ReportOptions& options)
{
    const auto comparisons = read(json, options.file);
    if (!comparisons)
        return comparisons.error();
    Document document;
    document.title = "Synoscope: search algorithms compared";
    document.subtitle = Text("Written " + moment(options.now) + " by " + options.program + " from ") + code(options.file) + ".";
    document.sections.push_back(
        {"overview",
         "Overview",
         {Paragraph{fmt::format("Each algorithm has searched from {} seeds. What counts is how many distinct operators it had evaluated "
                                "when it had found one as good as random search's best after {} evaluations.",
                                number(comparisons->seeds), number(comparisons->evaluations))},
          overview(*comparisons)}});
    int index = 0;
    for (const Comparison& one : comparisons->all) {
        ++index;
        document.sections.push_back(
            {fmt::format("comparison-{}", index), titleOf(one), {curvesOf(one, comparisons->seeds, index), tableOf(one)}});
    }
    return document;
}

} // namespace synoscope::report
