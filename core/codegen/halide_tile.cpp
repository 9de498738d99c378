#include "core/codegen/halide_tile.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace synoscope::codegen {

namespace {

using Kind = HalideIndex::Kind;

// i, or i / E where E columns share what they read.
bool readsOnlyGroups(const HalideIndex& index, int column, const Binding& binding, std::int64_t& group)
{
    if (index.kind == Kind::divide && index.operands[0] == iteratorIndex(column)) {
        group = evaluate(index.operands[1], binding);
        return true;
    }
    if (index.kind == Kind::iterator)
        return index.iterator != column;
    return std::ranges::all_of(
        index.operands, [&](const HalideIndex& operand) { return readsOnlyGroups(operand, column, binding, group); });
}

bool mentions(const HalideFactor& factor, int iterator)
{
    return std::ranges::any_of(factor.indices, [&](const HalideIndex& index) { return mentions(index, iterator); });
}

double rounds(std::int64_t extent, std::int64_t tile)
{
    return std::ceil(static_cast<double>(extent) / static_cast<double>(tile)) * static_cast<double>(tile) /
           static_cast<double>(extent);
}

// Cycles for an element and a term, about, where two multiply-adds and two loads are begun each cycle, and a
// multiply-add takes four. Loads that hide behind arithmetic do not hide entirely.
double cycles(double accumulators, double loads, double elements)
{
    return (std::max({accumulators, loads, 8.0}) + loads / 8) / 2 / elements;
}

double panelCost(const ContractionShape& shape, const Tile& tile)
{
    const auto vectors = static_cast<double>(tile.vectors);
    const auto places = static_cast<double>(tile.rows * tile.lines);
    const auto terms = static_cast<double>(shape.terms);
    double cost = cycles(vectors * places, vectors + places, static_cast<double>(tile.columns) * places);
    cost *= rounds(shape.rows, tile.rows) * rounds(shape.lines, tile.lines);
    if (static_cast<double>(tile.columns) * terms * 4 > 512 * 1024) // leaves the second-level cache
        cost *= 1.2;
    return cost + 1.5 / terms; // results are turned round when they are written
}

double lineCost(const ContractionShape& shape, const Tile& tile)
{
    const auto vectors = static_cast<double>(tile.vectors);
    const auto lines = static_cast<double>(tile.lines);
    const auto columns = static_cast<double>(tile.columns);
    const double lengths = static_cast<double>(tile.rows) * lines * columns;
    // Most vectors straddle two cache lines.
    const double loads = (shape.rowsAreContiguous ? 1.5 : static_cast<double>(tile.lanes)) * vectors * lines + columns;
    double cost = cycles(vectors * lines * columns, loads, lengths);
    cost *= rounds(shape.rows, tile.rows) * rounds(shape.lines, tile.lines) * rounds(shape.columns, tile.columns);
    return cost + 0.2 / static_cast<double>(shape.terms);
}

class Chooser
{
public:
    Chooser(const ContractionShape& shape, const HalideMachine& machine)
        : shape_(shape), most_(machine.registers - machine.registers / 8), lanes_(machine.lanes)
    {}

    Tile choose()
    {
        for (std::int64_t lanes = lanes_; lanes >= 1; lanes /= 2)
            for (std::int64_t vectors = 1; vectors <= 4; ++vectors)
                for (std::int64_t lines = 1; lines <= std::min<std::int64_t>(shape_.lines, 8); ++lines) {
                    tryPanels({Tile::Kind::panel, lanes, vectors, 1, lines, lanes * vectors});
                    tryLines({Tile::Kind::line, lanes, vectors, 1, lines, 1});
                }
        return best_;
    }

private:
    void tryPanels(Tile tile)
    {
        if (shape_.column < 0 || tile.lanes < 8 || shape_.columns % tile.columns != 0)
            return;
        for (tile.rows = 1; tile.rows <= std::min<std::int64_t>(shape_.rows, 16); ++tile.rows)
            if (tile.vectors * tile.rows * tile.lines + tile.vectors <= most_)
                consider(tile, panelCost(shape_, tile));
    }

    void tryLines(Tile tile)
    {
        tile.rows = std::min(tile.lanes * tile.vectors, shape_.rows);
        const bool rest = tile.rows % tile.lanes != 0;
        if (tile.lanes * (tile.vectors - 1) >= shape_.rows || (rest && !shape_.mayOverread))
            return;
        if (tile.lanes > 1 && !shape_.rowsAreContiguous && !shape_.rowsMayBeStrided)
            return;
        for (; tile.columns <= std::min<std::int64_t>(shape_.columns, 16); ++tile.columns)
            if (tile.vectors * (tile.lines * tile.columns + tile.lines) <= most_ && divides(tile.columns))
                consider(tile, lineCost(shape_, tile));
    }

    bool divides(std::int64_t columns) const { return shape_.group == 0 || shape_.columns % columns == 0; }

    void consider(const Tile& tile, double cost)
    {
        if (cost < cost_) {
            cost_ = cost;
            best_ = tile;
        }
    }

    const ContractionShape& shape_;
    std::int64_t most_; // accumulators
    std::int64_t lanes_;
    Tile best_{};
    double cost_ = std::numeric_limits<double>::infinity();
};

} // namespace

ContractionShape shapeOf(const HalidePipeline& pipeline, const HalideStage& stage, const Binding& binding)
{
    ContractionShape shape;
    const auto extent = [&](int axis) { return evaluate(stage.axes[static_cast<std::size_t>(axis)].extent, binding); };
    for (const HalideIterator& reduction : stage.reductions)
        shape.terms *= evaluate(reduction.extent, binding);
    if (stage.factors.size() == 2)
        for (std::size_t f = 0; f < 2; ++f)
            (pipeline.stages[static_cast<std::size_t>(stage.factors[f].stage)].prepared ? shape.weight : shape.data) =
                static_cast<int>(f);
    const HalideFactor& data = stage.factors[static_cast<std::size_t>(shape.data)];
    const HalideFactor* weight = shape.weight < 0 ? nullptr : &stage.factors[static_cast<std::size_t>(shape.weight)];
    for (int axis = static_cast<int>(stage.axes.size()) - 1; axis >= 0; --axis) {
        const bool inWeight = weight && mentions(*weight, axis);
        if (!inWeight && extent(axis) > 1) {
            if (shape.row < 0) {
                shape.row = axis;
                shape.rows = extent(axis);
            } else if (shape.line < 0) {
                shape.line = axis;
                shape.lines = extent(axis);
            }
        }
        if (!inWeight || std::ranges::count(weight->indices, iteratorIndex(axis)) != 1)
            continue;
        std::int64_t group = 0;
        const bool shared = std::ranges::all_of(
            data.indices, [&](const HalideIndex& index) { return readsOnlyGroups(index, axis, binding, group); });
        const std::int64_t columns = group > 0 ? group : extent(axis);
        if (shared && columns > shape.columns) {
            shape.column = axis;
            shape.columns = columns;
            shape.group = group;
        }
    }
    shape.rowsAreContiguous = shape.row >= 0 && contiguous(pipeline, data, shape.row);
    // Halide 14 takes strided vectors at a constant place for aligned: there must be a loop in the place.
    for (std::size_t i = 0; i < stage.reductions.size(); ++i)
        if (evaluate(stage.reductions[i].extent, binding) > 1 &&
            mentions(data, static_cast<int>(stage.axes.size() + i)))
            shape.rowsMayBeStrided = true;
    const HalideStage& read = pipeline.stages[static_cast<std::size_t>(data.stage)];
    for (std::size_t i = 0; i < data.indices.size(); ++i)
        if (shape.row >= 0 && mentions(data.indices[i], shape.row))
            shape.mayOverread = read.reachesBeyond(static_cast<int>(i));
    return shape;
}

Tile chooseTile(const ContractionShape& shape, const HalideMachine& machine)
{
    return Chooser(shape, machine).choose();
}

} // namespace synoscope::codegen
