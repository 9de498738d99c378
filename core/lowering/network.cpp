#include "core/lowering/network.h"

namespace synoscope::lowering {

namespace {

class NetworkBuilder
{
public:
    NetworkBuilder(const PGraph& graph, Network& network)
        : graph_(graph), network_(network), labelOf_(graph.dimensions().size(), -1),
          axisOf_(graph.dimensions().size(), -1)
    {}

    void build()
    {
        network_.labels.reserve(graph_.dimensions().size());
        network_.views.reserve(graph_.primitives().size());
        addWeights();
        for (const DimensionId id : graph_.input())
            network_.input.push_back(addLabel(id, -1));
        for (const Primitive& primitive : graph_.primitives())
            visit(primitive);
        for (const DimensionId id : graph_.output())
            network_.output.push_back(labelOf_[id.index]);
        nameAfterWeights();
    }

private:
    void addWeights()
    {
        network_.weights.resize(graph_.weights().size());
        for (std::size_t w = 0; w < graph_.weights().size(); ++w) {
            for (const DimensionId id : graph_.weights()[w].axes) {
                axisOf_[id.index] = static_cast<int>(network_.weightAxes.size());
                network_.weights[w].push_back(axisOf_[id.index]);
                network_.weightAxes.push_back({static_cast<int>(w), -1, graph_[id].name, graph_[id].size});
            }
        }
    }

    int addLabel(DimensionId id, int producer)
    {
        labelOf_[id.index] = static_cast<int>(network_.labels.size());
        network_.labels.push_back({graph_[id].name, graph_[id].size, producer, -1, false, false, {}});
        return labelOf_[id.index];
    }

    void visit(const Primitive& primitive)
    {
        const int data = primitive.top().empty() ? -1 : labelOf_[primitive.topIds[0].index];
        switch (primitive.kind) {
        case PrimitiveKind::expand:
            network_.labels[addLabel(primitive.bottomIds[0], -1)].expanded = true;
            return;
        case PrimitiveKind::reduce:
            network_.labels[data].reduced = true;
            return;
        case PrimitiveKind::share: {
            const int axis = axisOf_[primitive.topIds[1].index];
            network_.weightAxes[axis].label = data;
            network_.labels[data].weightAxes.push_back(axis);
            labelOf_[primitive.bottomIds[0].index] = data;
            return;
        }
        default:
            return addView(primitive);
        }
    }

    void addView(const Primitive& primitive)
    {
        const int index = static_cast<int>(network_.views.size());
        View view{.kind = primitive.kind, .parameter = primitive.parameter, .amount = primitive.amount};
        for (const DimensionId top : primitive.top()) {
            view.topLabels[view.tops++] = labelOf_[top.index];
            network_.labels[labelOf_[top.index]].consumer = index;
        }
        for (const DimensionId bottom : primitive.bottom())
            view.bottomLabels[view.bottoms++] = addLabel(bottom, index);
        network_.views.push_back(view);
    }

    // What a statement made for a weight (an expanded axis, a window) is best known by the name of the weight's axis.
    void nameAfterWeights()
    {
        for (Label& label : network_.labels) {
            const View* producer = label.producer >= 0 ? &network_.views[label.producer] : nullptr;
            const bool window = producer && producer->kind == PrimitiveKind::unfold &&
                                &network_.labels[producer->bottom()[1]] == &label;
            if ((label.expanded || window) && !label.weightAxes.empty())
                label.name = network_.weightAxes[label.weightAxes.front()].name;
        }
    }

    const PGraph& graph_;
    Network& network_;
    std::vector<int> labelOf_; // by dimension
    std::vector<int> axisOf_;  // by dimension
};

} // namespace

Network::Network(const PGraph& graph)
{
    NetworkBuilder(graph, *this).build();
}

} // namespace synoscope::lowering
