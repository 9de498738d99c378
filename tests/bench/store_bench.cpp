// A store of a million candidates: bench_store [COUNT] [FOLDER]. The folder's files are made if they are not there.
//
// "first" is a reader's first question (opening, and reading the columns it needs), "again" the same question to the same
// reader. Beside each, the processor's time for it: what a busy machine disturbs less.
#include "core/experiment/experiment.h"
#include "core/experiment/reward.h"
#include "core/experiment/stored_forms.h"
#include "core/experiment/stored_log.h"
#include "core/graph/writer.h"
#include "core/lowering/plan.h"
#include "core/search/synthesizer_space.h"
#include "tests/core/search/synthetic_space.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <thread>

namespace synoscope {
namespace {

using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

template <typename T>
T must(Expected<T> expected)
{
    if (!expected) {
        std::cerr << expected.error().text() << '\n';
        std::exit(2);
    }
    return std::move(*expected);
}
void must(const Expected<void>& expected)
{
    if (!expected) {
        std::cerr << expected.error().text() << '\n';
        std::exit(2);
    }
}

struct Time
{
    double wall = 0; // milliseconds, as the next
    double processor = 0;
    std::string text() const { return fmt::format("{:8.1f} ms ({:6.1f})", wall, processor); }
};

Time timeOf(auto&& action)
{
    const std::clock_t before = std::clock();
    const auto begin = Clock::now();
    action();
    return {std::chrono::duration<double, std::milli>(Clock::now() - begin).count(),
            static_cast<double>(std::clock() - before) * 1000 / CLOCKS_PER_SEC};
}

double milliseconds(auto&& action)
{
    return timeOf(action).wall;
}

std::shared_ptr<const Problem> problem()
{
    return std::make_shared<const Problem>(must(readProblem(SYNOSCOPE_SOURCE_DIR
                                                            "/resources/problems/conv2d-resnet18.json")));
}

// Filling

// Operators as a search finds them, to be stored under ever other hashes.
std::vector<CandidateRecord> templates(const fs::path& folder)
{
    const fs::path file = folder / "templates.synoscope";
    fs::remove(file);
    ExperimentSettings settings;
    settings.benchmark = settings.train = false;
    auto experiment = must(Experiment::create(file, *problem(), settings, {}));
    std::vector<std::unique_ptr<StopCondition>> stops;
    stops.push_back(stopAfterCandidates(1000));
    experiment->setStops(std::move(stops));
    experiment->start();
    while (experiment->running())
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    experiment->close();
    return must(must(experiment->reader()).candidates(CandidateQuery{}));
}

CandidateRecord variation(const std::vector<CandidateRecord>& from, std::int64_t i)
{
    CandidateRecord c = from[static_cast<std::size_t>(i) % from.size()];
    const auto scattered = static_cast<std::uint64_t>(i) * 0x9e3779b97f4a7c15ull;
    c.hash = fmt::format("{:016x}{:016x}", scattered, i);
    c.fingerprint = fmt::format("{:016x}{:016x}", i, scattered);
    c.totalFlops *= 1 + static_cast<double>(scattered % 1009) / 1e5;
    c.flopsRatio *= 1 + static_cast<double>(scattered % 1009) / 1e5;
    c.iteration = 3 * i;
    return c;
}

void fill(const fs::path& file, const std::vector<CandidateRecord>& from, std::int64_t count)
{
    auto store = must(Store::open(file));
    ExperimentRecord record;
    record.name = "a million";
    record.problem = problem()->text;
    const ExperimentId experiment = must(store->addExperiment(record));
    for (std::int64_t i = 0; i < count;) {
        auto transaction = must(store->begin());
        for (std::int64_t k = 0; k < 1000 && i < count; ++k, ++i) {
            CandidateRecord c = variation(from, i);
            c.experiment = experiment;
            const CandidateId id = must(store->addCandidate(c)).id;
            if (i % 2 == 0) {
                EvaluationRecord e;
                e.candidate = id;
                e.status = EvaluationStatus::done;
                e.latencyRatio = 0.25 + static_cast<double>(i * 31 % 10007) / 8000;
                if (i % 4 == 0)
                    e.accuracy = static_cast<double>(i * 17 % 10009) / 10009;
                e.reward = e.accuracy.value_or(0) * e.accuracy.value_or(0);
                must(store->addEvaluation(e));
            }
        }
        must(transaction.commit());
    }
}

// Asking

void ask(const fs::path& file, const char* what, auto&& question)
{
    std::optional<Reader> reader;
    const Time first = timeOf([&] {
        reader.emplace(must(Reader::open(file)));
        question(*reader);
    });
    Time again{1e9, 1e9};
    for (int i = 0; i < 5; ++i) {
        const Time time = timeOf([&] { question(*reader); });
        again = {std::min(again.wall, time.wall), std::min(again.processor, time.processor)};
    }
    std::printf("%-42s %s %s\n", what, first.text().c_str(), again.text().c_str());
}

void askAll(const fs::path& file, std::int64_t count)
{
    std::printf("%-42s %11s %20s\n", "", "first", "again");
    const ExperimentId one(1);
    const auto page = [&](const char* what, CandidateQuery query) {
        query.experiment = one;
        query.limit = 50;
        ask(file, what, [query](Reader& r) { must(r.candidates(query)); });
    };
    using enum CandidateColumn;
    page("list: the newest 50", {.descending = true});
    page("sort: best reward", {.sortBy = reward, .descending = true});
    page("sort: accuracy", {.sortBy = accuracy, .descending = true});
    page("sort: latency", {.sortBy = latencyRatio});
    page("sort: FLOPs", {.sortBy = totalFlops});
    page("sort: parameters", {.sortBy = parameters});
    page("sort: hash", {.sortBy = hash});
    page("page: in the middle, by FLOPs", {.sortBy = totalFlops, .offset = count / 2});
    page("page: near the end, by reward", {.sortBy = reward, .descending = true, .offset = count - 100});
    page("filter: a common word, by reward", {.text = "unfold", .sortBy = reward, .descending = true});
    page("filter: three words, by accuracy", {.text = "unfold shift s^-1", .sortBy = accuracy, .descending = true});
    page("filter: a word that nothing has", {.text = "nothing", .sortBy = reward});
    page("filter: the beginning of a hash", {.text = "0a1b2", .sortBy = reward});
    page("filter: two ranges, by accuracy", {.ranges = {{flopsRatio, 0.2, 0.4}, {latencyRatio, {}, 0.9}},
                                             .sortBy = accuracy,
                                             .descending = true});
    page("filter: a narrow range, by hash", {.ranges = {{accuracy, 0.999, {}}}, .sortBy = hash});
    page("filter: evaluated, starred", {.starredOnly = true, .evaluatedOnly = true});
    ask(file, "count: all", [&](Reader& r) { must(r.count({.experiment = one})); });
    ask(file, "count: a common word", [&](Reader& r) { must(r.count({.experiment = one, .text = "unfold"})); });
    ask(file, "summary", [&](Reader& r) { must(r.summary(one)); });
    ask(file, "all ids by reward", [&](Reader& r) { must(r.candidateIds({.experiment = one, .sortBy = reward})); });
    ask(file, "one by its hash", [&](Reader& r) { must(r.candidateByHash(one, "nothing")); });
}

// Resuming

struct Synthetic
{
    test::SyntheticSettings settings;
    Synthetic()
    {
        settings.kinds = {{MoveKind::reduce, 7},
                          {MoveKind::shift, 5},
                          {MoveKind::split, 7},
                          {MoveKind::unfold, 7},
                          {MoveKind::merge, 7}};
        settings.picks = 9;
    }
};

// A search of so many iterations, with a candidate for each operator.
void growLog(const fs::path& file, std::uint64_t iterations)
{
    const Synthetic synthetic;
    const auto engine = test::makeEngine(synthetic.settings);
    SearchWorker worker = engine->makeWorker();
    const auto rewardOf = test::hiddenWorth(synthetic.settings, 1);
    auto store = must(Store::open(file));
    ExperimentRecord record;
    record.name = "iterations";
    record.problem = "{}";
    const ExperimentId experiment = must(store->addExperiment(record));
    std::unordered_map<std::string, CandidateId> ids;
    while (engine->status().iterations < iterations) {
        test::runSearch(*engine, worker, rewardOf, 1000);
        auto transaction = must(store->begin());
        std::vector<IterationRecord> rows;
        for (const LogEntry& entry : engine->drainLog(1'000'000)) {
            CandidateId& id = ids[entry.candidate];
            if (!id.valid()) {
                CandidateRecord c;
                c.experiment = experiment;
                c.hash = entry.candidate;
                id = must(store->addCandidate(c)).id;
                must(store->setReward(id, entry.reward));
            }
            rows.push_back(storedForm(entry, experiment));
            rows.back().candidate = id;
        }
        must(store->addIterations(rows));
        must(transaction.commit());
    }
}

void resume(const fs::path& file)
{
    const Synthetic synthetic;
    const auto engine = test::makeEngine(synthetic.settings);
    const Time time = timeOf([&] {
        auto store = must(Store::open(file, OpenMode::mustExist));
        Reader reader = must(store->reader());
        const ExperimentId experiment(1);
        HashesById hashes;
        std::vector<KnownOperator> known;
        must(reader.visitCandidates(experiment, [&](const CandidateBrief& row) {
            hashes.emplace(row.id.value, row.hash);
            known.push_back({row.hash, row.fingerprint, row.reward});
        }));
        engine->learn(known);
        must(engine->restore(
            [&](const SearchEngine::LogVisitor& visit) { return visitLog(reader, experiment, hashes, visit); }, {}));
    });
    const SearchStatus status = engine->status();
    std::printf("resume: %llu iterations, %llu nodes, %llu candidates in %s\n",
                static_cast<unsigned long long>(status.iterations), static_cast<unsigned long long>(status.nodes),
                static_cast<unsigned long long>(status.candidates), time.text().c_str());
}

// Searching

struct Cost
{
    double processor = 0; // seconds
    double wall = 0;
    std::uint64_t iterations = 0;
    std::uint64_t candidates = 0;
};

Cost costOf(auto&& run)
{
    Cost cost;
    const std::clock_t before = std::clock();
    cost.wall = milliseconds([&] { run(cost); }) / 1000;
    cost.processor = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    return cost;
}

// The same search, rewards and all, that keeps nothing.
Cost searchWithoutStore(std::uint64_t iterations)
{
    const auto p = problem();
    auto engine = must(SearchEngine::create(synthesizerSpaces(p), {}));
    return costOf([&](Cost& cost) {
        SearchWorker worker = engine->makeWorker();
        while (engine->status().iterations < iterations) {
            const auto proposal = worker.propose();
            if (!proposal)
                break;
            const Plan plan = lower(proposal->graph);
            double flops = 0;
            for (std::size_t layer = 0; layer < p->layers.size(); ++layer)
                flops += synoscope::cost(plan, proposal->graph.bindings()[layer]).flops * p->layers[layer].count;
            engine->reward(proposal->ticket, rewardOf({{}, {}, flops / p->baselineFlops}, p->reward));
        }
        cost.iterations = engine->status().iterations;
        cost.candidates = engine->status().candidates;
    });
}

Cost searchWithStore(const fs::path& file, std::uint64_t iterations)
{
    fs::remove(file);
    ExperimentSettings settings;
    settings.benchmark = settings.train = false;
    auto experiment = must(Experiment::create(file, *problem(), settings, {}));
    std::vector<std::unique_ptr<StopCondition>> stops;
    stops.push_back(stopAfterIterations(iterations));
    experiment->setStops(std::move(stops));
    return costOf([&](Cost& cost) {
        experiment->start();
        while (experiment->running())
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        experiment->close();
        cost.iterations = experiment->status().search.iterations;
        cost.candidates = experiment->status().candidates;
    });
}

void compareSearches(const fs::path& folder, std::uint64_t iterations)
{
    double without = 0, with = 0;
    for (int round = 0; round < 3; ++round) {
        const Cost off = searchWithoutStore(iterations);
        const Cost on = searchWithStore(folder / "search.synoscope", iterations);
        const auto print = [](const char* what, const Cost& c) {
            std::printf("search, %-12s %6llu iterations, %6llu candidates: %7.1f us of processor, %7.1f us an iteration\n",
                        what, static_cast<unsigned long long>(c.iterations), static_cast<unsigned long long>(c.candidates),
                        c.processor / static_cast<double>(c.iterations) * 1e6,
                        c.wall / static_cast<double>(c.iterations) * 1e6);
        };
        print("storing off", off);
        print("storing on", on);
        without += off.processor / static_cast<double>(off.iterations);
        with += on.processor / static_cast<double>(on.iterations);
    }
    std::printf("storing costs %.1f %% of the search's processor time\n", 100 * (1 - without / with));
}

int run(std::int64_t count, const fs::path& folder)
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    fs::create_directories(folder);
    compareSearches(folder, 10'000);
    const fs::path large = folder / fmt::format("candidates-{}.synoscope", count);
    if (!fs::exists(large)) {
        const auto from = templates(folder);
        const Time time = timeOf([&] { fill(large, from, count); });
        std::printf("filling: %.1f us a candidate, %.1f us of processor\n", time.wall * 1000 / static_cast<double>(count),
                    time.processor * 1000 / static_cast<double>(count));
    }
    std::printf("%.0f MB, %lld candidates\n", static_cast<double>(fs::file_size(large)) / 1e6,
                static_cast<long long>(count));
    std::printf("open for writing: %s\n", timeOf([&] { must(Store::open(large)); }).text().c_str());
    std::printf("open for reading: %s\n", timeOf([&] { must(Reader::open(large)); }).text().c_str());
    askAll(large, count);
    const fs::path log = folder / fmt::format("iterations-{}.synoscope", count);
    if (!fs::exists(log))
        growLog(log, static_cast<std::uint64_t>(count));
    resume(log);
    return 0;
}

} // namespace
} // namespace synoscope

int main(int argc, char** argv)
{
    const std::int64_t count = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
    const std::filesystem::path folder =
        argc > 2 ? argv[2] : (std::filesystem::temp_directory_path() / "synoscope-bench").string();
    return synoscope::run(std::max<std::int64_t>(1000, count), folder);
}
