// What has become of an array: what has arrived, what may still come, what is lost and why. Changes nothing.
#pragma once

#include "core/cluster/result_file.h"
#include "core/cluster/slurm.h"

namespace synoscope {

// array.json: what was submitted, written before it is.
struct ArrayDescription
{
    ArrayOrigin origin;
    std::vector<std::vector<std::string>> tasks; // the operators' hashes

    std::string toJson() const;
    static Expected<ArrayDescription> read(const std::filesystem::path& file);
};
std::string slurmJobName(const std::string& array);

// slurm.json: which job it became.
std::string submittedJson(const std::string& slurmJob);

struct LostOperator
{
    std::string hash;
    int task = 0;
    std::string reason{};     // a sentence
    bool itsOwnDoing = false; // it alone was measured when its task ran out of memory
};

struct ArraySurvey
{
    std::filesystem::path folder;
    ArrayOrigin origin;            // empty where the description cannot be read
    std::string slurmJob;          // empty: not known
    std::vector<ResultFile> results; // of this experiment, whole
    std::vector<std::string> underWay; // hashes
    std::vector<LostOperator> lost;
    std::vector<Error> problems; // a sentence each, naming the file
};

// The array folders in a folder, oldest first; folders without array.json are none.
Expected<std::vector<std::filesystem::path>> arrayFolders(const std::filesystem::path& folder);
// `experiment` is whose results are wanted. Asks Slurm only where results are missing.
ArraySurvey surveyArray(const std::filesystem::path& folder, const std::string& experiment, const Slurm& slurm);

} // namespace synoscope
