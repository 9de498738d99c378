// An experiment to open, in a file of its own. Apart from who looks at it: the engine and the views both have a
// TreeNodeId.
#pragma once

#include <filesystem>

namespace synoscope {

enum class Measured
{
    no,       // candidates come as fast as the search finds them
    latencies // by benchmarks in workers
};

// False: it could not be made.
bool makeTinyExperiment(const std::filesystem::path& file, Measured measured);

} // namespace synoscope
