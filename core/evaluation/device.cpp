#include "core/evaluation/device.h"

#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/cuda.h>

#ifdef SYNOSCOPE_CUDA_GRAPHS // libtorch has been built with CUDA
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAGuard.h>
#endif

#include <chrono>
#include <memory>

namespace synoscope {

namespace {

constexpr int runsAtOnce = 10; // on an accelerator

#ifdef SYNOSCOPE_CUDA_GRAPHS
std::function<void()> captured(const std::function<void()>& run)
{
    const auto graph = std::make_shared<at::cuda::CUDAGraph>();
    const c10::cuda::CUDAStream stream = c10::cuda::getStreamFromPool(); // the default stream cannot be captured
    const c10::cuda::CUDAStreamGuard guard(stream);
    run(); // libraries choose their algorithms and take their memory at first
    stream.synchronize();
    graph->capture_begin();
    run();
    graph->capture_end();
    return [graph] { graph->replay(); };
}
#endif

} // namespace

std::optional<std::string> deviceRefusal(const std::string& device)
{
    if (device != "cuda" || torch::cuda::is_available())
        return std::nullopt;
    return "CUDA cannot be used here: this libtorch was built without it, or finds no GPU; name the device cpu.";
}

std::function<void()> DeviceClock::prepared(std::function<void()> run) const
{
#ifdef SYNOSCOPE_CUDA_GRAPHS
    if (device_.is_cuda()) {
        try {
            return captured(run);
        } catch (const c10::Error&) { // something in it waits for the device, which a graph cannot
            return run;
        }
    }
#endif
    return run;
}

// Without any header of CUDA: libtorch, where it has been built with it, knows how.
void DeviceClock::drain() const
{
    const c10::impl::VirtualGuardImpl implementation(device_.type());
    c10::Event event(device_.type());
    event.record(implementation.getStream(device_));
    while (!event.query()) {
    }
}

void DeviceClock::time(Times& times, const std::function<void()>& run) const
{
    if (device_.is_cpu())
        return times.time(run);
    drain();
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < runsAtOnce; ++i)
        run();
    drain();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    times.add(1e6 * seconds / runsAtOnce, false);
}

} // namespace synoscope
