// Where a figure was taken (DESIGN 5.3), and whether this machine computes with all it has.
#pragma once

#include "core/evaluation/protocol/protocol.h"

#include <string>

namespace synoscope {

// With the thread count as libtorch has it now.
protocol::Environment environmentNow();

// A sentence when libtorch multiplies matrices with the unoptimised reference BLAS (fifty times slower); else empty.
std::string blasWarning();

// For measuring and training processes, before anything large is allocated: freed memory is kept instead of being given back
// to the system and faulted in again, which doubles the latency of convolutions.
void tuneAllocator();

// How many threads the process computes with. libtorch hands matrix products on to the BLAS, whose threads are its own
// and as many as there are cores: a "single-threaded" convolution would run on all of them, and wait for each.
void setThreads(int threads);

} // namespace synoscope
