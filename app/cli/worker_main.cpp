// synoscope-worker: the commands of synoscope-cli in a program that is linked with libtorch. Nobody calls it by hand.
#include "app/cli/command.h"
#include "app/cli/torch.h"

int main(int argc, char** argv)
{
    using namespace synoscope;
    const cli::TorchServices torch{.evaluate = evaluateWithTorch,
                                   .gradients = gradientsWithTorch,
                                   .exportScript = exportTorchScript,
                                   .evaluateCompiled = compileAndEvaluate,
                                   .differentiateCompiled = compileAndDifferentiate,
                                   .evaluateHalide = evaluateWithHalide,
                                   .differentiateHalide = differentiateWithHalide,
                                   .worker = workerMain};
    return cli::runProgram(argc, argv, &torch);
}
