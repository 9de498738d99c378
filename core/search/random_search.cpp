// Random search: every iteration is a random rollout. The measure for everything better.
#include "core/search/rolling.h"

namespace synoscope {

std::unique_ptr<Algorithm> makeRandomSearch(const SearchOptions&)
{
    return std::make_unique<RollingAlgorithm>();
}

} // namespace synoscope
