// train: how well a network learns with an operator in its slots.
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/worker_client.h"
#include "core/catalog/backbones.h"
#include "core/data/data_set.h"
#include "core/graph/reader.h"
#include "core/graph/writer.h"

#include <algorithm>
#include <fmt/format.h>

namespace synoscope::cli {

namespace {

struct Options
{
    std::string file;
    protocol::Request request;
};

Json epochJson(const protocol::Epoch& epoch)
{
    return {{"loss", epoch.loss}, {"accuracy", epoch.accuracy}, {"seconds", epoch.seconds}, {"waiting", epoch.waiting}};
}

Answer train(Options options)
{
    if (options.file != "original") {
        const auto graph = readPGraph(operatorFile(options.file));
        if (!graph)
            return graph.error();
        options.request.operatorText = writePGraph(*graph);
    }
    const auto backbone = backboneNamed(options.request.backbone);
    if (!backbone)
        return backbone.error();
    options.request.backbone = (*backbone)->key; // a worker need not find the file
    const auto dataset = dataNameFor(options.request.dataset, (*backbone)->sequence);
    if (!dataset)
        return dataset.error();
    options.request.dataset = dataset->text();
    Answer answer;
    Json epochs = Json::array();
    double waited = 0, worked = 0; // seconds
    std::optional<double> accuracy; // of the last epoch
    const auto onEpoch = [&](const protocol::Epoch& epoch) {
        epochs.push_back(epochJson(epoch));
        accuracy = epoch.accuracy;
        worked += epoch.seconds;
        waited += epoch.seconds * epoch.waiting;
        answer.text += fmt::format("epoch {:<3} loss {:.4f}  accuracy {:.4f}  {:.1f} s\n", epoch.index, epoch.loss,
                                   epoch.accuracy, epoch.seconds);
    };
    const auto& interrupted = watchInterrupt();
    const protocol::Event last = WorkerClient().ask(options.request, interrupted, onEpoch);
    if (const auto* failure = std::get_if<protocol::Failed>(&last.what))
        return failed(Error{.message = failure->message});
    const auto* result = std::get_if<protocol::TrainResult>(&last.what);
    answer.json["accuracy"] = accuracy ? Json(*accuracy) : Json();
    answer.json["epochs"] = std::move(epochs);
    answer.json["waiting"] = waited / std::max(worked, 1e-9); // share of the time
    answer.json["finished"] = result != nullptr; // false: interrupted, with what was reached
    if (result) {
        answer.json["params"] = result->parameters;
        answer.json["seconds"] = result->seconds;
        answer.text += fmt::format("accuracy {:.4f} with {} parameters; {:.2f} % of the time went into waiting for data\n",
                                   result->accuracy, result->parameters, 100 * waited / std::max(worked, 1e-9));
    }
    return answer;
}

} // namespace

void addTrain(Commands& commands)
{
    const auto options = std::make_shared<Options>();
    protocol::Request& request = options->request;
    request.kind = protocol::RequestKind::train;
    request.backbone = "resnet8";
    CLI::App& command = commands.add("train", "Train a network with an operator in the place of its convolutions",
                                     [options] { return train(*options); });
    command.add_option("operator", options->file, "An operator, or the word original: the network as it is")
        ->required();
    command.add_option("--backbone", request.backbone, backboneHelp)->capture_default_str();
    command.add_option("--dataset", request.dataset, dataSetHelp)->capture_default_str();
    command.add_option("--epochs", request.epochs)->check(CLI::Range(1, 100000))->capture_default_str();
    command.add_option("--seed", request.seed)->capture_default_str();
    command.add_option("--threads", request.threads)->check(CLI::Range(1, 256))->capture_default_str();
    command.add_option("--batch", request.batchSize, "Images a step")
        ->check(CLI::Range(1, 65536))
        ->capture_default_str();
    command.add_option("--rate", request.learningRate, "The learning rate at its peak")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--train-images", request.trainImages, "How many images to train on; 0: the data set's default")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
}

} // namespace synoscope::cli
