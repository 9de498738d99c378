// Latency of an operator against the layer that it would replace (DESIGN 5.3), slot by slot, and of a network with the
// operator in all its slots against the original one.
//
// Both sides run in turns in the same process, so that what disturbs the machine disturbs both: warm-up, then one run
// each, again and again. Runs during which the system gave the processor to somebody else are left out (timing.h). In a
// slot with a stride the operator's side includes the average pooling, and the baseline is the original strided
// convolution. The baseline is the fastest of what the library offers for it, found out during warm-up. One process should
// measure with one number of threads only. On CUDA there are no shares of a peak.
#pragma once

#include "core/evaluation/job_control.h"
#include "core/evaluation/protocol/protocol.h"
#include "core/graph/pgraph.h"

#include <functional>
#include <optional>
#include <variant>

namespace synoscope {

struct BenchSettings
{
    std::string backbone; // its slots; empty: the operator's own bindings
    // A slot is measured until both sides have `repeats` undisturbed runs and `minSeconds` are over; at most for 20 times
    // the runs or the seconds (where everything is slow or disturbed), but 3 runs.
    int repeats = 20;
    double minSeconds = 0.5;
    double maxSeconds = 0;   // of the job, which fails beyond; 0: none
    std::string device = "cpu"; // or "cuda": of libtorch and einsum only
    std::string backend = "libtorch"; // what runs the operator (kernelMaker names them); kernels run in this process
};

using BenchOutcome = std::variant<protocol::BenchResult, protocol::Failed, protocol::Cancelled>;
using BenchProgress = std::function<void(double fraction, const std::string& message)>;

// Without an operator: the original convolutions against themselves, which tells how noisy the machine is. Never throws for
// what settings and operator say.
BenchOutcome bench(const std::optional<PGraph>& graph, const BenchSettings& settings, JobControl& control,
                   const BenchProgress& progress = [](double, const std::string&) {});

} // namespace synoscope
