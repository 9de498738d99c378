// rescore: another reward for what has been measured.
#include "core/experiment/rescore.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/stored.h"

#include <fmt/format.h>

namespace synoscope::cli {

namespace {

Json bestJson(const std::optional<BestCandidate>& best)
{
    return best ? Json{{"hash", best->hash}, {"reward", number(best->reward)}} : Json();
}

std::string bestText(const char* when, const std::optional<BestCandidate>& best)
{
    return best ? fmt::format("{}: {} with {:.4f}\n", when, best->hash.substr(0, 12), best->reward) : "";
}

// The reward of another problem, as --reward would say it. One that gives none has the usual one.
Expected<std::string> rewardIn(const std::string& file)
{
    const auto problem = readProblem(problemFile(file));
    if (!problem)
        return problem.error();
    return Json::parse(problem->text).value("reward", Json::object()).dump();
}

Answer rescoreStored(const std::string& file, std::string reward, const std::string& problemWith)
{
    if (reward.empty() == problemWith.empty())
        return Error{.message =
                         "The new reward is either that of --reward or that of --problem; expected one of them."};
    if (!problemWith.empty()) {
        auto found = rewardIn(problemWith);
        if (!found)
            return found.error();
        reward = std::move(*found);
    }
    auto stored = openStored(file); // what is no search is refused before anything is opened for writing
    if (!stored)
        return stored.error();
    const auto before = parseProblem(stored->experiment.problem, file);
    if (!before)
        return before.error();
    const auto problem = withReward(*before, reward, problemWith.empty() ? "--reward" : problemWith);
    if (!problem)
        return problem.error();
    auto store = Store::open(file, OpenMode::mustExist);
    if (!store)
        return store.error();
    const auto rescored = rescore(**store, stored->experiment, *problem);
    if (!rescored)
        return rescored.error();
    Answer answer;
    answer.json = {{"candidates", rescored->candidates},
                   {"changed", rescored->changed},
                   {"iterations", rescored->iterations},
                   {"iterations_kept", rescored->iterationsKept},
                   {"iterations_uncertain", rescored->iterationsUncertain},
                   {"best_before", bestJson(rescored->before)},
                   {"best_after", bestJson(rescored->after)}};
    answer.text =
        fmt::format("{} of {} rewards are others now, and {} in the search's log{}\n", rescored->changed,
                    rescored->candidates, rescored->iterations,
                    rescored->iterationsKept > 0
                        ? fmt::format("; {} of operators that are no candidates stay", rescored->iterationsKept)
                        : "");
    if (rescored->iterationsUncertain > 0)
        answer.text += fmt::format(
            "{} of the log have the reward of the shortest training, as it does not tell which one it was\n",
            rescored->iterationsUncertain);
    answer.text += bestText("best before", rescored->before) + bestText("best now", rescored->after);
    return answer;
}

} // namespace

void addRescore(Commands& commands)
{
    struct Options
    {
        std::string file, reward, problem;
    };
    const auto options = std::make_shared<Options>();
    CLI::App& command =
        commands.add("rescore", "Give a search another reward, from what has been measured already",
                     [options] { return rescoreStored(options->file, options->reward, options->problem); });
    command.add_option("--db", options->file, "The file of a search (.synoscope)")->required();
    command.add_option("--reward", options->reward,
                       "JSON in the place of the problem's \"reward\", such as "
                       "{\"latency\": {\"limit\": 1, \"target\": 0.5, \"weight\": 0.3}}");
    command.add_option("--problem", options->problem,
                       "Or a problem whose \"reward\" it is; nothing else of it is taken");
    command.footer("search --db FILE --resume goes on with it.");
}

} // namespace synoscope::cli
