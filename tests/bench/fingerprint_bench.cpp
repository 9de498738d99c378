// How long a fingerprint takes: for a plain convolution, and for the kinds of operators that a search on ResNet-18
// finds to be the slowest, with windows along channels.
#include "core/graph/fingerprint.h"
#include "core/graph/reader.h"

#include <benchmark/benchmark.h>
#include <stdexcept>

namespace synoscope {
namespace {

const Equivalence channels{{false, true}, {false, true}, {{2, 3}}};

PGraph onResNet18(std::string_view statements)
{
    const std::string text = "pgraph 1\nprimary N C_in C_out H\ncoefficient k_1=3 k_2=7 s=2 g=32\n"
                             "input n:N c:C_in y:H x:H\n" +
                             std::string(statements) +
                             "bind N=1 C_in=64 C_out=64 H=56\nbind N=1 C_in=64 C_out=128 H=28\n"
                             "bind N=1 C_in=128 C_out=128 H=28\nbind N=1 C_in=128 C_out=256 H=14\n"
                             "bind N=1 C_in=256 C_out=256 H=14\nbind N=1 C_in=256 C_out=512 H=7\n"
                             "bind N=1 C_in=512 C_out=512 H=7\n";
    auto graph = parsePGraph(text, "bench.pgraph");
    if (!graph)
        throw std::runtime_error(graph.error().text());
    return *graph;
}

void run(benchmark::State& state, std::string_view statements)
{
    const PGraph graph = onResNet18(statements);
    for (auto _ : state)
        benchmark::DoNotOptimize(fingerprint(graph, channels));
}

constexpr std::string_view convolution = "weight w o:C_out c:C_in ky:k_1 kx:k_1\n"
                                         "y1, j = unfold y k_1\nx1, i = unfold x k_1\n"
                                         "r = share c w.c\nry = share j w.ky\nrx = share i w.kx\nreduce r ry rx\n"
                                         "e = expand C_out\no = share e w.o\noutput n o y1 x1\n";
constexpr std::string_view lowRank = "weight u r:g c:C_in\nweight v o:C_out r:g ky:k_1\n"
                                     "y1, j = unfold y k_1\nx1 = shift x 1\nrc = share c u.c\nry = share j v.ky\n"
                                     "f = expand g\nf1 = share f u.r\nf2 = share f1 v.r\nreduce rc ry f2\n"
                                     "e = expand C_out\no = share e v.o\noutput n o y1 x1\n";
constexpr std::string_view windowsOnChannels =
    "weight w o:C_out/g c:C_in k:k_1*k_2 j:k_2\nc1, k = unfold c k_1*k_2\nc2, j = unfold c1 k_2\n"
    "c3 = share c2 w.c\nk1 = share k w.k\nj1 = share j w.j\np, q = split c3 g\nreduce p k1 j1\n"
    "e = expand C_out/g\no = share e w.o\nm = merge q o\ny1 = shift y 1\nx1 = shift x 1\noutput n m y1 x1\n";

BENCHMARK_CAPTURE(run, convolution, convolution)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, low_rank, lowRank)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, windows_on_channels, windowsOnChannels)->Unit(benchmark::kMicrosecond);

} // namespace
} // namespace synoscope
