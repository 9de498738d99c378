#include "widgets/graph/dimension_graph.h"

#include "core/graph/formula.h"
#include "widgets/common/theme.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace synoscope {

namespace {

QString translated(const char* text)
{
    return QCoreApplication::translate("GraphView", text);
}

} // namespace

DimensionGraph::DimensionGraph(PGraph graph)
    : graph_(std::move(graph)), coordinates_(graph_, Simplify::no), iterators_(iteratorNames(graph_)),
      lines_(graph_.dimensions().size())
{
    for (std::size_t i = 0; i < lines_.size(); ++i)
        lines_[i].dimension = DimensionId(i);
    addTensor(GraphBox::Role::input, translated(QT_TRANSLATE_NOOP("GraphView", "input")), graph_.input());
    for (const Weight& weight : graph_.weights())
        addTensor(GraphBox::Role::weight,
                  //: %1 is the name of a weight tensor
                  translated(QT_TRANSLATE_NOOP("GraphView", "weight %1")).arg(QString::fromStdString(weight.name)),
                  weight.axes);
    for (const Primitive& primitive : graph_.primitives()) {
        const int box = static_cast<int>(boxes_.size());
        boxes_.push_back({GraphBox::Role::primitive, primitive.kind, primitiveTitle(primitive)});
        for (const DimensionId top : primitive.top())
            lines_[top.index].to = box;
        for (const DimensionId bottom : primitive.bottom())
            lines_[bottom.index].from = box;
    }
    addTensor(GraphBox::Role::output, translated(QT_TRANSLATE_NOOP("GraphView", "output")), graph_.output());
}

void DimensionGraph::addTensor(GraphBox::Role role, const QString& title, std::span<const DimensionId> axes)
{
    const int box = static_cast<int>(boxes_.size());
    boxes_.push_back({role, PrimitiveKind::reduce, title, {axes.begin(), axes.end()}});
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
        GraphLine& line = lines_[axes[axis].index];
        const bool end = role == GraphBox::Role::output;
        (end ? line.to : line.from) = box;
        (end ? line.toAxis : line.fromAxis) = static_cast<int>(axis);
    }
}

QString DimensionGraph::primitiveTitle(const Primitive& primitive) const
{
    const QString name = kindName(static_cast<int>(primitive.kind));
    switch (primitive.kind) {
    case PrimitiveKind::split:
    case PrimitiveKind::unfold:
    case PrimitiveKind::stride:
    case PrimitiveKind::expand:
        return QStringLiteral("%1 %2").arg(name,
                                           QString::fromStdString(toString(primitive.parameter, graph_.variables())));
    case PrimitiveKind::shift:
        return QStringLiteral("%1 %2").arg(name, QString::number(primitive.amount));
    case PrimitiveKind::merge:
    case PrimitiveKind::share:
    case PrimitiveKind::reduce:
        break;
    }
    return name;
}

QString DimensionGraph::bindingText(int binding) const
{
    const Binding& numbers = graph_.bindings()[static_cast<std::size_t>(binding)];
    QStringList parts;
    const auto variables = graph_.variables().all();
    for (std::size_t i = 0; i < variables.size(); ++i) {
        const VariableId id{static_cast<std::uint8_t>(i)};
        if (variables[i].kind != VariableKind::literal && numbers.bound(id))
            parts += QStringLiteral("%1=%2").arg(QString::fromStdString(variables[i].name)).arg(numbers[id]);
    }
    return parts.join(QLatin1Char(' '));
}

QString DimensionGraph::sizeText(DimensionId id, int binding) const
{
    const Size& size = graph_[id].size;
    if (binding >= 0)
        if (const auto value = evaluate(size, graph_.bindings()[static_cast<std::size_t>(binding)]))
            return QString::number(*value);
    return QString::fromStdString(toString(size, graph_.variables()));
}

QString DimensionGraph::axisText(DimensionId id, int binding) const
{
    return QStringLiteral("%1 : %2").arg(QString::fromStdString(graph_[id].name), sizeText(id, binding));
}

QString DimensionGraph::coordinateText(DimensionId id) const
{
    return QString::fromStdString(toString(coordinates_, coordinates_[id], iterators_, graph_.variables()));
}

QString DimensionGraph::boxText(int box) const
{
    return box < 0 ? QString() : boxes_[static_cast<std::size_t>(box)].title;
}

QString DimensionGraph::sentence(DimensionId id, int binding) const
{
    const GraphLine& line = lines_[id.index];
    QString size = QString::fromStdString(toString(graph_[id].size, graph_.variables()));
    if (binding >= 0)
        size += QStringLiteral(" = ") + sizeText(id, binding);
    //: a dimension of a graph: %1 its name, %2 its size, %3 its coordinate expression, %4 and %5 what it joins
    return translated(QT_TRANSLATE_NOOP("GraphView", "%1, size %2, at %3, from %4 to %5"))
        .arg(QString::fromStdString(graph_[id].name), size, coordinateText(id), boxText(line.from), boxText(line.to));
}

QString DimensionGraph::primitiveText(const Primitive& primitive) const
{
    QStringList tops;
    for (const DimensionId top : primitive.top())
        tops += sizeText(top, -1);
    const QString name = kindName(static_cast<int>(primitive.kind));
    const auto by = [&](const QString& what) {
        //: a primitive in words: %1 "unfold", %2 the size of what it is applied to, %3 its parameter
        return translated(QT_TRANSLATE_NOOP("GraphView", "%1 %2 by %3")).arg(name, tops.value(0), what);
    };
    switch (primitive.kind) {
    case PrimitiveKind::split:
    case PrimitiveKind::unfold:
    case PrimitiveKind::stride:
        return by(QString::fromStdString(toString(primitive.parameter, graph_.variables())));
    case PrimitiveKind::shift:
        return by(QString::number(primitive.amount));
    case PrimitiveKind::merge:
        //: a primitive in words: %1 "merge", %2 and %3 the sizes of what it joins
        return translated(QT_TRANSLATE_NOOP("GraphView", "%1 %2 and %3")).arg(name, tops.value(0), tops.value(1));
    case PrimitiveKind::expand:
    case PrimitiveKind::share:
    case PrimitiveKind::reduce:
        break;
    }
    const bool topless = primitive.kind == PrimitiveKind::expand;
    return QStringLiteral("%1 %2").arg(name, topless ? sizeText(primitive.bottomIds[0], -1) : tops.value(0));
}

QString DimensionGraph::stepText(const ConstructionStep& step) const
{
    if (step.weight.valid())
        //: a step of the construction: %1 is the name of a weight tensor
        return translated(QT_TRANSLATE_NOOP("GraphView", "contract with %1"))
            .arg(QString::fromStdString(graph_[step.weight].name));
    QStringList texts;
    for (const PrimitiveId id : step.primitives)
        texts += primitiveText(graph_[id]);
    return texts.join(QStringLiteral(", "));
}

std::vector<DimensionId> DimensionGraph::above(DimensionId id) const
{
    if (!graph_[id].above.valid())
        return {};
    const auto tops = graph_[graph_[id].above].top();
    return {tops.begin(), tops.end()};
}

std::vector<DimensionId> DimensionGraph::below(DimensionId id) const
{
    if (!graph_[id].below.valid())
        return {};
    const auto bottoms = graph_[graph_[id].below].bottom();
    return {bottoms.begin(), bottoms.end()};
}

std::vector<bool> DimensionGraph::pathThrough(DimensionId id) const
{
    std::vector<bool> path(lines_.size(), false);
    path[id.index] = true;
    const auto spread = [&](auto&& next) {
        std::vector<DimensionId> pending{id};
        std::vector<bool> seen(lines_.size(), false);
        while (!pending.empty()) {
            const DimensionId at = pending.back();
            pending.pop_back();
            for (const DimensionId beside : next(at)) {
                if (seen[beside.index])
                    continue;
                seen[beside.index] = path[beside.index] = true;
                pending.push_back(beside);
            }
        }
    };
    spread([this](DimensionId at) { return above(at); });
    spread([this](DimensionId at) { return below(at); });
    return path;
}

} // namespace synoscope
