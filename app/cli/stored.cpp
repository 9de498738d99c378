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
    case CandidateState::removed:
        return "removed";
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
    constexpr std::size_t mostCounted = 1001;
    const auto candidates = stored.reader.candidatesByHashPrefix(stored.experiment.id, digits, mostCounted);
    if (!candidates)
        return candidates.error();
    if (candidates->size() == 1)
        return stored.reader.candidate(candidates->front());
    const std::string many = fmt::format("{}{}", candidates->size() == mostCounted ? "More than " : "",
                                         candidates->size() - (candidates->size() == mostCounted));
    return Error{.message = fmt::format("{} candidates have a hash that begins with {}; expected one.",
                                        candidates->empty() ? "No" : many, digits),
                 .file = file};
}

} // namespace synoscope::cli
