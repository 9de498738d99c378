// A search with evaluations that tells what it has on standard output, a line each, and goes on until it is killed:
//
//     search_driver search FILE [LARGEST]     where no file of this process may be larger than so many bytes
//     search_driver worker                    what it evaluates with: answers at once, from the operator's text alone
//
//     iterations COUNT                        node ID VISITS MEAN BEST
//     candidate HASH                          result HASH LATENCY ACCURACY REWARD
//     error SENTENCE                          then it ends by itself
#include "core/evaluation/protocol/protocol.h"
#include "core/experiment/experiment.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <functional>
#include <iostream>
#include <sys/resource.h>
#include <thread>

using namespace synoscope;

namespace {

void say(const std::string& line)
{
    std::fputs((line + "\n").c_str(), stdout);
}

int work()
{
    for (std::string line; std::getline(std::cin, line);) {
        const auto message = protocol::messageFromJson(line);
        const auto* request = message ? std::get_if<protocol::Request>(&*message) : nullptr;
        if (!request)
            continue;
        if (request->kind == protocol::RequestKind::quit)
            return 0;
        const auto answer = [&](auto what) { std::cout << toJson(protocol::Event{request->id, what}) << std::endl; };
        const std::size_t number = std::hash<std::string>()(request->operatorText);
        answer(protocol::Started{});
        if (number % 13 == 0) {
            answer(protocol::Failed{"It does not work.", ""});
        } else if (request->kind == protocol::RequestKind::bench) {
            protocol::BenchResult result;
            result.ratio = 0.25 + static_cast<double>(number % 1000) / 800; // some are too slow to be trained
            result.environment.cpu = "none";
            answer(result);
        } else {
            protocol::TrainResult result;
            for (int i = 1; i <= 2; ++i) {
                result.epochs.push_back({i, 3.0 / i, static_cast<double>(number % 997) * i / 2000, 0.001});
                answer(result.epochs.back());
            }
            result.accuracy = result.epochs.back().accuracy;
            answer(result);
        }
    }
    return 0;
}

Expected<std::unique_ptr<Experiment>> openOrCreate(const std::string& file, const std::string& program)
{
    const WorkerSettings workers{{program, "worker"}};
    if (Experiment::existsIn(file))
        return Experiment::open(file, workers);
    const auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json");
    if (!problem)
        return problem.error();
    ExperimentSettings settings;
    settings.epochs = 2;
    return Experiment::create(file, *problem, settings, workers);
}

void tell(Reader& reader, const CandidateRecord& candidate)
{
    say("candidate " + candidate.hash);
    const auto evaluations = reader.evaluations(candidate.id);
    bool failed = false;
    for (std::size_t i = 0; evaluations && i < evaluations->size(); ++i)
        failed = failed || (*evaluations)[i].status == EvaluationStatus::failed;
    if (candidate.reward || failed)
        say(fmt::format("result {} {} {} {}", candidate.hash, candidate.latencyRatio.value_or(-1),
                        candidate.accuracy.value_or(-1), candidate.reward.value_or(-1)));
}

int search(const std::string& file, const std::string& program)
{
    auto opened = openOrCreate(file, program);
    if (!opened) {
        say("error " + opened.error().text());
        return 0;
    }
    Experiment& experiment = **opened;
    auto reader = experiment.reader();
    experiment.start();
    for (;;) {
        const auto iterations = experiment.status().search.iterations; // before what follows has made them last
        const ExperimentChanges changes = experiment.changes();
        const auto candidates = reader->candidates(changes.candidates);
        for (std::size_t i = 0; candidates && i < candidates->size(); ++i)
            tell(*reader, (*candidates)[i]);
        if (changes.errors.empty()) {
            say(fmt::format("iterations {}", iterations));
            for (const NodeChange& node : changes.tree.nodes)
                say(fmt::format("node {} {} {} {}", node.id, node.visits, node.mean, node.best));
        }
        for (const Error& error : changes.errors)
            say("error " + error.text());
        std::fflush(stdout);
        if (!changes.errors.empty())
            return 0; // closes as well as it can
        std::this_thread::sleep_for(std::chrono::milliseconds(3));
    }
}

} // namespace

int main(int argc, char** argv)
{
    const std::string role = argc > 1 ? argv[1] : "";
    if (role == "worker")
        return work();
    if (role != "search" || argc < 3)
        return 2;
    if (argc > 3) {
        std::signal(SIGXFSZ, SIG_IGN);
        const auto largest = static_cast<rlim_t>(std::stoull(argv[3]));
        const rlimit limit{largest, largest};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    return search(argv[2], std::filesystem::read_symlink("/proc/self/exe").string());
}
