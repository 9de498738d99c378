#include "core/graph/reach.h"

#include "core/graph/coordinates.h"
#include "core/graph/terms.h"

#include <algorithm>

namespace synoscope {

namespace {

// The iterators that an expression is made of, one flag for each.
std::vector<bool> iteratorsOf(const Coordinates& coordinates, std::span<const ExpressionId> roots,
                              std::size_t iterators)
{
    const std::span<const Expression> all = coordinates.expressions();
    std::vector<bool> needed(all.size());
    for (const ExpressionId root : roots)
        needed[root.index] = true;
    std::vector<bool> found(iterators);
    for (std::size_t i = all.size(); i-- > 0;) { // operands come before their users
        if (!needed[i])
            continue;
        if (all[i].kind == ExpressionKind::iterator)
            found[static_cast<std::size_t>(all[i].index)] = true;
        for (const ExpressionId operand : {all[i].a, all[i].b})
            if (operand.valid())
                needed[operand.index] = true;
    }
    return found;
}

bool wholeUnder(const PGraph& graph, const Binding& binding)
{
    return std::ranges::all_of(
        graph.dimensions(), [&](const Dimension& dimension) { return evaluate(dimension.size, binding).has_value(); });
}

// The sum's points, by the values of two expressions. Output iterators stand still, but `free`.
class Count
{
public:
    Count(const PGraph& graph, const Binding& binding, ExpressionId row, ExpressionId column,
          const Coordinates& coordinates, std::optional<std::size_t> free)
        : concrete_(coordinates, binding), row_(row), column_(column)
    {
        std::vector<ExpressionId> roots{row, column};
        for (const Guard& guard : coordinates.guards())
            roots.push_back(guard.value);
        const std::span<const std::int64_t> extents = concrete_.extents();
        const std::vector<bool> walked = iteratorsOf(coordinates, roots, extents.size());
        const auto outputs = graph.output().size();
        for (std::size_t i = 0; i < extents.size(); ++i) {
            const bool stands = i < outputs && i != free;
            point_.push_back(stands ? extents[i] / 2 : 0);
            if (stands)
                continue;
            if (walked[i])
                walked_.push_back(i);
            else
                times_ *= static_cast<double>(extents[i]);
        }
    }

    std::int64_t points() const
    {
        std::int64_t points = 1;
        for (const std::size_t i : walked_)
            points = saturatingProduct(std::array{points, concrete_.extents()[i]});
        return points;
    }

    ReachMap into(std::int64_t rows, std::int64_t columns)
    {
        ReachMap map{rows, columns, std::vector<double>(static_cast<std::size_t>(rows * columns))};
        do {
            if (concrete_.evaluate(point_))
                map.terms[static_cast<std::size_t>(concrete_[row_] * columns + concrete_[column_])] += times_;
        } while (next());
        return map;
    }

private:
    bool next()
    {
        for (std::size_t k = walked_.size(); k-- > 0;) {
            std::int64_t& value = point_[walked_[k]];
            if (++value < concrete_.extents()[walked_[k]])
                return true;
            value = 0;
        }
        return false;
    }

    ConcreteCoordinates concrete_;
    ExpressionId row_;
    ExpressionId column_;
    std::vector<std::int64_t> point_;
    std::vector<std::size_t> walked_;
    double times_ = 1;
};

} // namespace

std::optional<ReachMap> receptiveField(const PGraph& graph, const Binding& binding, std::size_t rowAxis,
                                       std::size_t columnAxis, std::int64_t mostPoints)
{
    if (!wholeUnder(graph, binding))
        return std::nullopt;
    const Coordinates coordinates(graph, Simplify::no);
    const std::vector<std::int64_t> shape = graph.shape(graph.input(), binding);
    Count count(graph, binding, coordinates[graph.input()[rowAxis]], coordinates[graph.input()[columnAxis]],
                coordinates, {});
    if (count.points() > mostPoints)
        return std::nullopt;
    return count.into(shape[rowAxis], shape[columnAxis]);
}

std::optional<ReachMap> connectivity(const PGraph& graph, const Binding& binding, std::size_t outputAxis,
                                     std::size_t inputAxis, std::int64_t mostPoints)
{
    if (!wholeUnder(graph, binding))
        return std::nullopt;
    const Coordinates coordinates(graph, Simplify::no);
    const std::int64_t rows = graph.shape(graph.output(), binding)[outputAxis];
    const std::int64_t columns = graph.shape(graph.input(), binding)[inputAxis];
    const ExpressionId row = coordinates[graph.output()[outputAxis]];
    const ExpressionId column = coordinates[graph.input()[inputAxis]];
    // Where the rows are alike, one is counted.
    std::vector<ExpressionId> roots{column};
    for (const Guard& guard : coordinates.guards())
        roots.push_back(guard.value);
    const auto iterators = graph.output().size() + graph.reductions().size();
    const bool alike = !iteratorsOf(coordinates, roots, iterators)[outputAxis];
    Count count(graph, binding, row, column, coordinates, alike ? std::nullopt : std::optional(outputAxis));
    if (count.points() > mostPoints || rows > mostPoints / columns)
        return std::nullopt;
    ReachMap map = count.into(rows, columns);
    if (alike) {
        const std::vector<double> one(map.terms.begin() + rows / 2 * columns,
                                      map.terms.begin() + (rows / 2 + 1) * columns);
        for (std::int64_t i = 0; i < rows; ++i)
            std::ranges::copy(one, map.terms.begin() + i * columns);
    }
    return map;
}

} // namespace synoscope
