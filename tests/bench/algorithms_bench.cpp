// Compares the search algorithms on the surrogate problems (core/search/surrogate.h), and on accuracies of real trainings: the
// best reward so far against the number of distinct operators evaluated, over several seeds. Prints a table for each space,
// and writes JSON with --json, of which `synoscope-cli report --comparison` makes a page.
//
//   bench_algorithms --json comparison.json          all surrogates, some minutes
//   bench_algorithms --problems tiny --rewards needle --algorithms mcts,prospector --seeds 3
//   bench_algorithms --problems tiny:6 --rewards trained --evaluations 1000 --others 1000
//
// "tiny:6" is the tiny problem with at most six primitives: 1178 operators. The table has the accuracies that are known; what is
// not in it is trained (one to two seconds each) and added.
#include "core/search/engine.h"
#include "core/search/surrogate.h"
#include "core/search/synthesizer_space.h"
#include "tests/bench/trained_rewards.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>
#include <thread>

namespace synoscope {
namespace {

using Json = nlohmann::ordered_json;

struct Options
{
    std::vector<std::string> problems{"tiny", "efficientnetv2s"};
    std::vector<std::string> rewards{};
    std::vector<std::string> algorithms{};
    std::size_t evaluations = 2000; // of random search, the measure
    std::size_t others = 1000;      // of the others
    int seeds = 10;
    unsigned threads = 2;
    std::string json{};
    std::string table = SYNOSCOPE_SOURCE_DIR "/tests/bench/tiny-trained.tsv";
};

using Reward = std::function<double(const Proposal&)>;

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
    const Reward* reward = nullptr;
    std::string algorithm;
    std::uint64_t seed = 0;
    Run run;
};

[[noreturn]] void give(const std::string& sentence)
{
    std::cerr << sentence << '\n';
    std::exit(2);
}

// "tiny" is resources/problems/conv2d-tiny.json; "tiny:6" the same with at most six primitives.
std::shared_ptr<const Problem> problemNamed(const std::string& name)
{
    const std::size_t colon = name.find(':');
    auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-" + name.substr(0, colon) + ".json");
    if (!problem)
        give(problem.error().text());
    if (colon != std::string::npos)
        problem->limits.depth = std::atoi(name.c_str() + colon + 1);
    return std::make_shared<const Problem>(std::move(*problem));
}

// How long, and on what, an operator is trained for the table.
constexpr int tableImages = 768, tableEpochs = 3, tableBatch = 32;

Reward rewardNamed(const std::string& name, const std::shared_ptr<const Problem>& problem, const Options& options)
{
    if (name == "trained") {
        protocol::Request request;
        request.id = 1;
        request.kind = protocol::RequestKind::train;
        request.backbone = problem->backbone;
        request.trainImages = tableImages;
        request.testImages = 1000;
        request.epochs = tableEpochs;
        request.recipe.batchSize = tableBatch;
        auto table = TrainedRewards::open(options.table, request, SYNOSCOPE_WORKER);
        if (!table)
            give(table.error().text());
        // What is above guessing among ten classes.
        return [table = std::shared_ptr(std::move(*table))](const Proposal& found) {
            return std::max(0.0, (table->accuracy(found.hash, found.graph) - 0.1) / 0.9);
        };
    }
    const Surrogate* surrogate = findSurrogate(name);
    if (surrogate == nullptr)
        give(fmt::format("There is no surrogate {}.", name));
    return [surrogate, problem](const Proposal& found) { return surrogate->reward(traitsOf(found.graph, *problem)); };
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
        const double reward = (*task.reward)(*proposal);
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
Json compare(const std::string& problem, const std::string& reward, std::vector<Line> lines, std::size_t evaluations)
{
    std::vector<double> ends;
    for (const Line& line : lines)
        if (line.algorithm == "random")
            for (const Run* run : line.runs)
                ends.push_back(run->bestAfter(evaluations));
    const double target = ends.empty() ? 1 : quartiles(ends)[1];
    Json json{{"problem", problem}, {"reward", reward}, {"target", target}, {"algorithms", Json::array()}};
    std::cout << fmt::format("{} on {}: random search's median after {} evaluations is {:.4f}\n", reward, problem,
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
        options.rewards.emplace_back(surrogate.name);
    options.algorithms = {"random", "beam", "evolution", "mcts", "prospector"};
    CLI::App app("The search algorithms on the surrogate problems");
    app.add_option("--problems", options.problems)->delimiter(',');
    app.add_option("--rewards", options.rewards, "Names of surrogates, and trained")->delimiter(',');
    app.add_option("--algorithms", options.algorithms)->delimiter(',');
    app.add_option("--evaluations", options.evaluations, "Of random search")->capture_default_str();
    app.add_option("--others", options.others, "Evaluations of the others")->capture_default_str();
    app.add_option("--seeds", options.seeds)->capture_default_str();
    app.add_option("--threads", options.threads, "Searches at once")->capture_default_str();
    app.add_option("--table", options.table, "Of trained accuracies; it is made, and added to")->capture_default_str();
    app.add_option("--json", options.json, "Where to write the curves");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        std::exit(app.exit(error));
    }
    return options;
}

// All searches for one reward in one space.
Json compareOn(const std::string& name, const std::string& rewardName, const Options& options)
{
    const auto problem = problemNamed(name);
    const Reward reward = rewardNamed(rewardName, problem, options);
    std::vector<Task> tasks;
    for (const std::string& algorithm : options.algorithms)
        for (int seed = 1; seed <= options.seeds; ++seed)
            tasks.push_back({problem, &reward, algorithm, static_cast<std::uint64_t>(seed), {}});
    runAll(tasks, options);
    std::vector<Line> lines;
    for (const std::string& algorithm : options.algorithms) {
        Line& line = lines.emplace_back(Line{algorithm, {}});
        for (const Task& task : tasks)
            if (task.algorithm == algorithm)
                line.runs.push_back(&task.run);
    }
    return compare(name, rewardName, lines, options.evaluations);
}

int main(const Options& options)
{
    Json all{{"evaluations", options.evaluations}, {"seeds", options.seeds}, {"comparisons", Json::array()}};
    for (const std::string& problem : options.problems)
        for (const std::string& reward : options.rewards) {
            all["comparisons"].push_back(compareOn(problem, reward, options));
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
