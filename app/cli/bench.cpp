// bench: how fast operators are, against the layers they would replace.
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/worker_client.h"
#include "core/graph/reader.h"
#include "core/graph/writer.h"

#include <fmt/format.h>

namespace synoscope::cli {

namespace {

struct Options
{
    std::vector<std::string> files;
    std::string backbone;
    std::string backend = "all";
    std::string device = "cpu";
    int threads = 1;
    int repeats = 20;
    double seconds = 0.5;
    double limit = 600;
    std::int64_t memory = 0;

    std::vector<std::string> backends() const
    {
        if (backend != "all")
            return {backend};
        if (device != "cpu")
            return {"libtorch", "einsum"};
        return {"libtorch", "torchscript", "cpp", "halide"};
    }
};

std::vector<std::string> backendNames()
{
    std::vector<std::string> names(protocol::benchBackends.begin(), protocol::benchBackends.end());
    names.emplace_back("all");
    return names;
}

void add(Answer& answer, const std::string& name, const std::string& backend, const Options& options,
         const protocol::BenchResult& result)
{
    const auto share = [](const protocol::BenchBinding& binding) {
        return binding.peakGflops > 0 ? Json(binding.gflops / binding.peakGflops) : Json();
    };
    for (const protocol::BenchBinding& binding : result.bindings)
        answer.json["results"].push_back({{"operator", name},
                                          {"binding", binding.label},
                                          {"count", binding.count},
                                          {"backend", backend},
                                          {"device", result.environment.device},
                                          {"threads", options.threads},
                                          {"median_us", binding.medianUs},
                                          {"p10_us", binding.p10Us},
                                          {"p90_us", binding.p90Us},
                                          {"gflops", binding.gflops},
                                          {"peak_share", share(binding)},
                                          {"bytes", binding.bytes},
                                          {"copy_us", binding.copyUs},
                                          {"copy_share", binding.copyUs / binding.medianUs},
                                          {"baseline", binding.baseline},
                                          {"baseline_us", binding.baselineUs},
                                          {"ratio", binding.ratio},
                                          {"ratio_low", binding.ratioLow},
                                          {"ratio_high", binding.ratioHigh},
                                          {"repeats", binding.repeats},
                                          {"error", nullptr}});
    answer.json["ratios"][name][backend] = result.ratio;
    answer.json["peak_gflops"] = result.peakGflops > 0 ? Json(result.peakGflops) : Json();
    answer.json["environment"] = {{"cpu", result.environment.cpu},
                                  {"libtorch", result.environment.libtorch},
                                  {"blas", result.environment.blas},
                                  {"compiler", result.environment.compiler},
                                  {"warning", result.environment.warning}};
    for (const protocol::BenchBinding& binding : result.bindings)
        answer.text +=
            fmt::format("{}  {}  {}: {:.1f} us ({:.1f} to {:.1f}), {:.1f} GFLOP/s{}, {:.0f} % of the speed of a copy, "
                        "ratio {:.3f} ({:.3f} to {:.3f}) to {:.1f} us of {}\n",
                        name, backend, binding.label, binding.medianUs, binding.p10Us, binding.p90Us, binding.gflops,
                        binding.peakGflops > 0
                            ? fmt::format(" ({:.0f} % of the peak)", 100 * binding.gflops / binding.peakGflops)
                            : "",
                        100 * binding.copyUs / binding.medianUs, binding.ratio, binding.ratioLow, binding.ratioHigh,
                        binding.baselineUs, binding.baseline);
    if (result.network) {
        const protocol::BenchBinding& network = *result.network;
        answer.json["networks"].push_back({{"operator", name},
                                           {"backbone", options.backbone},
                                           {"backend", backend},
                                           {"median_us", network.medianUs},
                                           {"p10_us", network.p10Us},
                                           {"p90_us", network.p90Us},
                                           {"original_us", network.baselineUs},
                                           {"ratio", network.ratio},
                                           {"ratio_low", network.ratioLow},
                                           {"ratio_high", network.ratioHigh},
                                           {"repeats", network.repeats}});
    }
    if (result.bindings.size() > 1)
        answer.text += fmt::format("{}  {}  all layers: ratio {:.3f} ({:.3f} to {:.3f})\n", name, backend, result.ratio,
                                   result.ratioLow, result.ratioHigh);
    if (result.network)
        answer.text += fmt::format("{}  {}  whole network: {:.1f} us ({:.1f} to {:.1f}), ratio {:.3f} ({:.3f} to {:.3f}) to "
                                   "{:.1f} us of the original\n",
                                   name, backend, result.network->medianUs, result.network->p10Us, result.network->p90Us,
                                   result.network->ratio, result.network->ratioLow, result.network->ratioHigh,
                                   result.network->baselineUs);
}

void addFailure(Answer& answer, const std::string& name, const std::string& backend, const Options& options,
                const std::string& message)
{
    answer.json["results"].push_back({{"operator", name},
                                      {"binding", nullptr},
                                      {"backend", backend},
                                      {"device", options.device},
                                      {"threads", options.threads},
                                      {"error", message}});
    answer.text += fmt::format("{}  {}  failed: {}\n", name, backend, message);
    answer.exit = Exit::failure;
}

Answer bench(const Options& options)
{
    std::vector<PGraph> graphs;
    for (const std::string& file : options.files) {
        auto graph = readPGraph(operatorFile(file));
        if (!graph)
            return graph.error();
        graphs.push_back(std::move(*graph));
    }
    std::string backbone; // as a worker knows it
    if (!options.backbone.empty()) {
        const auto named = backboneNamed(options.backbone);
        if (!named)
            return named.error();
        backbone = (*named)->key;
    }
    const auto& interrupted = watchInterrupt();
    WorkerClient worker;
    Answer answer;
    answer.json["results"] = Json::array();
    answer.json["ratios"] = Json::object();
    answer.json["networks"] = Json::array();
    for (const PGraph& graph : graphs) {
        for (const std::string& backend : options.backends()) {
            protocol::Request request;
            request.kind = protocol::RequestKind::bench;
            request.operatorText = writePGraph(graph);
            request.backbone = backbone;
            request.backend = backend;
            request.threads = options.threads;
            request.recipe.device = options.device;
            request.repeats = options.repeats;
            request.minSeconds = options.seconds;
            request.maxSeconds = options.limit;
            request.maxBytes = options.memory;
            const protocol::Event last = worker.ask(request, interrupted);
            if (const auto* result = std::get_if<protocol::BenchResult>(&last.what))
                add(answer, graph.name(), backend, options, *result);
            else if (const auto* failure = std::get_if<protocol::Failed>(&last.what))
                addFailure(answer, graph.name(), backend, options, failure->message);
            else
                return answer; // interrupted: what is measured is kept
        }
    }
    return answer;
}

} // namespace

void addBench(Commands& commands)
{
    const auto options = std::make_shared<Options>();
    CLI::App& command = commands.add("bench", "Measure operators against the convolution they would replace",
                                     [options] { return bench(*options); });
    command
        .add_option("operators", options->files,
                    "Operators: .pgraph files, or names of those that come with the program")
        ->required()
        ->take_all();
    command.add_option("--backbone", options->backbone,
                       "In this network's slots, one by one and all at once; otherwise under the operator's own bindings");
    command
        .add_option("--backend", options->backend,
                    "What runs the operator: libtorch, einsum (the same without its convolutions), torchscript, cpp "
                    "(compiled kernels), halide (our schedule), halide-adams, halide-li, halide-mullapudi (Halide's "
                    "own schedulers), or all: libtorch, torchscript, cpp, halide; on cuda libtorch, einsum")
        ->check(CLI::IsMember(backendNames()))
        ->capture_default_str();
    command.add_option("--device", options->device, "cuda: with the back ends libtorch and einsum")
        ->check(CLI::IsMember(std::vector<std::string>(protocol::trainDevices.begin(), protocol::trainDevices.end())))
        ->capture_default_str();
    command.add_option("--threads", options->threads)->check(CLI::Range(1, 256))->capture_default_str();
    command.add_option("--repeats", options->repeats, "At least so many runs of each side")
        ->check(CLI::Range(3, 100000))
        ->capture_default_str();
    command.add_option("--seconds", options->seconds, "At least so long for each binding")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--limit", options->limit, "At most so many seconds for an operator and back end")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--memory", options->memory, "At most so much memory for it, such as 2GiB; 0: no limit")
        ->transform(CLI::AsSizeValue(false))
        ->capture_default_str();
    command.footer("Both sides run in turns in one process. Exit status 3: an operator could not be measured.");
}

} // namespace synoscope::cli
