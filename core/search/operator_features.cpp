#include "core/search/operator_features.h"

#include "core/base/hash.h"

#include <algorithm>
#include <bit>

namespace synoscope {
namespace {

// What a feature is about; then come a kind, a size, a variable.
enum class About : std::uint64_t {
    length,
    kind,
    sizedKind,
    successors,
    contraction,
    parameter,
    atInput,
    atOutput,
    summed,
    weighted,
    largestWeight,
    smallestWeight
};

class Collector
{
public:
    void add(About about, std::uint64_t a = 0, std::uint64_t b = 0, float value = 1)
    {
        found_.push_back({combine(combine(static_cast<std::uint64_t>(about) + 1, a), b), value});
    }
    // The exponents of a size, variable by variable: logarithms of products are sums of these.
    void addExponents(About about, std::uint64_t a, const Size& size)
    {
        for (std::uint64_t v = 0; v < maxVariables; ++v)
            if (const int exponent = size.exponents()[v]; exponent != 0)
                add(about, a, v, static_cast<float>(exponent));
    }
    std::vector<Feature> summed()
    {
        std::ranges::stable_sort(found_, {}, &Feature::name);
        std::vector<Feature> sums;
        for (const Feature& one : found_) {
            if (sums.empty() || sums.back().name != one.name)
                sums.push_back({one.name, 0});
            sums.back().value += one.value;
        }
        return sums;
    }

private:
    std::vector<Feature> found_;
};

void addWay(Collector& features, std::span<const Move> way)
{
    features.add(About::length, 0, 0, static_cast<float>(way.size()));
    for (std::size_t i = 0; i < way.size(); ++i) {
        const auto kind = static_cast<std::uint64_t>(way[i].kind);
        features.add(About::kind, kind);
        features.add(About::sizedKind, kind, way[i].size.hash());
        if (i > 0)
            features.add(About::successors, static_cast<std::uint64_t>(way[i - 1].kind), kind);
        if (way[i].kind == MoveKind::contraction)
            features.add(About::contraction, static_cast<std::uint64_t>(std::popcount(way[i].inner)),
                         static_cast<std::uint64_t>(std::popcount(way[i].outer)));
    }
}

void addWeights(Collector& features, const PGraph& graph)
{
    Size most, least;
    bool first = true;
    for (const Weight& weight : graph.weights()) {
        Size product;
        for (const DimensionId axis : weight.axes)
            product = product * graph[axis].size;
        features.addExponents(About::weighted, 0, product);
        most = first ? product : std::max(most, product);
        least = first ? product : std::min(least, product);
        first = false;
    }
    features.addExponents(About::largestWeight, 0, most);
    features.addExponents(About::smallestWeight, 0, least);
}

void addGraph(Collector& features, const PGraph& graph)
{
    constexpr std::uint64_t none = primitiveKinds;
    for (const Primitive& primitive : graph.primitives())
        features.addExponents(About::parameter, static_cast<std::uint64_t>(primitive.kind), primitive.parameter);
    for (const DimensionId id : graph.input()) {
        const Dimension& axis = graph[id];
        const auto below = axis.below.valid() ? static_cast<std::uint64_t>(graph[axis.below].kind) : none;
        features.add(About::atInput, axis.size.hash(), below);
    }
    for (const DimensionId id : graph.output()) {
        const Dimension& axis = graph[id];
        const auto above = axis.above.valid() ? static_cast<std::uint64_t>(graph[axis.above].kind) : none;
        features.add(About::atOutput, axis.size.hash(), above);
    }
    for (const DimensionId id : graph.reductions())
        features.addExponents(About::summed, 0, graph[id].size);
    addWeights(features, graph);
}

} // namespace

std::vector<Feature> featuresOf(std::span<const Move> way, const PGraph& graph)
{
    Collector features;
    addWay(features, way);
    addGraph(features, graph);
    return features.summed();
}

} // namespace synoscope
