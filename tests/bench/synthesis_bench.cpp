// How fast the synthesis is, on the paper's ResNet-18 problem. The paper's own sampler finds 0.2 distinct operators a
// second there, and enumerates depth 7 in 10.3 s and depth 9 in 128 s (incompletely).
#include "core/synthesis/enumerate.h"
#include "core/synthesis/equivalence.h"
#include "core/synthesis/generator.h"

#include <benchmark/benchmark.h>
#include <set>

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
