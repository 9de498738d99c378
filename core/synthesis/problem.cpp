#include "core/synthesis/problem.h"

namespace synoscope {

std::pair<double, double> Problem::flopsWindow() const
{
    const double whole = baselineFlops + restFlops;
    return {limits.flopsLow * whole - restFlops, limits.flopsHigh * whole - restFlops};
}

} // namespace synoscope
