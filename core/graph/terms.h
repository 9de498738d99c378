// The terms of an operator's sum under one binding (DESIGN 1.2): for every point of output and reduction iterators that
// no guard removes, which elements it touches. What interpreter and fingerprint stand on.
#pragma once

#include "core/graph/coordinates.h"

namespace synoscope {

class Terms
{
public:
    // Simplified coordinates do without sizes that cancel: needed where those may be fractions (a fingerprint's probe).
    Terms(const PGraph& graph, const Binding& binding, Simplify simplify = Simplify::no);

    // Points to visit, those that guards remove included. Saturates at 2^62.
    std::int64_t points() const { return points_; }

    // Calls visit(output element, input element, weight elements) with row-major element indices: output by output, the
    // reductions innermost.
    template <typename Visit>
    void forEach(const Visit& visit)
    {
        if (points_ == 0)
            return;
        const std::span<const std::int64_t> extents = coordinates_.extents();
        std::vector<std::int64_t> point(extents.size());
        do {
            if (coordinates_.evaluate(point)) {
                for (std::size_t w = 0; w < weights_.size(); ++w)
                    weightElements_[w] = element(weights_[w]);
                visit(element(output_), element(input_), std::span<const std::int64_t>(weightElements_));
            }
        } while (next(point, extents));
    }

private:
    Terms(const PGraph& graph, const Binding& binding, const Coordinates& coordinates);

    struct Axis
    {
        ExpressionId coordinate;
        std::int64_t stride;
    };
    using Tensor = std::vector<Axis>;

    static bool next(std::vector<std::int64_t>& point, std::span<const std::int64_t> extents)
    {
        for (std::size_t i = point.size(); i-- > 0;) {
            if (++point[i] < extents[i])
                return true;
            point[i] = 0;
        }
        return false;
    }

    std::int64_t element(const Tensor& tensor) const
    {
        std::int64_t index = 0;
        for (const Axis& axis : tensor)
            index += coordinates_[axis.coordinate] * axis.stride;
        return index;
    }

    ConcreteCoordinates coordinates_;
    std::int64_t points_ = 1;
    Tensor output_;
    Tensor input_;
    std::vector<Tensor> weights_;
    std::vector<std::int64_t> weightElements_;
};

// The product of extents, saturating at 2^62.
std::int64_t saturatingProduct(std::span<const std::int64_t> extents);

} // namespace synoscope
