// search: the whole search with evaluation, into a store; the workbench without a screen.
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/search_surrogate.h"
#include "app/cli/stored.h"
#include "app/cli/training_options.h"
#include "core/base/resources.h"
#include "core/catalog/backbones.h"
#include "core/data/data_set.h"
#include "core/evaluation/protocol/protocol.h"
#include "core/experiment/experiment.h"
#include "core/search/algorithm.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <thread>

namespace synoscope::cli {

namespace {

struct Options
{
    std::string problem, reward, file, surrogate;
    ExperimentSettings settings;
    TrainingOptions training;
    std::uint64_t iterations = 0, candidates = 0;
    double seconds = 0;
    bool resume = false, finish = false, noBench = false, noTrain = false, defer = false;
};

using ExperimentPtr = std::unique_ptr<Experiment>;

Expected<ExperimentPtr> openExperiment(Options& options)
{
    const WorkerSettings workers{{workerProgram().string(), "worker"}, options.defer};
    if (options.resume && Experiment::existsIn(options.file))
        return Experiment::open(options.file, workers);
    if (options.problem.empty())
        return Error{.message = "A new search needs --problem."};
    const auto names = algorithmNames();
    if (std::ranges::find(names, options.settings.algorithm) == names.end())
        return Error{.message = fmt::format("There is no search algorithm {}; there are: {}.",
                                            options.settings.algorithm, fmt::join(names, ", "))};
    auto problem = readProblem(problemFile(options.problem));
    if (problem && !options.reward.empty())
        problem = withReward(*problem, options.reward, "--reward");
    if (!problem)
        return problem.error();
    const auto recipe = recipeOf(options.training);
    if (!recipe)
        return recipe.error();
    options.settings.recipe = *recipe;
    options.settings.milestones = toText(*protocol::parseMilestones(options.training.milestones));
    const Backbone* backbone = findBackbone(problem->backbone);
    const auto dataset = dataNameFor(options.settings.dataset, backbone && backbone->sequence);
    options.settings.benchmark = !options.noBench;
    // A network that reads words is trained on the text that is given, and only measured without one.
    const bool given = options.settings.dataset != ExperimentSettings{}.dataset;
    options.settings.train = !options.noTrain && backbone && (backbone->trainable || given);
    if (options.settings.train && !dataset)
        return dataset.error();
    if (dataset)
        options.settings.dataset = dataset->text(); // with the whole path: it may be resumed from another folder
    return Experiment::create(options.file, *problem, options.settings, workers);
}

void setStops(Experiment& experiment, const Options& options)
{
    std::vector<std::unique_ptr<StopCondition>> stops;
    if (options.iterations > 0)
        stops.push_back(stopAfterIterations(experiment.status().search.iterations + options.iterations));
    if (options.candidates > 0)
        stops.push_back(stopAfterCandidates(options.candidates));
    if (options.seconds > 0)
        stops.push_back(stopAfterSeconds(options.seconds));
    stops.push_back(stopWhenExhausted());
    experiment.setStops(std::move(stops));
}

std::string statusText(const ExperimentStatus& status, double seconds)
{
    const std::string left = status.secondsLeft ? fmt::format(", {:.0f} s left", *status.secondsLeft) : "";
    return fmt::format("{:.0f} s: {} iterations, {} candidates, {} evaluated, {} waiting, best reward {:.4f}{}", seconds,
                       status.search.iterations, status.candidates, status.evaluated, status.waiting,
                       status.search.bestReward, left);
}

// Runs until a limit or an interrupt. Returns why it ended.
std::string runSearch(Experiment& experiment, const Options& options, const std::atomic<bool>& interrupted)
{
    // Evaluations under way at the end of a given time are made again when the search is resumed; a given number of
    // iterations is only complete with its evaluations.
    const bool finish = options.finish || options.seconds <= 0;
    const auto start = Clock::now();
    std::string stopped;
    ProgressLine progress(std::chrono::seconds(10));
    while (!interrupted.load(std::memory_order_relaxed)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        for (const Error& error : experiment.changesBesidesTree().errors)
            progress.say(error.text());
        const ExperimentStatus status = experiment.status();
        progress.show(statusText(status, seconds));
        if (stopped.empty())
            stopped = status.search.stopped;
        if (stopped.empty())
            continue;
        experiment.pause();
        if (!finish || status.waiting == 0)
            return stopped;
    }
    return "interrupted";
}

Expected<Answer> report(Experiment& experiment, const ExperimentStatus& status, const std::string& file, double seconds,
                        const std::string& stopped)
{
    auto reader = experiment.reader();
    if (!reader)
        return reader.error();
    CandidateQuery query{.experiment = experiment.record().id, .sortBy = CandidateColumn::reward, .descending = true};
    query.evaluatedOnly = true;
    query.limit = 10;
    const auto best = reader->candidates(query);
    if (!best)
        return best.error();
    const auto summary = reader->summary(experiment.record().id);
    if (!summary)
        return summary.error();

    Answer answer;
    answer.json["experiment"] = experiment.record().name;
    answer.json["db"] = file;
    answer.json["iterations"] = status.search.iterations;
    answer.json["candidates"] = summary->candidates;
    answer.json["duplicates"] = status.search.duplicates;
    answer.json["evaluated"] = status.evaluated;
    answer.json["benchmarked"] = summary->benchmarked;
    answer.json["trained"] = summary->trained;
    answer.json["seconds"] = seconds;
    answer.json["stopped"] = stopped;
    answer.json["baseline_accuracy"] = optionalJson(status.baselineAccuracy);
    answer.json["best"] = Json::array();
    answer.text =
        fmt::format("{}: {} iterations, {} candidates, {} evaluated in {:.0f} s ({})\n", experiment.record().name,
                    status.search.iterations, summary->candidates, status.evaluated, seconds, stopped);
    if (status.baselineAccuracy)
        answer.text += fmt::format("the unchanged network: accuracy {:.4f}\n", *status.baselineAccuracy);
    if (!best->empty())
        answer.text += candidateHeading();
    for (const CandidateRecord& candidate : *best) {
        answer.json["best"].push_back(candidateJson(candidate));
        answer.text += candidateLine(candidate);
    }
    answer.text += fmt::format("kept in {}\n", file);
    return answer;
}

Answer bySurrogate(const Options& options)
{
    if (!options.file.empty() || options.resume)
        return Error{.message = "A search with --surrogate keeps nothing: leave out --db and --resume."};
    if (!options.reward.empty())
        return Error{.message = "A surrogate is a reward of its own: leave out --reward."};
    SurrogateSearch wanted{.problem = options.problem, .surrogate = options.surrogate};
    wanted.search.algorithm = options.settings.algorithm;
    wanted.search.seed = options.settings.seed;
    wanted.threads = options.settings.searchThreads;
    wanted.iterations = options.iterations;
    wanted.candidates = options.candidates;
    wanted.seconds = options.seconds;
    return searchSurrogate(wanted);
}

Answer search(Options options)
{
    if (!options.surrogate.empty())
        return bySurrogate(options);
    if (options.file.empty())
        return Error{.message = "A search needs --db: where everything is kept."};
    const auto& interrupted = watchInterrupt();
    auto opened = openExperiment(options);
    if (!opened)
        return opened.error();
    Experiment& experiment = **opened;
    setStops(experiment, options);
    const auto start = Clock::now();
    experiment.start();
    const std::string stopped = runSearch(experiment, options, interrupted);
    experiment.pause();
    const ExperimentStatus status = experiment.status();
    experiment.close();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    auto answer = report(experiment, status, options.file, seconds, stopped);
    return answer ? std::move(*answer) : failed(answer.error());
}

} // namespace

void addSearch(Commands& commands)
{
    const auto options = std::make_shared<Options>();
    ExperimentSettings& settings = options->settings;
    CLI::App& command = commands.add("search", "Search a problem's space, measuring and training what is found",
                                     [options] { return search(*options); });
    command.add_option("--problem", options->problem, problemHelp);
    command.add_option("--db", options->file, "Where everything is kept (.synoscope); required without --surrogate");
    command.add_option("--surrogate", options->surrogate, surrogateHelp());
    command
        .add_flag("--resume", options->resume, "Go on where the file's search stopped, with its problem and settings")
        ->excludes(command.add_option("--reward", options->reward,
                                      "JSON in the place of the problem's \"reward\", such as "
                                      "{\"latency\": {\"limit\": 1, \"target\": 0.5, \"weight\": 0.3}}"));
    command.add_option("--iterations", options->iterations, "Stop after so many more")->check(CLI::PositiveNumber);
    command.add_option("--candidates", options->candidates, "Stop when so many operators are found")
        ->check(CLI::PositiveNumber);
    command.add_option("--seconds", options->seconds, "Stop after this time")->check(CLI::PositiveNumber);
    command.add_flag("--finish", options->finish, "With --seconds: wait for evaluations under way");
    command.add_option("--algorithm", settings.algorithm, fmt::format("One of: {}", fmt::join(algorithmNames(), ", ")))
        ->capture_default_str();
    command.add_option("--seed", settings.seed)->capture_default_str();
    command.add_option("--threads", settings.searchThreads, "Of the search")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    command.add_option("--epochs", settings.epochs, "How long each candidate trains")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    command.add_option("--dataset", settings.dataset, dataSetHelp)->capture_default_str();
    command.add_flag("--no-bench", options->noBench, "Do not measure latencies");
    command.add_flag("--no-train", options->noTrain, "Do not train");
    command
        .add_flag("--defer", options->defer,
                  "Evaluate nothing now: what is found waits for a later run, or for slurm submit")
        ->excludes("--iterations"); // which end with their evaluations
    command.add_option("--train-images", settings.trainImages, "How many images to train on; 0: the data set's default")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_option("--test-images", settings.testImages, "How many to test on; 0: the data set's default")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_option("--halving", settings.halving,
                       "Successive halving: of so many candidates the best one trains so many times longer, and so on up to --epochs; "
                       "0: all train to the end")
        ->check(CLI::Range(0, 1000))
        ->capture_default_str();
    command.add_option("--first-epochs", settings.firstEpochs, "With --halving: all candidates train so long")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    command.add_option("--proxy", settings.proxy, "A zero-cost proxy that decides which candidates are trained at all (see proxies)")
        ->check(CLI::IsMember(std::vector<std::string>(protocol::proxyNames.begin(), protocol::proxyNames.end())));
    command.add_option("--proxy-share", settings.proxyShare, "With --proxy: the share that is trained")
        ->check(CLI::Range(0.01, 1.0))
        ->capture_default_str();
    command.add_option("--job-seconds", settings.jobSeconds, "A measurement or training that takes longer fails")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--job-memory", settings.jobBytes, "One that takes more memory fails, such as 2GiB")
        ->transform(CLI::AsSizeValue(false))
        ->default_str("4GiB");
    addTrainingOptions(command, options->training);
    command.footer("Without a limit it goes on until Ctrl-C. What is found and measured is kept at once.");
}

} // namespace synoscope::cli
