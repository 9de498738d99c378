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

void parse(benchmark::State& state)
{
    const std::string text = writePGraph(convolution());
    for (auto _ : state)
        benchmark::DoNotOptimize(parsePGraph(text, "conv2d.pgraph"));
}
BENCHMARK(parse);

void hash(benchmark::State& state)
{
    const PGraph graph = convolution();
    for (auto _ : state)
        benchmark::DoNotOptimize(canonicalHash(graph));
}
BENCHMARK(hash);

void print(benchmark::State& state)
{
    const PGraph graph = convolution();
    for (auto _ : state)
        benchmark::DoNotOptimize(fingerprint(graph));
}
BENCHMARK(print);

} // namespace
} // namespace synoscope
