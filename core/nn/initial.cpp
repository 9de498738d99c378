#include "core/nn/initial.h"

#include <cmath>

namespace synoscope {

void initialise(torch::Tensor tensor, const Initial& initial, double fanIn, double fanOut)
{
    using Kind = Initial::Kind;
    const torch::NoGradGuard noGrad;
    const auto uniform = [&](double bound) { tensor.uniform_(-bound, bound); };
    switch (initial.kind) {
    case Kind::standard:
    case Kind::uniform:
        return uniform(1 / std::sqrt(fanIn));
    case Kind::uniformOut:
        return uniform(1 / std::sqrt(fanOut));
    case Kind::xavier:
        return uniform(std::sqrt(6 / (fanIn + fanOut)));
    case Kind::heIn:
        tensor.normal_(0, std::sqrt(2 / fanIn));
        return;
    case Kind::heOut:
        tensor.normal_(0, std::sqrt(2 / fanOut));
        return;
    case Kind::lecun:
        tensor.normal_(0, std::sqrt(1 / fanIn));
        return;
    case Kind::normal:
        tensor.normal_(0, initial.deviation);
        return;
    case Kind::zero:
        tensor.zero_();
        return;
    }
}

void initialiseBias(torch::Tensor bias, const Initial& weights, double fanIn)
{
    const bool drawn = weights.kind == Initial::Kind::uniform;
    initialise(std::move(bias), {drawn ? Initial::Kind::uniform : Initial::Kind::zero}, fanIn, fanIn);
}

Initial initialOr(const Initial& initial, Initial standard)
{
    return initial.kind == Initial::Kind::standard ? standard : initial;
}

} // namespace synoscope
