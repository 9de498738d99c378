// The worker process: trains and measures on request, so that the program itself needs no libtorch, survives a
// crash of it, and measures in a process of its own. core/evaluation/protocol says what is asked and answered.
#pragma once

namespace synoscope {

// Reads requests from `in` and writes events to `out` (file descriptors) until `quit` or the end of `in`. Returns the
// process's exit status. To be called once, in the main thread (the only one whose heap is tuned), before libtorch is used.
int workerMain(int in, int out);

} // namespace synoscope
