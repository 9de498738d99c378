#include "core/evaluation/device.h"
#include "core/evaluation/training.h"
#include "tests/core/evaluation/operators.h"

#include <gmock/gmock.h>
#include <thread>

using namespace synoscope;
using testing::HasSubstr;

namespace {

TrainSettings quick()
{
    TrainSettings settings;
    settings.epochs = 1;
    settings.trainImages = 512;
    settings.testImages = 256;
    return settings;
}

protocol::TrainResult trained(const std::optional<PGraph>& graph, const TrainSettings& settings)
{
    JobControl control;
    const TrainOutcome outcome = train(graph, settings, control);
    const auto* failed = std::get_if<protocol::Failed>(&outcome);
    EXPECT_EQ(failed, nullptr) << failed->message << '\n' << failed->details;
    return failed ? protocol::TrainResult{} : std::get<protocol::TrainResult>(outcome);
}

std::string failure(const std::optional<PGraph>& graph, const TrainSettings& settings)
{
    JobControl control;
    const TrainOutcome outcome = train(graph, settings, control);
    const auto* failed = std::get_if<protocol::Failed>(&outcome);
    return failed ? failed->message : "no failure";
}

TEST(Training, ThreeByThreeConvolutionsLearnTheImagesAndOneByOneOnesFallClearlyBehind)
{
    TrainSettings settings;
    settings.epochs = 3;
    const double original = trained({}, settings).accuracy;
    const double convolution = trained(parse(conv2dText), settings).accuracy;
    const double pointwise = trained(parse(pointwiseText), settings).accuracy;
    RecordProperty("original", std::to_string(original));
    RecordProperty("convolution", std::to_string(convolution));
    RecordProperty("pointwise", std::to_string(pointwise));
    EXPECT_GT(original, 0.45);
    EXPECT_GT(convolution, original - 0.1); // the same function behind a pooling
    EXPECT_GT(original, pointwise + 0.15);
    EXPECT_GT(convolution, pointwise + 0.15);
    EXPECT_LT(original, 0.95); // leaves room to be better
}

TEST(Training, TheSameSeedGivesTheSameFiguresAndAnotherSeedOthers)
{
    TrainSettings settings = quick();
    const auto first = trained(parse(conv2dText), settings);
    const auto second = trained(parse(conv2dText), settings);
    ASSERT_EQ(first.epochs.size(), 1u);
    EXPECT_EQ(first.epochs[0].loss, second.epochs[0].loss);
    EXPECT_EQ(first.accuracy, second.accuracy);
    settings.seed = 2;
    EXPECT_NE(first.epochs[0].loss, trained(parse(conv2dText), settings).epochs[0].loss);
}

TEST(Training, EpochsAndProgressAreReportedAsTheyCome)
{
    TrainSettings settings = quick();
    settings.epochs = 2;
    std::vector<protocol::Epoch> epochs;
    double last = 0;
    JobControl control;
    const TrainObserver observer{
        .progress = [&](double fraction, const std::string& message) {
            EXPECT_GE(fraction, last);
            EXPECT_LE(fraction, 1);
            EXPECT_FALSE(message.empty());
            last = fraction;
        },
        .epoch = [&](const protocol::Epoch& epoch) { epochs.push_back(epoch); }};
    const auto outcome = train({}, settings, control, observer);
    const auto& result = std::get<protocol::TrainResult>(outcome);
    EXPECT_EQ(result.epochs, epochs);
    ASSERT_EQ(epochs.size(), 2u);
    EXPECT_EQ(epochs[1].index, 2);
    EXPECT_GT(epochs[1].seconds, 0);
    EXPECT_EQ(result.accuracy, epochs[1].accuracy);
    EXPECT_EQ(result.parameters, 78'042);
    EXPECT_GT(last, 0.4);
}

TEST(Training, CancellingEndsItBetweenTwoBatches)
{
    TrainSettings settings = quick();
    settings.epochs = 1000;
    JobControl control;
    std::atomic<bool> begun = false;
    std::thread other([&] {
        while (!begun)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        control.cancel();
    });
    const TrainObserver observer{.progress = [&](double fraction, const std::string&) { begun = fraction > 0; }};
    const TrainOutcome outcome = train({}, settings, control, observer);
    other.join();
    EXPECT_TRUE(std::holds_alternative<protocol::Cancelled>(outcome));
}

TEST(Training, APauseStopsTheWorkAndChangesNoFigure)
{
    TrainSettings settings = quick();
    settings.maxSeconds = 30;
    JobControl control;
    control.pause();
    std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(700));
        control.resume();
    });
    const auto start = std::chrono::steady_clock::now();
    const TrainOutcome outcome = train(parse(conv2dText), settings, control);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    other.join();
    const auto& result = std::get<protocol::TrainResult>(outcome);
    EXPECT_EQ(result.epochs[0].loss, trained(parse(conv2dText), quick()).epochs[0].loss);
    EXPECT_GT(control.paused().count(), 0.3);
    EXPECT_LT(result.seconds, seconds - 0.3); // the pause does not count
}

TEST(Training, ADivergingLossIsAFailureWithASentence)
{
    TrainSettings settings = quick();
    settings.recipe.learningRate = 1e30;
    settings.recipe.clipNorm = 1e30;
    EXPECT_THAT(failure({}, settings), HasSubstr("no longer a finite number in epoch 1"));
}

TEST(Training, ItsTimeLimitIsKept)
{
    TrainSettings settings = quick();
    settings.epochs = 1000;
    settings.maxSeconds = 1;
    const auto start = std::chrono::steady_clock::now();
    EXPECT_THAT(failure({}, settings), HasSubstr("limit of 1 seconds"));
    EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), 5);
}

TEST(Training, AdamWAndStepsLearnToo)
{
    TrainSettings settings = quick();
    settings.epochs = 2;
    settings.recipe = protocol::recipeFor("adamw");
    settings.recipe.schedule = "step";
    settings.recipe.batchSize = 32;
    const auto result = trained({}, settings);
    ASSERT_EQ(result.epochs.size(), 2u);
    EXPECT_LT(result.epochs[1].loss, result.epochs[0].loss);
    EXPECT_GT(result.accuracy, 0.15);
}

TEST(Training, WithoutCudaASentenceSaysSo)
{
    if (!deviceRefusal("cuda"))
        GTEST_SKIP() << "There is a GPU.";
    TrainSettings settings = quick();
    settings.recipe.device = "cuda";
    settings.recipe.precision = "float16";
    EXPECT_THAT(failure({}, settings), HasSubstr("cannot be used here"));
}

TEST(Training, AHopelessFirstEpochEndsItEarly)
{
    TrainSettings settings = quick();
    settings.epochs = 50;
    settings.milestones = {{1, 0.99}};
    const auto result = trained({}, settings);
    EXPECT_TRUE(result.stoppedEarly);
    EXPECT_EQ(result.epochs.size(), 1u);
}

TEST(Training, AMilestoneThatIsReachedChangesNothing)
{
    TrainSettings settings = quick();
    settings.milestones = {{1, 0.01}, {2, 0.99}}; // the second lies beyond the end
    const auto result = trained({}, settings);
    EXPECT_FALSE(result.stoppedEarly);
    EXPECT_EQ(result.epochs[0].loss, trained({}, quick()).epochs[0].loss);
}

TEST(Training, WhatIsNotThereOrDoesNotFitIsASentence)
{
    TrainSettings settings = quick();
    settings.backbone = "resnet9";
    EXPECT_THAT(failure({}, settings), HasSubstr("no backbone 'resnet9'"));
    settings.backbone = "gpt2";
    EXPECT_THAT(failure({}, settings), HasSubstr("reads text"));
    settings = quick();
    settings.dataset = "cats";
    EXPECT_THAT(failure({}, settings), HasSubstr("no data set 'cats'"));
    EXPECT_THAT(failure(parse(groupedText), quick()), HasSubstr("C_in*g^-1"));
}

TEST(Training, TheHundredClassVariantRuns)
{
    TrainSettings settings = quick();
    settings.dataset = "builtin100-16";
    const auto result = trained({}, settings);
    EXPECT_EQ(result.parameters, 78'042 + 90 * 65);
}

} // namespace
