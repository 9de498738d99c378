// list: the candidates of a search, as a table.
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/stored.h"

#include <fmt/format.h>

#include <map>

namespace synoscope::cli {

namespace {

struct Options
{
    std::string file, sort = "reward", text;
    std::int64_t limit = 20;
    bool evaluatedOnly = false;
};

struct SortKey
{
    CandidateColumn column;
    bool descending; // best first
};
const std::map<std::string, SortKey>& sortKeys()
{
    static const std::map<std::string, SortKey> keys = {
        {"reward", {CandidateColumn::reward, true}},         {"accuracy", {CandidateColumn::accuracy, true}},
        {"latency", {CandidateColumn::latencyRatio, false}}, {"flops", {CandidateColumn::flopsRatio, false}},
        {"params", {CandidateColumn::parameters, false}},    {"found", {CandidateColumn::found, false}},
    };
    return keys;
}

Answer list(const Options& options)
{
    auto stored = openStored(options.file);
    if (!stored)
        return stored.error();
    const SortKey key = sortKeys().at(options.sort);
    CandidateQuery query{
        .experiment = stored->experiment.id, .text = options.text, .sortBy = key.column, .descending = key.descending};
    query.evaluatedOnly = options.evaluatedOnly;
    query.limit = options.limit == 0 ? -1 : options.limit;
    const auto candidates = stored->reader.candidates(query);
    if (!candidates)
        return candidates.error();
    const auto total = stored->reader.count(query);
    if (!total)
        return total.error();
    const auto summary = stored->reader.summary(stored->experiment.id);
    if (!summary)
        return summary.error();

    Answer answer;
    answer.json = {{"experiment", stored->experiment.name},
                   {"backbone", stored->experiment.backbone},
                   {"iterations", summary->iterations},
                   {"duplicates", summary->duplicates},
                   {"total", *total},
                   {"candidates", Json::array()}};
    answer.text = candidateHeading();
    for (const CandidateRecord& candidate : *candidates) {
        answer.json["candidates"].push_back(candidateJson(candidate));
        answer.text += candidateLine(candidate);
    }
    answer.text += fmt::format("{} of {} candidates of {}\n", candidates->size(), *total, stored->experiment.name);
    return answer;
}

} // namespace

void addList(Commands& commands)
{
    const auto options = std::make_shared<Options>();
    CLI::App& command = commands.add("list", "List what a search has found", [options] { return list(*options); });
    command.add_option("--db", options->file, "The file of a search (.synoscope)")->required();
    std::vector<std::string> names;
    for (const auto& [name, key] : sortKeys())
        names.push_back(name);
    command.add_option("--sort", options->sort, "Best first by this, or found: in the order of discovery")
        ->check(CLI::IsMember(names))
        ->capture_default_str();
    command.add_option("--limit", options->limit, "How many; 0: all")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_option("--text", options->text, "Only with these words in the moves or the note, or beginning the hash");
    command.add_flag("--evaluated", options->evaluatedOnly, "Only what has been measured or trained");
}

} // namespace synoscope::cli
