// The best operators, each with all that is known of it.
#include "core/base/text.h"
#include "core/codegen/export.h"
#include "core/graph/formula.h"
#include "core/lowering/plan.h"
#include "core/report/figures.h"
#include "core/report/sections.h"
#include "core/report/wording.h"
#include "core/store/words.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace synoscope::report {

namespace {

Text accuracyText(const ReportData& data, const OperatorFacts& one)
{
    std::string text = percent(one.record.accuracy);
    const auto baseline = data.baselineAccuracy();
    if (one.record.accuracy && baseline)
        text += fmt::format(" ({:+.1f} points against the unchanged network's {})", 100 * (*one.record.accuracy - *baseline),
                            percent(*baseline));
    return text;
}

Text latencyText(const OperatorFacts& one)
{
    if (!one.record.latencyRatio || *one.record.latencyRatio <= 0)
        return unknown;
    std::string text = fmt::format("{} of the baseline, {:.2f}× its speed", ratio(*one.record.latencyRatio),
                                   1 / *one.record.latencyRatio);
    if (const auto range = latencyRange(one))
        text += fmt::format(" ({} to {} with a confidence of 95 %)", ratio(range->first), ratio(range->second));
    return text;
}

std::string remarks(const OperatorFacts& one)
{
    std::string text;
    const auto add = [&text](const std::string& role) { text += (text.empty() ? "" : ", ") + role; };
    if (one.onFront)
        add("on the Pareto front");
    if (one.record.starred)
        add("starred");
    if (one.record.state != CandidateState::active)
        add(std::string(wordOf(one.record.state)));
    if (one.record.path.empty())
        add("brought in from outside");
    return text;
}

Facts factsOf(const ReportData& data, const OperatorFacts& one)
{
    Facts facts;
    const auto add = [&facts](const char* name, Text value) { facts.rows.emplace_back(name, std::move(value)); };
    if (one.rank > 0)
        add("Rank", fmt::format("{} by reward", one.rank));
    if (const std::string what = remarks(one); !what.empty())
        add("Remarks", what);
    if (!one.record.note.empty())
        add("Note", one.record.note);
    add("Hash", code(one.record.hash));
    if (!one.record.fingerprint.empty())
        add("Fingerprint", code(one.record.fingerprint));
    add("Found", fmt::format("after {}, {}", counted(one.record.iteration, "iteration", "iterations"),
                             moment(one.record.foundAt)));
    add("Reward", reward(one.record.reward));
    add("Accuracy", accuracyText(data, one));
    add("Latency", latencyText(one));
    add("FLOPs", fmt::format("{} of the baseline ({} in all slots)", ratio(one.record.flopsRatio),
                             humanNumber(one.record.totalFlops)));
    add("Parameters", fmt::format("{} in all slots", number(one.record.parameters)));
    return facts;
}

Table costTable(const ReportData& data, const OperatorFacts& one)
{
    Table table{"Costs per binding",
                {{"binding", false}, {"slots"}, {"FLOPs"}, {"parameters"}, {"bytes moved"}, {"peak bytes"}}};
    const Plan plan = lower(one.graph);
    for (std::size_t i = 0; i < one.graph.bindings().size(); ++i) {
        const Binding& binding = one.graph.bindings()[i];
        const Cost costs = cost(plan, binding);
        const int count = i < data.problem.layers.size() ? data.problem.layers[i].count : 1;
        table.rows.push_back({code(bindingText(one.graph.variables(), binding)), std::to_string(count),
                              humanNumber(costs.flops), humanNumber(costs.parameters), humanNumber(costs.bytesMoved),
                              humanNumber(costs.peakBytes)});
    }
    return table;
}

Table shapeTable(const OperatorFacts& one)
{
    Table table{"Shapes", {{"tensor", false}, {"axes", false}}};
    table.rows.push_back({"input", shapeText(one.graph, one.graph.input())});
    for (const Weight& weight : one.graph.weights())
        table.rows.push_back({Text("weight ") + code(weight.name), shapeText(one.graph, weight.axes)});
    table.rows.push_back({"output", shapeText(one.graph, one.graph.output())});
    return table;
}

Table latencyTable(const protocol::BenchResult& bench)
{
    Table table{"Latency per binding, latest benchmark",
                {{"binding", false}, {"slots"}, {"median"}, {"10–90 %"}, {"baseline"}, {"ratio"}, {"GFLOP/s"}, {"runs"},
                 {"disturbed"}}};
    const auto add = [&table](const protocol::BenchBinding& one, Text name, bool ofOneSlot) {
        table.rows.push_back({std::move(name), ofOneSlot ? std::to_string(one.count) : "all", microseconds(one.medianUs),
                              microseconds(one.p10Us) + " – " + microseconds(one.p90Us), microseconds(one.baselineUs),
                              ratio(one.ratio), ofOneSlot ? fmt::format("{:.3g}", one.gflops) : "",
                              std::to_string(one.repeats), std::to_string(one.disturbed)});
    };
    for (const protocol::BenchBinding& one : bench.bindings)
        add(one, code(one.label), true);
    if (bench.network)
        add(*bench.network, "the whole network", false);
    return table;
}

// What was asked, as "epochs 3, seed 1": only what means something to this kind.
std::string askedText(const EvaluationRecord& record)
{
    const auto asked = nlohmann::json::parse(record.request, nullptr, false);
    std::string text;
    if (!asked.is_object())
        return text;
    for (const auto& [key, value] : asked.items()) {
        const bool ofBenchmarks = key == "repeats";
        const bool ofTrainings = key == "dataset" || key == "epochs" || key == "seed";
        if ((record.kind == EvaluationKind::benchmark && ofTrainings) ||
            (record.kind == EvaluationKind::training && ofBenchmarks))
            continue;
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", key,
                            value.is_string() ? value.get<std::string>() : value.dump());
    }
    return text;
}

std::string resultText(const EvaluationRecord& record)
{
    if (record.status != EvaluationStatus::done)
        return std::string(wordOf(record.status)) + (record.message.empty() ? "" : ": " + record.message);
    if (record.kind == EvaluationKind::training && record.accuracy)
        return "accuracy " + percent(*record.accuracy);
    if (record.kind == EvaluationKind::benchmark && record.latencyRatio)
        return "latency ratio " + ratio(*record.latencyRatio);
    return "done";
}

} // namespace

Table measurementTable(std::span<const Measured> measured)
{
    Table table{"Measurements",
                {{"what", false}, {"result", false}, {"on", false}, {"asked for", false}, {"started", false}, {"took"},
                 {"environment", false}}};
    for (const Measured& one : measured) {
        const EvaluationRecord& record = one.record;
        const bool timed = record.started && record.finished;
        table.rows.push_back(
            {std::string(wordOf(record.kind)), resultText(record),
             fmt::format("{}, {}, {}, {}", record.backend, record.device, record.dtype,
                         counted(record.threads, "thread", "threads")),
             askedText(record), record.started ? moment(*record.started) : std::string(unknown),
             timed ? seconds(std::chrono::duration<double>(*record.finished - *record.started).count()) : unknown,
             record.environment.valid()
                 ? link(fmt::format("environment\u00A0{}", record.environment.value), environmentAnchor(record.environment))
                 : Text("not recorded")});
    }
    return table;
}

namespace {

void addCode(Section& section, const OperatorFacts& one, ExportFormat format, const char* title, const char* language)
{
    const auto text = exportOperator(one.graph.withName("operator_" + one.shortName()), format);
    section.blocks.push_back(CodeBlock{title, text ? *text : text.error().message, language});
}

std::string movesText(const std::string& moves)
{
    std::string text;
    int step = 0;
    for (std::size_t at = 0; at < moves.size();) {
        const std::size_t end = std::min(moves.find("; ", at), moves.size());
        text += fmt::format("{:>3}  {}\n", ++step, moves.substr(at, end - at));
        at = end + 2;
    }
    return text;
}

std::string commandsFor(const ReportData& data, const OperatorFacts& one, const ReportOptions& options)
{
    const std::string file = one.shortName() + ".pgraph";
    std::string text = fmt::format("synoscope-cli show {} --db {}\n", one.record.hash.substr(0, 12),
                                   quotedForShell(options.file));
    text += fmt::format("# with the text above as {}:\n", file);
    if (!data.experiment.backbone.empty()) {
        const std::string backbone = quotedForShell(data.experiment.backbone);
        text += fmt::format("synoscope-cli bench {} --backbone {} --threads 1 --repeats {} --seconds {:g}\n", file, backbone,
                            data.settings.repeats, data.settings.benchmarkSeconds);
        if (data.settings.train)
            text += fmt::format("synoscope-cli train {} --backbone {} --dataset {} --epochs {} --seed {} --threads 1\n", file,
                                backbone, quotedForShell(data.settings.dataset), data.settings.epochs, data.settings.seed);
    }
    return text;
}

Section sectionOf(const ReportData& data, const OperatorFacts& one, const ReportOptions& options)
{
    Section section{one.anchor(), "Operator " + one.shortName()};
    section.blocks.push_back(factsOf(data, one));
    section.blocks.push_back(CodeBlock{"", formula(one.graph), "", false});
    if (auto graph = dimensionGraph(one))
        section.blocks.push_back(std::move(*graph));
    else
        section.blocks.push_back(Paragraph{"The dimension graph cannot be drawn: " + graph.error().message});
    section.blocks.push_back(shapeTable(one));
    section.blocks.push_back(costTable(data, one));
    const Measured* bench = latest(one.measured, EvaluationKind::benchmark);
    if (bench && bench->bench)
        section.blocks.push_back(latencyTable(*bench->bench));
    if (one.measured.empty())
        section.blocks.push_back(Paragraph{"Nothing has been measured of it yet."});
    else
        section.blocks.push_back(measurementTable(one.measured));
    addCode(section, one, ExportFormat::pytorch, "PyTorch module", "python");
    addCode(section, one, ExportFormat::loops, "Loop nest", "");
    if (!one.record.moves.empty())
        section.blocks.push_back(CodeBlock{"How the search builds it, from the output up", movesText(one.record.moves)});
    section.blocks.push_back(CodeBlock{"As .pgraph text", one.record.pgraph});
    section.blocks.push_back(CodeBlock{"Measure it again", commandsFor(data, one, options), "sh"});
    return section;
}

Table overview(const ReportData& data)
{
    Table table{"", {{"rank"}, {"operator", false}, {"reward"}, {"accuracy"}, {"latency ratio"}, {"FLOPs ratio"}, {"parameters"},
                     {"remarks", false}}};
    for (const OperatorFacts& one : data.operators)
        table.rows.push_back({one.rank > 0 ? std::to_string(one.rank) : std::string(unknown),
                              link(one.shortName(), one.anchor()), reward(one.record.reward), percent(one.record.accuracy),
                              ratio(one.record.latencyRatio), ratio(one.record.flopsRatio), number(one.record.parameters),
                              remarks(one)});
    return table;
}

} // namespace

Section operatorsSection(const ReportData& data, const ReportOptions& options)
{
    Section section{"operators", "The best operators"};
    if (data.operators.empty()) {
        section.blocks.push_back(Paragraph{"No operator has been found yet."});
        return section;
    }
    if (!data.ranked)
        section.blocks.push_back(Paragraph{"No operator has a reward yet. These are the ones with the fewest FLOPs."});
    section.blocks.push_back(overview(data));
    for (const OperatorFacts& one : data.operators)
        section.sections.push_back(sectionOf(data, one, options));
    return section;
}

} // namespace synoscope::report
