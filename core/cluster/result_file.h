// What comes back: a result file for each operator, and each task's notes on how far it is.
#pragma once

#include "core/cluster/job_file.h"
#include "core/evaluation/protocol/protocol.h"

#include <optional>

namespace synoscope {

// Where and as what a task ran.
struct TaskPlace
{
    int task = 0;
    std::string node;
    std::string slurmJob; // of the array; empty: not under Slurm
    int restarts = 0;     // how often Slurm has put it back into the queue

    static TaskPlace here(int task); // from the environment

    friend bool operator==(const TaskPlace&, const TaskPlace&) = default;
};

// One measurement that came to its end, in order: the benchmark, then the training.
struct Measurement
{
    EvaluationKind kind = EvaluationKind::benchmark;
    std::optional<protocol::Event> result; // bench_result or train_result; nothing: it failed
    std::string message;                   // why it failed, a sentence
    std::vector<protocol::Epoch> epochs;   // as they came
    Timestamp started{}, finished{};
};

struct ResultFile
{
    ArrayOrigin origin;
    std::string hash; // as in JobOperator
    std::string program;
    TaskPlace place;
    std::string settings; // JSON: ExperimentSettings as they were used
    std::vector<Measurement> measurements;

    bool failed() const { return measurements.empty() || !measurements.back().result; }
    // With a digest over all of it: what was changed on its way is noticed, not only what was cut off.
    std::string toJson() const;
    static Expected<ResultFile> read(const std::filesystem::path& file);
};

// What a task writes down as it goes, so that one that is ended from outside leaves word of where it was.
struct TaskState
{
    ArrayOrigin origin;
    TaskPlace place;
    std::vector<std::string> measuring; // hashes of the operators under way
    bool ended = false;                 // it came to its end by itself
    std::string message;                // why before all was done, a sentence

    std::string toJson() const;
    static Expected<TaskState> read(const std::filesystem::path& file);
};

// Names within an array folder.
namespace array_names {
std::filesystem::path job(int task);                  // jobs/3.json
std::filesystem::path log(int task);                  // log/3.txt
std::filesystem::path state(int task);                // task-3.state, within results
std::filesystem::path result(const std::string& hash); // HASH.json, within results
inline constexpr const char* results = "results";
inline constexpr const char* description = "array.json";
inline constexpr const char* script = "script.sh";
inline constexpr const char* submitted = "slurm.json";
} // namespace array_names

} // namespace synoscope
