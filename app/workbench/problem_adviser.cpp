#include "app/workbench/problem_adviser.h"

#include "core/base/resources.h"
#include "core/catalog/backbones.h"
#include "core/synthesis/rules.h"

#include <QtCore/QDir>
#include <QtCore/QFileInfo>

#include <nlohmann/json.hpp>

namespace synoscope {

namespace {

using Json = nlohmann::ordered_json;

// As a problem file would say it.
Json limitsOf(const Limits& limits)
{
    return {{"depth", limits.depth},
            {"weights", limits.weights},
            {"reductions", limits.reductions},
            {"merges", limits.merges},
            {"splits", limits.splits},
            {"shifts", limits.shifts},
            {"strides", limits.strides},
            {"unfolds", limits.unfolds},
            {"expands", limits.expands},
            {"chain", limits.chain},
            {"variables_in_size", limits.variablesInSize},
            {"powers_in_size", limits.powersInSize},
            {"flops_ratio", {limits.flopsLow, limits.flopsHigh}},
            {"max_params", limits.maxParameters},
            {"max_peak_bytes", limits.maxPeakBytes},
            {"pooling", limits.pooling},
            {"min_weight_params", limits.minWeightParameters},
            {"outer_product", limits.outerProduct},
            {"low_rank", {limits.lowRank.first, limits.lowRank.second}},
            {"unfold_ratio", limits.unfoldRatio},
            {"unfold_max", limits.unfoldMax},
            {"odd_windows", limits.oddWindows},
            {"reduce_ratio", limits.reduceRatio},
            {"shift_reshape", limits.shiftReshape},
            {"repeat", limits.repeat},
            {"tile", limits.tile}};
}

QString extents(const std::vector<ShapeAxis>& shape, const Binding& binding)
{
    QStringList numbers;
    for (const ShapeAxis& axis : shape)
        numbers << QString::number(evaluate(axis.size, binding).value_or(0));
    return numbers.join(QStringLiteral(" × "));
}

LayerFigures figuresOf(const Problem& problem, const Layer& layer)
{
    LayerFigures figures;
    for (int v = 0; v < problem.variables.size(); ++v) {
        const VariableId id{static_cast<std::uint8_t>(v)};
        const Variable& variable = problem.variables[id];
        if (variable.kind == VariableKind::primary && layer.binding.bound(id))
            figures.sizes.emplace_back(QString::fromStdString(variable.name), layer.binding[id]);
    }
    figures.input = extents(problem.input, layer.binding);
    figures.output = extents(problem.output, layer.binding);
    figures.count = layer.count;
    figures.flops = layer.baselineFlops;
    return figures;
}

} // namespace

ProblemChoices problemChoices()
{
    ProblemChoices choices;
    for (const Backbone& backbone : backbones()) {
        BackboneChoice choice;
        choice.key = QString::fromStdString(backbone.key);
        choice.title = QString::fromStdString(backbone.title);
        choice.sequence = backbone.sequence;
        choice.image = backbone.image;
        for (const SlotShape& slot : backbone.slots)
            choice.slots += slot.count;
        choice.parameters = static_cast<double>(backbone.parameters);
        choice.flops = backbone.flops;
        choice.slotFlops = backbone.slotFlops;
        choices.backbones.push_back(std::move(choice));
    }
    using Group = RuleChoice::Group;
    for (int i = 0; i < ruleCount; ++i) {
        const RuleInfo& rule = info(static_cast<Rule>(i));
        if (!isRuleName(rule.name))
            continue; // is always on
        choices.rules.push_back({QString::fromUtf8(rule.name.data(), static_cast<qsizetype>(rule.name.size())),
                                 QString::fromUtf8(rule.reason.data(), static_cast<qsizetype>(rule.reason.size())),
                                 rule.kind == RuleClass::nearDuplicate ? Group::nearDuplicate
                                 : rule.kind == RuleClass::canonical   ? Group::canonical
                                                                       : Group::pruning});
    }
    const Json defaults{
        {"batch", Problem{}.batch}, {"limits", limitsOf(Limits{})}, {"reward", Json::parse(toJson(RewardSettings{}))}};
    choices.defaults = defaults.dump();
    return choices;
}

std::vector<std::pair<QString, QString>> shippedProblems()
{
    std::vector<std::pair<QString, QString>> problems;
    const QDir folder(QString::fromStdString((resourceFolder() / "problems").string()));
    for (const QFileInfo& file : folder.entryInfoList({QStringLiteral("*.json")}, QDir::Files, QDir::Name))
        problems.emplace_back(file.completeBaseName(), file.filePath());
    return problems;
}

ProblemAdviser::ProblemAdviser(ProblemEditor& editor) : QObject(&editor), editor_(editor)
{
    connect(&editor, &ProblemEditor::edited, this, &ProblemAdviser::check);
    connect(&editor, &ProblemEditor::longerSampleRequested, &sampling_, &SpaceSampling::longer);
    connect(&sampling_, &SpaceSampling::changed, &editor, &ProblemEditor::showSpace);
}

void ProblemAdviser::check()
{
    auto read = parseProblem(editor_.text(), file_.toStdString());
    ProblemCheck check;
    if (!read) {
        const Error& error = read.error();
        const bool elsewhere = error.file != file_.toStdString(); // in a description that the problem names
        check.fault = QString::fromStdString(elsewhere ? error.text() : error.message);
        check.line = elsewhere ? 0 : error.line;
        check.column = elsewhere ? 0 : error.column;
        problem_.reset();
        sampling_.restart(nullptr);
        return editor_.showCheck(check);
    }
    for (const Layer& layer : read->layers)
        check.layers.push_back(figuresOf(*read, layer));
    check.flops = read->baselineFlops;
    const bool same = problem_ && problem_->text == read->text; // but for comments and spaces
    problem_ = std::make_shared<const Problem>(std::move(*read));
    editor_.showCheck(check);
    if (!same)
        sampling_.restart(problem_);
}

} // namespace synoscope
