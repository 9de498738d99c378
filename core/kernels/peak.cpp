#include "core/kernels/peak.h"

#include "core/kernels/compiler.h"

namespace synoscope {

namespace {

// Twelve chains of multiply-adds hide the latency of two units of four or five cycles.
constexpr std::string_view source = R"cpp(
#include <chrono>
#include <cstdint>

namespace {

#if defined(__AVX512F__)
constexpr int lanes = 16;
#else
constexpr int lanes = 8;
#endif
using Vector = float __attribute__((vector_size(lanes * sizeof(float))));
constexpr int chains = 12;

float work(std::int64_t rounds, float factor, float term)
{
    Vector x[chains];
    for (int i = 0; i < chains; ++i)
        x[i] = Vector{} + (1.0f + static_cast<float>(i));
    for (std::int64_t round = 0; round < rounds; ++round)
#pragma GCC unroll 12
        for (int i = 0; i < chains; ++i)
            x[i] = x[i] * factor + term;
    Vector sum{};
    for (int i = 0; i < chains; ++i)
        sum += x[i];
    float total = 0;
    for (int lane = 0; lane < lanes; ++lane)
        total += sum[lane];
    return total;
}

} // namespace

extern "C" double peak_gflops(int threads)
{
    using Clock = std::chrono::steady_clock;
    constexpr std::int64_t rounds = 100000;
    volatile float kept = 0;
    volatile float factor = 0.999f; // not known to the compiler
    const auto start = Clock::now();
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int i = 0; i < threads; ++i)
        kept = work(rounds, factor, 0.001f);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return 2e-9 * lanes * chains * static_cast<double>(rounds) * threads / seconds;
}
)cpp";

} // namespace

Expected<PeakProbe> PeakProbe::make(int threads)
{
    const auto path = compileToLibrary(std::string(source));
    if (!path)
        return path.error();
    auto library = KernelLibrary::load(*path);
    if (!library)
        return library.error();
    const auto measure = reinterpret_cast<Measure>((*library)->find("peak_gflops"));
    if (!measure)
        return Error{"The compiled measurement of the peak has no entry."};
    return PeakProbe(std::move(*library), measure, threads);
}

} // namespace synoscope
