// slurm submit, slurm collect: evaluations on a cluster (core/cluster).
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/stored.h"
#include "core/cluster/collection.h"
#include "core/cluster/submission.h"

#include <fmt/format.h>

namespace synoscope::cli {

namespace {

namespace fs = std::filesystem;

struct SubmitOptions
{
    std::string file;
    SubmissionOptions submission;
    bool dryRun = false;
};

struct CollectOptions
{
    std::string file, folder;
};

Json problemsJson(const std::vector<Error>& problems)
{
    Json list = Json::array();
    for (const Error& problem : problems)
        list.push_back({{"file", problem.file}, {"message", problem.message}});
    return list;
}

// The nodes need paths that do not depend on where somebody stood.
fs::path wholePath(const fs::path& path)
{
    std::error_code ignored;
    const fs::path whole = fs::absolute(path, ignored).lexically_normal();
    return whole.has_filename() ? whole : whole.parent_path();
}

std::string leftOutText(const Submission& submission)
{
    std::string text;
    if (submission.underWay > 0)
        text += fmt::format("{} operators are in arrays that wait or run\n", submission.underWay);
    if (submission.uncollected > 0)
        text += fmt::format("{} operators have results that wait for slurm collect\n", submission.uncollected);
    if (submission.failed > 0)
        text += fmt::format("{} operators failed before; --retry-failed submits them again\n", submission.failed);
    return text;
}

Answer submit(SubmitOptions options)
{
    auto stored = openStored(options.file);
    if (!stored)
        return stored.error();
    std::error_code error;
    options.submission.folder = wholePath(options.submission.folder);
    if (options.submission.program.empty())
        options.submission.program = fs::read_symlink("/proc/self/exe", error);
    options.submission.program = wholePath(options.submission.program);
    const Slurm slurm;
    auto plan = planSubmission(stored->reader, stored->experiment, options.submission, slurm);
    if (!plan)
        return plan.error();
    for (const Error& problem : plan->problems)
        fmt::print(stderr, "{}\n", problem.text());
    if (!options.dryRun && !plan->jobs.empty())
        if (auto submitted = submitArray(*plan, slurm); !submitted)
            return failed(submitted.error());

    Answer answer;
    answer.json = {{"operators", plan->operators}, {"tasks", plan->jobs.size()},
                   {"folder", plan->folder.string()}, {"slurm_job", plan->slurmJob},
                   {"under_way", plan->underWay},  {"uncollected", plan->uncollected},
                   {"failed", plan->failed},       {"problems", problemsJson(plan->problems)}};
    if (options.dryRun)
        answer.json["script"] = plan->script;
    if (plan->jobs.empty())
        answer.text = "nothing is to be evaluated\n";
    else if (options.dryRun)
        answer.text = plan->script;
    else
        answer.text = fmt::format("{} operators in {} tasks: Slurm job {}, in {}\n", plan->operators, plan->jobs.size(),
                                  plan->slurmJob, plan->folder.string());
    if (!options.dryRun)
        answer.text += leftOutText(*plan);
    return answer;
}

Answer collect(const CollectOptions& options)
{
    auto store = Store::open(options.file, OpenMode::mustExist);
    if (!store)
        return store.error();
    auto stored = openStored(options.file);
    if (!stored)
        return stored.error();
    const auto told = [](const std::string& line) { fmt::print(stderr, "{}\n", line); };
    const auto collection = collectArrays(**store, stored->experiment, wholePath(options.folder), Slurm(), told);
    if (!collection)
        return failed(collection.error());
    Answer answer;
    Json lost = Json::array();
    for (const LostOperator& one : collection->lost)
        lost.push_back({{"hash", one.hash}, {"message", one.reason}});
    answer.json = {{"arrays", collection->arrays},    {"merged", collection->merged},
                   {"failed", collection->failed},    {"known", collection->known},
                   {"duplicates", collection->duplicates}, {"under_way", collection->underWay},
                   {"lost", std::move(lost)},         {"problems", problemsJson(collection->problems)},
                   {"complete", collection->complete()}};
    answer.text = fmt::format("{} results stored ({} of them failures), {} known before, {} duplicates, {} operators "
                              "under way, {} lost\n",
                              collection->merged, collection->failed, collection->known, collection->duplicates,
                              collection->underWay, collection->lost.size());
    if (!collection->lost.empty())
        answer.text += "slurm submit submits again what was lost\n";
    if (!collection->complete())
        answer.exit = Exit::negative;
    return answer;
}

void declareSubmit(CLI::App& command, SubmitOptions& options)
{
    SlurmRequest& slurm = options.submission.slurm;
    command.add_option("--db", options.file, "The search's store (.synoscope)")->required();
    command.add_option("--dir", options.submission.folder, "The folder of its arrays, which all nodes see")->required();
    command.add_flag("--dry-run", options.dryRun, "Show the batch script; write and submit nothing");
    command.add_option("--batch", options.submission.batch, "Operators of one array task")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    command.add_option("--limit", options.submission.limit, "Submit at most so many operators; 0: all")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_flag("--retry-failed", options.submission.retryFailed, "Those too that could not be measured before");
    command.add_option("--partition", slurm.partition, "Where to run; the cluster's default otherwise");
    command.add_option("--time", slurm.time, "Of a task, as sbatch has it; from the experiment's limits otherwise");
    command.add_option("--mem", slurm.memory, "Of a task, as sbatch has it; from the experiment's limits otherwise");
    command.add_option("--cpus", slurm.cpus, "Of a task: so many operators train at once")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    command.add_option("--gpus", slurm.gpus, "Of a task")->check(CLI::Range(0, 1024))->capture_default_str();
    command.add_option("--at-once", slurm.atOnce, "How many tasks may run at the same time; 0: any number")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_option("--sbatch", slurm.extra, "A further argument of sbatch, as --sbatch=--account=physics; repeatable")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
    command.add_option("--program", options.submission.program,
                       "This program as the nodes see it, where that is another path");
    command.footer("Submits what has not been evaluated and is in no other array: again after a failure of the cluster, "
                   "it submits what is missing. search --defer finds operators for it.");
}

} // namespace

void addSlurm(Commands& commands)
{
    const auto submitting = std::make_shared<SubmitOptions>();
    const auto collecting = std::make_shared<CollectOptions>();
    const auto chosen = std::make_shared<CLI::App*>(nullptr); // submit; otherwise it is collect
    CLI::App& command = commands.add("slurm", "Evaluate operators on a cluster, in job arrays",
                                     [=] { return (*chosen)->parsed() ? submit(*submitting) : collect(*collecting); });
    command.require_subcommand(1);
    *chosen = command.add_subcommand("submit", "Submit what has not been evaluated, as a job array");
    (*chosen)->fallthrough(); // --json
    declareSubmit(**chosen, *submitting);
    CLI::App& collector = *command.add_subcommand("collect", "Put the results that have arrived into the store");
    collector.fallthrough();
    collector.add_option("--db", collecting->file, "The search's store (.synoscope)")->required();
    collector.add_option("--dir", collecting->folder, "The folder given to slurm submit")->required();
    collector.footer("Ends with 1 as long as operators are under way or lost. Results that are stored already are "
                     "passed over.");
}

} // namespace synoscope::cli
