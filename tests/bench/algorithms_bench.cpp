// Compares the search algorithms on the surrogate problems (core/search/surrogate.h): the best reward so far against the
// number of distinct operators evaluated, over several seeds. Prints a table for each space, and writes JSON with --json.
//
//   bench_algorithms --json comparison.json          everything, some minutes
//   bench_algorithms --problems tiny --surrogates needle --algorithms mcts,prospector --seeds 3
#include "core/search/engine.h"
#include "core/search/surrogate.h"
#include "core/search/synthesizer_space.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <fstream>
#include <iostream>
#include <thread>

namespace synoscope {
namespace {

using Json = nlohmann::ordered_json;

struct Options
{
    std::vector<std::string> problems{"tiny", "efficientnetv2s"};
    std::vector<std::string> surrogates{};
    std::vector<std::string> algorithms{};
    std::size_t evaluations = 2000; // of random search, the measure
    std::size_t others = 1000;      // of the others
    int seeds = 10;
    unsigned threads = 2;
    std::string json{};
};

struct Run
{
    std::vector<std::pair<std::size_t, double>> steps; // (evaluations, best so far), where it rose
    std::size_t evaluations = 0;
    std::uint64_t iterations = 0;
    double seconds = 0;

    double bestAfter(std::size_t count) const
    {
        double best = 0;
        for (const auto& [at, reward] : steps)
            if (at <= count)
                best = reward;
        return best;
    }
    // Evaluations until the reward was reached; more than were made when it was not.
    std::size_t reaches(double reward, std::size_t never) const
    {
        for (const auto& [at, best] : steps)
            if (best >= reward - 1e-9)
                return at;
        return never;
    }
};

struct Task
{
    std::shared_ptr<const Problem> problem;
    const Surrogate* surrogate = nullptr;
    std::string algorithm;
    std::uint64_t seed = 0;
    Run run;
};

[[noreturn]] void give(const std::string& sentence)
{
    std::cerr << sentence << '\n';
    std::exit(2);
}

// "tiny" is resources/problems/conv2d-tiny.json; "deep-tiny" the same with two primitives more, a space too large to
// exhaust.
std::shared_ptr<const Problem> problemNamed(const std::string& name)
{
    const bool deep = name.starts_with("deep-");
    auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-" + name.substr(deep ? 5 : 0) + ".json");
    if (!problem)
        give(problem.error().text());
    if (deep)
        problem->limits.depth += 2;
    return std::make_shared<const Problem>(std::move(*problem));
}

Run search(const Task& task, std::size_t evaluations)
{
    SearchOptions options;
    options.algorithm = task.algorithm;
    options.seed = task.seed;
    auto engine = SearchEngine::create(synthesizerSpaces(task.problem), options);
    if (!engine)
        give(engine.error().text());
    SearchWorker worker = (*engine)->makeWorker();
    Run run;
    const auto start = std::chrono::steady_clock::now();
    double best = -1;
    for (int idle = 0; run.evaluations < evaluations && idle < 10 && (*engine)->ended().empty();) {
        const auto proposal = worker.propose();
        idle = proposal ? 0 : idle + 1;
        if (!proposal)
            continue;
        const double reward = task.surrogate->reward(traitsOf(proposal->graph, *task.problem));
        (*engine)->reward(proposal->ticket, reward);
        ++run.evaluations;
        if (reward > best)
            run.steps.emplace_back(run.evaluations, best = reward);
    }
    run.iterations = (*engine)->status().iterations;
    run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return run;
}

// Every task is a search on one thread; several of them go on at once.
void runAll(std::vector<Task>& tasks, const Options& options)
{
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < options.threads; ++i)
        threads.emplace_back([&] {
            for (std::size_t at = next++; at < tasks.size(); at = next++) {
                tasks[at].run = search(tasks[at], tasks[at].algorithm == "random" ? options.evaluations : options.others);
                std::cerr << fmt::format("\r{} of {} searches", at + 1, tasks.size()) << std::flush;
            }
        });
    threads.clear();
    std::cerr << '\n';
}

template <typename Value>
std::array<Value, 3> quartiles(std::vector<Value> values)
{
    std::ranges::sort(values);
    const auto at = [&](double share) { return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)]; };
    return {at(0.25), at(0.5), at(0.75)};
}

std::vector<std::size_t> checkpoints(std::size_t evaluations)
{
    std::vector<std::size_t> all;
    for (std::size_t decade = 10; decade <= evaluations; decade *= 10)
        for (const std::size_t part : {1, 2, 4, 7})
            if (decade * part < evaluations)
                all.push_back(decade * part);
    all.push_back(evaluations);
    return all;
}

struct Line
{
    std::string algorithm;
    std::vector<const Run*> runs;
};

Json describe(const Line& line, double target, std::size_t evaluations)
{
    Json json;
    json["algorithm"] = line.algorithm;
    json["curve"] = Json::array();
    for (const std::size_t at : checkpoints(evaluations)) {
        std::vector<double> best;
        for (const Run* run : line.runs)
            best.push_back(run->bestAfter(at));
        const auto [low, middle, high] = quartiles(best);
        json["curve"].push_back({{"evaluations", at}, {"quartile1", low}, {"median", middle}, {"quartile3", high}});
    }
    std::vector<std::size_t> reached;
    std::vector<double> rate;
    for (const Run* run : line.runs) {
        reached.push_back(run->reaches(target, evaluations + 1));
        rate.push_back(static_cast<double>(run->evaluations) / run->seconds);
    }
    json["reached"] = reached; // by seed; evaluations + 1: not within them
    json["reached_quartiles"] = quartiles(reached);
    json["evaluations_per_second"] = quartiles(rate)[1];
    return json;
}

std::string row(const Json& line, std::size_t evaluations)
{
    const auto bestAt = [&](std::size_t count) {
        for (const Json& point : line["curve"])
            if (point["evaluations"] == count)
                return fmt::format("{:.3f} [{:.3f} {:.3f}]", point["median"].get<double>(),
                                   point["quartile1"].get<double>(), point["quartile3"].get<double>());
        return std::string();
    };
    const auto reached = line["reached_quartiles"].get<std::array<std::size_t, 3>>();
    const auto text = [&](std::size_t count) {
        return count > evaluations ? fmt::format(">{}", evaluations) : std::to_string(count);
    };
    const double faster = static_cast<double>(evaluations) / static_cast<double>(reached[1]);
    return fmt::format("  {:<11} {:>20} {:>20} {:>20}   {:>6} [{:>5} {:>5}] {:>6.1f}x {:>7.0f}\n",
                       line["algorithm"].get<std::string>(), bestAt(200), bestAt(400), bestAt(evaluations), text(reached[1]),
                       text(reached[0]), text(reached[2]), faster, line["evaluations_per_second"].get<double>());
}

// The target is what random search has reached with all evaluations, in the median over the seeds.
Json compare(const std::string& problem, const Surrogate& surrogate, std::vector<Line> lines, std::size_t evaluations)
{
    std::vector<double> ends;
    for (const Line& line : lines)
        if (line.algorithm == "random")
            for (const Run* run : line.runs)
                ends.push_back(run->bestAfter(evaluations));
    const double target = ends.empty() ? 1 : quartiles(ends)[1];
    Json json{{"problem", problem}, {"surrogate", surrogate.name}, {"target", target}, {"algorithms", Json::array()}};
    std::cout << fmt::format("{} on {}: random search's median after {} evaluations is {:.4f}\n", surrogate.name, problem,
                             evaluations, target)
              << fmt::format("  {:<11} {:>20} {:>20} {:>20}   {:>20} {:>7} {:>7}\n", "", "best after 200", "after 400",
                             fmt::format("after {}", evaluations), "evaluations to it", "faster", "per s");
    for (const Line& line : lines) {
        json["algorithms"].push_back(describe(line, target, evaluations));
        std::cout << row(json["algorithms"].back(), evaluations);
    }
    std::cout << std::endl;
    return json;
}

Options read(int argc, char** argv)
{
    Options options;
    for (const Surrogate& surrogate : surrogates())
        options.surrogates.emplace_back(surrogate.name);
    options.algorithms = {"random", "beam", "evolution", "mcts", "prospector"};
    CLI::App app("The search algorithms on the surrogate problems");
    app.add_option("--problems", options.problems)->delimiter(',');
    app.add_option("--surrogates", options.surrogates)->delimiter(',');
    app.add_option("--algorithms", options.algorithms)->delimiter(',');
    app.add_option("--evaluations", options.evaluations, "Of random search")->capture_default_str();
    app.add_option("--others", options.others, "Evaluations of the others")->capture_default_str();
    app.add_option("--seeds", options.seeds)->capture_default_str();
    app.add_option("--threads", options.threads, "Searches at once")->capture_default_str();
    app.add_option("--json", options.json, "Where to write the curves");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        std::exit(app.exit(error));
    }
    return options;
}

// All searches of one surrogate on one space.
Json compareOn(const std::string& name, const Surrogate& surrogate, const Options& options)
{
    const auto problem = problemNamed(name);
    std::vector<Task> tasks;
    for (const std::string& algorithm : options.algorithms)
        for (int seed = 1; seed <= options.seeds; ++seed)
            tasks.push_back({problem, &surrogate, algorithm, static_cast<std::uint64_t>(seed), {}});
    runAll(tasks, options);
    std::vector<Line> lines;
    for (const std::string& algorithm : options.algorithms) {
        Line& line = lines.emplace_back(Line{algorithm, {}});
        for (const Task& task : tasks)
            if (task.algorithm == algorithm)
                line.runs.push_back(&task.run);
    }
    return compare(name, surrogate, lines, options.evaluations);
}

int main(const Options& options)
{
    Json all{{"evaluations", options.evaluations}, {"seeds", options.seeds}, {"comparisons", Json::array()}};
    for (const std::string& problem : options.problems)
        for (const std::string& name : options.surrogates) {
            const Surrogate* surrogate = findSurrogate(name);
            if (surrogate == nullptr)
                give(fmt::format("There is no surrogate {}.", name));
            all["comparisons"].push_back(compareOn(problem, *surrogate, options));
            if (!options.json.empty() && !(std::ofstream(options.json) << all.dump(1) << '\n'))
                give("Cannot write " + options.json + ".");
        }
    return 0;
}

} // namespace
} // namespace synoscope

int main(int argc, char** argv)
{
    return synoscope::main(synoscope::read(argc, argv));
}
