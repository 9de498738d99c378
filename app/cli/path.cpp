// path: is an operator in a problem's space, and on which way?
#include "core/synthesis/path.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "core/graph/reader.h"

#include <fmt/format.h>

namespace synoscope::cli {

namespace {

Answer path(const std::string& file, const std::string& problemName)
{
    const auto graph = readPGraph(operatorFile(file));
    if (!graph)
        return graph.error();
    auto problem = readProblem(problemFile(problemName));
    if (!problem)
        return problem.error();
    auto found = findPath(*graph, std::make_shared<const Problem>(std::move(*problem)));
    if (!found) // an operator of other shapes or variables is a good one, but none of this problem's
        found = PathResult{.reachable = false, .moves = {}, .refusedBy = "problem", .reason = found.error().message};

    Answer answer;
    answer.json = {{"reachable", found->reachable},
                   {"moves", found->moves},
                   {"refused_by", found->refusedBy},
                   {"reason", found->reason}};
    if (found->reachable)
        for (std::size_t i = 0; i < found->moves.size(); ++i)
            answer.text += fmt::format("{:>3}  {}\n", i + 1, found->moves[i]);
    else
        answer.text = fmt::format("not reachable: {} ({})\n", found->reason, found->refusedBy);
    answer.exit = found->reachable ? Exit::success : Exit::negative;
    return answer;
}

} // namespace

void addPath(Commands& commands)
{
    struct Options
    {
        std::string file, problem;
    };
    const auto options = std::make_shared<Options>();
    CLI::App& command =
        commands.add("path", "Is an operator in a problem's space? The moves to it, or the rule that refuses it",
                     [options] { return path(options->file, options->problem); });
    command.add_option("operator", options->file, operatorHelp)->required();
    command.add_option("--problem", options->problem, problemHelp)->required();
    command.footer("Exit status 0: reachable, 1: not reachable.");
}

} // namespace synoscope::cli
