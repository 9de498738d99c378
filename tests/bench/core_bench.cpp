// What a search spends its time in: rollouts, and naming, fingerprinting and reading what they find.
#include "core/graph/fingerprint.h"
#include "core/graph/reader.h"
#include "core/graph/writer.h"
#include "core/synthesis/synthesizer.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>

namespace synoscope {
namespace {

// Benchmarks of files that cannot be read mean nothing.
template <typename T>
T orExit(Expected<T> value)
{
    if (value)
        return std::move(*value);
    std::cerr << value.error().text() << '\n';
    std::exit(2);
}

std::shared_ptr<const Problem> problem(const std::string& name)
{
    return std::make_shared<const Problem>(
        orExit(readProblem(std::string(SYNOSCOPE_SOURCE_DIR "/resources/problems/") + name + ".json")));
}

PGraph convolution()
{
    return orExit(readPGraph(SYNOSCOPE_SOURCE_DIR "/resources/operators/conv2d.pgraph"));
}

PGraph twelvePrimitives()
{
    return orExit(readPGraph(SYNOSCOPE_SOURCE_DIR "/tests/data/pgraph/twelve_primitives.pgraph"));
}

void rollout(benchmark::State& state, const char* name)
{
    Synthesizer synthesizer(problem(name));
    Random random(1);
    std::int64_t found = 0;
    for (auto _ : state)
        found += synthesizer.rollout(synthesizer.root(), Steering{}, random).has_value();
    state.counters["operators"] = benchmark::Counter(static_cast<double>(found), benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(rollout, conv2d_tiny, "conv2d-tiny")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(rollout, conv2d_resnet18, "conv2d-resnet18")->Unit(benchmark::kMillisecond);

// The statements of an operator once more, without names: as the synthesis builds what it finds.
PGraph rebuilt(const PGraph& graph)
{
    PGraph::Builder builder("", graph.variables());
    std::vector<DimensionId> now(graph.dimensions().size());
    for (const DimensionId id : graph.input())
        now[id.index] = *builder.input("", graph[id].size);
    for (const Weight& weight : graph.weights()) {
        const WeightId id = *builder.weight(weight.name);
        for (const DimensionId axis : weight.axes)
            now[axis.index] = *builder.weightAxis(id, "", graph[axis].size);
    }
    for (const Primitive& p : graph.primitives()) {
        const auto top = [&](std::size_t i) { return now[p.topIds[i].index]; };
        const auto made = [&](auto ids) {
            if constexpr (std::is_same_v<decltype(ids), DimensionId>) {
                now[p.bottomIds[0].index] = ids;
            } else {
                now[p.bottomIds[0].index] = ids[0];
                now[p.bottomIds[1].index] = ids[1];
            }
        };
        switch (p.kind) {
        case PrimitiveKind::split:
            made(*builder.split(top(0), p.parameter, "", ""));
            break;
        case PrimitiveKind::merge:
            made(*builder.merge(top(0), top(1), ""));
            break;
        case PrimitiveKind::shift:
            made(*builder.shift(top(0), p.amount, ""));
            break;
        case PrimitiveKind::unfold:
            made(*builder.unfold(top(0), p.parameter, "", ""));
            break;
        case PrimitiveKind::stride:
            made(*builder.stride(top(0), p.parameter, ""));
            break;
        case PrimitiveKind::expand:
            made(*builder.expand(p.parameter, ""));
            break;
        case PrimitiveKind::share:
            made(*builder.share(top(0), top(1), ""));
            break;
        case PrimitiveKind::reduce:
            (void)builder.reduce(top(0));
        }
    }
    for (const DimensionId id : graph.output())
        (void)builder.output(now[id.index]);
    for (const Binding& binding : graph.bindings())
        builder.bind(binding);
    return orExit(builder.finish());
}

void parse(benchmark::State& state, PGraph (*graph)())
{
    const std::string text = writePGraph(graph());
    for (auto _ : state)
        benchmark::DoNotOptimize(parsePGraph(text, "bench.pgraph"));
}
BENCHMARK_CAPTURE(parse, conv2d, convolution);
BENCHMARK_CAPTURE(parse, twelve, twelvePrimitives);

void build(benchmark::State& state, PGraph (*graph)())
{
    const PGraph original = graph();
    for (auto _ : state)
        benchmark::DoNotOptimize(rebuilt(original));
}
BENCHMARK_CAPTURE(build, conv2d, convolution);
BENCHMARK_CAPTURE(build, twelve, twelvePrimitives);

void write(benchmark::State& state, PGraph (*graph)())
{
    const PGraph original = graph();
    for (auto _ : state)
        benchmark::DoNotOptimize(writePGraph(original));
}
BENCHMARK_CAPTURE(write, conv2d, convolution);
BENCHMARK_CAPTURE(write, twelve, twelvePrimitives);

void hash(benchmark::State& state, PGraph (*graph)())
{
    const PGraph original = graph();
    for (auto _ : state)
        benchmark::DoNotOptimize(canonicalHash(original));
}
BENCHMARK_CAPTURE(hash, conv2d, convolution);
BENCHMARK_CAPTURE(hash, twelve, twelvePrimitives);

void print(benchmark::State& state)
{
    const PGraph graph = convolution();
    for (auto _ : state)
        benchmark::DoNotOptimize(fingerprint(graph));
}
BENCHMARK(print);

} // namespace
} // namespace synoscope
