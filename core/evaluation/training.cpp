#include "core/evaluation/training.h"

#include "core/evaluation/batches.h"
#include "core/evaluation/torch_errors.h"
#include "core/nn/networks.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numbers>
#include <torch/nn/functional/loss.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/sgd.h>
#include <torch/utils.h>

namespace synoscope {

namespace {

using Clock = std::chrono::steady_clock;
using protocol::Failed;

double since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// Weights with two axes or more decay; biases and the scales of norms do not.
torch::optim::SGD makeOptimizer(const torch::nn::Module& network, const TrainSettings& settings)
{
    std::vector<torch::Tensor> decaying;
    std::vector<torch::Tensor> others;
    for (const torch::Tensor& parameter : network.parameters())
        (parameter.dim() > 1 ? decaying : others).push_back(parameter);
    const auto options = [&](double decay) {
        return std::make_unique<torch::optim::SGDOptions>(
            torch::optim::SGDOptions(settings.learningRate).momentum(settings.momentum).weight_decay(decay));
    };
    return torch::optim::SGD({{decaying, options(settings.weightDecay)}, {others, options(0)}},
                             torch::optim::SGDOptions(settings.learningRate).momentum(settings.momentum));
}

// Linear to the peak, then half a cosine down to zero. `position` runs over [0, 1).
double scheduledRate(const TrainSettings& settings, double position)
{
    if (position < settings.warmUp)
        return settings.learningRate * (0.05 + 0.95 * position / settings.warmUp);
    const double rest = (position - settings.warmUp) / (1 - settings.warmUp);
    return settings.learningRate * 0.5 * (1 + std::cos(std::numbers::pi * rest));
}

class Training
{
public:
    Training(const TrainSettings& settings, const Batches& data, TensorModulePtr network, JobControl& control,
             const TrainObserver& observer)
        : settings_(settings), data_(data), network_(std::move(network)), control_(control), observer_(observer),
          optimizer_(makeOptimizer(*network_, settings))
    {
    }

    TrainOutcome run()
    {
        result_.parameters = parameterCount(*network_);
        for (int epoch = 1; epoch <= settings_.epochs && !stopped_; ++epoch) {
            const auto start = Clock::now();
            const double pausedBefore = control_.paused().count();
            const double loss = trainEpoch(epoch);
            const double accuracy = stopped_ ? 0 : testAccuracy();
            if (stopped_)
                return *stopped_;
            const double seconds = since(start) - (control_.paused().count() - pausedBefore);
            const double waiting = std::min(1.0, std::exchange(waited_, 0) / std::max(seconds, 1e-9));
            result_.epochs.push_back({epoch, loss, accuracy, seconds, waiting});
            result_.accuracy = accuracy;
            observer_.epoch(result_.epochs.back());
            if (epoch == 1 && accuracy < settings_.minAccuracy && settings_.epochs > 1) {
                result_.stoppedEarly = true;
                break;
            }
        }
        result_.seconds = workedSeconds();
        return result_;
    }

private:
    double workedSeconds() const { return since(start_) - control_.paused().count(); }

    // Between two batches. False: stopped_ says why.
    bool goOn()
    {
        if (!control_.proceed())
            stopped_ = protocol::Cancelled{};
        else if (settings_.maxSeconds > 0 && workedSeconds() > settings_.maxSeconds)
            stopped_ = Failed{fmt::format("The training took longer than its limit of {:g} seconds: {} of {} epochs were done.",
                                          settings_.maxSeconds, result_.epochs.size(), settings_.epochs), ""};
        return !stopped_;
    }

    double trainEpoch(int epoch)
    {
        network_->train();
        BatchStream stream = data_.train(epoch, settings_.batchSize);
        const int steps = stream.batches();
        double sum = 0;
        for (int step = 0; step < steps && goOn(); ++step) {
            const double position = (epoch - 1 + static_cast<double>(step) / steps) / settings_.epochs;
            for (auto& group : optimizer_.param_groups())
                static_cast<torch::optim::SGDOptions&>(group.options()).lr(scheduledRate(settings_, position));
            const auto batch = nextBatch(stream);
            if (!batch)
                return 0;
            const double loss = trainStep(*batch);
            if (!std::isfinite(loss)) {
                stopped_ = Failed{fmt::format("The loss was no longer a finite number in epoch {}, after {} batches: with "
                                              "this operator the training diverges.", epoch, step), ""};
                return loss;
            }
            sum += loss * static_cast<double>(batch->inputs.size(0));
            if (step % 8 == 0)
                observer_.progress(position, fmt::format("epoch {} of {}, loss {:.3f}", epoch, settings_.epochs, loss));
        }
        return sum / data_.trainCount();
    }

    // Nothing: stopped_ says why.
    std::optional<Batch> nextBatch(BatchStream& stream)
    {
        const double before = stream.waited();
        auto batch = stream.next();
        waited_ += stream.waited() - before;
        if (batch)
            return std::move(*batch);
        stopped_ = Failed{batch.error().text(), batch.error().details};
        return std::nullopt;
    }

    double trainStep(const Batch& batch)
    {
        namespace functional = torch::nn::functional;
        optimizer_.zero_grad();
        const torch::Tensor loss = functional::cross_entropy(
            network_->forward(batch.inputs), batch.labels,
            functional::CrossEntropyFuncOptions().label_smoothing(settings_.labelSmoothing));
        loss.backward();
        torch::nn::utils::clip_grad_norm_(network_->parameters(), settings_.clipNorm);
        optimizer_.step();
        return loss.item<double>();
    }

    double testAccuracy()
    {
        const torch::NoGradGuard noGrad;
        network_->eval();
        std::int64_t right = 0;
        BatchStream stream = data_.test(std::max(settings_.batchSize, 128));
        for (int step = 0; step < stream.batches() && goOn(); ++step) {
            const auto batch = nextBatch(stream);
            if (!batch)
                return 0;
            right += network_->forward(batch->inputs).argmax(1).eq(batch->labels).sum().item<std::int64_t>();
        }
        return static_cast<double>(right) / std::max(1, data_.testCount());
    }

    const TrainSettings& settings_;
    const Batches& data_;
    TensorModulePtr network_;
    JobControl& control_;
    const TrainObserver& observer_;
    torch::optim::SGD optimizer_;
    double waited_ = 0; // seconds of this epoch, for data
    Clock::time_point start_ = Clock::now();
    protocol::TrainResult result_;
    std::optional<TrainOutcome> stopped_;
};

Failed failure(const Error& error)
{
    return {error.text(), error.details};
}

TrainOutcome trainUnguarded(const std::optional<PGraph>& graph, const TrainSettings& settings, JobControl& control,
                            const TrainObserver& observer)
{
    const Backbone* backbone = findBackbone(settings.backbone);
    observer.progress(0, "opening the data set");
    const auto data = openBatches({.dataset = settings.dataset, .size = backbone ? backbone->image : 0,
                                   .sequence = backbone && backbone->sequence, .trainItems = settings.trainImages,
                                   .testItems = settings.testImages, .seed = settings.seed});
    if (!data)
        return failure(data.error());
    torch::manual_seed(settings.seed);
    auto network = makeBackbone(settings.backbone, graph ? operatorSlots(*graph) : originalSlots(), data->facts().classes);
    if (!network)
        return failure(network.error());
    return Training(settings, *data, *network, control, observer).run();
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
