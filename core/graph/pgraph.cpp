#include "core/graph/pgraph.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_set>

namespace synoscope {

std::string_view toString(PrimitiveKind kind)
{
    static constexpr std::array<std::string_view, primitiveKinds> names{"split",  "merge",  "shift", "unfold",
                                                                        "stride", "expand", "share", "reduce"};
    return names[static_cast<std::size_t>(kind)];
}

std::span<const DimensionId> Primitive::top() const
{
    switch (kind) {
    case PrimitiveKind::expand:
        return {};
    case PrimitiveKind::merge:
    case PrimitiveKind::share:
        return topIds;
    default:
        return std::span(topIds).first(1);
    }
}

std::span<const DimensionId> Primitive::bottom() const
{
    switch (kind) {
    case PrimitiveKind::reduce:
        return {};
    case PrimitiveKind::split:
    case PrimitiveKind::unfold:
        return bottomIds;
    default:
        return std::span(bottomIds).first(1);
    }
}

PGraph PGraph::withBindings(std::vector<Binding> bindings) const
{
    PGraph copy = *this;
    for (Binding& binding : bindings)
        binding.fillDefaults(variables_);
    copy.bindings_ = std::move(bindings);
    return copy;
}

PGraph PGraph::withName(std::string name) const
{
    PGraph copy = *this;
    copy.name_ = std::move(name);
    return copy;
}

std::vector<std::int64_t> PGraph::shape(std::span<const DimensionId> axes, const Binding& binding) const
{
    std::vector<std::int64_t> shape;
    for (const DimensionId axis : axes)
        shape.push_back(evaluate((*this)[axis].size, binding).value_or(0));
    return shape;
}

PGraph::Builder::Builder(std::string name, VariableTable variables)
{
    graph_.name_ = std::move(name);
    graph_.variables_ = std::move(variables);
    constexpr std::size_t usual = 32; // dimensions of an operator that a search finds
    graph_.dimensions_.reserve(usual);
    graph_.primitives_.reserve(usual);
    consumed_.reserve(usual);
}

DimensionId PGraph::Builder::add(std::string name, Size size, PrimitiveId above)
{
    graph_.dimensions_.push_back({std::move(name), size, above});
    consumed_.push_back(false);
    return DimensionId(graph_.dimensions_.size() - 1);
}

Expected<void> PGraph::Builder::consumable(DimensionId x, bool weightAxis) const
{
    const Dimension& dimension = graph_.dimensions_[x.index];
    if (consumed_[x.index])
        return Error{fmt::format("the axis '{}' is used twice; every axis is used exactly once", dimension.name)};
    if (dimension.weight.valid() && !weightAxis)
        return Error{fmt::format("'{}' is an axis of the weight '{}'; it may only be the second operand of a share",
                                 dimension.name, graph_.weights_[dimension.weight.index].name)};
    return {};
}

Expected<void> PGraph::Builder::wellFormed(const Size& size, std::string_view what) const
{
    if (size.inRange() && isLegal(size, graph_.variables_))
        return {};
    if (!size.inRange())
        return Error{fmt::format("{} has an exponent beyond {}", what, Size::maxExponent)};
    if (size.isOne())
        return Error{fmt::format("{} would be 1, which is no size", what)};
    return Error{fmt::format("{} would be {}, which is no size (no primary variable may have a negative exponent, "
                             "and a coefficient only beside a primary variable)",
                             what, synoscope::toString(size, graph_.variables_))};
}

// What a Split or a Stride leaves of an axis. (The name is put together only for an error: this is called for each
// operator that a search finds.)
Expected<void> PGraph::Builder::wellFormedPart(const Size& size, DimensionId of, std::string_view by) const
{
    if (size.inRange() && isLegal(size, graph_.variables_))
        return {};
    return wellFormed(size, fmt::format("'{}' divided by {}", (*this)[of].name, by));
}

PrimitiveId PGraph::Builder::addPrimitive(Primitive primitive)
{
    const PrimitiveId id(graph_.primitives_.size());
    for (const DimensionId top : primitive.top()) {
        graph_.dimensions_[top.index].below = id;
        consumed_[top.index] = true;
    }
    for (const DimensionId bottom : primitive.bottom())
        graph_.dimensions_[bottom.index].above = id;
    graph_.primitives_.push_back(primitive);
    return id;
}

Expected<DimensionId> PGraph::Builder::input(std::string name, Size size)
{
    if (auto ok = wellFormed(size, "the size of an input axis"); !ok)
        return ok.error();
    const DimensionId id = add(std::move(name), size, {});
    graph_.input_.push_back(id);
    return id;
}

Expected<WeightId> PGraph::Builder::weight(std::string name)
{
    if (std::ranges::find(graph_.weights_, name, &Weight::name) != graph_.weights_.end())
        return Error{fmt::format("the weight '{}' is declared twice", name)};
    graph_.weights_.push_back({std::move(name), {}});
    return WeightId(graph_.weights_.size() - 1);
}

Expected<DimensionId> PGraph::Builder::weightAxis(WeightId weight, std::string name, Size size)
{
    if (auto ok = wellFormed(size, "the size of a weight's axis"); !ok)
        return ok.error();
    const DimensionId id = add(std::move(name), size, {});
    graph_.dimensions_[id.index].weight = weight;
    graph_.weights_[weight.index].axes.push_back(id);
    return id;
}

Expected<std::array<DimensionId, 2>> PGraph::Builder::split(DimensionId x, Size block, std::string group,
                                                            std::string inner)
{
    if (auto ok = consumable(x); !ok)
        return ok.error();
    const Size groupSize = (*this)[x].size / block;
    if (auto ok = wellFormed(block, "the block of the split"); !ok)
        return ok.error();
    if (auto ok = wellFormedPart(groupSize, x, "its block"); !ok)
        return ok.error();
    const std::array bottoms{add(std::move(group), groupSize, {}), add(std::move(inner), block, {})};
    addPrimitive({PrimitiveKind::split, {x}, bottoms, block});
    return bottoms;
}

Expected<DimensionId> PGraph::Builder::merge(DimensionId group, DimensionId block, std::string name)
{
    if (auto ok = consumable(group); !ok)
        return ok.error();
    if (auto ok = consumable(block); !ok)
        return ok.error();
    if (group == block)
        return Error{fmt::format("the axis '{}' cannot be merged with itself", (*this)[group].name)};
    const Size size = (*this)[group].size * (*this)[block].size;
    if (auto ok = wellFormed(size, "the merged axis"); !ok)
        return ok.error();
    const DimensionId bottom = add(std::move(name), size, {});
    addPrimitive({PrimitiveKind::merge, {group, block}, {bottom}, (*this)[block].size});
    return bottom;
}

Expected<DimensionId> PGraph::Builder::shift(DimensionId x, std::int32_t amount, std::string name)
{
    if (auto ok = consumable(x); !ok)
        return ok.error();
    if (amount == 0)
        return Error{"a shift by 0 does nothing; expected another whole number"};
    const DimensionId bottom = add(std::move(name), (*this)[x].size, {});
    addPrimitive({PrimitiveKind::shift, {x}, {bottom}, {}, amount});
    return bottom;
}

Expected<std::array<DimensionId, 2>> PGraph::Builder::unfold(DimensionId x, Size window, std::string name,
                                                             std::string windowName)
{
    if (auto ok = consumable(x); !ok)
        return ok.error();
    if (auto ok = wellFormed(window, "the window of the unfold"); !ok)
        return ok.error();
    const std::array bottoms{add(std::move(name), (*this)[x].size, {}), add(std::move(windowName), window, {})};
    addPrimitive({PrimitiveKind::unfold, {x}, bottoms, window});
    return bottoms;
}

Expected<DimensionId> PGraph::Builder::stride(DimensionId x, Size step, std::string name)
{
    if (auto ok = consumable(x); !ok)
        return ok.error();
    if (auto ok = wellFormed(step, "the step of the stride"); !ok)
        return ok.error();
    const Size size = (*this)[x].size / step;
    if (auto ok = wellFormedPart(size, x, "the step"); !ok)
        return ok.error();
    const DimensionId bottom = add(std::move(name), size, {});
    addPrimitive({PrimitiveKind::stride, {x}, {bottom}, step});
    return bottom;
}

Expected<DimensionId> PGraph::Builder::expand(Size size, std::string name)
{
    if (auto ok = wellFormed(size, "the size of the expanded axis"); !ok)
        return ok.error();
    const DimensionId bottom = add(std::move(name), size, {});
    addPrimitive({PrimitiveKind::expand, {}, {bottom}, size});
    return bottom;
}

Expected<DimensionId> PGraph::Builder::share(DimensionId x, DimensionId weightAxis, std::string name)
{
    if (auto ok = consumable(x); !ok)
        return ok.error();
    if (auto ok = consumable(weightAxis, true); !ok)
        return ok.error();
    if (!(*this)[weightAxis].weight.valid())
        return Error{fmt::format("the second operand of a share must be an axis of a weight, and '{}' is not",
                                 (*this)[weightAxis].name)};
    if ((*this)[x].size != (*this)[weightAxis].size)
        return Error{fmt::format("the sizes of a share must be equal: '{}' has {}, the weight's axis '{}' has {}",
                                 (*this)[x].name, synoscope::toString((*this)[x].size, graph_.variables_),
                                 (*this)[weightAxis].name,
                                 synoscope::toString((*this)[weightAxis].size, graph_.variables_))};
    const DimensionId bottom = add(std::move(name), (*this)[x].size, {});
    addPrimitive({PrimitiveKind::share, {x, weightAxis}, {bottom}});
    return bottom;
}

Expected<void> PGraph::Builder::reduce(DimensionId x)
{
    if (auto ok = consumable(x); !ok)
        return ok;
    addPrimitive({PrimitiveKind::reduce, {x}});
    graph_.reductions_.push_back(x);
    return {};
}

Expected<void> PGraph::Builder::output(DimensionId x)
{
    if (auto ok = consumable(x); !ok)
        return ok;
    consumed_[x.index] = true;
    graph_.output_.push_back(x);
    return {};
}

void PGraph::Builder::bind(Binding binding)
{
    graph_.bindings_.push_back(binding);
}

void PGraph::Builder::nameTheNameless()
{
    if (std::ranges::none_of(graph_.dimensions_, [](const Dimension& d) { return d.name.empty(); }))
        return;
    // Only "a" and digits can be in the way.
    std::unordered_set<std::string_view> taken;
    const auto note = [&](std::string_view name) {
        if (name.size() > 1 && name[0] == 'a' && name[1] >= '0' && name[1] <= '9')
            taken.insert(name);
    };
    for (const Dimension& dimension : graph_.dimensions_)
        note(dimension.name);
    for (const Weight& weight : graph_.weights_)
        note(weight.name);
    int next = 0;
    for (Dimension& dimension : graph_.dimensions_) {
        while (dimension.name.empty()) {
            std::string name = 'a' + std::to_string(next++);
            if (taken.empty() || !taken.contains(name))
                dimension.name = std::move(name);
        }
    }
}

Expected<void> PGraph::Builder::everythingUsed() const
{
    for (std::size_t i = 0; i < graph_.dimensions_.size(); ++i) {
        if (consumed_[i])
            continue;
        const Dimension& dimension = graph_.dimensions_[i];
        const std::string owner = dimension.weight.valid() ? graph_.weights_[dimension.weight.index].name + '.' : "";
        return Error{fmt::format(
            "the axis '{}{}' is never used; every axis is used exactly once{}", owner, dimension.name,
            dimension.weight.valid() ? ", an axis of a weight by a share" : " (by a statement, 'reduce' or 'output')")};
    }
    for (const Weight& weight : graph_.weights_)
        if (weight.axes.empty())
            return Error{fmt::format("the weight '{}' has no axes", weight.name)};
    return {};
}

// Completes the bindings, and evaluates each distinct size under each of them.
Expected<void> PGraph::Builder::wholeNumbers()
{
    std::vector<const Dimension*> distinct;
    for (const Dimension& dimension : graph_.dimensions_)
        if (std::ranges::none_of(distinct, [&](const Dimension* other) { return other->size == dimension.size; }))
            distinct.push_back(&dimension);
    for (std::size_t layer = 0; layer < graph_.bindings_.size(); ++layer) {
        Binding& binding = graph_.bindings_[layer];
        binding.fillDefaults(graph_.variables_);
        for (const Dimension* dimension : distinct) {
            if (evaluate(dimension->size, binding))
                continue;
            for (int i = 0; i < graph_.variables_.size(); ++i) {
                const VariableId id{static_cast<std::uint8_t>(i)};
                if (dimension->size.exponent(id) != 0 && !binding.bound(id))
                    return Error{fmt::format("binding {} gives no number for '{}'", layer, graph_.variables_[id].name)};
            }
            return Error{fmt::format("under binding {} the size {} of the axis '{}' is no whole number below 2^62",
                                     layer, synoscope::toString(dimension->size, graph_.variables_), dimension->name)};
        }
    }
    return {};
}

Expected<PGraph> PGraph::Builder::finish()
{
    if (graph_.input_.empty())
        return Error{"the operator has no input; expected a line 'input axis:size ...'"};
    if (graph_.output_.empty())
        return Error{"the operator has no output; expected a line 'output axis ...'"};
    nameTheNameless();
    if (auto ok = everythingUsed(); !ok)
        return ok.error();
    if (auto ok = wholeNumbers(); !ok)
        return ok.error();
    return std::move(graph_);
}

} // namespace synoscope
