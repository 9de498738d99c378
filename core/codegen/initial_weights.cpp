#include "core/codegen/initial_weights.h"

#include "core/base/random.h"
#include "core/graph/writer.h"

#include <cmath>
#include <fmt/format.h>
#include <numbers>

namespace synoscope::codegen {

namespace {

constexpr double mostBytes = 2'000'000'000; // protobuf ends at 2 GiB; some room for the rest

// Box and Muller: two normal numbers from two uniform ones.
std::vector<float> normal(std::int64_t count, double deviation, Random& random)
{
    std::vector<float> values(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < values.size(); i += 2) {
        const double radius = deviation * std::sqrt(-2 * std::log(1 - random.unit()));
        const double angle = 2 * std::numbers::pi * random.unit();
        values[i] = static_cast<float>(radius * std::cos(angle));
        if (i + 1 < values.size())
            values[i + 1] = static_cast<float>(radius * std::sin(angle));
    }
    return values;
}

} // namespace

Expected<std::vector<std::vector<float>>> initialWeights(const PGraph& graph, const Plan& plan, const Binding& binding)
{
    if (const double bytes = sizeof(float) * cost(plan, binding).parameters; bytes > mostBytes)
        return Error{
            fmt::format("The weights take {:.1f} GB under this binding; a file holds at most 2 GB.", bytes / 1e9)};
    Random random(hashText(canonicalHash(graph)));
    const std::vector<Size> fanIn = fanIns(plan);
    std::vector<std::vector<float>> weights;
    for (std::size_t i = 0; i < graph.weights().size(); ++i) {
        std::int64_t count = 1;
        for (const std::int64_t extent : graph.shape(graph.weights()[i].axes, binding))
            count *= extent;
        const auto products = static_cast<double>(evaluate(fanIn[i], binding).value_or(1));
        weights.push_back(normal(count, 1 / std::sqrt(products), random));
    }
    return weights;
}

} // namespace synoscope::codegen
