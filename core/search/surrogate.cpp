#include "core/search/surrogate.h"

#include "core/base/hash.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace synoscope {
namespace {

// 1 at the centre, falling off on both sides; distances are ratios, so that twice and half count alike.
double near(double value, double centre, double width)
{
    const double distance = std::log(std::max(value, 1e-6) / centre) / width;
    return std::exp(-0.5 * distance * distance);
}

// A hill with one top: each trait has a best value, and every step towards it is rewarded.
double smooth(const OperatorTraits& traits)
{
    return near(traits.field, 20, 1.2) * near(traits.mixing, 1, 1.2) * near(traits.parameterRatio, 2.5, 1.2) *
           near(traits.flopsRatio, 0.3, 0.8);
}

// A wide hill around the ordinary dense convolution, which ends at 0.4, and a narrow one on the other side: cheap, wide,
// with all channels mixed. Half the way over there costs most of what the wide hill gives.
double deceptive(const OperatorTraits& traits)
{
    const double dense = 0.4 * near(traits.parameterRatio, 9, 1.6) * near(traits.flopsRatio, 1, 1.2);
    const double cheap = near(traits.field, 40, 0.8) * near(traits.parameterRatio, 0.6, 0.7) *
                         near(traits.flopsRatio, 0.15, 0.7) * near(traits.mixing, 1, 0.7);
    return std::max(dense, cheap);
}

// Nothing at all, except for the few operators that meet every condition at once; they differ by how frugal they are.
double needle(const OperatorTraits& traits)
{
    const bool meets = traits.narrowest >= 3 && traits.mixing > 0.99 && traits.flopsRatio < 0.5;
    if (!meets)
        return 0;
    return 0.3 + 0.7 * near(traits.flopsRatio, 0.1, 0.7) * near(traits.parameterRatio, 1, 1);
}

// Every pair of neighbours in the pGraph has a worth of its own, drawn once and for all; one change to an operator
// changes several of them. There is no hill, only many.
double rugged(const OperatorTraits& traits)
{
    double sum = 0;
    for (const std::uint64_t pair : traits.neighbours)
        sum += 2 * static_cast<double>(mix(pair) >> 11) * 0x1.0p-53 - 1;
    const double average = sum / std::sqrt(std::max<double>(1, static_cast<double>(traits.neighbours.size())));
    return 1 / (1 + std::exp(3 - 3 * average));
}

constexpr std::array<Surrogate, 4> all{{
    {"smooth", "one hill over receptive field, channel mixing, parameters and FLOPs", smooth},
    {"deceptive", "a wide hill around the dense convolution hides a higher, narrow one around cheap operators", deceptive},
    {"needle", "no reward but for the few operators that are wide, mixing and cheap at once", needle},
    {"rugged", "each pair of neighbouring primitives has a worth of its own, drawn at random", rugged},
}};

} // namespace

std::span<const Surrogate> surrogates()
{
    return all;
}

const Surrogate* findSurrogate(std::string_view name)
{
    const auto found = std::ranges::find(all, name, &Surrogate::name);
    return found == all.end() ? nullptr : &*found;
}

} // namespace synoscope
