#include "core/cluster/survey.h"

#include "core/base/file.h"
#include "core/cluster/json_file.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_set>

namespace synoscope {

namespace {

namespace fs = std::filesystem;

constexpr const char* arrayKind = "synoscope array";
constexpr const char* submittedKind = "synoscope submission";

std::vector<fs::path> filesIn(const fs::path& folder, const char* suffix)
{
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
        if (it->path().extension() == suffix)
            files.push_back(it->path());
    std::sort(files.begin(), files.end());
    return files;
}

// The end of what a task printed.
std::string logEnd(const fs::path& file)
{
    constexpr std::size_t enough = 4096;
    auto text = readWholeFile(file);
    if (!text)
        return {};
    return text->size() > enough ? text->substr(text->size() - enough) : std::move(*text);
}

// Where Slurm counts memory itself, the task is killed, and only its log says why.
bool ranOutOfMemory(const TaskStatus& status, const std::string& log)
{
    if (status.word == "OUT_OF_MEMORY")
        return true;
    return status.word == "FAILED" && (log.find("oom-kill") != std::string::npos || log.find("oom_kill") != std::string::npos ||
                                       log.find("Exceeded job memory limit") != std::string::npos);
}

std::string endOf(const TaskStatus& status, bool memory)
{
    if (memory)
        return "ran out of memory";
    static const std::map<std::string, std::string> ends{
        {"TIMEOUT", "reached its time limit"},       {"NODE_FAIL", "lost its node"},
        {"BOOT_FAIL", "got a node that did not start"}, {"CANCELLED", "was cancelled"},
        {"PREEMPTED", "had to make room for another job"}, {"DEADLINE", "reached its deadline"},
        {"COMPLETED", "ended"},                      {"", "ended (Slurm has forgotten why)"}};
    if (const auto known = ends.find(status.word); known != ends.end())
        return known->second;
    if (status.signal != 0)
        return fmt::format("was ended by signal {}", status.signal);
    if (status.exitStatus != 0)
        return fmt::format("failed with status {}", status.exitStatus);
    return fmt::format("ended as {}", status.word);
}

class Survey
{
public:
    Survey(const fs::path& folder, const std::string& experiment, const Slurm& slurm)
        : experiment_(experiment), slurm_(slurm)
    {
        survey_.folder = folder;
    }

    ArraySurvey run()
    {
        auto description = ArrayDescription::read(survey_.folder / array_names::description);
        if (description)
            survey_.origin = description->origin;
        else
            tell(description.error());
        if (description && survey_.origin.experiment != experiment_) {
            foreign(survey_.folder / array_names::description, "The array", survey_.origin);
            return std::move(survey_);
        }
        readResults();
        readStates();
        if (description)
            findMissing(*description);
        return std::move(survey_);
    }

private:
    void tell(Error error) { survey_.problems.push_back(std::move(error)); }

    void foreign(const fs::path& file, const char* what, const ArrayOrigin& origin)
    {
        tell(Error{.message = fmt::format("{} belongs to another experiment, '{}'; it is left alone.", what, origin.name),
                   .file = file.string()});
    }

    void readResults()
    {
        for (const fs::path& file : filesIn(survey_.folder / array_names::results, ".json")) {
            auto result = ResultFile::read(file);
            if (!result || result->origin.experiment != experiment_)
                refused_.insert(file.filename().string());
            if (!result)
                tell(result.error());
            else if (result->origin.experiment != experiment_)
                foreign(file, "The result", result->origin);
            else if (arrived_.insert(result->hash).second)
                survey_.results.push_back(std::move(*result));
            else
                tell(Error{.message = fmt::format("This is a second result of {} in one array; the first one counts.",
                                                  operatorName(result->hash)),
                           .file = file.string()});
        }
    }

    void readStates()
    {
        for (const fs::path& file : filesIn(survey_.folder / array_names::results, ".state")) {
            auto state = TaskState::read(file);
            if (!state)
                tell(state.error());
            else if (state->origin.experiment == experiment_)
                states_[state->place.task] = std::move(*state);
        }
    }

    // From slurm.json; where the submission was cut short before that was written, from what tells of the array.
    Expected<std::string> slurmJob() const
    {
        const fs::path file = survey_.folder / array_names::submitted;
        std::error_code error;
        if (fs::exists(file, error)) {
            auto json = JsonFile::read(file, submittedKind);
            if (!json)
                return json.error();
            std::string job;
            json->want(json->json(), "slurm_job", job);
            if (json->problem())
                return *json->problem();
            return job;
        }
        for (const auto& [task, state] : states_)
            if (!state.place.slurmJob.empty())
                return state.place.slurmJob;
        return slurm_.find(slurmJobName(survey_.origin.array));
    }

    void findMissing(const ArrayDescription& description)
    {
        const auto missing = [this](const std::vector<std::string>& task) {
            return std::ranges::any_of(task, [this](const std::string& hash) { return !arrived_.contains(hash); });
        };
        if (std::ranges::none_of(description.tasks, missing))
            return;
        const int count = static_cast<int>(description.tasks.size());
        auto job = slurmJob();
        auto tasks = !job           ? Expected<std::vector<TaskStatus>>(job.error())
                     : job->empty() ? std::vector<TaskStatus>(static_cast<std::size_t>(count), TaskStatus{.ended = true})
                                    : slurm_.tasks(*job, count);
        if (job)
            survey_.slurmJob = *job;
        if (!tasks)
            tell(Error{.message = fmt::format("What has become of the array is not known: {}", tasks.error().message),
                       .file = survey_.folder.string(),
                       .details = tasks.error().details});
        for (int task = 0; task < count; ++task)
            for (const std::string& hash : description.tasks[static_cast<std::size_t>(task)]) {
                if (arrived_.contains(hash))
                    continue;
                if (!tasks || !(*tasks)[static_cast<std::size_t>(task)].ended || arrivesNow(hash))
                    survey_.underWay.push_back(hash);
                else
                    survey_.lost.push_back(lost(hash, task, (*tasks)[static_cast<std::size_t>(task)]));
            }
    }

    // Since the results were read.
    bool arrivesNow(const std::string& hash) const
    {
        std::error_code error;
        const fs::path name = array_names::result(hash);
        return !refused_.contains(name.string()) && fs::exists(survey_.folder / array_names::results / name, error);
    }

    LostOperator lost(const std::string& hash, int task, const TaskStatus& status) const
    {
        LostOperator one{.hash = hash, .task = task};
        const auto found = states_.find(task);
        const TaskState state = found == states_.end() ? TaskState() : found->second;
        const fs::path log = survey_.folder / array_names::log(task);
        const bool memory = ranOutOfMemory(status, logEnd(log));
        const bool measuring = std::ranges::find(state.measuring, hash) != state.measuring.end();
        if (const fs::path name = array_names::result(hash); refused_.contains(name.string())) {
            one.reason = fmt::format("The result of {} cannot be used: see {}.", operatorName(hash),
                                     (survey_.folder / array_names::results / name).string());
            return one;
        }
        if (survey_.slurmJob.empty()) {
            one.reason = fmt::format("The array in {} was never handed to Slurm.", survey_.folder.string());
            return one;
        }
        const std::string& node = status.node.empty() ? state.place.node : status.node;
        one.reason = fmt::format("Task {} of Slurm job {}{} {} {} {}{}", task, survey_.slurmJob,
                                 node.empty() ? "" : " on " + node, endOf(status, memory),
                                 measuring ? "while it measured" : "before it came to", operatorName(hash),
                                 state.message.empty() ? "." : fmt::format(": {}.", trimEnd(state.message)));
        std::error_code error;
        if (status.word != "TIMEOUT" && status.word != "CANCELLED" && fs::exists(log, error))
            one.reason += fmt::format(" What it printed is in {}.", log.string());
        one.itsOwnDoing = memory && measuring && state.measuring.size() == 1;
        return one;
    }

    static std::string trimEnd(std::string text)
    {
        while (text.ends_with('.'))
            text.pop_back();
        return text;
    }

    const std::string& experiment_;
    const Slurm& slurm_;
    ArraySurvey survey_;
    std::unordered_set<std::string> arrived_;
    std::unordered_set<std::string> refused_; // names of result files
    std::map<int, TaskState> states_;
};

} // namespace

std::string ArrayDescription::toJson() const
{
    return nlohmann::ordered_json{{"kind", arrayKind},
                                  {"format", clusterFormat},
                                  {"program", programVersion()},
                                  {"origin", originJson(origin)},
                                  {"tasks", tasks}}
               .dump(1) +
           '\n';
}

Expected<ArrayDescription> ArrayDescription::read(const fs::path& path)
{
    auto file = JsonFile::read(path, arrayKind);
    if (!file)
        return file.error();
    ArrayDescription description;
    nlohmann::json origin;
    file->want(file->json(), "origin", origin);
    file->want(file->json(), "tasks", description.tasks);
    readOrigin(*file, origin, description.origin);
    if (file->problem())
        return *file->problem();
    return description;
}

std::string slurmJobName(const std::string& array)
{
    return "synoscope-" + array;
}

std::string submittedJson(const std::string& slurmJob)
{
    return nlohmann::ordered_json{{"kind", submittedKind}, {"format", clusterFormat}, {"slurm_job", slurmJob}}.dump() +
           '\n';
}

Expected<std::vector<fs::path>> arrayFolders(const fs::path& folder)
{
    std::vector<fs::path> folders;
    std::error_code error;
    if (!fs::exists(folder, error) && !error)
        return folders;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        std::error_code ignored;
        if (fs::exists(it->path() / array_names::description, ignored))
            folders.push_back(it->path());
    }
    if (error)
        return Error{.message = fmt::format("The folder cannot be read: {}.", error.message()), .file = folder.string()};
    std::sort(folders.begin(), folders.end());
    return folders;
}

ArraySurvey surveyArray(const fs::path& folder, const std::string& experiment, const Slurm& slurm)
{
    return Survey(folder, experiment, slurm).run();
}

} // namespace synoscope
