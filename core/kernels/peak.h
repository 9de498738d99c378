// What the machine can do at most, measured: what shares of the peak are shares of.
#pragma once

#include "core/kernels/compiler.h"

namespace synoscope {

// Fused multiply-adds of float32 a second, each counting 2, in units of 1e9, by so many OpenMP threads at once; the
// best of several tenths of a second. Compiled for this machine like a kernel, and loaded into this process.
Expected<double> peakGflops(int threads);

} // namespace synoscope
