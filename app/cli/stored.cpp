#include "app/cli/stored.h"

#include <fmt/format.h>

namespace synoscope::cli {

namespace {

std::string optionalText(const std::optional<double>& value)
{
    return value ? fmt::format("{:.4f}", *value) : "-";
}

std::string_view stateName(CandidateState state)
{
    switch (state) {
    case CandidateState::active:
        return "active";
    case CandidateState::pruned:
        return "pruned";
    case CandidateState::duplicate:
        return "duplicate";
    }
    return "";
}

} // namespace

Json optionalJson(const std::optional<double>& value)
{
    return value ? Json(*value) : Json();
}

Json candidateJson(const CandidateRecord& candidate)
{
    return {{"hash", candidate.hash},
            {"reward", optionalJson(candidate.reward)},
            {"accuracy", optionalJson(candidate.accuracy)},
            {"latency_ratio", optionalJson(candidate.latencyRatio)},
            {"flops_ratio", candidate.flopsRatio},
            {"params", candidate.parameters},
            {"moves", candidate.moves},
            {"iteration", candidate.iteration},
            {"state", stateName(candidate.state)},
            {"starred", candidate.starred}};
}

std::string candidateHeading()
{
    return fmt::format("{:<34} {:>8} {:>9} {:>8} {:>8} {:>9}\n", "operator", "reward", "accuracy", "latency", "FLOPs",
                       "params");
}

std::string candidateLine(const CandidateRecord& candidate)
{
    return fmt::format("{:<34} {:>8} {:>9} {:>8} {:>8.4f} {:>9}\n", candidate.hash, optionalText(candidate.reward),
                       optionalText(candidate.accuracy), optionalText(candidate.latencyRatio), candidate.flopsRatio,
                       candidate.parameters);
}

Expected<StoredExperiment> openStored(const std::string& file)
{
    auto reader = Reader::open(file);
    if (!reader)
        return reader.error();
    auto all = reader->experiments();
    if (!all)
        return all.error();
    if (all->empty())
        return Error{.message = "The file holds no experiment.", .file = file};
    return StoredExperiment{std::move(*reader), std::move(all->front())};
}

Expected<CandidateRecord> findCandidate(StoredExperiment& stored, const std::string& digits, const std::string& file)
{
    CandidateQuery query{.experiment = stored.experiment.id, .text = digits};
    auto candidates = stored.reader.candidates(query);
    if (!candidates)
        return candidates.error();
    std::erase_if(*candidates, [&](const CandidateRecord& one) { return !one.hash.starts_with(digits); });
    if (candidates->size() == 1)
        return std::move(candidates->front());
    return Error{.message = fmt::format("{} candidates have a hash that begins with {}; expected one.",
                                        candidates->empty() ? "No" : std::to_string(candidates->size()), digits),
                 .file = file};
}

} // namespace synoscope::cli
