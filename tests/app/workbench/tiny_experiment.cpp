#include "tests/app/workbench/tiny_experiment.h"

#include "core/experiment/experiment.h"

namespace synoscope {

bool makeTinyExperiment(const std::filesystem::path& file, Measured measured)
{
    ExperimentSettings settings;
    settings.train = false;
    settings.benchmark = measured == Measured::latencies;
    const auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json");
    return problem && Experiment::create(file, *problem, settings, {});
}

} // namespace synoscope
