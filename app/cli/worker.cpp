// worker: serves requests to train and to measure, one JSON line each (core/evaluation/protocol). For the workbench and
// for the commands that measure; hidden from the help text.
#include "app/cli/command.h"
#include "app/cli/commands.h"
#include "app/cli/torch.h"

#include <unistd.h>

namespace synoscope::cli {

void addWorker(Commands& commands)
{
    CLI::App& command = commands.add("worker", "Serve requests of the workbench", [&commands] {
        if (!commands.torch())
            return commands.handOver();
        Answer answer;
        answer.exit = static_cast<Exit>(commands.torch()->worker(STDIN_FILENO, STDOUT_FILENO));
        return answer;
    });
    command.group("");
}

} // namespace synoscope::cli
