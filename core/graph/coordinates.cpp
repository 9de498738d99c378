#include "core/graph/coordinates.h"

#include "core/base/hash.h"

namespace synoscope {

std::size_t Coordinates::Hash::operator()(const Expression& e) const noexcept
{
    std::uint64_t hash =
        mix(static_cast<std::uint64_t>(e.kind) | std::uint64_t{static_cast<std::uint32_t>(e.index)} << 32);
    hash = combine(hash, std::uint64_t{e.a.index} << 32 | e.b.index);
    hash = combine(hash, e.size.hash() ^ static_cast<std::uint32_t>(e.amount));
    return combine(hash, e.extent.hash());
}

Coordinates::Coordinates(const PGraph& graph, Simplify simplify)
    : simplify_(simplify), outputs_(static_cast<int>(graph.output().size())), ofDimension_(graph.dimensions().size())
{
    std::int32_t index = 0;
    const auto addIterator = [&](DimensionId dimension) {
        const Size size = graph[dimension].size;
        ofDimension_[dimension.index] = intern({ExpressionKind::iterator, {}, {}, size, size, index++});
    };
    for (const DimensionId dimension : graph.output())
        addIterator(dimension);
    for (const DimensionId dimension : graph.reductions())
        addIterator(dimension);
    for (std::size_t i = graph.primitives().size(); i-- > 0;)
        visit(graph, graph.primitives()[i]);
}

ExpressionId Coordinates::intern(const Expression& expression)
{
    const auto [entry, fresh] = ids_.try_emplace(expression, ExpressionId(expressions_.size()));
    if (fresh)
        expressions_.push_back(expression);
    return entry->second;
}

// a * block + b, where b is in [0, block)
ExpressionId Coordinates::affine(ExpressionId a, ExpressionId b, Size block)
{
    const Expression left = expressions_[a.index];
    const Expression right = expressions_[b.index];
    if (simplify_ == Simplify::yes) {
        // (x / B) * B + x % B -> x
        if (left.kind == ExpressionKind::quotient && right.kind == ExpressionKind::remainder && left.a == right.a &&
            left.size == block && right.size == block)
            return left.a;
        // A chain of splits leans to one side: (x*A + y) * B + z -> x * (A*B) + (y*B + z)
        if (left.kind == ExpressionKind::affine)
            return affine(left.a, affine(left.b, b, block), left.size * block);
    }
    return intern({ExpressionKind::affine, a, b, block, left.extent * block});
}

// Where the innermost part of a chain of affines, of extent `block`, begins: x*(A*B) + (y*B + z) parts at B into
// x*A + y and z. Nothing where no two parts meet at the block.
std::optional<std::array<ExpressionId, 2>> Coordinates::partAt(ExpressionId a, Size block)
{
    const Expression e = expressions_[a.index];
    if (e.kind != ExpressionKind::affine)
        return std::nullopt;
    if (e.size == block)
        return std::array{e.a, e.b};
    const auto inner = partAt(e.b, block);
    if (!inner)
        return std::nullopt;
    return std::array{affine(e.a, (*inner)[0], e.size / block), (*inner)[1]};
}

ExpressionId Coordinates::quotient(ExpressionId a, Size block)
{
    const Expression e = expressions_[a.index];
    if (simplify_ == Simplify::yes) {
        if (const auto parts = partAt(a, block))
            return (*parts)[0]; // (x*B + y) / B -> x
        if (e.kind == ExpressionKind::quotient)
            return quotient(e.a, e.size * block); // (x / A) / B -> x / (A*B)
    }
    return intern({ExpressionKind::quotient, a, {}, block, e.extent / block});
}

ExpressionId Coordinates::remainder(ExpressionId a, Size block)
{
    const Expression e = expressions_[a.index];
    if (simplify_ == Simplify::yes) {
        if (const auto parts = partAt(a, block))
            return (*parts)[1]; // (x*B + y) % B -> y
        if (e.extent == block)
            return a;
    }
    return intern({ExpressionKind::remainder, a, {}, block, block});
}

ExpressionId Coordinates::rotate(ExpressionId a, std::int32_t amount)
{
    const Expression e = expressions_[a.index];
    if (simplify_ == Simplify::yes && e.kind == ExpressionKind::rotate) {
        if (e.amount + amount == 0)
            return e.a;
        return rotate(e.a, e.amount + amount);
    }
    return intern({ExpressionKind::rotate, a, {}, e.extent, e.extent, 0, amount});
}

void Coordinates::visit(const PGraph& graph, const Primitive& primitive)
{
    const auto bottom = [&](int i) { return ofDimension_[primitive.bottomIds[i].index]; };
    const auto setTop = [&](int i, ExpressionId id) { ofDimension_[primitive.topIds[i].index] = id; };
    const auto topSize = [&] { return graph[primitive.topIds[0]].size; };
    switch (primitive.kind) {
    case PrimitiveKind::split:
        return setTop(0, affine(bottom(0), bottom(1), primitive.parameter));
    case PrimitiveKind::merge:
        setTop(0, quotient(bottom(0), primitive.parameter));
        return setTop(1, remainder(bottom(0), primitive.parameter));
    case PrimitiveKind::shift:
        return setTop(0, rotate(bottom(0), primitive.amount));
    case PrimitiveKind::unfold: {
        const ExpressionId value =
            intern({ExpressionKind::window, bottom(0), bottom(1), primitive.parameter, topSize()});
        guards_.push_back({value, topSize()});
        return setTop(0, value);
    }
    case PrimitiveKind::stride:
        return setTop(0, intern({ExpressionKind::scale, bottom(0), {}, primitive.parameter, topSize()}));
    case PrimitiveKind::share:
        setTop(0, bottom(0));
        return setTop(1, bottom(0));
    case PrimitiveKind::expand:
    case PrimitiveKind::reduce: // its iterator was made first
        return;
    }
}

ConcreteCoordinates::ConcreteCoordinates(const Coordinates& coordinates, const Binding& binding)
    : values_(coordinates.expressions().size())
{
    // One where there is no number: an expression that nobody uses may have a size that is a fraction here.
    const auto number = [&](const Size& size) { return synoscope::evaluate(size, binding).value_or(1); };
    for (const Expression& e : coordinates.expressions()) {
        std::int64_t amount = e.amount;
        if (e.kind == ExpressionKind::iterator) {
            amount = e.index;
            iteratorExtents_.push_back(number(e.extent)); // iterators are interned first, in order
        }
        if (e.kind == ExpressionKind::window)
            amount = number(e.size) / 2;
        steps_.push_back({e.kind, e.a.index, e.b.index, number(e.size), amount});
    }
    for (const Guard& guard : coordinates.guards())
        guards_.push_back({guard.value.index, number(guard.extent)});
}

bool ConcreteCoordinates::evaluate(std::span<const std::int64_t> point)
{
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        const Step& step = steps_[i];
        std::int64_t& value = values_[i];
        const std::int64_t a = step.kind == ExpressionKind::iterator ? 0 : values_[step.a];
        switch (step.kind) {
        case ExpressionKind::iterator:
            value = point[static_cast<std::size_t>(step.amount)];
            break;
        case ExpressionKind::affine:
            value = a * step.size + values_[step.b];
            break;
        case ExpressionKind::quotient:
            value = a / step.size;
            break;
        case ExpressionKind::remainder:
            value = a % step.size;
            break;
        case ExpressionKind::rotate:
            value = ((a + step.amount) % step.size + step.size) % step.size;
            break;
        case ExpressionKind::window:
            value = a + values_[step.b] - step.amount;
            break;
        case ExpressionKind::scale:
            value = a * step.size;
            break;
        }
    }
    for (const ConcreteGuard& guard : guards_)
        if (values_[guard.value] < 0 || values_[guard.value] >= guard.extent)
            return false;
    return true;
}

} // namespace synoscope
