#include "core/graph/construction.h"

#include <algorithm>

namespace synoscope {

namespace {

class Construction
{
public:
    explicit Construction(const PGraph& graph)
        : graph_(graph), weights_(graph.primitives().size()), done_(weights_.size(), false)
    {
        for (std::size_t i = 0; i < weights_.size(); ++i)
            weights_[i] = weightOf(graph.primitives()[i]);
    }

    std::vector<ConstructionStep> steps()
    {
        for (const DimensionId reduction : graph_.reductions())
            add({{graph_[reduction].below}, {}});
        while (std::find(done_.begin(), done_.end(), false) != done_.end())
            add(next());
        return std::move(steps_);
    }

private:
    WeightId weightOf(const Primitive& primitive) const
    {
        if (primitive.kind == PrimitiveKind::share)
            return graph_[primitive.topIds[1]].weight;
        if (primitive.kind == PrimitiveKind::expand)
            if (const PrimitiveId below = graph_[primitive.bottomIds[0]].below; below.valid())
                if (graph_[below].kind == PrimitiveKind::share)
                    return weightOf(graph_[below]);
        return {};
    }

    // Whether all that the primitive stands on is built, or about to be.
    bool stands(std::size_t primitive, const std::vector<PrimitiveId>& soon) const
    {
        const auto bottom = graph_.primitives()[primitive].bottom();
        return std::all_of(bottom.begin(), bottom.end(), [&](DimensionId dimension) {
            const PrimitiveId below = graph_[dimension].below;
            return !below.valid() || done_[below.index] || std::find(soon.begin(), soon.end(), below) != soon.end();
        });
    }

    // What is nearest to the output; a contraction in parts only where there is nothing else to do.
    ConstructionStep next() const
    {
        ConstructionStep partial;
        for (std::size_t i = done_.size(); i-- > 0;) {
            if (done_[i])
                continue;
            ConstructionStep step{{}, weights_[i]};
            bool whole = true;
            for (std::size_t j = done_.size(); j-- > 0;) {
                const bool belongs = weights_[i].valid() ? weights_[j] == weights_[i] : j == i;
                if (!belongs || done_[j])
                    continue;
                if (stands(j, step.primitives))
                    step.primitives.push_back(PrimitiveId(j));
                else
                    whole = false;
            }
            if (whole)
                return step;
            if (partial.primitives.empty())
                partial = std::move(step);
        }
        return partial;
    }

    void add(ConstructionStep step)
    {
        for (const PrimitiveId primitive : step.primitives)
            done_[primitive.index] = true;
        steps_.push_back(std::move(step));
    }

    const PGraph& graph_;
    std::vector<WeightId> weights_; // by primitive; not valid: no part of a contraction
    std::vector<bool> done_;
    std::vector<ConstructionStep> steps_;
};

} // namespace

std::vector<ConstructionStep> constructionSteps(const PGraph& graph)
{
    return Construction(graph).steps();
}

} // namespace synoscope
