// The commands, one file each. To add one: write its file, declare its function here, name it in commands.cpp.
#pragma once

namespace synoscope::cli {

class Commands;

void addCheck(Commands& commands);
void addEval(Commands& commands);
void addExport(Commands& commands);
void addEqual(Commands& commands);
void addPath(Commands& commands);
void addSample(Commands& commands);
void addEnumerate(Commands& commands);
void addSearch(Commands& commands);
void addList(Commands& commands);
void addShow(Commands& commands);
void addRescore(Commands& commands);
void addCompare(Commands& commands);
void addImport(Commands& commands);
void addReport(Commands& commands);
void addBench(Commands& commands);
void addTrain(Commands& commands);
void addEvaluate(Commands& commands);
void addSlurm(Commands& commands);
void addProxies(Commands& commands);
void addBackbones(Commands& commands);
void addData(Commands& commands);
void addWorker(Commands& commands);

void addCommands(Commands& commands); // all of them, in the order of the help text

} // namespace synoscope::cli
