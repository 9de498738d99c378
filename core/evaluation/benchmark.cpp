#include "core/evaluation/benchmark.h"

#include "core/evaluation/bench_subjects.h"
#include "core/evaluation/device.h"
#include "core/evaluation/environment.h"
#include "core/evaluation/torch_errors.h"
#include "core/kernels/peak.h"

#include <ATen/Parallel.h>
#include <algorithm>
#include <c10/core/InferenceMode.h>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <tuple>

namespace synoscope {

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// As many bytes from one place to another as an operator has in input, weights and output: nothing that reads and writes
// them is faster.
class Copy
{
public:
    Copy(double bytes, const torch::Device& device)
        : from_(torch::zeros({static_cast<std::int64_t>(bytes) / 8}, device)), to_(from_.clone())
    {
    }

    void run()
    {
        if (!from_.is_cpu()) {
            to_.copy_(from_);
            return;
        }
        const auto* from = from_.data_ptr<float>();
        auto* to = to_.data_ptr<float>();
        at::parallel_for(0, from_.numel(), grain, [&](std::int64_t begin, std::int64_t end) {
            std::memcpy(to + begin, from + begin, static_cast<std::size_t>(end - begin) * sizeof(float));
        });
    }

private:
    static constexpr std::int64_t grain = 8192; // elements: less is not worth a thread

    torch::Tensor from_, to_;
};

// How many parts of its time a measurement is looked at in, for the confidence of its ratio.
constexpr std::size_t parts = 10;

// Medians of both sides, part by part; 0 where a part has no clean run.
using PartMedians = std::vector<std::pair<double, double>>;

// Both sides of one subject.
struct Sides
{
    Times operators, baseline;

    PartMedians mediansOfParts() const
    {
        const std::vector<double> one = operators.mediansOfParts(parts);
        const std::vector<double> other = baseline.mediansOfParts(parts);
        PartMedians both;
        for (std::size_t i = 0; i < parts; ++i)
            both.emplace_back(one[i], other[i]);
        return both;
    }
};

std::vector<double> ratiosOf(const PartMedians& medians)
{
    std::vector<double> ratios;
    for (const auto& [one, other] : medians)
        if (one > 0 && other > 0)
            ratios.push_back(one / other);
    return ratios;
}

class Bench
{
public:
    Bench(const BenchSettings& settings, const torch::Device& device, JobControl& control, const BenchProgress& progress)
        : settings_(settings), device_(device), clock_(device), control_(control), progress_(progress)
    {
    }

    BenchOutcome run(const BenchSubjects& subjects)
    {
        const c10::InferenceMode inference;
        if (auto probe = PeakProbe::make(at::get_num_threads()); probe && device_.is_cpu())
            probe_ = std::move(*probe);
        protocol::BenchResult result;
        double sum = 0;
        double baselineSum = 0;
        PartMedians all(parts); // sums over the bindings; not a number: not known
        const std::size_t count = subjects.bindings.size() + (subjects.network ? 1 : 0);
        for (std::size_t i = 0; i < count; ++i) {
            const bool slot = i < subjects.bindings.size();
            const BenchSubject& subject = slot ? subjects.bindings[i] : *subjects.network;
            progress_(static_cast<double>(i) / static_cast<double>(count), subject.label);
            PartMedians medians;
            protocol::BenchBinding binding = measure(subject, medians);
            if (stopped_)
                return *stopped_;
            if (!slot) {
                result.network = std::move(binding);
                continue;
            }
            sum += binding.count * binding.medianUs;
            baselineSum += binding.count * binding.baselineUs;
            addParts(all, medians, binding.count);
            result.peakGflops = std::max(result.peakGflops, binding.peakGflops);
            result.bindings.push_back(std::move(binding));
        }
        result.ratio = sum / baselineSum;
        std::tie(result.ratioLow, result.ratioHigh) = ratioInterval(result.ratio, ratiosOf(all));
        result.environment = environmentNow();
        result.environment.device = settings_.device;
        result.seconds = since(start_) - control_.paused().count();
        return result;
    }

private:
    bool goOn()
    {
        if (!control_.proceed())
            stopped_ = protocol::Cancelled{};
        else if (settings_.maxSeconds > 0 && since(start_) - control_.paused().count() > settings_.maxSeconds)
            stopped_ = protocol::Failed{fmt::format("The benchmark took longer than its limit of {:g} seconds.", settings_.maxSeconds), ""};
        return !stopped_;
    }

    std::function<void()> runOf(const TensorModulePtr& module, const torch::Tensor& input) const
    {
        return clock_.prepared([module, input] { module->forward(input); });
    }

    // Returns the form of the baseline that was the fastest.
    const Baseline& warmUp(const BenchSubject& subject)
    {
        Times dropped;
        std::vector<Times> times(subject.baselines.size());
        const auto start = Clock::now();
        for (int i = 0; goOn() && (i < 5 || (since(start) < 0.2 * settings_.minSeconds && i < 50)); ++i) {
            if (subject.module)
                clock_.time(dropped, [&] { subject.module->forward(subject.input); });
            for (std::size_t b = 0; b < times.size(); ++b)
                clock_.time(times[b], [&] { subject.baselines[b].module->forward(subject.input); });
        }
        std::size_t fastest = 0;
        for (std::size_t b = 0; b < times.size() && !stopped_; ++b)
            if (quantile(times[b].sorted(), 0.3) < quantile(times[fastest].sorted(), 0.3))
                fastest = b;
        return subject.baselines[fastest];
    }

    protocol::BenchBinding measure(const BenchSubject& subject, PartMedians& medians)
    {
        const Baseline& fastest = warmUp(subject);
        const TensorModulePtr& module = subject.module ? subject.module : fastest.module;
        const auto run = runOf(module, subject.input);
        const auto baselineRun = runOf(fastest.module, subject.input);
        const bool peaked = probe_ && subject.flops > 0;
        Sides sides;
        std::vector<double> peaks;
        const auto repeats = static_cast<std::size_t>(settings_.repeats);
        const auto start = Clock::now();
        for (std::size_t runs = 1; goOn(); ++runs) {
            clock_.time(sides.operators, run);
            clock_.time(sides.baseline, baselineRun);
            if (peaked)
                peaks.push_back(probe_->gflops());
            const double spent = since(start);
            const bool enough =
                std::min(sides.operators.clean(), sides.baseline.clean()) >= repeats && spent >= settings_.minSeconds;
            const bool patienceOver = runs >= 20 * repeats || (settings_.minSeconds > 0 && spent >= 20 * settings_.minSeconds);
            if (enough || (patienceOver && runs >= 3 && spent >= settings_.minSeconds))
                break;
        }
        if (stopped_)
            return {};
        medians = sides.mediansOfParts();
        protocol::BenchBinding binding = summary(subject, sides, medians);
        binding.baseline = fastest.name;
        std::ranges::sort(peaks);
        binding.peakGflops = peaks.empty() ? 0 : quantile(peaks, 0.9); // disturbances only lower it
        binding.copyUs = subject.bytes > 0 ? copyUs(subject.bytes) : 0;
        return binding;
    }

    // After the others and not in turns with them: it would drive their data out of the caches.
    double copyUs(double bytes)
    {
        Copy copy(bytes, device_);
        Times times;
        for (int i = 0; goOn() && i < settings_.repeats; ++i)
            clock_.time(times, [&] { copy.run(); });
        const std::vector<double> sorted = times.sorted();
        return sorted.empty() ? 0 : quantile(sorted, 0.5);
    }

    static protocol::BenchBinding summary(const BenchSubject& subject, const Sides& sides, const PartMedians& medians)
    {
        protocol::BenchBinding binding{.label = subject.label, .count = subject.count, .bytes = subject.bytes};
        const std::vector<double> sorted = sides.operators.sorted();
        const std::vector<double> baselineSorted = sides.baseline.sorted();
        binding.medianUs = quantile(sorted, 0.5);
        binding.p10Us = quantile(sorted, 0.1);
        binding.p90Us = quantile(sorted, 0.9);
        binding.baselineUs = quantile(baselineSorted, 0.5);
        binding.baselineP10Us = quantile(baselineSorted, 0.1);
        binding.baselineP90Us = quantile(baselineSorted, 0.9);
        binding.gflops = subject.flops / binding.medianUs * 1e-3;
        binding.ratio = binding.medianUs / binding.baselineUs;
        binding.repeats = static_cast<int>(sorted.size());
        binding.disturbed = static_cast<int>(sides.operators.disturbed());
        std::tie(binding.ratioLow, binding.ratioHigh) = ratioInterval(binding.ratio, ratiosOf(medians));
        return binding;
    }

    static void addParts(PartMedians& sums, const PartMedians& medians, int count)
    {
        for (std::size_t i = 0; i < parts; ++i) {
            const bool known = medians[i].first > 0 && medians[i].second > 0;
            sums[i].first += known ? count * medians[i].first : std::numeric_limits<double>::quiet_NaN();
            sums[i].second += known ? count * medians[i].second : 0;
        }
    }

    const BenchSettings& settings_;
    const torch::Device device_;
    const DeviceClock clock_;
    JobControl& control_;
    const BenchProgress& progress_;
    Clock::time_point start_ = Clock::now();
    std::optional<PeakProbe> probe_;
    std::optional<BenchOutcome> stopped_;
};

} // namespace

BenchOutcome bench(const std::optional<PGraph>& graph, const BenchSettings& settings, JobControl& control,
                   const BenchProgress& progress)
{
    try {
        if (const auto refusal = deviceRefusal(settings.device))
            return protocol::Failed{*refusal, ""};
        const torch::Device device(settings.device);
        const auto subjects = benchSubjects(graph, settings.backbone, settings.backend, device);
        if (!subjects)
            return protocol::Failed{subjects.error().message, subjects.error().details};
        return Bench(settings, device, control, progress).run(*subjects);
    } catch (const std::exception& exception) { // libtorch speaks in exceptions
        const Error error = sentenceFor(exception, "The benchmark failed");
        return protocol::Failed{error.message, error.details};
    }
}

} // namespace synoscope
