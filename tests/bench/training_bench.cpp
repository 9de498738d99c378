// bin/bench_training [BACKBONE] [ROUNDS] [THREADS]: how many images a second our training takes in, beside a loop as libtorch's
// tutorials write it: the same network, optimiser, loss and clipping on batches that lie ready. What ours does besides, making and
// augmenting batches, counting, watching for a pause, must not be felt. In turns, so that a machine whose speed changes favours
// neither; by the processor's time too, which others on the machine disturb less.
#include "core/evaluation/environment.h"
#include "core/evaluation/training.h"
#include "core/nn/networks.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <fmt/format.h>
#include <torch/nn/functional/loss.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/sgd.h>
#include <torch/utils.h>

namespace synoscope {
namespace {

constexpr int batches = 8; // an epoch: short, so that both see the same machine

// Of large networks smaller ones: a round is to take seconds, not minutes.
int batchSizeFor(const std::string& backbone)
{
    return findBackbone(backbone)->flops > 1e9 ? 8 : 64;
}

int imagesFor(const std::string& backbone)
{
    return batches * batchSizeFor(backbone);
}

struct Moment
{
    double wall = 0, processor = 0;

    static Moment now()
    {
        timespec processor{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &processor);
        return {std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(),
                static_cast<double>(processor.tv_sec) + 1e-9 * static_cast<double>(processor.tv_nsec)};
    }
    Moment since(const Moment& start) const { return {wall - start.wall, processor - start.processor}; }
};

// The second of two epochs: by then everything has found its place.
Moment ours(const std::string& backbone)
{
    TrainSettings settings{.backbone = backbone, .trainImages = imagesFor(backbone), .testImages = 1, .epochs = 2};
    settings.recipe.batchSize = batchSizeFor(backbone);
    std::vector<Moment> ends;
    JobControl control;
    const TrainObserver observer{.epoch = [&](const protocol::Epoch&) { ends.push_back(Moment::now()); }};
    const TrainOutcome outcome = train({}, settings, control, observer);
    if (const auto* failed = std::get_if<protocol::Failed>(&outcome)) {
        fmt::print(stderr, "{}\n", failed->message);
        std::exit(1);
    }
    return ends[1].since(ends[0]);
}

Moment plain(const std::string& backbone)
{
    const auto network = *makeBackbone(backbone, originalSlots(), 10);
    const int side = findBackbone(backbone)->image;
    torch::optim::SGD optimizer(network->parameters(), torch::optim::SGDOptions(0.1).momentum(0.9).weight_decay(5e-4));
    const int batchSize = batchSizeFor(backbone);
    std::vector<std::pair<torch::Tensor, torch::Tensor>> data;
    for (int i = 0; i < batches; ++i)
        data.emplace_back(torch::randn({batchSize, 3, side, side}), torch::randint(10, {batchSize}, torch::kInt64));
    Moment start;
    for (int epoch = 0; epoch < 2; ++epoch) {
        start = Moment::now();
        for (const auto& [inputs, labels] : data) {
            optimizer.zero_grad();
            const torch::Tensor loss = torch::nn::functional::cross_entropy(
                network->forward(inputs), labels, torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(0.1));
            loss.backward();
            torch::nn::utils::clip_grad_norm_(network->parameters(), 5);
            optimizer.step();
        }
    }
    return Moment::now().since(start);
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

// The median, and the order statistics between which the true one lies with 95 %.
std::string medianText(std::vector<double> values)
{
    std::ranges::sort(values);
    const auto count = static_cast<double>(values.size());
    const double reach = 0.98 * std::sqrt(count);
    const auto at = [&](double place) { return values[static_cast<std::size_t>(std::clamp(place, 0.0, count - 1))]; };
    return fmt::format("{:.3f} ({:.3f} to {:.3f})", median(values), at(count / 2 - reach), at(count / 2 + reach));
}

} // namespace
} // namespace synoscope

int main(int argc, char** argv)
{
    using namespace synoscope;
    const std::string backbone = argc > 1 ? argv[1] : "resnet8";
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 100;
    if (!findBackbone(backbone) || rounds < 1) {
        fmt::print(stderr, "usage: bench_training [BACKBONE] [ROUNDS] [THREADS]\n");
        return 2;
    }
    tuneAllocator();
    setThreads(argc > 3 ? std::atoi(argv[3]) : 1);
    std::vector<double> own, other, wall, processor;
    for (int round = 0; round < rounds; ++round) {
        Moment mine, theirs;
        for (int turn = 0; turn < 2; ++turn) // who begins alternates
            ((round + turn) % 2 == 0 ? mine : theirs) = (round + turn) % 2 == 0 ? ours(backbone) : plain(backbone);
        own.push_back(imagesFor(backbone) / mine.wall);
        other.push_back(imagesFor(backbone) / theirs.wall);
        wall.push_back(theirs.wall / mine.wall);
        processor.push_back(theirs.processor / mine.processor);
    }
    fmt::print("{}: ours {:.0f} images/s, plain loop {:.0f} images/s (medians of {} rounds in turns)\n", backbone, median(own),
               median(other), rounds);
    fmt::print("speed beside the plain loop, median of the rounds' ratios (95 %): {} by the clock, {} by processor time\n",
               medianText(wall), medianText(processor));
}
