// What a training is made of, bit by bit: weights, optimiser and generators, and that a break changes none of them.
#include "core/base/file.h"
#include "core/evaluation/checkpoint.h"
#include "core/evaluation/optimizing.h"
#include "core/evaluation/proxies.h"
#include "core/nn/networks.h"
#include "tests/core/evaluation/operators.h"

#include <ATen/Context.h>
#include <cmath>
#include <gmock/gmock.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>
#include <torch/utils.h>

namespace synoscope {
namespace {

using testing::HasSubstr;

class Checkpoints : public testing::Test
{
protected:
    Checkpoints()
    {
        std::string name = (std::filesystem::temp_directory_path() / "synoscope-checkpoint-XXXXXX").string();
        folder_ = mkdtemp(name.data());
    }
    ~Checkpoints() override { std::filesystem::remove_all(folder_); }

    std::string file(const char* name) const { return (folder_ / name).string(); }

    // 16 batches an epoch.
    TrainSettings settings(const std::string& optimizer, const char* checkpoint) const
    {
        TrainSettings settings{.trainImages = 256, .testImages = 128, .recipe = protocol::recipeFor(optimizer), .epochs = 4};
        settings.recipe.batchSize = 16;
        settings.recipe.nesterov = optimizer == "sgd";
        settings.checkpoint = file(checkpoint);
        return settings;
    }

    std::filesystem::path folder_;
};

TrainOutcome trainConv(const TrainSettings& settings, const TrainObserver& observer = {})
{
    JobControl control;
    return train(parse(conv2dText), settings, control, observer);
}

protocol::TrainResult resultOf(const TrainOutcome& outcome)
{
    const auto* failed = std::get_if<protocol::Failed>(&outcome);
    EXPECT_EQ(failed, nullptr) << failed->message << '\n' << failed->details;
    const auto* result = std::get_if<protocol::TrainResult>(&outcome);
    return result ? *result : protocol::TrainResult{};
}

std::string failureOf(const TrainOutcome& outcome)
{
    const auto* failed = std::get_if<protocol::Failed>(&outcome);
    return failed ? failed->message : "no failure";
}

// All that a checkpoint holds, as tensors.
struct State
{
    std::vector<torch::Tensor> tensors;
    nlohmann::ordered_json progress;
};

State stateIn(const TrainSettings& settings)
{
    auto network = makeBackbone("resnet8", operatorSlots(parse(conv2dText)));
    EXPECT_TRUE(network);
    const auto optimizer = makeOptimizer(**network, settings.recipe);
    torch::manual_seed(12345);
    const auto progress = readCheckpoint(settings.checkpoint, {}, **network, *optimizer);
    EXPECT_TRUE(progress) << progress.error().text() << progress.error().details;
    State state{(*network)->parameters(), *progress};
    for (const torch::Tensor& buffer : (*network)->buffers())
        state.tensors.push_back(buffer);
    for (const torch::Tensor& parameter : (*network)->parameters()) {
        auto& one = *optimizer->state().at(c10::guts::to_string(parameter.unsafeGetTensorImpl()));
        if (const auto* sgd = dynamic_cast<torch::optim::SGDParamState*>(&one)) {
            state.tensors.push_back(sgd->momentum_buffer());
        } else {
            const auto& adam = dynamic_cast<torch::optim::AdamWParamState&>(one);
            state.tensors.insert(state.tensors.end(), {adam.exp_avg(), adam.exp_avg_sq(), torch::tensor(adam.step())});
        }
    }
    state.tensors.push_back(at::globalContext().defaultGenerator(at::kCPU).get_state());
    for (const char* key : {"seconds", "waited", "worked"})
        state.progress.erase(key); // nobody works equally fast twice
    for (auto& epoch : state.progress["epochs"])
        epoch[3] = epoch[4] = 0;
    return state;
}

void expectSame(const TrainSettings& one, const TrainSettings& other)
{
    const State first = stateIn(one);
    const State second = stateIn(other);
    EXPECT_EQ(first.progress, second.progress);
    ASSERT_EQ(first.tensors.size(), second.tensors.size());
    for (std::size_t i = 0; i < first.tensors.size(); ++i)
        EXPECT_TRUE(torch::equal(first.tensors[i], second.tensors[i])) << i;
}

TEST_F(Checkpoints, TwoEpochsABreakAndTwoEpochsAreFourEpochsBitByBit)
{
    for (const char* optimizer : {"sgd", "adamw"}) {
        const TrainSettings whole = settings(optimizer, "whole");
        const auto expected = resultOf(trainConv(whole));
        TrainSettings parts = settings(optimizer, "parts");
        parts.untilEpoch = 2;
        EXPECT_EQ(resultOf(trainConv(parts)).epochs.size(), 2u);
        parts.untilEpoch = 0;
        parts.resume = true;
        std::vector<int> told;
        const TrainObserver observer{.epoch = [&](const protocol::Epoch& epoch) { told.push_back(epoch.index); }};
        const auto result = resultOf(trainConv(parts, observer));
        EXPECT_THAT(told, testing::ElementsAre(1, 2, 3, 4)); // a curve without a gap
        EXPECT_EQ(result.accuracy, expected.accuracy);
        expectSame(whole, parts);
    }
}

TEST_F(Checkpoints, ATrainingCancelledWithinAnEpochGoesOnAtThatBatch)
{
    const TrainSettings whole = settings("sgd", "whole");
    resultOf(trainConv(whole));
    TrainSettings parts = settings("sgd", "parts");
    JobControl control;
    int reports = 0; // one in 8 batches
    const TrainObserver observer{.progress = [&](double fraction, const std::string&) {
        if (fraction > 0.25 && ++reports == 1) // 8 of the 16 batches of the second epoch
            control.cancel();
    }};
    EXPECT_TRUE(std::holds_alternative<protocol::Cancelled>(train(parse(conv2dText), parts, control, observer)));
    const State middle = stateIn(parts);
    EXPECT_EQ(middle.progress["epoch"], 2);
    EXPECT_EQ(middle.progress["step"], 9);
    parts.resume = true;
    resultOf(trainConv(parts));
    expectSame(whole, parts);
}

TEST_F(Checkpoints, OneThatIsDamagedOrOfOtherSettingsIsASentenceOrANewBeginning)
{
    TrainSettings once = settings("sgd", "one");
    once.epochs = 2;
    once.trainImages = 64;
    once.untilEpoch = 1;
    once.resume = true; // there is none yet: it begins
    const double loss = resultOf(trainConv(once)).epochs[0].loss;

    TrainSettings other = once;
    other.seed = 2;
    EXPECT_THAT(failureOf(trainConv(other)), HasSubstr("its 'seed' is 1, and now it is 2"));
    JobControl control;
    EXPECT_THAT(failureOf(train({}, once, control)), HasSubstr("another operator"));

    const std::string bytes = *readWholeFile(once.checkpoint);
    std::string flipped = bytes;
    flipped[bytes.size() / 2] ^= 1;
    for (const std::string& damaged : {flipped, bytes.substr(0, bytes.size() - 1), bytes.substr(0, 10), std::string()}) {
        ASSERT_FALSE(writeWholeFile(once.checkpoint, damaged));
        EXPECT_THAT(failureOf(trainConv(once)), HasSubstr("cannot go on from this checkpoint"));
    }
    once.restart = true;
    EXPECT_EQ(resultOf(trainConv(once)).epochs[0].loss, loss);
    once.resume = false;
    once.checkpoint = file("nowhere/one");
    EXPECT_THAT(failureOf(trainConv(once)), HasSubstr("cannot be opened for writing"));
}

TEST(Optimizing, BiasesAndNormsDoNotDecay)
{
    const auto network = *makeBackbone("resnet8", originalSlots());
    for (const char* name : {"sgd", "adamw"}) {
        const auto optimizer = makeOptimizer(*network, protocol::recipeFor(name));
        const auto decay = [&](std::size_t group) {
            auto& options = optimizer->param_groups()[group].options();
            const auto* sgd = dynamic_cast<torch::optim::SGDOptions*>(&options);
            return sgd ? sgd->weight_decay() : dynamic_cast<torch::optim::AdamWOptions&>(options).weight_decay();
        };
        ASSERT_EQ(optimizer->param_groups().size(), 2u);
        EXPECT_GT(decay(0), 0);
        EXPECT_EQ(decay(1), 0);
        for (const auto& parameter : optimizer->param_groups()[0].params())
            EXPECT_GT(parameter.dim(), 1);
        for (const auto& parameter : optimizer->param_groups()[1].params())
            EXPECT_EQ(parameter.dim(), 1);
        setLearningRate(*optimizer, 0.25);
        EXPECT_EQ(optimizer->param_groups()[1].options().get_lr(), 0.25);
    }
}

TEST(Optimizing, GradientsAreScaledDownToTheLimitAndNeverUp)
{
    const torch::Tensor one = torch::zeros({2}, torch::requires_grad());
    const torch::Tensor other = torch::zeros({1}, torch::requires_grad());
    const torch::Tensor unused = torch::zeros({1}, torch::requires_grad());
    one.mutable_grad() = torch::tensor({2.0f, 1.0f});
    other.mutable_grad() = torch::tensor({2.0f});
    EXPECT_DOUBLE_EQ(clipGradients({one, other, unused}, 4), 3);
    EXPECT_FLOAT_EQ(one.grad()[0].item<float>(), 2);
    EXPECT_DOUBLE_EQ(clipGradients({one, other, unused}, 1.5), 3);
    EXPECT_FLOAT_EQ(one.grad()[0].item<float>(), 1);
    EXPECT_FLOAT_EQ(other.grad()[0].item<float>(), 1);
    one.mutable_grad()[0] = INFINITY;
    EXPECT_FALSE(std::isfinite(clipGradients({one, other}, 1)));
}

TEST(Optimizing, AnOverflowInHalfPrecisionLeavesTheStepOutAndHalvesTheScale)
{
    protocol::TrainRecipe recipe;
    recipe.precision = "float16";
    LossScale scale(recipe);
    const double before = scale.value();
    const torch::Tensor weight = torch::zeros({2}, torch::requires_grad());
    scale.scaled((weight * 3).sum()).backward();
    EXPECT_TRUE(scale.unscale({weight}));
    EXPECT_FLOAT_EQ(weight.grad()[0].item<float>(), 3);
    weight.mutable_grad()[0] = INFINITY;
    EXPECT_FALSE(scale.unscale({weight}));
    EXPECT_EQ(scale.value(), before / 2);
}

TEST(Proxies, AreFiniteReproducibleAndSeeMoreInAConvolutionThanInItsCentre)
{
    TrainSettings settings;
    settings.recipe.batchSize = 16;
    JobControl control;
    const auto of = [&](const std::string& text) { return std::get<protocol::ProxyResult>(proxies(parse(text), settings, control)); };
    auto first = of(conv2dText);
    auto again = of(conv2dText);
    first.seconds = again.seconds = 0;
    EXPECT_EQ(first, again);
    EXPECT_GT(first.gradientNorm, 0);
    EXPECT_TRUE(std::isfinite(first.naswot));
    EXPECT_GT(first.synflow, of(pointwiseText).synflow);
    const auto misfit = proxies(parse(groupedText), settings, control);
    EXPECT_THAT(std::get<protocol::Failed>(misfit).message, HasSubstr("C_in*g^-1"));
    control.cancel();
    EXPECT_TRUE(std::holds_alternative<protocol::Cancelled>(proxies({}, settings, control)));
}

TEST(Proxies, NaswotIsTheLogarithmOfTheDeterminantOfEqualSwitches)
{
    TrainSettings settings;
    settings.recipe.batchSize = 1; // one image agrees with itself in every activation of resnet8: 16x16x(16+16+16) + 8x8x(32+32) + 4x4x(64+64)
    JobControl control;
    const auto result = std::get<protocol::ProxyResult>(proxies({}, settings, control));
    EXPECT_NEAR(result.naswot, std::log(16 * 16 * 48 + 8 * 8 * 64 + 4 * 4 * 128), 1e-9);
}

} // namespace
} // namespace synoscope
