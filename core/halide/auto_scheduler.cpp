#include "core/halide/auto_scheduler.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

namespace synoscope {

namespace {

Halide::Region regionOf(const std::vector<int>& extents)
{
    Halide::Region region;
    for (const int extent : extents)
        region.emplace_back(0, extent);
    return region;
}

// Halide finds plugins by their full path only; Debian puts them into a folder of their own.
Expected<void> loadScheduler(const std::string& scheduler)
{
    std::string lower = scheduler;
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto plugin = std::filesystem::path(SYNOSCOPE_HALIDE_PLUGINS) / fmt::format("libautoschedule_{}.so", lower);
    if (!std::filesystem::exists(plugin))
        return Error{.message = fmt::format("Halide's scheduler {} is not installed: expected its plugin.", scheduler),
                     .file = plugin.string()};
    Halide::load_plugin(plugin.string());
    return {};
}

} // namespace

void setEstimates(Halide::ImageParam& param, const std::vector<int>& extents)
{
    param.set_estimates(regionOf(extents));
}

void setEstimates(Halide::Func& func, const std::vector<int>& extents)
{
    func.set_estimates(regionOf(extents));
}

Expected<void> autoSchedule(Halide::Pipeline& pipeline, const std::string& scheduler, const Halide::Target& target,
                            int threads)
{
    // Adams2019 searches for minutes with its default beam, and finds nothing better.
    ::setenv("HL_BEAM_SIZE", "1", 0);
    ::setenv("HL_DEBUG_AUTOSCHEDULE", "-1", 0); // it talks on standard error otherwise
    if (auto loaded = loadScheduler(scheduler); !loaded)
        return loaded;
    constexpr std::uint64_t lastLevelCache = 16 << 20;
    constexpr float balance = 40; // of arithmetic and memory, as Halide's documentation proposes
    pipeline.auto_schedule(scheduler, target, Halide::MachineParams(threads, lastLevelCache, balance));
    return {};
}

} // namespace synoscope
