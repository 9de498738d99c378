#include "core/evaluation/training.h"

#include "core/evaluation/batches.h"
#include "core/evaluation/checkpoint.h"
#include "core/evaluation/device.h"
#include "core/evaluation/optimizing.h"
#include "core/evaluation/schedule.h"
#include "core/evaluation/torch_errors.h"
#include "core/graph/writer.h"
#include "core/nn/networks.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <torch/nn/functional/loss.h>
#include <torch/utils.h>

namespace synoscope {

namespace {

using Clock = std::chrono::steady_clock;
using protocol::Failed;
using Json = nlohmann::ordered_json;

constexpr double checkpointSeconds = 60; // at most so much work is lost when the process is killed

Failed failure(const Error& error)
{
    return {error.text(), error.details};
}

// What the figures follow from; not how far the training goes, and not where it stops.
Json settingsJson(const std::optional<PGraph>& graph, const TrainSettings& settings)
{
    Json json{{"operator", graph ? writePGraph(*graph) : std::string()},
              {"backbone", settings.backbone},
              {"dataset", settings.dataset},
              {"epochs", settings.epochs},
              {"seed", settings.seed},
              {"train_images", settings.trainImages},
              {"test_images", settings.testImages}};
    protocol::visitRecipe(settings.recipe, [&](const char* key, const auto& value) { json[key] = value; });
    return json;
}

// Where a training stands, between two batches.
struct Position
{
    int epoch = 1;      // under way, or to be begun; one past the last: all is done
    int step = 0;       // batches of it that are done
    double lossSum = 0; // over its images
    double seconds = 0; // of it
    double waited = 0;  // of these, for data
    double worked = 0;  // seconds, of all before it
    std::vector<protocol::Epoch> epochs{}; // that are done

    Json toJson() const;
    static Position fromJson(const Json& json);
};

Json Position::toJson() const
{
    Json json{{"epoch", epoch}, {"step", step}, {"loss_sum", lossSum}, {"seconds", seconds}, {"waited", waited}, {"worked", worked}};
    for (const protocol::Epoch& one : epochs)
        json["epochs"].push_back({one.index, one.loss, one.accuracy, one.seconds, one.waiting});
    return json;
}

Position Position::fromJson(const Json& json)
{
    Position position{.epoch = json.at("epoch"), .step = json.at("step"), .lossSum = json.at("loss_sum"),
                      .seconds = json.at("seconds"), .waited = json.at("waited"), .worked = json.at("worked")};
    if (json.contains("epochs"))
        for (const Json& one : json["epochs"])
            position.epochs.push_back({one.at(0), one.at(1), one.at(2), one.at(3), one.at(4)});
    return position;
}

// Time spent working since it was made, pauses left out.
class WorkClock
{
public:
    explicit WorkClock(const JobControl& control) : control_(control) {}
    double seconds() const
    {
        return std::chrono::duration<double>(Clock::now() - start_).count() - (control_.paused().count() - before_);
    }

private:
    const JobControl& control_;
    Clock::time_point start_ = Clock::now();
    double before_ = control_.paused().count();
};

class Training
{
public:
    Training(const TrainSettings& settings, Json described, const Batches& data, TensorModulePtr network, JobControl& control,
             const TrainObserver& observer)
        : settings_(settings), described_(std::move(described)), data_(data), network_(std::move(network)), control_(control),
          observer_(observer), parameters_(network_->parameters()), optimizer_(makeOptimizer(*network_, settings.recipe)),
          scale_(settings.recipe), device_(settings.recipe.device)
    {
        network_->to(device_); // in place: the optimiser's parameters are the network's
    }

    // False: stopped_ says why.
    bool goOnFromCheckpoint()
    {
        auto progress = readCheckpoint(settings_.checkpoint, described_, *network_, *optimizer_);
        if (!progress) {
            stopped_ = failure(progress.error());
            return false;
        }
        position_ = Position::fromJson(*progress);
        scale_.restore(progress->at("loss_scale"), progress->at("good_steps"));
        for (const protocol::Epoch& epoch : position_.epochs)
            observer_.epoch(epoch);
        return true;
    }

    TrainOutcome run()
    {
        const int last = settings_.untilEpoch > 0 ? std::min(settings_.untilEpoch, settings_.epochs) : settings_.epochs;
        bool hopeless = !position_.epochs.empty() && belowMilestone(position_.epochs.back());
        while (!stopped_ && !hopeless && position_.epoch <= last) {
            const protocol::Epoch epoch = oneEpoch();
            if (stopped_)
                break;
            position_.epochs.push_back(epoch);
            position_ = {.epoch = position_.epoch + 1, .worked = position_.worked + epoch.seconds, .epochs = std::move(position_.epochs)};
            hopeless = belowMilestone(epoch);
            keep();
            observer_.epoch(epoch);
        }
        if (stopped_ && std::holds_alternative<protocol::Cancelled>(*stopped_))
            keep();
        return stopped_ ? *stopped_ : TrainOutcome(result(hopeless));
    }

    std::optional<TrainOutcome> stopped() const { return stopped_; }

private:
    protocol::TrainResult result(bool hopeless) const
    {
        return {.accuracy = position_.epochs.empty() ? 0 : position_.epochs.back().accuracy,
                .epochs = position_.epochs,
                .parameters = parameterCount(*network_),
                .seconds = position_.worked,
                .stoppedEarly = hopeless && position_.epoch <= settings_.epochs};
    }

    bool belowMilestone(const protocol::Epoch& epoch) const
    {
        return std::ranges::any_of(settings_.milestones, [&](const protocol::Milestone& one) {
            return one.epoch == epoch.index && epoch.accuracy < one.accuracy;
        });
    }

    // Between two batches. False: stopped_ says why.
    bool goOn()
    {
        if (!control_.proceed())
            stopped_ = protocol::Cancelled{};
        else if (settings_.maxSeconds > 0 && whole_.seconds() > settings_.maxSeconds)
            stopped_ = Failed{fmt::format("The training took longer than its limit of {:g} seconds: {} of {} epochs were done.",
                                          settings_.maxSeconds, position_.epochs.size(), settings_.epochs), ""};
        return !stopped_;
    }

    // What is left of the epoch that is under way, and its test. Meaningless when stopped_.
    protocol::Epoch oneEpoch()
    {
        const WorkClock clock(control_);
        const double before = position_.seconds;
        trainEpoch(clock, before);
        const double accuracy = stopped_ ? 0 : testAccuracy();
        position_.seconds = before + clock.seconds();
        const double waiting = std::min(1.0, position_.waited / std::max(position_.seconds, 1e-9));
        return {position_.epoch, position_.lossSum / data_.trainCount(), accuracy, position_.seconds, waiting};
    }

    void trainEpoch(const WorkClock& clock, double before)
    {
        network_->train();
        BatchStream stream = data_.train(position_.epoch, settings_.recipe.batchSize, position_.step);
        const int steps = position_.step + stream.batches();
        double kept = clock.seconds();
        while (position_.step < steps && goOn()) {
            const double done = position_.epoch - 1 + static_cast<double>(position_.step) / steps;
            setLearningRate(*optimizer_, learningRateAt(settings_.recipe, settings_.epochs, done));
            const auto batch = nextBatch(stream);
            if (!batch)
                return;
            const double loss = trainStep(*batch);
            if (!std::isfinite(loss))
                return diverged();
            position_.lossSum += loss * static_cast<double>(batch->inputs.size(0));
            if (position_.step++ % 8 == 0)
                observer_.progress(done / settings_.epochs,
                                   fmt::format("epoch {} of {}, loss {:.3f}", position_.epoch, settings_.epochs, loss));
            position_.seconds = before + clock.seconds();
            if (position_.seconds - before - kept > checkpointSeconds) {
                keep();
                kept = clock.seconds();
            }
        }
    }

    void diverged()
    {
        stopped_ = Failed{fmt::format("The loss or its gradient was no longer a finite number in epoch {}, after {} batches: with this "
                                      "operator the training diverges.", position_.epoch, position_.step), ""};
    }

    // Nothing: stopped_ says why.
    std::optional<Batch> nextBatch(BatchStream& stream)
    {
        const double before = stream.waited();
        auto batch = stream.next();
        position_.waited += stream.waited() - before;
        if (batch)
            return Batch{batch->inputs.to(device_), batch->labels.to(device_)};
        stopped_ = failure(batch.error());
        return std::nullopt;
    }

    // Scores of texts have a row for each word: [N, L, classes].
    torch::Tensor scores(const Batch& batch)
    {
        const PrecisionScope precision(settings_.recipe);
        return network_->forward(batch.inputs).flatten(0, -2).to(torch::kFloat32);
    }

    // The loss; not a number when it or its gradient is none.
    double trainStep(const Batch& batch)
    {
        namespace functional = torch::nn::functional;
        for (const torch::Tensor& parameter : parameters_)
            parameter.mutable_grad().reset(); // the next gradient is then taken over, not added
        const torch::Tensor loss =
            functional::cross_entropy(scores(batch), batch.labels.flatten(),
                                      functional::CrossEntropyFuncOptions().label_smoothing(settings_.recipe.labelSmoothing));
        scale_.scaled(loss).backward();
        const double value = loss.item<double>();
        if (!std::isfinite(value) || !scale_.unscale(parameters_))
            return value;
        if (!std::isfinite(clipGradients(parameters_, settings_.recipe.clipNorm)))
            return std::nan("");
        optimizer_->step();
        return value;
    }

    double testAccuracy()
    {
        const torch::NoGradGuard noGrad;
        network_->eval();
        std::int64_t right = 0, all = 0;
        BatchStream stream = data_.test(std::max(settings_.recipe.batchSize, 128));
        for (int step = 0; step < stream.batches() && goOn(); ++step) {
            const auto batch = nextBatch(stream);
            if (!batch)
                return 0;
            right += scores(*batch).argmax(1).eq(batch->labels.flatten()).sum().item<std::int64_t>();
            all += batch->labels.numel();
        }
        return static_cast<double>(right) / static_cast<double>(std::max<std::int64_t>(1, all));
    }

    // A training that cannot be kept ends: what is not resumable was said to be.
    void keep()
    {
        if (settings_.checkpoint.empty())
            return;
        Json progress = position_.toJson();
        progress["loss_scale"] = scale_.value();
        progress["good_steps"] = scale_.goodSteps();
        if (const auto failed = writeCheckpoint(settings_.checkpoint, {described_, progress}, *network_, *optimizer_))
            stopped_ = failure(*failed);
    }

    const TrainSettings& settings_;
    const Json described_;
    const Batches& data_;
    TensorModulePtr network_;
    JobControl& control_;
    const TrainObserver& observer_;
    const std::vector<torch::Tensor> parameters_;
    std::unique_ptr<torch::optim::Optimizer> optimizer_;
    LossScale scale_;
    torch::Device device_;
    const WorkClock whole_{control_};
    Position position_;
    std::optional<TrainOutcome> stopped_;
};

TrainOutcome trainUnguarded(const std::optional<PGraph>& graph, const TrainSettings& settings, JobControl& control,
                            const TrainObserver& observer)
{
    if (const auto refusal = deviceRefusal(settings.recipe.device))
        return Failed{*refusal, ""};
    const Backbone* backbone = findBackbone(settings.backbone);
    observer.progress(0, "opening the data set");
    const auto data = openBatches({.dataset = settings.dataset, .size = backbone ? backbone->image : 0,
                                   .sequence = backbone && backbone->sequence, .trainItems = settings.trainImages,
                                   .testItems = settings.testImages, .seed = settings.seed});
    if (!data)
        return failure(data.error());
    bool resume = settings.resume && std::filesystem::exists(settings.checkpoint);
    while (true) {
        torch::manual_seed(settings.seed);
        auto network = makeBackbone(settings.backbone, graph ? operatorSlots(*graph) : originalSlots(), data->facts().classes);
        if (!network)
            return failure(network.error());
        Training training(settings, settingsJson(graph, settings), *data, *network, control, observer);
        if (!resume || training.goOnFromCheckpoint())
            return training.run();
        if (!settings.restart)
            return *training.stopped();
        resume = false; // anew: what was read of the checkpoint is dropped with the network
    }
}

} // namespace

TrainOutcome train(const std::optional<PGraph>& graph, const TrainSettings& settings, JobControl& control,
                   const TrainObserver& observer)
{
    try {
        return trainUnguarded(graph, settings, control, observer);
    } catch (const std::exception& exception) { // libtorch speaks in exceptions
        return failure(sentenceFor(exception, "The training failed"));
    }
}

} // namespace synoscope
