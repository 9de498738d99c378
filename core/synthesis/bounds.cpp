// What every completion of a state costs at least, and at most (DESIGN 2.3).
//
// Floor. Each weight is multiplied in by one einsum of the plan, over the elements of the data tensor at that time,
// times the weight's outer axes. From the input to there, views keep the number of elements or raise it (strides aside:
// then there is no floor), expands and other weights' outer axes raise it, and only sums lower it: over reductions that
// do not stand below any axis of this weight, since those are summed after the multiplication. An unfold whose parts
// meet the weight further down comes before it and multiplies by its window. So
//
//     multiplications(w) >= |outer axes of w| * |input| * windows that w sees / reductions that w does not see
//
// and if a reduction is below w's axes, its sum adds up as many terms again; that sum may be shared between weights, so
// it is counted once, for the weight where it is largest.
//
// Ceiling. Summing nothing before the end multiplies each point of output and reductions with every weight and adds
// once: a plan that always exists (again without strides), so the cheapest costs no more.
#include "core/synthesis/engine.h"

#include <cstring>

namespace synoscope {

namespace {

// A floor in 16 bits: the upper half of a float (rounded down), its last bit saying whether there are sums.
std::uint16_t packFloor(double value, bool sums)
{
    const auto number = static_cast<float>(value * (1 - 1e-6));
    std::uint32_t bits = 0;
    std::memcpy(&bits, &number, sizeof(bits));
    return static_cast<std::uint16_t>((bits >> 16 & ~1u) | (sums ? 1u : 0u));
}

double floorOf(std::uint16_t packed)
{
    const std::uint32_t bits = static_cast<std::uint32_t>(packed & ~1u) << 16;
    float number = 0;
    std::memcpy(&number, &bits, sizeof(number));
    return number;
}

// Which of the sums are below a node, as a mask.
std::uint32_t sumsBelow(const NodeArena& nodes, const NodeList<maxSums>& sums, NodeId id)
{
    const Node& node = nodes[id];
    if (node.kind == NodeKind::reduce) {
        for (int i = 0; i < sums.count; ++i)
            if (sums[i] == id)
                return 1u << i;
        return 0;
    }
    return (node.a.valid() ? sumsBelow(nodes, sums, node.a) : 0) |
           (node.b.valid() ? sumsBelow(nodes, sums, node.b) : 0);
}

} // namespace

void SynthesisEngine::noteWork(Draft& draft, std::uint32_t inner, std::uint32_t outer) const
{
    if (problem->limits.strides > 0)
        return;
    std::uint32_t seen = 0;
    for (int i = 0; i < draft.frontier.count; ++i)
        if ((inner | outer) >> i & 1)
            seen |= sumsBelow(nodes, draft.sums, draft.frontier[i]);
    double total = 0;
    for (std::size_t layer = 0; layer < sizes.layers(); ++layer) {
        double work = inputElements_[layer];
        for (int i = 0; i < draft.frontier.count; ++i)
            if (outer >> i & 1)
                work *= static_cast<double>(sizes.value(nodes[draft.frontier[i]].size, layer));
        for (int i = 0; i < draft.sums.count; ++i)
            if (!(seen >> i & 1))
                work /= static_cast<double>(sizes.value(nodes[draft.sums[i]].size, layer));
        total += work;
    }
    draft.tally.floors[draft.weights()] = packFloor(total, seen != 0);
}

// Called before the unfold is made.
void SynthesisEngine::noteWindow(Draft& draft, const Edge& unfold) const
{
    const Node& axis = nodes[draft.frontier[unfold.first]];
    const Node& window = nodes[draft.frontier[unfold.second]];
    for (int w = 0; w < draft.weights(); ++w) {
        std::uint16_t& floor = draft.tally.floors[w];
        if ((axis.tags | window.tags) >> w & 1)
            floor = packFloor(floorOf(floor) * static_cast<double>(sizes[window.size].least), floor & 1);
    }
}

double SynthesisEngine::flopsFloor(const Draft& draft) const
{
    double products = 0;
    double sums = 0;
    for (int w = 0; w < draft.weights(); ++w) {
        const std::uint16_t packed = draft.tally.floors[w];
        products += floorOf(packed);
        if (packed & 1)
            sums = std::max(sums, floorOf(packed));
    }
    return products + sums;
}

double SynthesisEngine::flopsCeiling(const Draft& draft) const
{
    if (problem->limits.strides > 0)
        return std::numeric_limits<double>::infinity();
    double points = 0;
    for (std::size_t layer = 0; layer < outputElements_.size(); ++layer)
        points += outputElements_[layer] * static_cast<double>(sizes.value(draft.tally.reductions, layer));
    return points * (problem->limits.weights + 1);
}

bool SynthesisEngine::exceedsParameters(const Draft& draft) const
{
    const Limits& limits = problem->limits;
    if (limits.maxParameters <= 0 && limits.maxPeakBytes <= 0)
        return false;
    double all = 0;
    for (std::size_t layer = 0; layer < sizes.layers(); ++layer) {
        const int count = problem->layers[layer].count;
        double parameters = 0;
        int axis = 0;
        for (int w = 0; w < draft.weights(); ++w) {
            double elements = 1;
            for (int i = 0; i < draft.weightSizes[w]; ++i)
                elements *= static_cast<double>(sizes.value(nodes[draft.weightAxes[axis++]].size, layer));
            parameters += elements;
        }
        all += parameters * count;
        // Input and weights live throughout, and the output at the end.
        const double live = parameters + (inputElements_[layer] + outputElements_[layer]) / count;
        if (limits.maxPeakBytes > 0 && 4 * live > limits.maxPeakBytes)
            return true;
    }
    return limits.maxParameters > 0 && all > limits.maxParameters;
}

} // namespace synoscope
