// How long it takes to lower an operator and to print it in each language (target: below 5 ms; a plan below 1 ms), for
// those that come with the program and for random ones of a search's size.
#include "core/codegen/export.h"
#include "core/graph/reader.h"
#include "core/lowering/plan.h"
#include "tests/core/lowering/random_graph.h"

#include <benchmark/benchmark.h>

#include <filesystem>
#include <stdexcept>

namespace synoscope {
namespace {

PGraph shipped(const std::string& name)
{
    auto graph = readPGraph(SYNOSCOPE_SOURCE_DIR "/resources/operators/" + name + ".pgraph");
    if (!graph)
        throw std::runtime_error(graph.error().text());
    return std::move(*graph);
}

std::vector<PGraph> zoo()
{
    std::vector<PGraph> graphs;
    for (const auto& file : std::filesystem::directory_iterator(SYNOSCOPE_SOURCE_DIR "/resources/operators"))
        if (file.path().extension() == ".pgraph")
            graphs.push_back(shipped(file.path().stem().string()));
    return graphs;
}

// Up to twelve iterators and four weights.
std::vector<PGraph> randomOperators()
{
    Random random(1);
    std::vector<PGraph> graphs;
    while (graphs.size() < 200) {
        PGraph graph = test::randomGraph(random, {.statements = 12, .weightsRequired = true});
        if (graph.output().size() + graph.reductions().size() <= 12 && graph.weights().size() <= 4)
            graphs.push_back(std::move(graph));
    }
    return graphs;
}

// One after the other; the counter gives the time of one.
template <typename Work>
void overAll(benchmark::State& state, const std::vector<PGraph>& graphs, const Work& work)
{
    std::size_t next = 0;
    for (auto _ : state) {
        work(graphs[next]);
        next = (next + 1) % graphs.size();
    }
}

void plan(benchmark::State& state, const std::vector<PGraph>& graphs)
{
    overAll(state, graphs, [](const PGraph& graph) { benchmark::DoNotOptimize(lower(graph)); });
}

void print(benchmark::State& state, const std::vector<PGraph>& graphs, ExportFormat format)
{
    overAll(state, graphs, [&](const PGraph& graph) {
        auto text = exportOperator(graph, format); // lowers too
        if (!text)
            state.SkipWithError(text.error().text().c_str());
        benchmark::DoNotOptimize(text);
    });
}

BENCHMARK_CAPTURE(plan, zoo, zoo())->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(plan, random, randomOperators())->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(print, zoo_pytorch, zoo(), ExportFormat::pytorch)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(print, zoo_libtorch, zoo(), ExportFormat::libtorch)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(print, zoo_cpp, zoo(), ExportFormat::cpp)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(print, zoo_halide, zoo(), ExportFormat::halide)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(print, random_pytorch, randomOperators(), ExportFormat::pytorch)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(print, random_cpp, randomOperators(), ExportFormat::cpp)->Unit(benchmark::kMicrosecond);

} // namespace
} // namespace synoscope
