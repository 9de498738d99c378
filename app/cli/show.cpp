// show: all that is known of one candidate.
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/stored.h"
#include "core/graph/formula.h"
#include "core/graph/reader.h"

#include <fmt/format.h>

namespace synoscope::cli {

namespace {

std::string_view kindName(EvaluationKind kind)
{
    switch (kind) {
    case EvaluationKind::benchmark:
        return "benchmark";
    case EvaluationKind::training:
        return "training";
    case EvaluationKind::verification:
        return "verification";
    case EvaluationKind::proxy:
        return "proxy";
    }
    return "";
}

std::string_view statusName(EvaluationStatus status)
{
    switch (status) {
    case EvaluationStatus::queued:
        return "queued";
    case EvaluationStatus::running:
        return "running";
    case EvaluationStatus::done:
        return "done";
    case EvaluationStatus::failed:
        return "failed";
    case EvaluationStatus::cancelled:
        return "cancelled";
    case EvaluationStatus::interrupted:
        return "interrupted";
    }
    return "";
}

Expected<Json> evaluationsJson(Reader& reader, CandidateId candidate)
{
    const auto evaluations = reader.evaluations(candidate);
    if (!evaluations)
        return evaluations.error();
    Json list = Json::array();
    for (const EvaluationRecord& evaluation : *evaluations) {
        const auto epochs = reader.epochs(evaluation.id);
        if (!epochs)
            return epochs.error();
        Json curve = Json::array();
        for (const EpochRecord& epoch : *epochs)
            curve.push_back({{"loss", epoch.loss}, {"accuracy", epoch.accuracy}, {"seconds", epoch.seconds}});
        list.push_back({{"kind", kindName(evaluation.kind)},
                        {"status", statusName(evaluation.status)},
                        {"accuracy", optionalJson(evaluation.accuracy)},
                        {"latency_ratio", optionalJson(evaluation.latencyRatio)},
                        {"message", evaluation.message},
                        {"epochs", std::move(curve)},
                        {"result", Json::parse(evaluation.result, nullptr, false)}});
    }
    return list;
}

std::string evaluationText(const Json& evaluation)
{
    std::string text =
        fmt::format("{:<13} {}", evaluation["kind"].get<std::string>(), evaluation["status"].get<std::string>());
    if (evaluation["latency_ratio"].is_number())
        text += fmt::format(", latency ratio {:.4f}", evaluation["latency_ratio"].get<double>());
    if (evaluation["accuracy"].is_number())
        text += fmt::format(", accuracy {:.4f} after {} epochs", evaluation["accuracy"].get<double>(),
                            evaluation["epochs"].size());
    if (const auto message = evaluation["message"].get<std::string>(); !message.empty())
        text += ": " + message;
    return text + "\n";
}

Answer show(const std::string& digits, const std::string& file)
{
    auto stored = openStored(file);
    if (!stored)
        return stored.error();
    const auto candidate = findCandidate(*stored, digits, file);
    if (!candidate)
        return candidate.error();
    auto evaluations = evaluationsJson(stored->reader, candidate->id);
    if (!evaluations)
        return evaluations.error();
    const auto graph = parsePGraph(candidate->pgraph, file);
    if (!graph)
        return graph.error();

    Answer answer;
    answer.json = candidateJson(*candidate);
    answer.json["fingerprint"] = candidate->fingerprint;
    answer.json["formula"] = formula(*graph);
    answer.json["note"] = candidate->note;
    answer.json["flops"] = candidate->flops;
    answer.json["pgraph"] = candidate->pgraph;
    answer.json["evaluations"] = *evaluations;
    answer.text =
        candidateHeading() + candidateLine(*candidate) + fmt::format("{}\n{}\n", candidate->moves, formula(*graph));
    for (const Json& evaluation : *evaluations)
        answer.text += evaluationText(evaluation);
    answer.text += "\n" + candidate->pgraph;
    return answer;
}

} // namespace

void addShow(Commands& commands)
{
    struct Options
    {
        std::string digits, file;
    };
    const auto options = std::make_shared<Options>();
    CLI::App& command = commands.add("show", "Show all that is known of one candidate",
                                     [options] { return show(options->digits, options->file); });
    command.add_option("hash", options->digits, "Its hash, or the beginning of it")->required();
    command.add_option("--db", options->file, "The file of a search (.synoscope)")->required();
}

} // namespace synoscope::cli
