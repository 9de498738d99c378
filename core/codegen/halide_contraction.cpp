#include "core/codegen/halide_contraction.h"

#include <algorithm>

namespace synoscope::codegen {

namespace {

using Method = HalideDirective::Method;
using Tail = HalideDirective::Tail;

HalideIndex replaced(const HalideIndex& index, const std::vector<HalideIndex>& iterators)
{
    if (index.kind == HalideIndex::Kind::iterator)
        return iterators[static_cast<std::size_t>(index.iterator)];
    HalideIndex result = index;
    for (HalideIndex& operand : result.operands)
        operand = replaced(operand, iterators);
    return result;
}

class Contraction
{
public:
    Contraction(HalidePipeline& pipeline, const HalideStage& stage, const Binding& binding,
                const HalideMachine& machine)
        : pipeline_(pipeline), stage_(stage), binding_(binding), machine_(machine),
          shape_(shapeOf(pipeline, stage, binding)), tile_(chooseTile(shape_, machine))
    {}

    int add()
    {
        const bool panel = tile_.kind == Tile::Kind::panel;
        panel ? addPanelStages() : addLineStages();
        scheduleResult();
        scheduleTile();
        return result_;
    }

private:
    std::int64_t extent(int axis) const
    {
        return evaluate(stage_.axes[static_cast<std::size_t>(axis)].extent, binding_);
    }
    const std::string& name(int axis) const { return stage_.axes[static_cast<std::size_t>(axis)].name; }
    int push(HalideStage stage)
    {
        pipeline_.stages.push_back(std::move(stage));
        return static_cast<int>(pipeline_.stages.size()) - 1;
    }
    void direct(HalideDirective directive) { pipeline_.schedule.push_back(std::move(directive)); }

    // --- stages ---

    void addLineStages()
    {
        HalideStage sums = stage_;
        sums.root = false;
        sums.name = pipeline_.claim(stage_.name + "_tile");
        tileAxes_ = sums.axes;
        sums_ = push(std::move(sums));
        HalideStage result = stage_;
        result.reductions.clear();
        result.equal.clear();
        result.factors = {{sums_, {}}};
        for (std::size_t i = 0; i < stage_.axes.size(); ++i)
            result.factors[0].indices.push_back(iteratorIndex(static_cast<int>(i)));
        result_ = push(std::move(result));
    }

    // The column is parted: o into o_block and o_lane, the latter innermost in memory.
    void addPanelStages()
    {
        const auto column = static_cast<std::size_t>(shape_.column);
        const auto axes = stage_.axes.size();
        const HalideIndex width = numberIndex(tile_.columns);
        block_ = pipeline_.loop(name(shape_.column) + "_block");
        lane_ = pipeline_.loop(name(shape_.column) + "_lane");

        HalideStage sums = stage_;
        sums.root = false;
        sums.name = pipeline_.claim(stage_.name + "_tile");
        sums.axes[column] = {block_, block_, stage_.axes[column].extent / width};
        sums.axes.push_back({lane_, lane_, width});
        // The stage's iterators as the new ones: the lane comes between axes and reductions.
        std::vector<HalideIndex> iterators;
        for (std::size_t i = 0; i < axes + stage_.reductions.size(); ++i)
            iterators.push_back(iteratorIndex(static_cast<int>(i < axes ? i : i + 1)));
        const HalideIndex lane = iteratorIndex(static_cast<int>(axes));
        HalideFactor& data = sums.factors[static_cast<std::size_t>(shape_.data)];
        // All columns of a block read the same data.
        iterators[column] = iterators[column] * width;
        for (HalideIndex& index : data.indices)
            index = replaced(index, iterators);
        iterators[column] = iterators[column] + lane;
        HalideFactor& weight = sums.factors[static_cast<std::size_t>(shape_.weight)];
        weight = packed(weight, sums, iterators);
        tileAxes_ = sums.axes;
        sums_ = push(std::move(sums));

        HalideStage result = stage_;
        result.reductions.clear();
        HalideFactor tile{sums_};
        for (std::size_t i = 0; i < axes; ++i)
            tile.indices.push_back(i == column ? iteratorIndex(shape_.column) / width
                                               : iteratorIndex(static_cast<int>(i)));
        tile.indices.push_back(iteratorIndex(shape_.column) % width);
        result.factors = {std::move(tile)};
        result_ = push(std::move(result));
    }

    // A stage with the weight in the order in which the tile reads it, and the factor that reads it.
    HalideFactor packed(const HalideFactor& weight, const HalideStage& sums, const std::vector<HalideIndex>& iterators)
    {
        HalideStage stage;
        stage.name = pipeline_.claim(pipeline_.stages[static_cast<std::size_t>(weight.stage)].name + "_packed");
        stage.prepared = true;
        stage.root = true;
        const int axes = static_cast<int>(sums.axes.size());
        const int all = axes + static_cast<int>(sums.reductions.size());
        std::vector<HalideIndex> asked(static_cast<std::size_t>(all)); // of the sums' iterators: the packed axis
        HalideFactor factor{static_cast<int>(pipeline_.stages.size())};
        const auto add = [&](int iterator) {
            HalideIterator axis = sums.iterator(iterator);
            if (iterator >= axes) // a loop of its own: not the reduction's
                axis.name = varFor(axis.label, stage);
            asked[static_cast<std::size_t>(iterator)] = iteratorIndex(static_cast<int>(stage.axes.size()));
            stage.axes.push_back(std::move(axis));
            factor.indices.push_back(iteratorIndex(iterator));
        };
        std::vector<HalideIndex> indices;
        for (const HalideIndex& index : weight.indices)
            indices.push_back(replaced(index, iterators));
        const int lane = axes - 1;
        for (int iterator = 0; iterator < all; ++iterator)
            if (iterator != lane &&
                std::ranges::any_of(indices, [&](const HalideIndex& index) { return mentions(index, iterator); }))
                add(iterator);
        add(lane);
        for (HalideIndex& index : indices)
            index = replaced(index, asked);
        stage.factors = {{weight.stage, std::move(indices)}};
        direct({.stage = push(std::move(stage)), .method = Method::computeRoot});
        return factor;
    }

    // A Var beside the RVar of a reduction: that of other stages' axes of this label, where there is one.
    std::string varFor(const std::string& label, const HalideStage& besides)
    {
        for (const HalideStage& stage : pipeline_.stages)
            for (const HalideIterator& axis : stage.axes)
                if (axis.label == label && !axis.name.empty() &&
                    std::ranges::find(besides.axes, axis.name, &HalideIterator::name) == besides.axes.end())
                    return axis.name;
        return pipeline_.loop(label);
    }

    // --- the result: one tile after the other ---

    struct Loop
    {
        std::string outer{};
        std::string inner{}; // within the tile; empty where the axis is not parted
        std::int64_t tiles = 1;
    };

    // Parts an axis of the result into tiles. The last tile overlaps the one before where they do not divide.
    Loop part(int axis, std::int64_t size)
    {
        if (axis < 0)
            return {};
        if (size == 1)
            return {name(axis), "", extent(axis)};
        const bool column = axis == shape_.column && tile_.kind == Tile::Kind::panel;
        Loop loop{.outer = column ? block_ : pipeline_.loop(name(axis) + "_tile"),
                  .inner = column ? lane_ : pipeline_.loop(name(axis) + "_in"),
                  .tiles = (extent(axis) + size - 1) / size};
        direct({.stage = result_,
                .method = Method::split,
                .names = {name(axis), loop.outer, loop.inner},
                .number = size,
                .tail = extent(axis) % size == 0 ? Tail::none : Tail::shift});
        return loop;
    }

    void scheduleResult()
    {
        direct({.stage = result_, .method = Method::computeRoot});
        boundAxes(pipeline_, result_);
        const Loop row = part(shape_.row, tile_.rows);
        const Loop line = part(shape_.line, tile_.lines);
        const Loop column = part(shape_.column, tile_.columns);
        std::vector<std::string> order; // innermost first
        for (const Loop* loop : {&row, &line, &column})
            if (!loop->inner.empty())
                order.push_back(loop->inner);
        std::vector<std::pair<std::string, std::int64_t>> outer; // outermost first
        for (int axis = 0; axis < static_cast<int>(stage_.axes.size()); ++axis)
            if (axis != shape_.row && axis != shape_.line && axis != shape_.column)
                outer.emplace_back(name(axis), extent(axis));
        for (const auto& [loop, axis] : {std::pair(&column, shape_.column), {&line, shape_.line}, {&row, shape_.row}})
            if (axis >= 0)
                outer.emplace_back(loop->outer, loop->tiles);
        for (std::size_t i = outer.size(); i-- > 0;)
            order.push_back(outer[i].first);
        if (order.size() > 1)
            direct({.stage = result_, .method = Method::reorder, .names = order});
        const bool whole = tile_.rows % 4 == 0 && tile_.rows > 1;
        if (whole && !row.inner.empty())
            vectorizeRow(row.inner);
        innermost_ = outer.empty() ? "" : outer.back().first;
        if (!outer.empty())
            outer.pop_back(); // the tiles are computed in this loop
        parallelise(pipeline_, result_, std::move(outer), machine_);
    }

    void vectorizeRow(const std::string& loop)
    {
        std::int64_t lanes = machine_.lanes;
        while (tile_.rows % lanes != 0)
            lanes /= 2;
        direct({.stage = result_, .method = Method::vectorize, .names = {loop}, .number = lanes});
    }

    // --- the tile: sums in registers ---

    void scheduleTile()
    {
        if (innermost_.empty()) {
            direct({.stage = sums_, .method = Method::computeRoot});
            return;
        }
        direct({.stage = sums_, .method = Method::computeAt, .names = {innermost_}, .at = result_});
        const bool panel = tile_.kind == Tile::Kind::panel;
        const std::string vector = panel ? lane_ : shape_.row >= 0 ? name(shape_.row) : "";
        std::vector<std::string> unrolled;
        if (!vector.empty() && (panel ? tile_.vectors > 1 : tile_.rows > tile_.lanes))
            unrolled.push_back(vector);
        if (panel && tile_.rows > 1)
            unrolled.push_back(name(shape_.row));
        if (!panel && tile_.columns > 1)
            unrolled.push_back(name(shape_.column));
        if (tile_.lines > 1)
            unrolled.push_back(name(shape_.line));
        if (!vector.empty() && tileAxes_.size() > 1)
            direct({.stage = sums_, .method = Method::reorderStorage, .names = storageOrder(vector)});
        for (const bool update : {false, true}) {
            reorderTile(update, vector, unrolled);
            if (!vector.empty() && tile_.lanes > 1)
                direct({.stage = sums_,
                        .update = update,
                        .method = Method::vectorize,
                        .names = {vector},
                        .number = tile_.lanes,
                        .tail = !panel && tile_.rows % tile_.lanes != 0 ? Tail::roundUp : Tail::none});
            for (const std::string& loop : unrolled)
                direct({.stage = sums_, .update = update, .method = Method::unroll, .names = {loop}});
        }
    }

    // The sum over the terms goes around the tile.
    void reorderTile(bool update, const std::string& vector, const std::vector<std::string>& unrolled)
    {
        std::vector<std::string> order;
        if (!vector.empty())
            order.push_back(vector);
        for (const std::string& loop : unrolled)
            if (loop != vector)
                order.push_back(loop);
        if (update)
            for (std::size_t i = stage_.reductions.size(); i-- > 0;)
                order.push_back(stage_.reductions[i].name);
        for (std::size_t i = tileAxes_.size(); i-- > 0;)
            if (std::ranges::find(order, tileAxes_[i].name) == order.end())
                order.push_back(tileAxes_[i].name);
        if (order.size() > 1)
            direct({.stage = sums_, .update = update, .method = Method::reorder, .names = order});
    }

    std::vector<std::string> storageOrder(const std::string& vector) const
    {
        std::vector<std::string> order{vector};
        for (std::size_t i = tileAxes_.size(); i-- > 0;)
            if (tileAxes_[i].name != vector)
                order.push_back(tileAxes_[i].name);
        return order;
    }

    HalidePipeline& pipeline_;
    const HalideStage& stage_;
    const Binding& binding_;
    const HalideMachine& machine_;
    const ContractionShape shape_;
    const Tile tile_;
    int sums_ = -1;
    int result_ = -1;
    std::vector<HalideIterator> tileAxes_;
    std::string block_, lane_, innermost_;
};

} // namespace

int addContraction(HalidePipeline& pipeline, const HalideStage& stage, const Binding& binding,
                   const HalideMachine& machine)
{
    return Contraction(pipeline, stage, binding, machine).add();
}

void boundAxes(HalidePipeline& pipeline, int stage)
{
    const HalideStage& whole = pipeline.stages[static_cast<std::size_t>(stage)];
    for (std::size_t i = 0; i < whole.axes.size(); ++i)
        if (!whole.reachesBeyond(static_cast<int>(i)))
            pipeline.schedule.push_back({.stage = stage,
                                         .method = Method::bound,
                                         .names = {whole.axes[i].name},
                                         .extent = whole.axes[i].extent});
}

void parallelise(HalidePipeline& pipeline, int stage, std::vector<std::pair<std::string, std::int64_t>> loops,
                 const HalideMachine& machine)
{
    if (machine.threads == 1 || loops.empty())
        return;
    // Enough parts to share out evenly; more only cost.
    const std::int64_t wanted = 8 * machine.threads;
    auto [name, extent] = loops.front();
    for (std::size_t i = 1; i < loops.size() && extent < wanted; ++i) {
        const std::string fused = pipeline.loop(i == 1 ? "part" : "part" + std::to_string(i));
        pipeline.schedule.push_back({.stage = stage, .method = Method::fuse, .names = {loops[i].first, name, fused}});
        name = fused;
        extent *= loops[i].second;
    }
    if (extent > 1)
        pipeline.schedule.push_back({.stage = stage, .method = Method::parallel, .names = {name}});
}

} // namespace synoscope::codegen
