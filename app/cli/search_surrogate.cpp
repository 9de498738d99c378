#include "app/cli/search_surrogate.h"
#include "app/cli/output.h"
#include "app/cli/stored.h"
#include "core/search/engine.h"
#include "core/search/surrogate.h"
#include "core/search/synthesizer_space.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <thread>

namespace synoscope::cli {

namespace {

constexpr std::size_t shown = 10;

struct Result
{
    std::mutex mutex;
    std::vector<CandidateRecord> best; // the best first
    std::uint64_t evaluated = 0;
};

void keep(Result& result, const Proposal& proposal, const OperatorTraits& traits, double reward)
{
    const std::lock_guard lock(result.mutex);
    ++result.evaluated;
    const auto worse = std::ranges::upper_bound(result.best, reward, std::greater(),
                                                [](const CandidateRecord& one) { return one.reward.value_or(0); });
    if (worse == result.best.end() && result.best.size() >= shown)
        return;
    CandidateRecord candidate;
    candidate.hash = proposal.hash;
    candidate.reward = reward;
    candidate.flopsRatio = traits.flopsRatio;
    candidate.parameters = std::llround(traits.parameters);
    result.best.insert(worse, std::move(candidate));
    result.best.resize(std::min(result.best.size(), shown));
}

// One thread's part: proposes and rewards until a limit is reached, or there is nothing left to find.
void work(SearchEngine& engine, SearchWorker& worker, const Surrogate& surrogate, const Problem& problem, Result& result,
          const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        const auto proposal = worker.propose(stop);
        if (!proposal && !engine.ended().empty())
            return;
        if (!proposal)
            continue;
        const OperatorTraits traits = traitsOf(proposal->graph, problem);
        const double reward = surrogate.reward(traits);
        engine.reward(proposal->ticket, reward);
        keep(result, *proposal, traits, reward);
    }
}

std::vector<std::unique_ptr<StopCondition>> stopsOf(const SurrogateSearch& wanted)
{
    std::vector<std::unique_ptr<StopCondition>> stops;
    if (wanted.iterations > 0)
        stops.push_back(stopAfterIterations(wanted.iterations));
    if (wanted.candidates > 0)
        stops.push_back(stopAfterCandidates(wanted.candidates));
    if (wanted.seconds > 0)
        stops.push_back(stopAfterSeconds(wanted.seconds));
    stops.push_back(stopWhenExhausted());
    return stops;
}

// Returns why it ended.
std::string run(SearchEngine& engine, const SurrogateSearch& wanted, const Surrogate& surrogate, const Problem& problem,
                Result& result)
{
    const auto& interrupted = watchInterrupt();
    std::atomic<int> working{wanted.threads};
    std::vector<SearchWorker> workers;
    for (int i = 0; i < wanted.threads; ++i)
        workers.push_back(engine.makeWorker());
    std::vector<std::jthread> threads;
    for (SearchWorker& worker : workers)
        threads.emplace_back([&](const std::stop_token& stop) {
            work(engine, worker, surrogate, problem, result, stop);
            --working;
        });
    ProgressLine progress(std::chrono::seconds(10));
    while (working.load() > 0 && !interrupted.load(std::memory_order_relaxed)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        const SearchStatus status = engine.status();
        progress.show(fmt::format("{} iterations, {} candidates, best reward {:.4f}", status.iterations,
                                  status.candidates, status.bestReward));
    }
    threads.clear(); // stops and joins
    return interrupted ? "interrupted" : engine.ended();
}

Answer report(const SearchEngine& engine, const SurrogateSearch& wanted, const Result& result, double seconds,
              const std::string& stopped)
{
    const SearchStatus status = engine.status();
    const double rate = static_cast<double>(status.iterations) / std::max(seconds, 1e-9);
    Answer answer;
    answer.json["surrogate"] = wanted.surrogate;
    answer.json["algorithm"] = wanted.search.algorithm;
    answer.json["iterations"] = status.iterations;
    answer.json["candidates"] = status.candidates;
    answer.json["duplicates"] = status.duplicates;
    answer.json["evaluated"] = result.evaluated;
    answer.json["seconds"] = seconds;
    answer.json["iterations_per_second"] = rate;
    answer.json["threads"] = wanted.threads;
    answer.json["nodes"] = status.nodes;
    answer.json["memory_bytes"] = status.memoryBytes;
    answer.json["stopped"] = stopped;
    answer.json["best"] = Json::array();
    answer.text = fmt::format("{} on {}: {} iterations, {} operators evaluated in {:.1f} s, {:.0f} iterations/s ({})\n",
                              wanted.search.algorithm, wanted.surrogate, status.iterations, result.evaluated, seconds,
                              rate, stopped);
    answer.text += candidateHeading();
    for (const CandidateRecord& candidate : result.best) {
        answer.json["best"].push_back({{"hash", candidate.hash},
                                       {"reward", optionalJson(candidate.reward)},
                                       {"accuracy", nullptr},
                                       {"latency_ratio", nullptr},
                                       {"flops_ratio", candidate.flopsRatio},
                                       {"params", candidate.parameters}});
        answer.text += candidateLine(candidate);
    }
    return answer;
}

} // namespace

std::string surrogateHelp()
{
    std::string help = "Instead of evaluating: rewards by a formula, at once, and nothing is kept;";
    for (const Surrogate& surrogate : surrogates())
        help += fmt::format(" {}: {}.", surrogate.name, surrogate.description);
    return help;
}

Answer searchSurrogate(const SurrogateSearch& wanted)
{
    const Surrogate* surrogate = findSurrogate(wanted.surrogate);
    if (surrogate == nullptr) {
        std::vector<std::string_view> names;
        for (const Surrogate& one : surrogates())
            names.push_back(one.name);
        return Error{.message = fmt::format("There is no surrogate {}; there are: {}.", wanted.surrogate,
                                            fmt::join(names, ", "))};
    }
    if (wanted.problem.empty())
        return Error{.message = "A new search needs --problem."};
    auto read = readProblem(problemFile(wanted.problem));
    if (!read)
        return read.error();
    const auto problem = std::make_shared<const Problem>(std::move(*read));
    auto engine = SearchEngine::create(synthesizerSpaces(problem), wanted.search);
    if (!engine)
        return engine.error();
    (*engine)->setStops(stopsOf(wanted));
    Result result;
    const auto start = Clock::now();
    const std::string stopped = run(**engine, wanted, *surrogate, *problem, result);
    return report(**engine, wanted, result, since(start), stopped);
}

} // namespace synoscope::cli
