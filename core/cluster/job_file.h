// What travels to a cluster and back (DESIGN 6). A tour of this folder:
//
//     store --select--> array folder: array.json, script.sh, jobs/0.json ... --sbatch--> array tasks     submission.h
//                                                                                           |
//                       results/HASH.json, results/task-0.state  <--- evaluate jobs/0.json -+           evaluator.h
//     store <--merge--- what has arrived, what is lost and why    <--- squeue, scontrol, sacct           survey.h, collection.h
//
// An array folder lies where all nodes see it; the store does not. All files are JSON and written whole or not at all
// (core/base/file.h). Each operator has a result file of its own, so that a task which is ended loses no more than what it
// was just measuring, and one that is started again measures only what is missing.
#pragma once

#include "core/experiment/settings.h"
#include "core/store/records.h"

#include <filesystem>
#include <string>
#include <vector>

namespace synoscope {

inline constexpr int clusterFormat = 1; // of all files here; newer ones are refused

// Whose a file is.
struct ArrayOrigin
{
    std::string experiment; // experimentIdentity()
    std::string name;       // of the experiment, for sentences
    std::string array;      // unique to a submission

    friend bool operator==(const ArrayOrigin&, const ArrayOrigin&) = default;
};

// The same for copies of a store, different for any two experiments: of the problem and the moment of creation.
std::string experimentIdentity(const ExperimentRecord& experiment);

struct JobOperator
{
    std::string hash;   // canonical; empty: the unchanged backbone, the yardstick of accuracies
    std::string pgraph; // .pgraph text with the backbone's bindings; empty for the unchanged backbone

    friend bool operator==(const JobOperator&, const JobOperator&) = default;
};

// One array task's work: all that is needed to do it, wherever that is.
struct JobFile
{
    ArrayOrigin origin;
    int task = 0;
    std::string program; // the version that wrote it
    std::string problem; // JSON: problem.json as it was given
    std::string backbone;
    ExperimentSettings settings; // data set, epochs, repeats, limits, seed
    std::vector<JobOperator> operators;

    std::string toJson() const;
    // What cannot be read, is of a newer format, or holds an operator that is not the one its hash names, is a sentence.
    static Expected<JobFile> read(const std::filesystem::path& file);
};

std::string programVersion();

// "operator 1a2b3c4d" or "the unchanged backbone"
std::string operatorName(const std::string& hash);

} // namespace synoscope
