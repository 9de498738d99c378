#include "app/cli/commands.h"

#include <initializer_list>

namespace synoscope::cli {

void addCommands(Commands& commands)
{
    for (const auto add :
         {addCheck,   addEval,     addExport,  addEqual,     addPath,   addSample, addEnumerate, addSearch,
          addList,    addShow,     addRescore, addCompare,   addImport, addReport, addBench,     addTrain,
          addProxies, addEvaluate, addSlurm,   addBackbones, addData,   addWorker})
        add(commands);
}

} // namespace synoscope::cli
