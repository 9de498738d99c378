// proxies: how promising a network is with operators in its slots, before any training.
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
    protocol::Request request;
};

Answer proxies(Options options)
{
    const auto& interrupted = watchInterrupt();
    WorkerClient client;
    Answer answer;
    Json& results = answer.json["results"] = Json::array();
    answer.text = fmt::format("{:>14} {:>10} {:>10}  operator\n", "gradient norm", "SynFlow", "NASWOT");
    for (const std::string& file : options.files) {
        options.request.operatorText.clear();
        if (file != "original") {
            const auto graph = readPGraph(operatorFile(file));
            if (!graph)
                return graph.error();
            options.request.operatorText = writePGraph(*graph);
        }
        const protocol::Event last = client.ask(options.request, interrupted);
        if (const auto* failure = std::get_if<protocol::Failed>(&last.what))
            return failed(Error{.message = failure->message, .file = file});
        const auto* scores = std::get_if<protocol::ProxyResult>(&last.what);
        if (!scores)
            break; // interrupted, with what is done
        results.push_back({{"operator", file},
                           {"gradient_norm", scores->gradientNorm},
                           {"synflow", scores->synflow},
                           {"naswot", scores->naswot},
                           {"seconds", scores->seconds}});
        answer.text += fmt::format("{:14.4f} {:10.4f} {:10.4f}  {}\n", scores->gradientNorm, scores->synflow, scores->naswot, file);
    }
    return answer;
}

} // namespace

void addProxies(Commands& commands)
{
    const auto options = std::make_shared<Options>();
    protocol::Request& request = options->request;
    request.kind = protocol::RequestKind::proxies;
    request.backbone = "resnet8";
    CLI::App& command = commands.add("proxies", "Score networks before training, each with an operator in the place of its convolutions",
                                     [options] { return proxies(*options); });
    command.add_option("operators", options->files, "Operators, or the word original: the network as it is")->required();
    command.add_option("--backbone", request.backbone, "The network (see backbones)")->capture_default_str();
    command.add_option("--dataset", request.dataset)->capture_default_str();
    command.add_option("--seed", request.seed, "Of weights and images")->capture_default_str();
    command.add_option("--batch", request.recipe.batchSize, "Images that are looked at")->check(CLI::Range(2, 4096))->capture_default_str();
    command.footer("More is better. How well the scores agree with accuracies after training is measured by tests/bench/proxy_correlation.py.");
}

} // namespace synoscope::cli
