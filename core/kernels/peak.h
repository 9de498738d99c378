// What the machine can do at most, measured: what shares of the peak are shares of.
#pragma once

#include "core/kernels/kernel.h"

namespace synoscope {

// Fused multiply-adds of float32 by so many OpenMP threads at once. Compiled for this machine like a kernel, and loaded
// into this process. Needs registers only, so it can be run in turns with what is measured: machines get slower and
// faster, and a share of the peak means that of the same moment.
class PeakProbe
{
public:
    static Expected<PeakProbe> make(int threads);

    // Operations a second in units of 1e9, each multiply-add counting 2. Takes a fifth of a millisecond or so.
    double gflops() const { return measure_(threads_); }

private:
    using Measure = double (*)(int threads);
    PeakProbe(std::shared_ptr<const KernelLibrary> library, Measure measure, int threads)
        : library_(std::move(library)), measure_(measure), threads_(threads)
    {}

    std::shared_ptr<const KernelLibrary> library_;
    Measure measure_;
    int threads_;
};

} // namespace synoscope
