// Does the work of a job file: on a cluster's node, or anywhere. No store is near; what is measured lies in result files.
#pragma once

#include "core/cluster/result_file.h"
#include "core/experiment/worker_pool.h"

#include <functional>
#include <stop_token>

namespace synoscope {

struct EvaluatorOptions
{
    std::filesystem::path results; // a folder; made where there is none
    WorkerSettings workers;
    int cores = 1;                // operators that train at once; benchmarks run alone
    std::int64_t memoryBytes = 0; // for all workers together; 0: no limit beside the job's own
    std::function<void(const std::string&)> say; // a line for the log, from any thread
};

struct EvaluatorSummary
{
    int operators = 0; // of the job
    int known = 0;     // had a result already, from before this task was started again
    int measured = 0;
    int failed = 0; // of those measured
    bool complete() const { return known + measured == operators; } // false: it was stopped
};

// Measures each operator that has no result of this array in the folder yet. A result file that cannot be read is put
// aside as HASH.json.damaged and made again. An operator that fails has a result too: the sentence why. Fails itself only
// when results cannot be kept; what was written until then stays.
Expected<EvaluatorSummary> evaluateJob(const JobFile& job, const EvaluatorOptions& options, std::stop_token stop);

} // namespace synoscope
