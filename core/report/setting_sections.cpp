// How it came about: problem, settings, steering, environments, and the commands to do it again.
#include "core/base/text.h"
#include "core/report/sections.h"
#include "core/report/wording.h"
#include "core/store/words.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace synoscope::report {

namespace {

std::string shapeText(const std::vector<ShapeAxis>& axes, const VariableTable& variables)
{
    std::string text;
    for (const ShapeAxis& axis : axes)
        text += fmt::format("{}{}{}", text.empty() ? "" : " × ", toString(axis.size, variables),
                            axis.unordered ? " (unordered)" : "");
    return text;
}

std::string coefficientsText(const Problem& problem)
{
    std::string text;
    for (int v = 0; v < problem.variables.size(); ++v) {
        const Variable& one = problem.variables[VariableId{static_cast<std::uint8_t>(v)}];
        if (one.kind == VariableKind::coefficient)
            text += fmt::format("{}{} = {} (up to {}×)", text.empty() ? "" : ", ", one.name, one.value.value_or(0),
                                problem.allowance[static_cast<std::size_t>(v)]);
    }
    return text.empty() ? "none" : text;
}

Table layerTable(const Problem& problem)
{
    Table table{"Bindings", {{"binding", false}, {"slots"}}};
    for (const Layer& layer : problem.layers)
        table.rows.push_back({code(bindingText(problem.variables, layer.binding)), std::to_string(layer.count)});
    return table;
}

std::string plainText(const nlohmann::json& value)
{
    return value.is_string() ? value.get<std::string>() : value.dump();
}

// All settings as they are stored, those of newer programs included.
Table settingTable(const ReportData& data)
{
    Table table{"Settings", {{"setting", false}, {"value", false}}};
    const auto settings = nlohmann::ordered_json::parse(data.experiment.settings, nullptr, false);
    if (settings.is_object())
        for (const auto& [key, value] : settings.items())
            table.rows.push_back({code(key), plainText(value)});
    return table;
}

// The iterations done when a decision was made, which the search keeps within the decision.
std::string setAt(const StoredConstraint& constraint)
{
    const auto json = nlohmann::json::parse(constraint.predicate, nullptr, false);
    const auto found = json.is_object() ? json.find("set_at") : json.end();
    return json.is_object() && found != json.end() && found->is_number() ? number(found->get<std::int64_t>()) : unknown;
}

std::string searchCommand(const ReportData& data)
{
    const ExperimentSettings& s = data.settings;
    std::string text = fmt::format("synoscope-cli search --problem problem.json --db again.synoscope --algorithm {} --seed {} "
                                   "--threads {}",
                                   quotedForShell(s.algorithm), s.seed, s.searchThreads);
    if (!s.benchmark)
        text += " --no-bench";
    if (s.train)
        text += fmt::format(" --dataset {} --epochs {}", quotedForShell(s.dataset), s.epochs);
    else
        text += " --no-train";
    return text + fmt::format(" --iterations {}\n", std::max<std::int64_t>(1, data.summary.iterations));
}

} // namespace

std::string quotedForShell(const std::string& word)
{
    const auto harmless = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("_-./:=,+@%").find(c) != std::string_view::npos;
    };
    if (!word.empty() && std::ranges::all_of(word, harmless))
        return word;
    std::string quoted = "'";
    for (const char c : word)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

std::string environmentAnchor(EnvironmentId id)
{
    return fmt::format("environment-{}", id.value);
}

Section problemSection(const ReportData& data)
{
    const Problem& p = data.problem;
    Facts facts;
    const auto add = [&facts](const char* name, Text value) { facts.rows.emplace_back(name, std::move(value)); };
    add("Problem", p.name);
    add("Backbone", p.backbone.empty() ? Text("none: shapes only") : Text(p.backbone));
    add("Input", shapeText(p.input, p.variables));
    add("Output", shapeText(p.output, p.variables));
    add("Coefficients", coefficientsText(p));
    const auto [low, high] = p.flopsWindow();
    add("FLOPs allowed", humanNumber(std::max(0.0, low)) + " to " + humanNumber(high) + " in all slots; the baseline has " +
                             humanNumber(p.baselineFlops));
    add("Reward", fmt::format("0 below an accuracy of {}, 1 from {}, to the power of {:g} between",
                              percent(p.reward.accuracyFloor), percent(p.reward.accuracyCeiling), p.reward.power));
    Section section{"problem", "Problem and settings"};
    section.blocks = {std::move(facts), layerTable(p), settingTable(data), CodeBlock{"problem.json", p.text, "json"}};
    return section;
}

Section steeringSection(const ReportData& data)
{
    Section section{"steering", "Steering"};
    if (data.constraints.empty()) {
        section.blocks.push_back(Paragraph{"Nobody has pinned or pruned anything: the whole space was open."});
        return section;
    }
    Table table{"", {{"decision", false}, {"after iterations"}, {"set", false}, {"lifted", false}}};
    for (const StoredConstraint& one : data.constraints)
        table.rows.push_back({one.scope.empty() ? std::string(wordOf(one.action)) : one.scope, setAt(one), moment(one.created),
                              one.lifted ? moment(*one.lifted) : std::string(one.active ? "in force" : unknown)});
    section.blocks.push_back(std::move(table));
    return section;
}

Section environmentSection(const ReportData& data)
{
    Section section{"environments", "Environments"};
    if (data.environments.empty())
        section.blocks.push_back(Paragraph{"No measurement has recorded the machine it was made on."});
    for (const EnvironmentRecord& one : data.environments) {
        Facts facts;
        const auto json = nlohmann::ordered_json::parse(one.description, nullptr, false);
        if (json.is_object()) {
            for (const auto& [key, value] : json.items())
                facts.rows.emplace_back(key, plainText(value));
        } else {
            facts.rows.emplace_back("as recorded", one.description);
        }
        section.sections.push_back({environmentAnchor(one.id), fmt::format("Environment {}", one.id.value), {std::move(facts)}});
    }
    if (!data.baselines.empty()) {
        Section baseline{"baseline", "The unchanged network"};
        baseline.blocks.push_back(measurementTable(data.baselines));
        section.sections.push_back(std::move(baseline));
    }
    return section;
}

Section reproductionSection(const ReportData& data, const ReportOptions& options)
{
    const std::string file = quotedForShell(options.file);
    Section section{"reproduce", "How to reproduce"};
    section.blocks = {
        Paragraph{Text("This report, and the list of all candidates, from the store:")},
        CodeBlock{"", fmt::format("synoscope-cli report --db {0} -o report.html\nsynoscope-cli list --db {0} --limit 0\n", file),
                  "sh", false},
        Paragraph{Text("A search of the same length under the same settings, with the text of ") + link("problem.json", "problem") +
                  " above in a file of that name:"},
        CodeBlock{"", searchCommand(data), "sh", false},
        Paragraph{"The search learns from each reward as it arrives, and rewards rest on measured times: another run meets "
                  "operators in another order. Each single figure can be measured again with the commands below its "
                  "operator."},
    };
    if (!data.constraints.empty())
        section.blocks.push_back(Paragraph{"The steering decisions above are made in the workbench; the command line has none."});
    return section;
}

} // namespace synoscope::report
