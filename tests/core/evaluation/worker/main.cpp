#include "core/evaluation/worker.h"

int main()
{
    return synoscope::workerMain(0, 1);
}
