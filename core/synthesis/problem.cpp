#include "core/synthesis/problem.h"

namespace synoscope {

std::pair<double, double> Problem::flopsWindow() const
{
    const double whole = baselineFlops + restFlops;
    return {limits.flopsLow * whole - restFlops, limits.flopsHigh * whole - restFlops};
}

bool Problem::ruleOn(const std::string& rule) const
{
    const auto found = rules.find(rule);
    return found == rules.end() || found->second;
}

} // namespace synoscope
