// evaluate: the work of one job file (core/cluster), on a cluster's node or anywhere. Needs neither a store nor a screen.
#include "app/cli/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/output.h"
#include "core/base/resources.h"
#include "core/cluster/evaluator.h"

#include <fmt/format.h>

#include <cstdlib>
#include <mutex>

namespace synoscope::cli {

namespace {

struct Options
{
    std::string job, results;
    int cores = 0;
};

std::int64_t slurmNumber(const char* name)
{
    const char* value = std::getenv(name);
    return value ? std::atoll(value) : 0;
}

// What Slurm allows the task, less what this process needs.
std::int64_t memoryOfTask()
{
    constexpr std::int64_t own = 128;
    const std::int64_t megabytes = slurmNumber("SLURM_MEM_PER_NODE");
    return megabytes > 2 * own ? (megabytes - own) << 20 : 0;
}

Answer evaluate(const Options& options)
{
    const auto& interrupted = watchInterrupt();
    const auto job = JobFile::read(options.job);
    if (!job)
        return job.error();
    std::mutex printing;
    EvaluatorOptions evaluator;
    evaluator.results = options.results;
    evaluator.workers = {{workerProgram().string(), "worker"}};
    const int allowed = static_cast<int>(std::max<std::int64_t>(1, slurmNumber("SLURM_CPUS_PER_TASK")));
    evaluator.cores = options.cores > 0 ? options.cores : allowed;
    evaluator.memoryBytes = memoryOfTask();
    evaluator.say = [&printing](const std::string& line) {
        const std::lock_guard lock(printing);
        fmt::print(stderr, "{}\n", line);
    };
    if (job->program != programVersion())
        evaluator.say(fmt::format("{} was written by Synoscope {}, this is {}.", options.job, job->program,
                                  programVersion()));
    const InterruptStop stop(interrupted);
    const auto summary = evaluateJob(*job, evaluator, stop.token());
    if (!summary)
        return failed(summary.error());
    Answer answer;
    answer.json = {{"operators", summary->operators}, {"measured", summary->measured}, {"failed", summary->failed},
                   {"known", summary->known},         {"complete", summary->complete()}, {"results", options.results}};
    answer.text = fmt::format("{} of {} operators measured, {} of them failed, {} known before{}\n", summary->measured,
                              summary->operators, summary->failed, summary->known,
                              summary->complete() ? "" : "; stopped before the end");
    if (!summary->complete())
        answer.exit = Exit::negative;
    return answer;
}

} // namespace

void addEvaluate(Commands& commands)
{
    const auto options = std::make_shared<Options>();
    CLI::App& command = commands.add("evaluate", "Measure and train the operators of a job file",
                                     [options] { return evaluate(*options); });
    command.add_option("job", options->job, "A job file of slurm submit (jobs/0.json)")->required();
    command.add_option("--results", options->results, "The folder in which each operator's result is written")
        ->required();
    command.add_option("--cores", options->cores, "How many operators train at once; 0: what Slurm allows, or one")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    command.footer("What has a result already is not measured again. Ends with 1 when it was stopped before all were "
                   "measured.");
}

} // namespace synoscope::cli
