#include "core/cluster/submission.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/experiment/settings.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <random>
#include <unordered_set>

namespace synoscope {

namespace {

namespace fs = std::filesystem;

using Hashes = std::unordered_set<std::string>;

std::string newArrayName()
{
    std::random_device random;
    return hex(combine(random(), static_cast<std::uint64_t>(currentTime().time_since_epoch().count()))).substr(0, 12);
}

Expected<bool> wantsBackbone(Reader& reader, const ExperimentRecord& experiment, const ExperimentSettings& settings)
{
    if (!settings.train)
        return false;
    const auto baselines = reader.baselines(experiment.id);
    if (!baselines)
        return baselines.error();
    return std::ranges::none_of(*baselines, [](const EvaluationRecord& one) {
        return one.status == EvaluationStatus::done && one.accuracy;
    });
}

Expected<Hashes> failedOperators(Reader& reader, const ExperimentRecord& experiment)
{
    const auto evaluations = reader.evaluations(experiment.id, EvaluationStatus::failed);
    if (!evaluations)
        return evaluations.error();
    std::unordered_set<std::int64_t> ids;
    for (const EvaluationRecord& one : *evaluations)
        if (one.candidate.valid())
            ids.insert(one.candidate.value);
    std::vector<CandidateId> candidates;
    for (const std::int64_t id : ids)
        candidates.emplace_back(id);
    const auto rows = reader.candidates(candidates);
    if (!rows)
        return rows.error();
    Hashes hashes;
    for (const CandidateRecord& row : *rows)
        hashes.insert(row.hash);
    return hashes;
}

// In minutes: as long as all of a task's operators may take, and a little for starting.
std::string timeFor(const ExperimentSettings& settings, int batch)
{
    const int stages = settings.benchmark + settings.train;
    return std::to_string(static_cast<int>(std::ceil(settings.jobSeconds * stages * batch / 60)) + 5);
}

// As much as its workers may take, and some for the task itself.
std::string memoryFor(const ExperimentSettings& settings, int cpus)
{
    constexpr std::int64_t own = 512;
    return fmt::format("{}M", (settings.jobBytes >> 20) * cpus + own);
}

class Planner
{
public:
    Planner(Reader& reader, const ExperimentRecord& experiment, const SubmissionOptions& options, const Slurm& slurm)
        : reader_(reader), experiment_(experiment), options_(options), slurm_(slurm)
    {}

    Expected<Submission> plan()
    {
        auto settings = ExperimentSettings::fromJson(experiment_.settings);
        if (!settings)
            return settings.error();
        settings_ = std::move(*settings);
        if (!settings_.benchmark && !settings_.train)
            return Error{.message = fmt::format("The experiment '{}' neither measures nor trains: there is nothing to "
                                                "evaluate on a cluster.",
                                                experiment_.name)};
        const auto arrays = arrayFolders(options_.folder);
        if (!arrays)
            return arrays.error();
        for (const fs::path& array : *arrays)
            look(surveyArray(array, experimentIdentity(experiment_), slurm_));
        if (auto selected = select(); !selected)
            return selected.error();
        if (operators_.empty())
            return std::move(submission_);
        return divide();
    }

private:
    void look(const ArraySurvey& survey)
    {
        underWay_.insert(survey.underWay.begin(), survey.underWay.end());
        for (const ResultFile& result : survey.results)
            arrived_.insert(result.hash);
        submission_.problems.insert(submission_.problems.end(), survey.problems.begin(), survey.problems.end());
    }

    // Whether one that the store knows no reward of is to be had from elsewhere; counts why not to submit it.
    bool leftOut(const std::string& hash, const Hashes& failed)
    {
        if (underWay_.contains(hash))
            return ++submission_.underWay;
        if (failed.contains(hash))
            return !options_.retryFailed && ++submission_.failed;
        return arrived_.contains(hash) && ++submission_.uncollected;
    }

    Expected<void> select()
    {
        const auto failed = failedOperators(reader_, experiment_);
        if (!failed)
            return failed.error();
        const auto backbone = wantsBackbone(reader_, experiment_, settings_);
        if (!backbone)
            return backbone.error();
        CandidateQuery query{.experiment = experiment_.id, .state = CandidateState::active};
        const auto candidates = reader_.candidates(query);
        if (!candidates)
            return candidates.error();
        if (*backbone && !leftOut("", *failed))
            operators_.push_back({});
        const std::size_t most = options_.limit == 0 ? candidates->size() : static_cast<std::size_t>(options_.limit);
        std::size_t chosen = 0;
        for (const CandidateRecord& one : *candidates)
            if (!one.reward && !leftOut(one.hash, *failed) && chosen++ < most)
                operators_.push_back({one.hash, one.pgraph});
        submission_.operators = static_cast<int>(operators_.size());
        return {};
    }

    // The next number that no folder has.
    fs::path newFolder() const
    {
        std::error_code error;
        for (int number = 1;; ++number) {
            fs::path folder = options_.folder / fmt::format("array-{:04}", number);
            if (!fs::exists(folder, error))
                return folder;
        }
    }

    Expected<Submission> divide()
    {
        const ArrayOrigin origin{experimentIdentity(experiment_), experiment_.name, newArrayName()};
        for (std::size_t first = 0; first < operators_.size(); first += static_cast<std::size_t>(options_.batch)) {
            JobFile job{.origin = origin,
                        .task = static_cast<int>(submission_.jobs.size()),
                        .program = programVersion(),
                        .problem = experiment_.problem,
                        .backbone = experiment_.backbone,
                        .settings = settings_,
                        .operators = {}};
            const std::size_t end = std::min(operators_.size(), first + static_cast<std::size_t>(options_.batch));
            job.operators.assign(operators_.begin() + static_cast<std::ptrdiff_t>(first),
                                 operators_.begin() + static_cast<std::ptrdiff_t>(end));
            submission_.jobs.push_back(std::move(job));
        }
        SlurmRequest request = options_.slurm;
        if (request.time.empty())
            request.time = timeFor(settings_, options_.batch);
        if (request.memory.empty())
            request.memory = memoryFor(settings_, request.cpus);
        auto script = batchScript(request, slurmJobName(origin.array), static_cast<int>(submission_.jobs.size()),
                                  options_.program);
        if (!script)
            return script.error();
        submission_.script = std::move(*script);
        submission_.folder = newFolder();
        return std::move(submission_);
    }

    Reader& reader_;
    const ExperimentRecord& experiment_;
    const SubmissionOptions& options_;
    const Slurm& slurm_;
    ExperimentSettings settings_;
    Submission submission_;
    Hashes underWay_, arrived_; // in other arrays
    std::vector<JobOperator> operators_;
};

Expected<void> writeArray(const Submission& submission)
{
    ArrayDescription description;
    description.origin = submission.jobs.front().origin;
    for (const JobFile& job : submission.jobs) {
        std::vector<std::string>& hashes = description.tasks.emplace_back();
        for (const JobOperator& one : job.operators)
            hashes.push_back(one.hash);
    }
    std::vector<std::pair<fs::path, std::string>> files;
    for (const JobFile& job : submission.jobs)
        files.emplace_back(array_names::job(job.task), job.toJson());
    files.emplace_back(array_names::script, submission.script);
    files.emplace_back(array_names::description, description.toJson()); // last: now it is an array
    for (const auto& [name, text] : files)
        if (auto failure = writeWholeFile(submission.folder / name, text))
            return std::move(failure->error);
    return {};
}

} // namespace

Expected<Submission> planSubmission(Reader& reader, const ExperimentRecord& experiment, const SubmissionOptions& options,
                                    const Slurm& slurm)
{
    return Planner(reader, experiment, options, slurm).plan();
}

Expected<void> submitArray(Submission& submission, const Slurm& slurm)
{
    std::error_code error;
    fs::create_directories(submission.folder.parent_path(), error);
    if (!error && !fs::create_directory(submission.folder, error) && !error)
        error = std::make_error_code(std::errc::file_exists); // another submission was faster
    for (const fs::path& inner : {array_names::job(0).parent_path(), array_names::log(0).parent_path(),
                                  fs::path(array_names::results)})
        if (!error)
            fs::create_directory(submission.folder / inner, error);
    if (error)
        return Error{.message = fmt::format("The array's folder cannot be made: {}.", error.message()),
                     .file = submission.folder.string()};
    const auto written = writeArray(submission);
    auto job = written ? slurm.submit(submission.folder, array_names::script) : Expected<std::string>(written.error());
    if (!job) {
        fs::remove_all(submission.folder, error);
        return job.error();
    }
    submission.slurmJob = *job;
    if (auto failure = writeWholeFile(submission.folder / array_names::submitted, submittedJson(*job)))
        return std::move(failure->error); // the array runs all the same, and is found by its name
    return {};
}

} // namespace synoscope
