// What only a program linked with libtorch can do, or may do because it may crash. synoscope-worker fills this in; for synoscope-cli it is null, and
// the commands that need it hand over (Commands::handOver).
#pragma once

#include "core/evaluation/torch_engine.h"
#include "core/evaluation/torch_export.h"
#include "core/evaluation/worker.h"
#include "core/halide/kernel.h"
#include "core/kernels/kernel.h"

namespace synoscope::cli {

struct TorchServices
{
    decltype(&evaluateWithTorch) evaluate;
    decltype(&gradientsWithTorch) gradients;
    decltype(&exportTorchScript) exportScript;
    decltype(&compileAndEvaluate) evaluateCompiled;
    decltype(&compileAndDifferentiate) differentiateCompiled;
    decltype(&evaluateWithHalide) evaluateHalide;
    decltype(&differentiateWithHalide) differentiateHalide;
    decltype(&workerMain) worker;
};

} // namespace synoscope::cli
