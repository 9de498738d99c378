// import: an operator from outside becomes a candidate of a search.
#include "core/experiment/import.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/stored.h"
#include "core/graph/reader.h"

#include <fmt/format.h>

namespace synoscope::cli {

namespace {

struct Options
{
    std::string word, file;
    bool outside = false;
};

Answer answerOf(const ImportedOperator& imported, const std::string& file)
{
    const CandidateRecord& candidate = imported.candidate;
    const bool kept = candidate.id.valid();
    Answer answer;
    answer.json = {{"hash", candidate.hash},
                   {"kept", kept},
                   {"new", imported.isNew},
                   {"reachable", imported.path.reachable},
                   {"moves", imported.path.moves},
                   {"refused_by", imported.path.refusedBy},
                   {"reason", imported.path.reason}};
    const std::string refusal = fmt::format("the search cannot reach it: {} ({})", imported.path.reason,
                                            imported.path.refusedBy);
    if (!kept)
        answer.text = fmt::format("not imported, {}{}\n", refusal,
                                  candidate.hash.empty() ? "" : "; --outside keeps it all the same");
    else if (!imported.isNew)
        answer.text = fmt::format("{} is there already, found after {} iterations\n", candidate.hash, candidate.iteration);
    else
        answer.text = fmt::format("{} is a candidate now{}; search --db {} --resume evaluates it\n", candidate.hash,
                                  imported.path.reachable ? "" : ", outside the space: " + refusal, file);
    answer.exit = kept ? Exit::success : Exit::negative;
    return answer;
}

Answer import(const Options& options)
{
    const auto graph = readPGraph(operatorFile(options.word));
    if (!graph)
        return graph.error();
    auto stored = openStored(options.file); // what is no search is refused before anything is opened for writing
    if (!stored)
        return stored.error();
    auto problem = parseProblem(stored->experiment.problem, options.file);
    if (!problem)
        return problem.error();
    auto store = Store::open(options.file, OpenMode::mustExist);
    if (!store)
        return store.error();
    const auto imported =
        importOperator(**store, stored->experiment.id, std::make_shared<const Problem>(std::move(*problem)), *graph,
                       options.outside ? OutsideSpace::keep : OutsideSpace::refuse);
    return imported ? answerOf(*imported, options.file) : imported.error();
}

} // namespace

void addImport(Commands& commands)
{
    const auto options = std::make_shared<Options>();
    CLI::App& command = commands.add("import", "Bring an operator into a search as a candidate",
                                     [options] { return import(*options); });
    command.add_option("operator", options->word, operatorHelp)->required();
    command.add_option("--db", options->file, "The file of a search (.synoscope)")->required();
    command.add_flag("--outside", options->outside, "Keep it also when the search could never reach it");
    command.footer("Exit status 0: it is a candidate; 1: it is refused, with the rule that keeps the search from it.");
}

} // namespace synoscope::cli
