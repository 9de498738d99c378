// enumerate: every state and operator of a problem's space, counted depth by depth.
//
// What is timed is the synthesis; fingerprints, which tell how many classes the operators fall into, come after, with a
// time of their own.
#include "core/synthesis/enumerate.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "core/graph/fingerprint.h"
#include "core/synthesis/equivalence.h"

#include <fmt/format.h>

#include <unordered_set>

namespace synoscope::cli {

namespace {

struct Options
{
    std::string problem;
    int depth = 0;
    bool withoutClasses = false;
};

// Classes of equivalent operators that have their first member at each depth.
std::vector<std::size_t> countClasses(const SynthesisEngine& engine, const Enumeration& all,
                                      const std::atomic<bool>& interrupted)
{
    const Equivalence equivalence = equivalenceOf(*engine.problem);
    std::unordered_set<std::string> prints;
    std::vector<std::size_t> classes;
    ProgressLine progress;
    for (const std::vector<StateId>& finals : all.finals) {
        const std::size_t before = prints.size();
        for (const StateId final : finals) {
            if (interrupted.load(std::memory_order_relaxed))
                return classes;
            prints.insert(fingerprint(engine.build(final), equivalence));
            if (prints.size() % 256 == 0)
                progress.show(fmt::format("{} classes", prints.size()));
        }
        classes.push_back(prints.size() - before);
    }
    return classes;
}

std::string toText(const Json& json)
{
    const bool classes = json.contains("classes");
    std::string text =
        fmt::format("{:>5} {:>12} {:>12} {:>12}\n", "depth", "states", "operators", classes ? "classes" : "");
    const auto row = [&](const std::string& depth, std::size_t states, std::size_t operators, std::size_t distinct) {
        text += fmt::format("{:>5} {:>12} {:>12} {:>12}\n", depth, states, operators,
                            classes ? std::to_string(distinct) : "");
    };
    std::size_t states = 0, operators = 0, distinct = 0;
    for (std::size_t i = 0; i < json["states"].size(); ++i) {
        const auto at = [&](const char* key) {
            return json.contains(key) && i < json[key].size() ? json[key][i].get<std::size_t>() : 0;
        };
        row(std::to_string(i), at("states"), at("operators"), at("classes"));
        states += at("states");
        operators += at("operators");
        distinct += at("classes");
    }
    row("all", states, operators, distinct);
    text += fmt::format("{:.3f} s, {:.0f} bytes a state", json["seconds"].get<double>(),
                        json["bytes_per_state"].get<double>());
    if (classes)
        text += fmt::format("; {:.3f} s for the fingerprints", json["fingerprint_seconds"].get<double>());
    if (!json["complete"].get<bool>())
        text += "; interrupted: the counts are not complete";
    return text + '\n';
}

Answer enumerateProblem(const Options& options)
{
    auto problem = readProblem(problemFile(options.problem));
    if (!problem)
        return problem.error();
    if (options.depth > 0)
        problem->limits.depth = options.depth;
    const auto& interrupted = watchInterrupt();
    const auto start = Clock::now();
    SynthesisEngine engine(std::make_shared<const Problem>(std::move(*problem)));
    Enumeration all;
    {
        ProgressLine progress;
        all = enumerate(engine, [&](int depth, std::size_t states) {
            progress.show(fmt::format("depth {}, {} states, {:.0f} s", depth, states, since(start)));
            return !interrupted.load(std::memory_order_relaxed);
        });
    }
    const double seconds = since(start);

    Answer answer;
    Json& json = answer.json;
    json["depth"] = engine.problem->limits.depth;
    json["states"] = all.states;
    json["operators"] = Json::array();
    for (const auto& finals : all.finals)
        json["operators"].push_back(finals.size());
    json["seconds"] = seconds;
    json["complete"] = all.complete;
    json["bytes_per_state"] =
        static_cast<double>(engine.stateBytes()) / static_cast<double>(std::max<std::size_t>(1, engine.stateCount()));
    json["distance_evaluations"] = engine.distance().evaluations();
    json["distance_misses"] = engine.distance().misses();
    if (!options.withoutClasses) {
        const auto fingerprinting = Clock::now();
        json["classes"] = countClasses(engine, all, interrupted);
        json["fingerprint_seconds"] = since(fingerprinting);
    }
    answer.text = toText(json);
    return answer;
}

} // namespace

void addEnumerate(Commands& commands)
{
    const auto options = std::make_shared<Options>();
    CLI::App& command = commands.add("enumerate", "Count all states and operators of a problem, depth by depth",
                                     [options] { return enumerateProblem(*options); });
    command.add_option("--problem", options->problem, problemHelp)->required();
    command
        .add_option("--depth", options->depth, "The most primitives of an operator; without it, the problem's limit")
        ->check(CLI::Range(1, 32));
    command.add_flag("--no-classes", options->withoutClasses, "Leave out the fingerprints, and with them the classes");
}

} // namespace synoscope::cli
