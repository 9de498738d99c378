#include "core/evaluation/benchmark.h"

#include "core/evaluation/baselines.h"
#include "core/evaluation/environment.h"
#include "core/evaluation/kernel_module.h"
#include "core/evaluation/script_module.h"
#include "core/evaluation/timing.h"
#include "core/evaluation/torch_errors.h"
#include "core/kernels/peak.h"
#include "core/nn/operator_module.h"

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

// One thing to measure: the operator, and the forms of the baseline.
struct Pair
{
    std::string label;
    int count = 1;
    double flops = 0; // of the operator
    double bytes = 0; // likewise, of input, weights and output
    TensorModulePtr module{}; // none: the baseline, against itself
    std::vector<Baseline> baselines{};
    torch::Tensor input{};
};

std::string labelOf(const SlotShape& slot)
{
    std::string label = fmt::format("C_in={} C_out={} H={}", slot.inChannels, slot.outChannels, slot.height);
    if (slot.width != slot.height)
        label += fmt::format(" W={}", slot.width);
    if (slot.kernel == 1)
        label += " 1x1";
    if (slot.stride != 1)
        label += fmt::format(" stride {}", slot.stride);
    return label;
}

// As many bytes from one place to another as an operator has in input, weights and output: nothing that reads and writes
// them is faster.
class Copy
{
public:
    explicit Copy(double bytes) : from_(torch::zeros({static_cast<std::int64_t>(bytes) / 8})), to_(from_.clone()) {}

    void run()
    {
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

double bytesOf(const PGraph& graph, const Binding& binding)
{
    double elements = 0;
    const auto add = [&](std::span<const DimensionId> axes) {
        double product = 1;
        for (const std::int64_t extent : graph.shape(axes, binding))
            product *= static_cast<double>(extent);
        elements += product;
    };
    add(graph.input());
    add(graph.output());
    for (const Weight& weight : graph.weights())
        add(weight.axes);
    return 4 * elements;
}

double bytesOf(const SlotShape& slot)
{
    const double channels = static_cast<double>(slot.inChannels) * slot.stride * slot.stride + static_cast<double>(slot.outChannels);
    return 4 * (channels * static_cast<double>(slot.height * slot.width) +
                static_cast<double>(slot.inChannels * slot.outChannels * slot.kernel * slot.kernel));
}

// What runs the operator: kernels, a script, or else a plan of it.
struct Runner
{
    KernelMaker kernels;
    bool script = false;
    Plan (*lowered)(const PGraph&) = lower;

    static Expected<Runner> named(const std::string& backend)
    {
        auto kernels = kernelMaker(backend);
        if (!kernels)
            return kernels.error();
        return Runner{std::move(*kernels), backend == "torchscript", backend == "einsum" ? lowerToEinsums : lower};
    }
    SlotFactory slots(const PGraph& graph) const
    {
        if (kernels)
            return kernelSlots(graph, kernels);
        if (script)
            return scriptSlots(graph);
        return operatorSlots(graph, lowered(graph));
    }
    Expected<TensorModulePtr> module(const PGraph& graph, const Plan& plan, const Binding& binding) const
    {
        if (kernels)
            return kernelModule(graph, plan, binding, kernels);
        if (script)
            return frozenScriptModule(graph.withBindings({binding}), binding);
        return TensorModulePtr(std::make_shared<OperatorModule>(graph, lowered(graph), binding));
    }
};

Expected<Pair> pairFor(const std::optional<PGraph>& graph, const SlotShape& slot, const Runner& runner)
{
    Pair pair{.label = labelOf(slot), .count = slot.count, .flops = slot.flops(), .bytes = bytesOf(slot)};
    pair.baselines = baselines(slot);
    if (graph) {
        auto module = runner.slots(*graph)(slot);
        if (!module)
            return module.error();
        pair.module = *module;
        const auto binding = bindingForSlot(*graph, slot);
        pair.flops = flops(*graph, *binding);
        pair.bytes = bytesOf(*graph, *binding);
    }
    pair.input = torch::randn({1, slot.inChannels, slot.height * slot.stride, slot.width * slot.stride});
    return pair;
}

// A layer of the operator itself. The baseline is the 3x3 convolution between its shapes, where they are those of one.
Expected<Pair> pairFor(const PGraph& graph, const Plan& plan, const Binding& binding, std::size_t layer,
                       const Runner& runner)
{
    const auto in = graph.shape(graph.input(), binding);
    const auto out = graph.shape(graph.output(), binding);
    const bool image = in.size() == 4 && out.size() == 4 && in[0] == out[0] && in[2] == out[2] && in[3] == out[3];
    if (!image)
        return Error{fmt::format("The layer {} of the operator '{}' has no convolution to be compared with: expected an "
                                 "input [N, C_in, H, W] and an output [N, C_out, H, W]. Name a backbone instead.", layer, graph.name())};
    const SlotShape slot{.inChannels = in[1], .outChannels = out[1], .height = in[2], .width = in[3]};
    Pair pair{.label = labelOf(slot), .flops = cost(plan, binding).flops, .bytes = bytesOf(graph, binding)};
    auto module = runner.module(graph, plan, binding);
    if (!module)
        return module.error();
    pair.module = *module;
    pair.baselines = baselines(slot);
    pair.input = torch::randn(in);
    return pair;
}

Expected<std::vector<Pair>> pairsFor(const std::optional<PGraph>& graph, const BenchSettings& settings)
{
    const auto runner = Runner::named(settings.backend);
    if (!runner)
        return runner.error();
    std::vector<Pair> pairs;
    const auto add = [&](Expected<Pair> pair) -> Expected<void> {
        if (!pair)
            return pair.error();
        pairs.push_back(std::move(*pair));
        return {};
    };
    if (!settings.backbone.empty()) {
        const auto backbone = backboneFor(settings.backbone);
        if (!backbone)
            return backbone.error();
        const std::vector<SlotShape>& slots = (*backbone)->slots;
        if (std::ranges::any_of(slots, &SlotShape::sequence))
            return Error{fmt::format("The slots of '{}' are linear layers, which this benchmark does not compare with.", (*backbone)->name)};
        for (const SlotShape& slot : slots)
            if (auto added = add(pairFor(graph, slot, *runner)); !added)
                return added.error();
        return pairs;
    }
    if (!graph || graph->bindings().empty())
        return Error{"There is nothing to measure: expected a backbone, or an operator with layers ('bind' lines)."};
    const Plan plan = lower(*graph);
    for (std::size_t layer = 0; layer < graph->bindings().size(); ++layer)
        if (auto added = add(pairFor(*graph, plan, graph->bindings()[layer], layer, *runner)); !added)
            return added.error();
    return pairs;
}

// How many parts of its time a measurement is looked at in, for the confidence of its ratio.
constexpr std::size_t parts = 10;

// Both sides of one binding.
struct Sides
{
    Times operators, baseline;

    // Of both sides, part by part; 0 where a part has no clean run.
    std::vector<std::pair<double, double>> mediansOfParts() const
    {
        const std::vector<double> one = operators.mediansOfParts(parts);
        const std::vector<double> other = baseline.mediansOfParts(parts);
        std::vector<std::pair<double, double>> both;
        for (std::size_t i = 0; i < parts; ++i)
            both.emplace_back(one[i], other[i]);
        return both;
    }
};

std::vector<double> ratiosOf(const std::vector<std::pair<double, double>>& medians)
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
    Bench(const BenchSettings& settings, JobControl& control, const BenchProgress& progress)
        : settings_(settings), control_(control), progress_(progress)
    {
    }

    BenchOutcome run(const std::vector<Pair>& pairs)
    {
        const c10::InferenceMode inference;
        const auto peak = PeakProbe::make(at::get_num_threads());
        protocol::BenchResult result;
        double sum = 0;
        double baselineSum = 0;
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            progress_(static_cast<double>(i) / static_cast<double>(pairs.size()), pairs[i].label);
            const auto binding = measure(pairs[i], peak ? &*peak : nullptr);
            if (stopped_)
                return *stopped_;
            sum += binding.count * binding.medianUs;
            baselineSum += binding.count * binding.baselineUs;
            result.bindings.push_back(binding);
        }
        result.ratio = sum / baselineSum;
        std::tie(result.ratioLow, result.ratioHigh) = ratioInterval(result.ratio, ratiosOf(all_));
        for (const protocol::BenchBinding& binding : result.bindings)
            result.peakGflops = std::max(result.peakGflops, binding.peakGflops);
        result.environment = environmentNow();
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

    // Returns the form of the baseline that was the fastest.
    const Baseline& warmUp(const Pair& pair)
    {
        Times dropped;
        std::vector<Times> times(pair.baselines.size());
        const auto start = Clock::now();
        for (int i = 0; goOn() && (i < 5 || (since(start) < 0.2 * settings_.minSeconds && i < 50)); ++i) {
            if (pair.module)
                dropped.time([&] { pair.module->forward(pair.input); });
            for (std::size_t b = 0; b < times.size(); ++b)
                times[b].time([&] { pair.baselines[b].module->forward(pair.input); });
        }
        std::size_t fastest = 0;
        for (std::size_t b = 0; b < times.size() && !stopped_; ++b)
            if (quantile(times[b].sorted(), 0.3) < quantile(times[fastest].sorted(), 0.3))
                fastest = b;
        return pair.baselines[fastest];
    }

    protocol::BenchBinding measure(const Pair& pair, const PeakProbe* probe)
    {
        const Baseline& fastest = warmUp(pair);
        const TensorModulePtr& module = pair.module ? pair.module : fastest.module;
        Sides sides;
        std::vector<double> peaks;
        const auto repeats = static_cast<std::size_t>(settings_.repeats);
        const auto start = Clock::now();
        for (std::size_t runs = 1; goOn(); ++runs) {
            sides.operators.time([&] { module->forward(pair.input); });
            sides.baseline.time([&] { fastest.module->forward(pair.input); });
            if (probe)
                peaks.push_back(probe->gflops());
            const double spent = since(start);
            const bool enough =
                std::min(sides.operators.clean(), sides.baseline.clean()) >= repeats && spent >= settings_.minSeconds;
            const bool patienceOver = runs >= 20 * repeats || (settings_.minSeconds > 0 && spent >= 20 * settings_.minSeconds);
            if (enough || (patienceOver && runs >= 3 && spent >= settings_.minSeconds))
                break;
        }
        protocol::BenchBinding binding = summary(pair, sides);
        binding.baseline = fastest.name;
        std::ranges::sort(peaks);
        binding.peakGflops = peaks.empty() ? 0 : quantile(peaks, 0.5);
        binding.copyUs = copyUs(pair.bytes);
        return binding;
    }

    // After the others and not in turns with them: it would drive their data out of the caches.
    double copyUs(double bytes)
    {
        Copy copy(bytes);
        Times times;
        for (int i = 0; goOn() && i < settings_.repeats; ++i)
            times.time([&] { copy.run(); });
        const std::vector<double> sorted = times.sorted();
        return sorted.empty() ? 0 : quantile(sorted, 0.5);
    }

    protocol::BenchBinding summary(const Pair& pair, const Sides& sides)
    {
        protocol::BenchBinding binding{.label = pair.label, .count = pair.count, .bytes = pair.bytes};
        const std::vector<double> sorted = sides.operators.sorted();
        const std::vector<double> baselineSorted = sides.baseline.sorted();
        if (sorted.empty() || baselineSorted.empty())
            return binding; // stopped before the first measurement
        binding.medianUs = quantile(sorted, 0.5);
        binding.p10Us = quantile(sorted, 0.1);
        binding.p90Us = quantile(sorted, 0.9);
        binding.baselineUs = quantile(baselineSorted, 0.5);
        binding.baselineP10Us = quantile(baselineSorted, 0.1);
        binding.baselineP90Us = quantile(baselineSorted, 0.9);
        binding.gflops = pair.flops / binding.medianUs * 1e-3;
        binding.ratio = binding.medianUs / binding.baselineUs;
        binding.repeats = static_cast<int>(sorted.size());
        binding.disturbed = static_cast<int>(sides.operators.disturbed());
        const auto medians = sides.mediansOfParts();
        std::tie(binding.ratioLow, binding.ratioHigh) = ratioInterval(binding.ratio, ratiosOf(medians));
        for (std::size_t i = 0; i < parts; ++i) {
            const bool known = medians[i].first > 0 && medians[i].second > 0;
            all_[i].first += known ? pair.count * medians[i].first : std::numeric_limits<double>::quiet_NaN();
            all_[i].second += known ? pair.count * medians[i].second : 0;
        }
        return binding;
    }

    const BenchSettings& settings_;
    JobControl& control_;
    const BenchProgress& progress_;
    Clock::time_point start_ = Clock::now();
    std::optional<BenchOutcome> stopped_;
    std::vector<std::pair<double, double>> all_ =
        std::vector<std::pair<double, double>>(parts); // both sides by part, of all bindings; not a number: not known
};

} // namespace

BenchOutcome bench(const std::optional<PGraph>& graph, const BenchSettings& settings, JobControl& control,
                   const BenchProgress& progress)
{
    try {
        const auto pairs = pairsFor(graph, settings);
        if (!pairs)
            return protocol::Failed{pairs.error().message, pairs.error().details};
        return Bench(settings, control, progress).run(*pairs);
    } catch (const std::exception& exception) { // libtorch speaks in exceptions
        const Error error = sentenceFor(exception, "The benchmark failed");
        return protocol::Failed{error.message, error.details};
    }
}

} // namespace synoscope
