// How what a store keeps is shown: candidates as JSON and as lines of a table.
#pragma once

#include "app/cli/command.h"
#include "core/store/reader.h"

namespace synoscope::cli {

Json optionalJson(const std::optional<double>& value); // null when there is none

Json candidateJson(const CandidateRecord& candidate);
std::string candidateHeading();
std::string candidateLine(const CandidateRecord& candidate);

// The store and the one experiment in it.
struct StoredExperiment
{
    Reader reader;
    ExperimentRecord experiment;
};
Expected<StoredExperiment> openStored(const std::string& file);
// The candidate whose hash begins with these digits; `file` is named in errors.
Expected<CandidateRecord> findCandidate(StoredExperiment& stored, const std::string& digits, const std::string& file);

} // namespace synoscope::cli
