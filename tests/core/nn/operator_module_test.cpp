#include "core/nn/networks.h"
#include "tests/core/nn/operators.h"

#include <gmock/gmock.h>
#include <torch/nn/modules/conv.h>

using namespace synoscope;
using testing::HasSubstr;

namespace {

SlotShape slotOf(std::int64_t in, std::int64_t out, std::int64_t side, int stride = 1, int kernel = 3)
{
    return {.inChannels = in, .outChannels = out, .height = side, .width = side, .kernel = kernel, .stride = stride};
}

std::shared_ptr<OperatorModule> moduleFor(const PGraph& graph, const SlotShape& slot)
{
    const auto binding = bindingForSlot(graph, slot);
    EXPECT_TRUE(binding) << (binding ? "" : binding.error().text());
    return std::make_shared<OperatorModule>(graph, lower(graph), *binding);
}

double maxDifference(const torch::Tensor& a, const torch::Tensor& b)
{
    return (a - b).abs().max().item<double>();
}

TEST(OperatorModule, TheConv2dGraphComputesWhatTheLibrarysConvolutionDoesForwardAndBackward)
{
    torch::manual_seed(1);
    const auto module = moduleFor(parse(conv2dText), slotOf(16, 32, 8));
    module->to(torch::kFloat64);
    ASSERT_EQ(module->weights()[0].sizes(), (std::vector<std::int64_t>{32, 16, 3, 3}));
    const auto input = torch::randn({2, 16, 8, 8}, torch::kFloat64).requires_grad_();
    const auto gradient = torch::randn({2, 32, 8, 8}, torch::kFloat64);

    const auto ours = module->forward(input);
    ours.backward(gradient);
    const auto weight = module->weights()[0].detach().clone().requires_grad_();
    const auto input2 = input.detach().clone().requires_grad_();
    const auto theirs = torch::conv2d(input2, weight, {}, 1, 1);
    theirs.backward(gradient);
    EXPECT_LT(maxDifference(ours, theirs), 1e-12);
    EXPECT_LT(maxDifference(input.grad(), input2.grad()), 1e-12);
    EXPECT_LT(maxDifference(module->weights()[0].grad(), weight.grad()), 1e-12);
}

TEST(OperatorModule, AnyBatchRunsAndEachImageIsOnItsOwn)
{
    torch::manual_seed(1);
    for (const std::string& text : {conv2dText, lowRankText, shiftedText}) {
        const auto module = moduleFor(parse(text), slotOf(16, 16, 8));
        const auto images = torch::randn({5, 16, 8, 8});
        const auto all = module->forward(images);
        EXPECT_EQ(all.sizes(), (std::vector<std::int64_t>{5, 16, 8, 8}));
        for (int i = 0; i < 5; ++i)
            EXPECT_LT(maxDifference(all.slice(0, i, i + 1), module->forward(images.slice(0, i, i + 1))), 1e-4);
    }
}

TEST(OperatorModule, AnInputOfAnotherShapeIsRefusedBySayingBoth)
{
    const auto module = moduleFor(parse(conv2dText), slotOf(16, 16, 8));
    try {
        module->forward(torch::randn({2, 16, 8, 9}));
        FAIL() << "accepted";
    } catch (const c10::Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("[2, 16, 8, 8]"));
        EXPECT_THAT(error.what(), HasSubstr("[2, 16, 8, 9]"));
    }
}

TEST(OperatorModule, InitialWeightsPreserveTheVariance)
{
    torch::manual_seed(3);
    for (const std::string& text : {conv2dText, lowRankText, shiftedText}) {
        const PGraph graph = parse(text);
        double variance = 0;
        for (int i = 0; i < 8; ++i)
            variance += moduleFor(graph, slotOf(32, 32, 16))->forward(torch::randn({4, 32, 16, 16})).var().item<double>() / 8;
        EXPECT_GT(variance, 0.6) << text;
        EXPECT_LT(variance, 1.4) << text;
    }
}

TEST(OperatorModule, InitialisingAgainFollowsTheSeed)
{
    const auto module = moduleFor(parse(conv2dText), slotOf(16, 16, 8));
    torch::manual_seed(7);
    module->initialise();
    const auto first = module->weights()[0].detach().clone();
    module->initialise();
    EXPECT_GT(maxDifference(first, module->weights()[0]), 0);
    torch::manual_seed(7);
    module->initialise();
    EXPECT_EQ(maxDifference(first, module->weights()[0]), 0);
}

TEST(BindingForSlot, NamesOfVariablesAreMappedAndASquareImageMayHaveOneSide)
{
    const PGraph graph = parse(lowRankText);
    const auto binding = bindingForSlot(graph, slotOf(64, 128, 28));
    ASSERT_TRUE(binding);
    EXPECT_EQ(graph.shape(graph.input(), *binding), (std::vector<std::int64_t>{1, 64, 28, 28}));
    EXPECT_EQ(graph.shape(graph.output(), *binding), (std::vector<std::int64_t>{1, 128, 28, 28}));
}

TEST(BindingForSlot, AnOperatorThatKeepsTheChannelsFitsOnlyWhereTheyAreKept)
{
    const PGraph graph = parse("pgraph 1\nname depthwise\nprimary N C H W\ncoefficient k=3\ninput n:N c:C y:H x:W\n"
                               "weight w c:C k:k\ny1, j = unfold y k\na = share c w.c\nb = share j w.k\nreduce b\n"
                               "output n a y1 x\n");
    const auto binding = bindingForSlot(graph, slotOf(16, 16, 8));
    ASSERT_TRUE(binding) << binding.error().text();
    EXPECT_EQ(graph.shape(graph.output(), *binding), (std::vector<std::int64_t>{1, 16, 8, 8}));
    const auto refused = bindingForSlot(graph, slotOf(16, 32, 8));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("expected [1, 32, 8, 8]"));
}

TEST(BindingForSlot, WhatDoesNotFitIsRefusedWithAReason)
{
    const auto refusal = [](const std::string& text, const SlotShape& slot) {
        const auto binding = bindingForSlot(parse(text), slot);
        return binding ? std::string("accepted") : binding.error().message;
    };
    EXPECT_THAT(refusal(shiftedText, slotOf(18, 16, 8)), HasSubstr("C_in*g^-1"));
    SlotShape oblong = slotOf(16, 16, 8);
    oblong.width = 12;
    EXPECT_THAT(refusal(lowRankText, oblong), HasSubstr("expected [1, 16, 8, 12]"));
    EXPECT_THAT(refusal("pgraph 1\nname q\nprimary N Q\ninput n:N q:Q\nweight w q:Q\na = share q w.q\nreduce a\noutput n\n",
                        slotOf(16, 16, 8)),
                HasSubstr("'Q'"));
}

TEST(Slots, AStridedSlotIsPooledBeforeTheOperator)
{
    torch::manual_seed(1);
    const auto slot = slotOf(16, 32, 4, 2);
    const auto filled = operatorSlots(parse(conv2dText))(slot);
    const auto pooled = pooledSlots()(slot);
    ASSERT_TRUE(filled && pooled);
    {
        const torch::NoGradGuard noGrad;
        (*filled)->parameters()[0].copy_((*pooled)->parameters()[0]);
    }
    const auto image = torch::randn({2, 16, 8, 8});
    EXPECT_EQ((*filled)->forward(image).sizes(), (std::vector<std::int64_t>{2, 32, 4, 4}));
    EXPECT_LT(maxDifference((*filled)->forward(image), (*pooled)->forward(image)), 1e-4);
    EXPECT_EQ((*originalSlots()(slot))->forward(image).sizes(), (std::vector<std::int64_t>{2, 32, 4, 4}));
}

} // namespace
