// States as something to read: a final one as a PGraph, moves as text.
#include "core/synthesis/engine.h"

#include <fmt/format.h>
#include <unordered_map>
#include <unordered_set>

namespace synoscope {

namespace {

// Walks from the tops down to the iterators, making each statement when its operands (which stand above) are there.
// In the arena, a node's users stand above it; a PGraph is written top-down, so users come first.
class TopDown
{
public:
    TopDown(const Problem& problem, const SizeTable& sizes, const NodeArena& nodes)
        : problem_(problem), sizes_(sizes), nodes_(nodes), builder_(problem.name, problem.variables)
    {}

    // Under an image of the axes: the same operator with interchangeable ones exchanged.
    PGraph run(const Draft& final, std::span<const NodeId> outputs, const AxisImage& image)
    {
        addInput(final, outputs, image);
        addWeights(final);
        for (const auto& [node, dimension] : tops_)
            need(node);
        for (const NodeId expanded : final.expanded)
            need(expanded);
        for (const auto& [node, dimension] : tops_)
            arrive(node, dimension);
        for (const NodeId expanded : final.expanded)
            arrive(expanded, *builder_.expand(sizeOf(expanded), ""));
        while (!ready_.empty()) {
            const NodeId node = ready_.back();
            ready_.pop_back();
            lower(node);
        }
        std::vector<NodeId> placed(outputs.size());
        for (std::size_t i = 0; i < outputs.size(); ++i)
            placed[image.output[i]] = outputs[i];
        for (const NodeId output : placed)
            (void)builder_.output(dimensions_.at(output));
        for (const Layer& layer : problem_.layers)
            builder_.bind(layer.binding);
        return *builder_.finish();
    }

private:
    const Size& sizeOf(NodeId node) const { return sizes_[nodes_[node].size].size; }

    void addInput(const Draft& final, std::span<const NodeId> outputs, const AxisImage& image)
    {
        std::vector<NodeId> placed(problem_.input.size());
        int next = 0;
        for (int axis = 0; axis < static_cast<int>(problem_.input.size()); ++axis) {
            const auto fixed = std::ranges::find(problem_.fixed, axis, &std::pair<int, int>::first);
            placed[image.input[axis]] = fixed != problem_.fixed.end() ? outputs[fixed->second] : final.frontier[next];
            next += fixed == problem_.fixed.end();
        }
        for (std::size_t axis = 0; axis < placed.size(); ++axis)
            tops_.emplace_back(placed[axis], *builder_.input("", problem_.input[axis].size));
    }

    void addWeights(const Draft& final)
    {
        int axis = 0;
        for (int w = 0; w < final.weights(); ++w) {
            const WeightId weight = *builder_.weight(fmt::format("w{}", w));
            for (int i = 0; i < final.weightSizes[w]; ++i) {
                const NodeId share = final.weightAxes[axis++];
                weightAxis_[share] = *builder_.weightAxis(weight, fmt::format("a{}", i), sizeOf(share));
            }
        }
    }

    // How many tops a node still waits for: a Merge's whole has two, everything else one.
    void need(NodeId id)
    {
        if (!seen_.insert(id).second)
            return;
        const Node& node = nodes_[id];
        if (node.a.valid()) {
            need(node.a);
            if (node.kind == NodeKind::mergeGroup || node.kind == NodeKind::mergeBlock)
                halves_[node.a] += 1;
        }
        if (node.b.valid())
            need(node.b);
    }

    // The dimension of a node is there: whatever stands below it can be made.
    void arrive(NodeId id, DimensionId dimension)
    {
        dimensions_.emplace(id, dimension);
        const Node& node = nodes_[id];
        if (node.kind == NodeKind::iterator)
            return;
        const bool half = node.kind == NodeKind::mergeGroup || node.kind == NodeKind::mergeBlock;
        if (half && ++halvesHere_[node.a] < halves_[node.a])
            return;
        ready_.push_back(id);
    }

    void lower(NodeId id)
    {
        const Node& node = nodes_[id];
        const DimensionId top = dimensions_.at(id);
        switch (node.kind) {
        case NodeKind::iterator:
            return;
        case NodeKind::reduce:
            (void)builder_.reduce(top);
            return;
        case NodeKind::shift:
            return arrive(node.a, *builder_.shift(top, node.amount, ""));
        case NodeKind::stride:
            return arrive(node.a, *builder_.stride(top, sizes_[node.parameter].size, ""));
        case NodeKind::split: {
            const auto parts = *builder_.split(top, sizeOf(node.b), "", "");
            arrive(node.a, parts[0]);
            return arrive(node.b, parts[1]);
        }
        case NodeKind::unfold: {
            const auto parts = *builder_.unfold(top, sizeOf(node.b), "", "");
            arrive(node.a, parts[0]);
            return arrive(node.b, parts[1]);
        }
        case NodeKind::mergeGroup:
        case NodeKind::mergeBlock: {
            const NodeId other = otherHalf(id);
            const bool isGroup = node.kind == NodeKind::mergeGroup;
            const DimensionId otherTop = dimensions_.at(other);
            return arrive(node.a, *builder_.merge(isGroup ? top : otherTop, isGroup ? otherTop : top, ""));
        }
        case NodeKind::share:
            return arrive(node.a, *builder_.share(top, weightAxis_.at(id), ""));
        }
    }

    NodeId otherHalf(NodeId id) const
    {
        const Node& half = nodes_[id];
        for (const auto& [other, dimension] : dimensions_) {
            const Node& node = nodes_[other];
            if (other != id && node.a == half.a && node.parameter == half.parameter && node.kind != half.kind &&
                (node.kind == NodeKind::mergeGroup || node.kind == NodeKind::mergeBlock))
                return other;
        }
        return {};
    }

    const Problem& problem_;
    const SizeTable& sizes_;
    const NodeArena& nodes_;
    PGraph::Builder builder_;
    std::vector<std::pair<NodeId, DimensionId>> tops_;
    std::unordered_map<NodeId, DimensionId> weightAxis_; // of Share nodes
    std::unordered_map<NodeId, DimensionId> dimensions_;
    std::unordered_map<NodeId, int> halves_; // by what is merged: how many halves there will be
    std::unordered_map<NodeId, int> halvesHere_;
    std::unordered_set<NodeId> seen_;
    std::vector<NodeId> ready_;
};

} // namespace

PGraph SynthesisEngine::build(const Draft& final, int image) const
{
    return TopDown(*problem, sizes, nodes).run(final, outputNodes_, nodes.forms.image(image));
}

PGraph SynthesisEngine::build(StateId final) const
{
    return build(load(final), states_[final.index].image);
}

// A dimension in a few words: its size, and where it comes from.
std::string SynthesisEngine::label(NodeId id) const
{
    static constexpr std::array<std::string_view, 9> names{"output",   "sum",   "shifted", "strided", "split",
                                                           "unfolded", "group", "block",   "shared"};
    const std::string size = toString(sizes[nodes[id].size].size, problem->variables);
    switch (nodes[id].base) {
    case NodeKind::iterator:
        return size;
    case NodeKind::reduce:
        return "sum " + size;
    default:
        return fmt::format("{} {}", names[static_cast<std::size_t>(nodes[id].base)], size);
    }
}

std::string SynthesisEngine::describe(const Draft& state, const Edge& edge) const
{
    const auto text = [&](int position) { return label(state.frontier[position]); };
    const auto parameter = [&] { return toString(sizes[SizeId(edge.argument)].size, problem->variables); };
    switch (edge.kind) {
    case MoveKind::reduce:
        return fmt::format("sum over {}", parameter());
    case MoveKind::contraction: {
        std::string inner;
        std::string outer;
        for (int i = 0; i < state.frontier.count; ++i) {
            if (edge.argument >> i & 1)
                inner += (inner.empty() ? "" : ", ") + text(i);
            if (edge.argument >> (i + 16) & 1)
                outer += (outer.empty() ? "" : ", ") + text(i);
        }
        return fmt::format("weight over [{}] giving [{}]", inner, outer);
    }
    case MoveKind::shift:
        return fmt::format("shift {} by 1", text(edge.first));
    case MoveKind::stride:
        return fmt::format("stride {} by {}", text(edge.first), parameter());
    case MoveKind::split:
        return fmt::format("split into {} and {}", text(edge.first), text(edge.second));
    case MoveKind::unfold:
        return fmt::format("unfold {} by {}", text(edge.first), text(edge.second));
    case MoveKind::expand:
        return fmt::format("repeat over {}", text(edge.first));
    case MoveKind::merge:
        return fmt::format("merge {} with block {}", text(edge.first), parameter());
    case MoveKind::finalize: {
        std::string axes;
        std::uint32_t code = edge.argument;
        for (int i = 0; i < state.frontier.count; ++i) {
            axes += (i == 0 ? "" : ", ") + text(static_cast<int>(code % state.frontier.count));
            code /= state.frontier.count;
        }
        return fmt::format("read the input at [{}]", axes);
    }
    }
    return {};
}

} // namespace synoscope
