// What came out: the summary, the fronts, the rewards, the failures.
#include "core/report/figures.h"
#include "core/report/sections.h"
#include "core/report/wording.h"
#include "core/store/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace synoscope::report {

namespace {

constexpr std::size_t frontRows = 40;

std::string countsText(const ReportData& data, EvaluationKind kind)
{
    std::string text;
    for (const EvaluationCount& one : data.counts)
        if (one.kind == kind)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", number(one.count), wordOf(one.status));
    return text.empty() ? "none" : text;
}

Text bestText(const ReportData& data)
{
    if (data.operators.empty())
        return "No operator has been found yet.";
    if (!data.ranked)
        return counted(data.summary.candidates, "candidate has", "candidates have") +
               " been found, none of which has a reward yet.";
    const OperatorFacts& best = data.operators.front();
    Text text = Text("The best operator by reward is ") + link(best.shortName(), best.anchor()) + ": reward " +
                reward(best.record.reward);
    if (best.record.accuracy)
        text += ", accuracy " + percent(best.record.accuracy);
    if (const auto baseline = data.baselineAccuracy(); baseline && best.record.accuracy)
        text += " (unchanged network: " + percent(*baseline) + ")";
    if (best.record.latencyRatio)
        text += ", latency ratio " + ratio(best.record.latencyRatio);
    return text + fmt::format(", FLOPs ratio {}.", ratio(best.record.flopsRatio));
}

Table frontTable(const ReportData& data)
{
    std::map<std::size_t, std::string> members; // by outcome: of which front
    for (const std::size_t i : data.latencyFront)
        members[i] = "latency";
    for (const std::size_t i : data.flopsFront)
        members[i] += members[i].empty() ? "FLOPs" : ", FLOPs";
    std::vector<std::size_t> order;
    for (const auto& [i, fronts] : members)
        order.push_back(i);
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        return data.outcomes[a].accuracy > data.outcomes[b].accuracy;
    });
    Table table{order.size() > frontRows
                    ? fmt::format("On a front, the {} of {} with the highest accuracy", frontRows, order.size())
                    : std::string("On a front"),
                {{"operator", false}, {"accuracy"}, {"latency ratio"}, {"FLOPs ratio"}, {"reward"}, {"front of", false}}};
    order.resize(std::min(order.size(), frontRows));
    for (const std::size_t i : order) {
        const Outcome& one = data.outcomes[i];
        const OperatorFacts* facts = data.operatorOf(one.id);
        table.rows.push_back({facts ? link(facts->shortName(), facts->anchor()) : code(one.hash.substr(0, 8)),
                              percent(one.accuracy), ratio(one.latencyRatio), ratio(one.flopsRatio), reward(one.reward),
                              members[i]});
    }
    return table;
}

void addFigure(Section& section, std::optional<Figure> figure)
{
    if (figure)
        section.blocks.push_back(std::move(*figure));
}

} // namespace

Section summarySection(const ReportData& data)
{
    const ExperimentSummary& s = data.summary;
    Facts facts;
    const auto add = [&facts](const char* name, Text value) { facts.rows.emplace_back(name, std::move(value)); };
    add("Begun", moment(data.experiment.created));
    add("Search", fmt::format("{}, {}, {} of which {} duplicates", data.settings.algorithm,
                              counted(s.iterations, "iteration", "iterations"),
                              counted(s.candidates, "candidate", "candidates"), number(s.duplicates)));
    add("Benchmarks", countsText(data, EvaluationKind::benchmark));
    add("Trainings", countsText(data, EvaluationKind::training));
    add("Unchanged network",
        data.baselineAccuracy() ? "accuracy " + percent(data.baselineAccuracy()) : std::string("not trained yet"));
    if (s.bestAccuracy)
        add("Highest accuracy", percent(s.bestAccuracy));
    if (s.bestLatencyRatio && *s.bestLatencyRatio > 0)
        add("Lowest latency ratio", fmt::format("{} ({:.2f}× the baseline's speed)", ratio(s.bestLatencyRatio),
                                                1 / *s.bestLatencyRatio));
    Section section{"summary", "Summary"};
    section.blocks = {Paragraph{bestText(data)}, std::move(facts)};
    return section;
}

Section frontSection(const ReportData& data)
{
    Section section{"front", "Pareto front"};
    addFigure(section, latencyPlot(data));
    addFigure(section, flopsPlot(data));
    addFigure(section, untrainedPlot(data));
    if (data.latencyFront.empty() && data.flopsFront.empty())
        section.blocks.push_back(Paragraph{"No candidate has been trained, so there is no front of accuracy yet."});
    else
        section.blocks.push_back(frontTable(data));
    return section;
}

Section rewardSection(const ReportData& data)
{
    Section section{"rewards", "Reward over time"};
    addFigure(section, rewardByIteration(data));
    addFigure(section, rewardByTime(data));
    addFigure(section, accuracyByEpoch(data));
    if (data.byIteration.empty())
        section.blocks.insert(section.blocks.begin(), Paragraph{"No iteration has been rewarded yet."});
    return section;
}

Section failureSection(const ReportData& data)
{
    Section section{"failures", "Failures"};
    if (data.failures.empty()) {
        section.blocks.push_back(Paragraph{"No evaluation has failed."});
        return section;
    }
    Table table{"", {{"evaluations"}, {"why", false}}};
    std::int64_t listed = 0;
    for (const FailureCount& one : data.failures) {
        listed += one.count;
        table.rows.push_back({number(one.count), one.message.empty() ? "no reason was recorded" : one.message});
    }
    const std::int64_t all = data.count(EvaluationStatus::failed);
    section.blocks.push_back(
        Paragraph{counted(all, "evaluation has", "evaluations have") + " failed." +
                  (listed < all ? fmt::format(" The most frequent reasons, of {} of them:", number(listed)) : "")});
    section.blocks.push_back(std::move(table));
    return section;
}

} // namespace synoscope::report
