// Slurm's commands: an array of tasks handed in, and asked after.
#pragma once

#include "core/base/error.h"
#include "core/jobs/child_process.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace synoscope {

// What sbatch is asked for. Empty texts and 0: as the cluster has it.
struct SlurmRequest
{
    std::string partition;
    std::string time;   // as sbatch has it: minutes, or hours:minutes:seconds, ...
    std::string memory; // of a task, as sbatch has it: "5G"
    int cpus = 1;       // of a task
    int gpus = 0;
    int atOnce = 0;                 // tasks that run at the same time; 0: any number
    std::vector<std::string> extra; // further arguments, each as one: "--account=physics"
};

// The batch script of an array folder, in which it is to be submitted. Refuses what would be more than one line.
Expected<std::string> batchScript(const SlurmRequest& request, const std::string& jobName, int tasks,
                                  const std::filesystem::path& program);

struct TaskStatus
{
    bool ended = false; // false: waits or runs
    std::string word{}; // Slurm's own: PENDING, RUNNING, TIMEOUT, ...; empty: Slurm has forgotten it
    std::string node{};
    int exitStatus = 0;
    int signal = 0;
};

class Slurm
{
public:
    // The job's id: "17", or "17;cluster" where there are several.
    Expected<std::string> submit(const std::filesystem::path& folder, const std::string& script) const;
    // One for each of the array's tasks. An error: Slurm cannot be asked now, and nothing is known.
    Expected<std::vector<TaskStatus>> tasks(const std::string& job, int count) const;
    // The id of the waiting or running job of this name; empty: there is none.
    Expected<std::string> find(const std::string& jobName) const;

private:
    Expected<ChildOutput> ask(std::vector<std::string> words, const std::filesystem::path& folder = {}) const;
};

// What Slurm's commands print. `known` gets what is told of tasks.
void readScontrol(std::string_view text, std::map<int, TaskStatus>& known); // show job --oneliner
void readSacct(std::string_view text, std::map<int, TaskStatus>& known);    // -nPX -o JobID,State,ExitCode,NodeList

} // namespace synoscope
