#include "core/synthesis/translate.h"

#include <algorithm>
#include <fmt/format.h>

namespace synoscope {

namespace {

// The variable that a size is, if it is just one to the power one.
std::optional<VariableId> single(const Size& size, const VariableTable& variables)
{
    std::optional<VariableId> found;
    for (int v = 0; v < variables.size(); ++v) {
        const VariableId id{static_cast<std::uint8_t>(v)};
        if (size.exponent(id) == 0)
            continue;
        if (found || size.exponent(id) != 1)
            return std::nullopt;
        found = id;
    }
    return found;
}

using Images = std::array<std::optional<Size>, maxVariables>;

void matchAxes(const PGraph& graph, std::span<const DimensionId> axes, const std::vector<ShapeAxis>& shape,
               Images& images)
{
    for (std::size_t i = 0; i < axes.size() && i < shape.size(); ++i)
        if (const auto variable = single(graph[axes[i]].size, graph.variables());
            variable && graph.variables()[*variable].kind == VariableKind::primary && !images[variable->index])
            images[variable->index] = shape[i].size;
}

std::optional<Size> byNameOrValue(const Variable& variable, const VariableTable& variables)
{
    if (const auto id = variables.find(variable.name);
        id && variables[*id].kind == variable.kind && variables[*id].value == variable.value)
        return Size::of(*id);
    if (variable.kind == VariableKind::primary)
        return std::nullopt;
    for (int v = 0; v < variables.size(); ++v) {
        const VariableId id{static_cast<std::uint8_t>(v)};
        if (variables[id].kind != VariableKind::primary && variables[id].value == variable.value)
            return Size::of(id);
    }
    return std::nullopt;
}

} // namespace

Size Translation::operator()(const Size& size) const
{
    Size result;
    for (int v = 0; v < maxVariables; ++v) {
        const int exponent = size.exponents()[v];
        for (int n = 0; n < std::abs(exponent); ++n)
            result = exponent > 0 ? result * images_[v] : result / images_[v];
    }
    return result;
}

Expected<Translation> Translation::find(const PGraph& graph, const Problem& problem)
{
    const VariableTable& variables = graph.variables();
    Images images;
    for (int v = 0; v < variables.size(); ++v)
        images[v] = byNameOrValue(variables.all()[v], problem.variables);
    matchAxes(graph, graph.input(), problem.input, images);
    matchAxes(graph, graph.output(), problem.output, images);

    Translation translation;
    for (int v = 0; v < variables.size(); ++v) {
        const Variable& variable = variables.all()[v];
        const VariableId id{static_cast<std::uint8_t>(v)};
        const bool used =
            std::ranges::any_of(graph.dimensions(), [&](const Dimension& d) { return d.size.exponent(id) != 0; });
        if (used && !images[v])
            return Error{fmt::format("the operator's variable '{}' has no counterpart in the problem '{}'",
                                     variable.name, problem.name)};
        translation.images_[v] = images[v].value_or(Size());
    }
    const auto meets = [&](std::span<const DimensionId> axes, const std::vector<ShapeAxis>& shape) {
        if (axes.size() != shape.size())
            return false;
        for (std::size_t i = 0; i < axes.size(); ++i)
            if (translation(graph[axes[i]].size) != shape[i].size)
                return false;
        return true;
    };
    if (!meets(graph.input(), problem.input))
        return Error{
            fmt::format("the operator's input does not have the shape that the problem '{}' asks for", problem.name)};
    if (!meets(graph.output(), problem.output))
        return Error{
            fmt::format("the operator's output does not have the shape that the problem '{}' asks for", problem.name)};
    return translation;
}

namespace {

// Copies a pGraph statement by statement, with other sizes.
class Copier
{
public:
    Copier(const PGraph& graph, const Problem& problem, const Translation& translate)
        : graph_(graph), problem_(problem), translate_(translate), builder_(graph.name(), problem.variables),
          copies_(graph.dimensions().size())
    {}

    Expected<PGraph> run()
    {
        for (const DimensionId axis : graph_.input())
            keep(axis, builder_.input(graph_[axis].name, translate_(graph_[axis].size)));
        for (const Weight& weight : graph_.weights()) {
            const auto copy = builder_.weight(weight.name);
            for (const DimensionId axis : weight.axes)
                keep(axis, builder_.weightAxis(*copy, graph_[axis].name, translate_(graph_[axis].size)));
        }
        for (const Primitive& primitive : graph_.primitives())
            copy(primitive);
        for (const DimensionId axis : graph_.output())
            if (auto ok = builder_.output(of(axis)); !ok && !failure_)
                failure_ = ok.error();
        if (failure_)
            return *failure_;
        for (const Layer& layer : problem_.layers)
            builder_.bind(layer.binding);
        return builder_.finish();
    }

private:
    DimensionId of(DimensionId original) const { return copies_[original.index]; }

    void keep(DimensionId original, Expected<DimensionId> copy)
    {
        if (copy)
            copies_[original.index] = *copy;
        else if (!failure_)
            failure_ = copy.error();
    }

    void keepBoth(const Primitive& p, Expected<std::array<DimensionId, 2>> copies)
    {
        keep(p.bottomIds[0], copies ? Expected<DimensionId>((*copies)[0]) : copies.error());
        keep(p.bottomIds[1], copies ? Expected<DimensionId>((*copies)[1]) : copies.error());
    }

    void copy(const Primitive& p)
    {
        if (failure_)
            return;
        const Size size = translate_(p.parameter);
        const auto name = [&](int i) { return graph_[p.bottomIds[i]].name; };
        switch (p.kind) {
        case PrimitiveKind::split:
            return keepBoth(p, builder_.split(of(p.topIds[0]), size, name(0), name(1)));
        case PrimitiveKind::unfold:
            return keepBoth(p, builder_.unfold(of(p.topIds[0]), size, name(0), name(1)));
        case PrimitiveKind::merge:
            return keep(p.bottomIds[0], builder_.merge(of(p.topIds[0]), of(p.topIds[1]), name(0)));
        case PrimitiveKind::shift:
            return keep(p.bottomIds[0], builder_.shift(of(p.topIds[0]), p.amount, name(0)));
        case PrimitiveKind::stride:
            return keep(p.bottomIds[0], builder_.stride(of(p.topIds[0]), size, name(0)));
        case PrimitiveKind::expand:
            return keep(p.bottomIds[0], builder_.expand(size, name(0)));
        case PrimitiveKind::share:
            return keep(p.bottomIds[0], builder_.share(of(p.topIds[0]), of(p.topIds[1]), name(0)));
        case PrimitiveKind::reduce:
            if (auto ok = builder_.reduce(of(p.topIds[0])); !ok)
                failure_ = ok.error();
        }
    }

    const PGraph& graph_;
    const Problem& problem_;
    const Translation& translate_;
    PGraph::Builder builder_;
    std::vector<DimensionId> copies_;
    std::optional<Error> failure_;
};

} // namespace

Expected<PGraph> Translation::rebuild(const PGraph& graph, const Problem& problem) const
{
    return Copier(graph, problem, *this).run();
}

} // namespace synoscope
