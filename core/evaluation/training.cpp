#include "core/evaluation/training.h"

#include "core/base/random.h"
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
          optimizer_(makeOptimizer(*network_, settings)), random_(combine(settings.seed, 3))
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
            result_.epochs.push_back({epoch, loss, accuracy, seconds});
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
        const auto order = data_.shuffled(random_);
        const auto batch = static_cast<std::size_t>(settings_.batchSize);
        const std::size_t steps = (order.size() + batch - 1) / batch;
        double sum = 0;
        for (std::size_t step = 0; step < steps && goOn(); ++step) {
            const double position = (epoch - 1 + static_cast<double>(step) / static_cast<double>(steps)) / settings_.epochs;
            for (auto& group : optimizer_.param_groups())
                static_cast<torch::optim::SGDOptions&>(group.options()).lr(scheduledRate(settings_, position));
            const std::span<const int> chosen = std::span(order).subspan(step * batch, std::min(batch, order.size() - step * batch));
            const double loss = trainStep(data_.trainBatch(chosen, random_));
            if (!std::isfinite(loss)) {
                stopped_ = Failed{fmt::format("The loss was no longer a finite number in epoch {}, after {} batches: with "
                                              "this operator the training diverges.", epoch, step), ""};
                return loss;
            }
            sum += loss * static_cast<double>(chosen.size());
            if (step % 8 == 0)
                observer_.progress(position, fmt::format("epoch {} of {}, loss {:.3f}", epoch, settings_.epochs, loss));
        }
        return sum / static_cast<double>(order.size());
    }

    double trainStep(const Batch& batch)
    {
        namespace functional = torch::nn::functional;
        optimizer_.zero_grad();
        const torch::Tensor loss = functional::cross_entropy(
            network_->forward(batch.images), batch.labels,
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
        const int batch = std::max(settings_.batchSize, 128);
        for (int first = 0; first < data_.testCount() && goOn(); first += batch) {
            const Batch images = data_.testBatch(first, batch);
            right += network_->forward(images.images).argmax(1).eq(images.labels).sum().item<std::int64_t>();
        }
        return static_cast<double>(right) / std::max(1, data_.testCount());
    }

    const TrainSettings& settings_;
    const Batches& data_;
    TensorModulePtr network_;
    JobControl& control_;
    const TrainObserver& observer_;
    torch::optim::SGD optimizer_;
    Random random_; // of order and augmentation
    Clock::time_point start_ = Clock::now();
    protocol::TrainResult result_;
    std::optional<TrainOutcome> stopped_;
};

Failed failure(const Error& error)
{
    return {error.message, error.details};
}

TrainOutcome trainUnguarded(const std::optional<PGraph>& graph, const TrainSettings& settings, JobControl& control,
                            const TrainObserver& observer)
{
    const Backbone* backbone = findBackbone(settings.backbone);
    const auto spec = findDataSet(settings.dataset);
    if (!spec)
        return failure(spec.error());
    if (backbone && backbone->sequence)
        return Failed{fmt::format("The backbone '{}' reads words: it cannot be built for images.", backbone->name), ""};
    torch::manual_seed(settings.seed);
    auto network = makeBackbone(settings.backbone, graph ? operatorSlots(*graph) : originalSlots(), spec->classes);
    if (!network)
        return failure(network.error());
    observer.progress(0, "generating images");
    const int trainImages = settings.trainImages > 0 ? settings.trainImages : spec->trainImages;
    const int testImages = settings.testImages > 0 ? settings.testImages : spec->testImages;
    const Batches data(*spec, trainImages, testImages, settings.seed, backbone->image);
    return Training(settings, data, *network, control, observer).run();
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
