// synoscope-cli: everything the workbench computes, without a screen (DESIGN 8.3).
//
// This program is not linked with libtorch, which takes half a second and 160 MB to load: what needs it is handed over
// to synoscope-worker, which has the same commands and is found beside this one.
#include "app/cli/command.h"

int main(int argc, char** argv)
{
    return synoscope::cli::runProgram(argc, argv, nullptr);
}
