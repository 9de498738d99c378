// What is known of one operator, for the inspector.
#include "app/workbench/session_values.h"
#include "core/evaluation/protocol/protocol.h"
#include "core/graph/formula.h"
#include "core/lowering/plan.h"
#include "widgets/common/format.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <algorithm>

namespace synoscope::session {

namespace {

QString shapeText(const PGraph& graph, std::span<const DimensionId> axes, const Binding* binding)
{
    QStringList sizes;
    for (const DimensionId axis : axes) {
        const Size& size = graph[axis].size;
        sizes << (binding ? QString::number(evaluate(size, *binding).value_or(0))
                          : text(toString(size, graph.variables())));
    }
    return sizes.join(QStringLiteral(" × "));
}

} // namespace

QString bindingText(const Binding& binding, const VariableTable& variables)
{
    QStringList parts;
    for (int v = 0; v < variables.size(); ++v) {
        const VariableId id{static_cast<std::uint8_t>(v)};
        if (variables[id].kind == VariableKind::primary && binding.bound(id))
            parts << QStringLiteral("%1=%2").arg(text(variables[id].name)).arg(binding[id]);
    }
    return parts.join(QLatin1Char(' '));
}

namespace {

// JSON as people read it: "epochs 3, seed 1". What is no object stays as it is.
QString askedText(const std::string& json)
{
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(json));
    if (!document.isObject())
        return text(json);
    QStringList parts;
    const QJsonObject asked = document.object();
    for (auto one = asked.begin(); one != asked.end(); ++one) {
        const QString value = one->isArray()
                                  ? QString::fromUtf8(QJsonDocument(one->toArray()).toJson(QJsonDocument::Compact))
                                  : one->toVariant().toString();
        if (!value.isEmpty())
            parts << QString(one.key()).replace(u'_', u' ') + u' ' + value;
    }
    return parts.join(QStringLiteral(", "));
}

InspectorValues::Measurement measurement(const EvaluationRecord& evaluation, Reader& reader)
{
    InspectorValues::Measurement m;
    const bool training = evaluation.kind == EvaluationKind::training;
    m.what = training ? translated(QT_TRANSLATE_NOOP("Session", "accuracy"))
                      : translated(QT_TRANSLATE_NOOP("Session", "latency"));
    if (evaluation.status == EvaluationStatus::failed)
        m.value = text(evaluation.message);
    else if (training && evaluation.accuracy)
        m.value = format::percent(*evaluation.accuracy);
    else if (!training && evaluation.latencyRatio && *evaluation.latencyRatio > 0)
        m.value = translated(QT_TRANSLATE_NOOP("Session", "%1 the baseline's speed"))
                      .arg(format::ratio(1.0 / *evaluation.latencyRatio));
    else
        m.value = format::unknown();
    m.where =
        QStringLiteral("%1, %2, %3").arg(text(evaluation.backend), text(evaluation.device), text(evaluation.dtype)) +
        (evaluation.threads == 1 ? translated(QT_TRANSLATE_NOOP("Session", ", 1 thread"))
                                 : translated(QT_TRANSLATE_NOOP("Session", ", %1 threads")).arg(evaluation.threads));
    QStringList details;
    if (evaluation.finished)
        details << QLocale().toString(QDateTime::fromMSecsSinceEpoch(evaluation.finished->time_since_epoch().count()),
                                      QLocale::ShortFormat);
    details << askedText(evaluation.request);
    if (evaluation.environment.valid())
        if (const auto environment = reader.environment(evaluation.environment))
            details << askedText(environment->description);
    m.details = details.join(QLatin1Char('\n'));
    return m;
}

LayerLatency layerLatency(const protocol::BenchBinding& one)
{
    LayerLatency latency;
    latency.layer = text(one.label);
    latency.count = one.count;
    latency.medianUs = one.medianUs;
    latency.baselineUs = one.baselineUs;
    latency.speedup = one.ratio > 0 ? 1 / one.ratio : 0;
    latency.speedupLow = one.ratioHigh > 0 ? 1 / one.ratioHigh : 0;
    latency.speedupHigh = one.ratioLow > 0 ? 1 / one.ratioLow : 0;
    return latency;
}

// Of the latest benchmark. What another program has stored may not be readable: then there is none.
QList<LayerLatency> layerLatencies(std::span<const EvaluationRecord> evaluations)
{
    QList<LayerLatency> layers;
    for (const EvaluationRecord& evaluation : evaluations) {
        if (evaluation.kind != EvaluationKind::benchmark || evaluation.status != EvaluationStatus::done)
            continue;
        const auto event = protocol::eventFromJson(evaluation.result);
        const auto* bench = event ? std::get_if<protocol::BenchResult>(&event->what) : nullptr;
        if (!bench)
            continue;
        layers.clear();
        for (const protocol::BenchBinding& one : bench->bindings)
            layers << layerLatency(one);
        if (!bench->network)
            continue;
        layers << layerLatency(*bench->network);
        layers.back().layer.clear();
    }
    return layers;
}

// What an output element reads. Batch axes, that pass through untouched, show nothing; channels are the problem's
// unordered axes, places all others.
QList<InspectorValues::Map> maps(const PGraph& graph, const Binding& binding, const Problem& problem)
{
    const auto untouched = [&](auto side, std::size_t axis) {
        return std::ranges::any_of(problem.fixed,
                                   [&](const auto& pair) { return pair.*side == static_cast<int>(axis); });
    };
    const auto axes = [&](const std::vector<ShapeAxis>& shape, auto side, bool channels) {
        std::vector<std::size_t> found;
        for (std::size_t axis = 0; axis < shape.size(); ++axis)
            if (shape[axis].unordered == channels && !untouched(side, axis))
                found.push_back(axis);
        return found;
    };
    if (problem.input.size() != graph.input().size() || problem.output.size() != graph.output().size())
        return {}; // from outside the problem
    const auto inPlaces = axes(problem.input, &std::pair<int, int>::first, false);
    const auto outPlaces = axes(problem.output, &std::pair<int, int>::second, false);
    const auto inChannels = axes(problem.input, &std::pair<int, int>::first, true);
    const auto outChannels = axes(problem.output, &std::pair<int, int>::second, true);
    using Map = InspectorValues::Map;
    QList<Map> maps;
    const auto add = [&](Map::What what, std::optional<ReachMap> reach) {
        if (reach)
            maps << Map{what, *std::move(reach)};
    };
    if (inPlaces.size() >= 2)
        add(Map::What::receptiveField, receptiveField(graph, binding, inPlaces[inPlaces.size() - 2], inPlaces.back()));
    else if (inPlaces.size() == 1 && !outPlaces.empty())
        add(Map::What::places, connectivity(graph, binding, outPlaces.front(), inPlaces.front()));
    if (!inChannels.empty() &&
        (!outChannels.empty() || !outPlaces.empty())) // t*D, in which an order shows, are channels too
        add(Map::What::channels,
            connectivity(graph, binding, outChannels.empty() ? outPlaces.back() : outChannels.front(),
                         inChannels.front()));
    return maps;
}

} // namespace

InspectorValues inspector(const CandidateRecord& record, const PGraph& graph, const Problem& problem,
                          std::span<const EvaluationRecord> evaluations, Reader& reader)
{
    InspectorValues values;
    values.candidate = record.id.value;
    values.hash = text(record.hash);
    values.name = values.hash.left(8);
    values.formula = text(formula(graph));
    values.note = text(record.note);
    const Plan plan = lower(graph);
    for (std::size_t layer = 0; layer < graph.bindings().size(); ++layer) {
        const Binding& binding = graph.bindings()[layer];
        const Cost one = cost(plan, binding);
        InspectorValues::Cost row;
        row.binding = bindingText(binding, graph.variables());
        row.count = layer < problem.layers.size() ? problem.layers[layer].count : 1;
        row.flops = one.flops;
        if (layer < problem.layers.size() && problem.layers[layer].baselineFlops > 0)
            row.flopsRatio = one.flops * row.count / problem.layers[layer].baselineFlops;
        row.params = one.parameters;
        row.bytes = one.bytesMoved;
        row.peakBytes = one.peakBytes;
        values.costs << row;
    }
    const Binding* first = graph.bindings().empty() ? nullptr : &graph.bindings()[0];
    for (const Weight& weight : graph.weights())
        values.weights << InspectorValues::Weight{text(weight.name), shapeText(graph, weight.axes, nullptr),
                                                  first ? shapeText(graph, weight.axes, first) : QString()};
    if (first)
        values.maps = maps(graph, *first, problem);
    for (const QString& move : text(record.moves).split(QStringLiteral("; "), Qt::SkipEmptyParts))
        values.moves << InspectorValues::Move{0, move};
    for (const EvaluationRecord& evaluation : evaluations)
        if (evaluation.kind != EvaluationKind::proxy &&
            (evaluation.status == EvaluationStatus::done || evaluation.status == EvaluationStatus::failed))
            values.measurements << measurement(evaluation, reader);
    values.layers = layerLatencies(evaluations);
    return values;
}

} // namespace synoscope::session
