// From the store to the cluster: what has not been evaluated, as an array of tasks.
#pragma once

#include "core/cluster/survey.h"
#include "core/store/reader.h"

namespace synoscope {

struct SubmissionOptions
{
    std::filesystem::path folder; // of the arrays: where all nodes see it; made where there is none
    std::filesystem::path program; // synoscope-cli, as the nodes see it
    SlurmRequest slurm;            // without time and memory, they follow from the experiment's limits
    int batch = 4;                 // operators of one task
    std::int64_t limit = 0;        // operators of the array; 0: all
    bool retryFailed = false;      // those too that could not be measured before
};

struct Submission
{
    std::filesystem::path folder; // of the array; made by submitArray
    std::string script;
    std::vector<JobFile> jobs; // one for each task; none: there is nothing to do
    int operators = 0;
    std::int64_t failed = 0;   // left out: they could not be measured before
    int underWay = 0;          // left out: in arrays that wait or run
    int uncollected = 0;       // left out: they have results that are to be collected
    std::string slurmJob;      // once it is submitted
    std::vector<Error> problems; // of earlier arrays
};

// What is to be evaluated: operators without a reward that are neither pruned nor in another array of the folder; and the
// unchanged backbone where it has not been trained. Writes nothing.
Expected<Submission> planSubmission(Reader& reader, const ExperimentRecord& experiment, const SubmissionOptions& options,
                                    const Slurm& slurm);
// Writes the array's folder and hands it to Slurm. When Slurm refuses it, the folder is taken away again.
Expected<void> submitArray(Submission& submission, const Slurm& slurm);

} // namespace synoscope
