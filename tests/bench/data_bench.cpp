// How many items the loader gives for a second of one core, with augmentation: the figures hold on a busy machine too. What training
// takes is what `synoscope-cli train` shows.
#include "core/data/builtin_data.h"
#include "core/data/loader.h"
#include "tests/core/data/support.h"

#include <benchmark/benchmark.h>
#include <cmath>
#include <fmt/format.h>

using namespace synoscope;
using namespace synoscope::testing;

namespace {

void readAll(benchmark::State& state, const std::string& name, int size)
{
    const auto data = open(name, size);
    if (!data)
        return state.SkipWithError(data.error().text().c_str());
    std::int64_t items = 0;
    int epoch = 0;
    for (auto _ : state) {
        Loader loader(*data, {.epoch = ++epoch, .threads = 1});
        for (int i = 0; i < loader.batches(); ++i)
            items += loader.next()->items;
    }
    state.SetItemsProcessed(items);
}

void builtin(benchmark::State& state)
{
    readAll(state, "builtin10-16", 16);
}
BENCHMARK(builtin)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

// At 32 pixels as they are, at 16 shrunk once, at 64 enlarged each time.
void cifar(benchmark::State& state)
{
    const TemporaryFolder folder;
    writeCifar10(folder, 1000);
    readAll(state, "cifar10:" + folder.path().string(), static_cast<int>(state.range(0)));
}
BENCHMARK(cifar)->Arg(32)->Arg(16)->Arg(64)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

// Pictures of 500x375 pixels, as ImageNet's are on average, with about 100 kB each.
void photographs(benchmark::State& state)
{
    const TemporaryFolder folder;
    Picture photograph{500, 375};
    Random random(1);
    for (int y = 0; y < 375; ++y)
        for (int x = 0; x < 500; ++x)
            for (int c = 0; c < 3; ++c)
                photograph.rgb.push_back(static_cast<std::uint8_t>(100 + 60 * std::sin(0.05 * x * (c + 1)) * std::cos(0.04 * y) + random.below(30)));
    const std::string file = jpegOf(photograph);
    for (int i = 0; i < 64; ++i)
        folder.write(fmt::format("{}/{}.jpg", i % 2, i), file);
    readAll(state, "imagefolder:" + folder.path().string(), 224);
    state.SetLabel(fmt::format("{} kB a file", file.size() / 1000));
}
BENCHMARK(photographs)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

void generation(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(generateImages(10, static_cast<int>(state.range(0)), DataPart::train, 4096, 1, 1));
    state.SetItemsProcessed(state.iterations() * 4096);
}
BENCHMARK(generation)->Arg(16)->Arg(32)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

} // namespace
