// From result files into the store, with the guarantees of an evaluation on this machine: what is told is stored, and
// told or not, nothing is stored twice.
#pragma once

#include "core/cluster/survey.h"
#include "core/store/store.h"

#include <functional>

namespace synoscope {

struct Collection
{
    int arrays = 0;
    int merged = 0; // results that are in the store now, failures included
    int failed = 0; // of those: operators that could not be measured
    int known = 0;  // results that were in the store before
    int duplicates = 0; // of operators that have been evaluated otherwise meanwhile: left where they are
    int underWay = 0;
    std::vector<LostOperator> lost; // noted in the store, and open for another submission
    std::vector<Error> problems;

    bool complete() const { return underWay == 0 && lost.empty(); }
};

// All arrays of the experiment that lie in the folder. Each result is one transaction; `told` hears of it afterwards.
// Result files stay as they are. Fails when the store does.
Expected<Collection> collectArrays(Store& store, const ExperimentRecord& experiment,
                                   const std::filesystem::path& folder, const Slurm& slurm,
                                   const std::function<void(const std::string&)>& told);

} // namespace synoscope
