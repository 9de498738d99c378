// train: how well a network learns with an operator in its slots.
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/training_options.h"
#include "app/cli/worker_client.h"
#include "core/catalog/backbones.h"
#include "core/data/data_set.h"
#include "core/graph/reader.h"
#include "core/graph/writer.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace synoscope::cli {

namespace {

struct Options
{
    std::string file;
    protocol::Request request;
    TrainingOptions training;
};

Json epochJson(const protocol::Epoch& epoch)
{
    return {{"loss", epoch.loss}, {"accuracy", epoch.accuracy}, {"seconds", epoch.seconds}, {"waiting", epoch.waiting}};
}

// The rest of the request, checked. An error says what does not go together.
std::optional<Error> complete(Options& options)
{
    protocol::Request& request = options.request;
    const auto recipe = recipeOf(options.training);
    if (!recipe)
        return recipe.error();
    request.recipe = *recipe;
    request.milestones = *protocol::parseMilestones(options.training.milestones);
    if (request.untilEpoch > request.epochs)
        return Error{.message = fmt::format("--until {} lies beyond the last epoch, {}.", request.untilEpoch, request.epochs)};
    if (request.checkpoint.empty() && (request.resume || request.untilEpoch > 0))
        return Error{.message = "--resume and --until need --checkpoint, the file that holds the training's state."};
    if (request.checkpoint.empty())
        return std::nullopt;
    request.checkpoint = std::filesystem::absolute(request.checkpoint).string();
    if (!request.resume && std::filesystem::exists(request.checkpoint))
        return Error{.message = "The checkpoint is there already; add --resume to go on from it, or remove it.",
                     .file = request.checkpoint};
    return std::nullopt;
}

Answer train(Options options)
{
    if (auto wrong = complete(options))
        return *wrong;
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
    Json& settings = answer.json["settings"] = {{"backbone", options.request.backbone}, {"dataset", options.request.dataset},
                                                {"epochs", options.request.epochs},     {"seed", options.request.seed},
                                                {"threads", options.request.threads},
                                                {"milestones", toText(options.request.milestones)}};
    settings.update(recipeJson(options.request.recipe));
    if (result) {
        answer.json["params"] = result->parameters;
        answer.json["seconds"] = result->seconds;
        answer.json["stopped_early"] = result->stoppedEarly;
        answer.text += fmt::format("accuracy {:.4f} with {} parameters{}; {:.2f} % of the time went into waiting for data\n",
                                   result->accuracy, result->parameters,
                                   result->stoppedEarly ? "; a milestone was not reached" : "",
                                   100 * waited / std::max(worked, 1e-9));
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
    command.add_option("--train-images", request.trainImages, "How many images to train on; 0: the data set's default")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_option("--test-images", request.testImages, "How many to test on; 0: the data set's default")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_option("--memory", request.maxBytes, "It fails when it takes more memory, such as 2GiB; 0: no limit")
        ->transform(CLI::AsSizeValue(false))
        ->capture_default_str();
    command.add_option("--max-seconds", request.maxSeconds, "It fails when it takes longer; 0: no limit")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_option("--checkpoint", request.checkpoint,
                       "Keep the training's state in this file: after every epoch, once a minute, and at Ctrl-C");
    command.add_flag("--resume", request.resume, "Go on from the checkpoint, if it is there, as if there had been no break");
    command.add_option("--until", request.untilEpoch, "Stop after this epoch, to go on later; the schedule is that of all epochs")
        ->check(CLI::Range(1, 100000));
    addTrainingOptions(command, options->training);
}

} // namespace synoscope::cli
