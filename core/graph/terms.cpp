#include "core/graph/terms.h"

namespace synoscope {

std::int64_t saturatingProduct(std::span<const std::int64_t> extents)
{
    constexpr std::int64_t limit = std::int64_t{1} << 62;
    std::int64_t product = 1;
    for (const std::int64_t extent : extents) {
        if (extent == 0)
            return 0;
        product = product > limit / extent ? limit : product * extent;
    }
    return product;
}

Terms::Terms(const PGraph& graph, const Binding& binding, Simplify simplify)
    : Terms(graph, binding, Coordinates(graph, simplify))
{}

Terms::Terms(const PGraph& graph, const Binding& binding, const Coordinates& coordinates)
    : coordinates_(coordinates, binding), weightElements_(graph.weights().size())
{
    const auto tensor = [&](std::span<const DimensionId> axes) {
        const std::vector<std::int64_t> shape = graph.shape(axes, binding);
        Tensor tensor(axes.size());
        std::int64_t stride = 1;
        for (std::size_t i = axes.size(); i-- > 0;) {
            tensor[i] = {coordinates[axes[i]], stride};
            stride = saturatingProduct(std::array{stride, shape[i]});
        }
        return tensor;
    };
    points_ = saturatingProduct(coordinates_.extents());
    output_ = tensor(graph.output());
    input_ = tensor(graph.input());
    for (const Weight& weight : graph.weights())
        weights_.push_back(tensor(weight.axes));
}

} // namespace synoscope
