// How fast the synthesis is, on the paper's ResNet-18 problem. The paper's own sampler finds 0.2 distinct operators a
// second there, and enumerates depth 7 in 10.3 s and depth 9 in 128 s (incompletely).
#include "core/synthesis/enumerate.h"
#include "core/synthesis/equivalence.h"
#include "core/synthesis/generator.h"

#include <benchmark/benchmark.h>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>

namespace synoscope {
namespace {

std::shared_ptr<Problem> resnet18(int depth)
{
    auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-resnet18.json");
    problem->limits.depth = depth;
    return std::make_shared<Problem>(std::move(*problem));
}

void enumerateAll(benchmark::State& state)
{
    for (auto _ : state) {
        SynthesisEngine engine(resnet18(static_cast<int>(state.range(0))));
        std::size_t operators = 0;
        for (const auto& finals : enumerate(engine, [](int, std::size_t) { return true; }).finals)
            operators += finals.size();
        state.counters["states"] = static_cast<double>(engine.stateCount());
        state.counters["operators"] = static_cast<double>(operators);
        state.counters["bytes/state"] =
            static_cast<double>(engine.stateBytes()) / static_cast<double>(engine.stateCount());
    }
}
BENCHMARK(enumerateAll)->Arg(7)->Arg(9)->Arg(12)->Unit(benchmark::kMillisecond);

// Until the space holds nothing new.
void sampleAll(benchmark::State& state)
{
    for (auto _ : state) {
        SynthesisEngine engine(resnet18(12));
        Random random(1);
        std::size_t rollouts = 0;
        std::set<std::uint64_t> found;
        for (; !engine.isExhausted(engine.root()); ++rollouts)
            if (const auto rollout = engine.rollout(engine.root(), {}, random, 10000))
                found.insert(engine.key(rollout->final));
        state.counters["distinct"] = static_cast<double>(found.size());
        state.counters["distinct/s"] =
            benchmark::Counter(static_cast<double>(found.size()), benchmark::Counter::kIsIterationInvariantRate);
        state.counters["rollouts"] = static_cast<double>(rollouts);
    }
}
BENCHMARK(sampleAll)->Unit(benchmark::kMillisecond);

double secondsUntil(std::size_t operators, int threads, bool shared)
{
    const auto problem = resnet18(12);
    const auto sharing = shared ? std::make_shared<Sharing>() : nullptr;
    std::mutex mutex;
    std::vector<std::set<std::uint64_t>> found(shared ? 1 : threads); // by thread, or of all
    std::vector<std::jthread> running;
    const auto start = std::chrono::steady_clock::now();
    for (int thread = 0; thread < threads; ++thread)
        running.emplace_back([&, thread] {
            SynthesisEngine engine(problem);
            engine.share(sharing, thread);
            Random random(static_cast<std::uint64_t>(thread) + 1);
            auto& mine = found[shared ? 0 : static_cast<std::size_t>(thread)];
            for (bool enough = false; !enough;) {
                const auto rollout = engine.rollout(engine.root(), {}, random, 10000);
                const std::lock_guard lock(mutex);
                if (rollout)
                    mine.insert(engine.key(rollout->final));
                enough = mine.size() >= operators || engine.isExhausted(engine.root());
            }
        });
    running.clear(); // joins
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Time until 3500 of the 4074 operators are found by one thread; by two that tell each other where they have been; and
// by each of two that know nothing of each other, which is how much faster the machine is with two threads at all.
void sampleWithTwoThreads(benchmark::State& state)
{
    constexpr std::size_t operators = 3500;
    for (auto _ : state) {
        const double alone = secondsUntil(operators, 1, false);
        const double together = secondsUntil(operators, 2, true);
        const double apart = secondsUntil(operators, 2, false);
        state.counters["speedup"] = alone / together;
        state.counters["of the machine"] = 2 * alone / apart;
    }
}
BENCHMARK(sampleWithTwoThreads)->Unit(benchmark::kMillisecond)->Iterations(1)->Repetitions(5)->UseRealTime();

// Warm: every frontier of the enumeration has been asked for before.
void distance(benchmark::State& state)
{
    SynthesisEngine engine(resnet18(9));
    (void)enumerate(engine, [](int, std::size_t) { return true; });
    struct Query
    {
        std::array<DistanceItem, maxFrontier> items;
        std::size_t count;
        std::uint64_t hash;
        DistanceBudget budget;
    };
    std::vector<Query> queries;
    for (std::size_t i = 0; i < engine.stateCount() && queries.size() < 4096; ++i) {
        const Draft draft = engine.load(StateId(i));
        if (draft.final)
            continue;
        Query query{{}, draft.frontier.count, 0, engine.budgetOf(draft)};
        for (int n = 0; n < draft.frontier.count; ++n) {
            query.items[n] = engine.itemOf(engine.nodes[draft.frontier[n]], engine.allowanceOf(draft.tally));
            query.hash += itemHash(query.items[n]);
        }
        queries.push_back(query);
    }
    const auto ask = [&](const Query& query) {
        return engine.distance().at(query.hash, query.budget, 8, std::span(query.items).first(query.count));
    };
    for (const Query& query : queries)
        ask(query);
    for (auto _ : state)
        for (const Query& query : queries)
            benchmark::DoNotOptimize(ask(query));
    state.counters["distances/s"] =
        benchmark::Counter(static_cast<double>(queries.size()), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(distance)->Unit(benchmark::kMicrosecond);

} // namespace
} // namespace synoscope
