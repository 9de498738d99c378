#include "core/graph/validate.h"

#include "core/graph/coordinates.h"

#include <fmt/format.h>
#include <unordered_set>

namespace synoscope {

namespace {

class Validator
{
public:
    explicit Validator(const PGraph& graph) : graph_(graph), marked_(graph.dimensions().size()) {}

    std::vector<Violation> run()
    {
        if (graph_.weights().empty())
            report("no-weight", "the operator has no weight, so it has nothing to learn");
        discardedInput();
        bareExpand();
        boxFilter();
        equalAxes();
        diagonal();
        return std::move(violations_);
    }

private:
    void report(std::string rule, std::string message) { violations_.push_back({std::move(rule), std::move(message)}); }

    bool marked(DimensionId id) const { return marked_[id.index]; }
    void mark(DimensionId id, bool value = true) { marked_[id.index] = value; }
    void clearMarks() { marked_.assign(marked_.size(), false); }
    const std::string& name(DimensionId id) const { return graph_[id].name; }

    // Marks, from bottom to top, what a Stride's gaps reach.
    void discardedInput()
    {
        clearMarks();
        for (std::size_t i = graph_.primitives().size(); i-- > 0;) {
            const Primitive& p = graph_.primitives()[i];
            switch (p.kind) {
            case PrimitiveKind::stride:
                mark(p.topIds[0]);
                break;
            case PrimitiveKind::split:
                mark(p.topIds[0], marked(p.bottomIds[0]) || marked(p.bottomIds[1]));
                break;
            case PrimitiveKind::merge:
                mark(p.topIds[0], marked(p.bottomIds[0]));
                mark(p.topIds[1], marked(p.bottomIds[0]));
                break;
            case PrimitiveKind::unfold: // the window may have gaps: a dilated window moves over everything
            case PrimitiveKind::shift:
            case PrimitiveKind::share:
                mark(p.topIds[0], marked(p.bottomIds[0]));
                break;
            case PrimitiveKind::expand:
            case PrimitiveKind::reduce:
                break;
            }
        }
        for (const DimensionId axis : graph_.input())
            if (marked(axis))
                report(
                    "discarded-input",
                    fmt::format("a stride skips elements of the input's axis '{}', and no unfold's window absorbs it",
                                name(axis)));
    }

    // Marks, from top to bottom, what is a mere copy along itself.
    void bareExpand()
    {
        clearMarks();
        for (const Primitive& p : graph_.primitives()) {
            if (p.kind == PrimitiveKind::expand)
                mark(p.bottomIds[0]);
            else if (p.kind == PrimitiveKind::merge)
                mark(p.bottomIds[0], marked(p.topIds[0]) && marked(p.topIds[1]));
            else if (p.kind == PrimitiveKind::reduce && marked(p.topIds[0]))
                report("bare-expand",
                       fmt::format("the expanded axis '{}' is summed as it is: a multiplication by a constant",
                                   name(p.topIds[0])));
            else if (p.kind != PrimitiveKind::share)
                for (const DimensionId bottom : p.bottom())
                    mark(bottom, marked(p.topIds[0]));
        }
        for (const DimensionId axis : graph_.output())
            if (marked(axis))
                report("bare-expand", fmt::format("the expanded axis '{}' reaches the output as mere copies; expected "
                                                  "a share with a weight on the way",
                                                  name(axis)));
    }

    // Marks, from top to bottom, the windows that no weight has touched.
    void boxFilter()
    {
        clearMarks();
        for (const Primitive& p : graph_.primitives()) {
            if (p.kind == PrimitiveKind::reduce && marked(p.topIds[0]))
                report("box-filter",
                       fmt::format("the window '{}' is summed without a weight: a box filter", name(p.topIds[0])));
            if (p.kind == PrimitiveKind::share || p.kind == PrimitiveKind::expand)
                continue;
            bool bare = false;
            for (const DimensionId top : p.top())
                bare |= marked(top);
            for (const DimensionId bottom : p.bottom())
                mark(bottom, bare);
            if (p.kind == PrimitiveKind::unfold)
                mark(p.bottomIds[1]);
        }
    }

    void equalAxes()
    {
        const Coordinates coordinates(graph_, Simplify::yes);
        for (const Weight& weight : graph_.weights())
            for (std::size_t i = 0; i < weight.axes.size(); ++i)
                for (std::size_t j = 0; j < i; ++j)
                    if (coordinates[weight.axes[i]] == coordinates[weight.axes[j]])
                        report("equal-axes", fmt::format("the axes '{}' and '{}' of the weight '{}' always have the "
                                                         "same index: only a diagonal is used",
                                                         name(weight.axes[j]), name(weight.axes[i]), weight.name));
    }

    // For each Share, whether the data above it has been through a Share with the same weight.
    void diagonal()
    {
        const Coordinates coordinates(graph_, Simplify::yes);
        for (const Primitive& p : graph_.primitives()) {
            if (p.kind != PrimitiveKind::share)
                continue;
            const WeightId weight = graph_[p.topIds[1]].weight;
            for (const DimensionId axis : sharedAbove(p.topIds[0], weight))
                if (coordinates[axis] != coordinates[p.topIds[1]]) // else equal-axes has said so
                    report("diagonal",
                           fmt::format(
                               "the axis '{}' meets the weight '{}' in '{}' after parts of it already met it in '{}'",
                               name(p.topIds[0]), graph_[weight].name, name(p.topIds[1]), name(axis)));
        }
    }

    // The axes of the weight that are shared with what stands above the dimension.
    std::vector<DimensionId> sharedAbove(DimensionId from, WeightId weight) const
    {
        std::vector<DimensionId> axes;
        std::unordered_set<DimensionId> seen{from};
        std::vector<DimensionId> open{from};
        while (!open.empty()) {
            const PrimitiveId above = graph_[open.back()].above;
            open.pop_back();
            if (!above.valid())
                continue;
            const Primitive& p = graph_[above];
            if (p.kind == PrimitiveKind::share && graph_[p.topIds[1]].weight == weight)
                axes.push_back(p.topIds[1]);
            for (const DimensionId top : p.top())
                if (seen.insert(top).second)
                    open.push_back(top);
        }
        return axes;
    }

    const PGraph& graph_;
    std::vector<bool> marked_;
    std::vector<Violation> violations_;
};

} // namespace

std::vector<Violation> violations(const PGraph& graph)
{
    return Validator(graph).run();
}

} // namespace synoscope
