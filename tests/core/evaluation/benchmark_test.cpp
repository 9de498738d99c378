#include "core/evaluation/benchmark.h"
#include "core/evaluation/device.h"
#include "core/evaluation/environment.h"
#include "tests/core/evaluation/operators.h"

#include <gmock/gmock.h>
#include <thread>

using namespace synoscope;
using testing::HasSubstr;

namespace {

BenchSettings quick(std::string backbone)
{
    return {.backbone = std::move(backbone), .repeats = 20, .minSeconds = 0.05};
}

protocol::BenchResult measured(const std::optional<PGraph>& graph, const BenchSettings& settings)
{
    JobControl control;
    const BenchOutcome outcome = bench(graph, settings, control);
    const auto* failed = std::get_if<protocol::Failed>(&outcome);
    EXPECT_EQ(failed, nullptr) << failed->message << '\n' << failed->details;
    return failed ? protocol::BenchResult{} : std::get<protocol::BenchResult>(outcome);
}

std::string failure(const std::optional<PGraph>& graph, const BenchSettings& settings)
{
    JobControl control;
    const BenchOutcome outcome = bench(graph, settings, control);
    const auto* failed = std::get_if<protocol::Failed>(&outcome);
    return failed ? failed->message : "no failure";
}

TEST(Bench, EverySlotOfTheBackboneIsMeasuredAgainstItsConvolution)
{
    const auto result = measured(parse(conv2dText), quick("resnet8"));
    ASSERT_EQ(result.bindings.size(), 5u);
    double sum = 0;
    double baseline = 0;
    for (const auto& binding : result.bindings) {
        EXPECT_GE(binding.repeats + binding.disturbed, 20);
        EXPECT_GE(binding.repeats, 3);
        EXPECT_LE(binding.p10Us, binding.medianUs);
        EXPECT_LE(binding.medianUs, binding.p90Us);
        EXPECT_GT(binding.p10Us, 0);
        EXPECT_LE(binding.baselineP10Us, binding.baselineUs);
        EXPECT_DOUBLE_EQ(binding.ratio, binding.medianUs / binding.baselineUs);
        EXPECT_GT(binding.gflops, 0);
        sum += binding.count * binding.medianUs;
        baseline += binding.count * binding.baselineUs;
    }
    EXPECT_DOUBLE_EQ(result.ratio, sum / baseline);
    EXPECT_THAT(result.bindings[1].label, HasSubstr("stride 2"));
    EXPECT_FALSE(result.environment.cpu.empty());
    EXPECT_FALSE(result.environment.libtorch.empty());
    EXPECT_EQ(result.environment.device, "cpu");
    EXPECT_GE(result.environment.threads, 1);
}

TEST(Bench, TheWholeNetworkIsMeasuredBesideTheOriginal)
{
    const auto result = measured(parse(conv2dText), quick("resnet8"));
    ASSERT_TRUE(result.network);
    EXPECT_EQ(result.network->baseline, "the original network");
    EXPECT_GT(result.network->baselineUs, 0);
    EXPECT_GE(result.network->repeats, 3);
    EXPECT_DOUBLE_EQ(result.network->ratio, result.network->medianUs / result.network->baselineUs);
    EXPECT_GT(result.network->ratio, 0.2); // the same convolutions, after pooling where there is a stride
    EXPECT_LT(result.network->ratio, 5);
    EXPECT_LE(result.network->ratioLow, result.network->ratioHigh);
    EXPECT_FALSE(measured(parse(conv2dText), quick("")).network);
}

TEST(Bench, LinearSlotsAreMeasuredAgainstLinearLayers)
{
    const auto slots = measured(parse(linearText), quick("tinygpt"));
    ASSERT_EQ(slots.bindings.size(), 1u);
    EXPECT_EQ(slots.bindings[0].label, "L=128 D_in=64 D_out=192");
    EXPECT_EQ(slots.bindings[0].count, 2);
    ASSERT_TRUE(slots.network);
    EXPECT_GT(slots.network->medianUs, slots.bindings[0].medianUs);
    const auto own = measured(parse(linearText), quick(""));
    ASSERT_EQ(own.bindings.size(), 1u);
    EXPECT_EQ(own.bindings[0].label, "L=6 D_in=8 D_out=10");
}

TEST(Bench, TheBaselineAgainstItselfIsAboutAsFast)
{
    const auto result = measured({}, quick("resnet8"));
    EXPECT_GT(result.ratio, 0.6);
    EXPECT_LT(result.ratio, 1.6);
}

TEST(Bench, WithoutABackboneTheOperatorsOwnLayersAreMeasured)
{
    const auto result = measured(parse(conv2dText), quick(""));
    ASSERT_EQ(result.bindings.size(), 2u);
    EXPECT_EQ(result.bindings[0].label, "C_in=16 C_out=32 H=16");
    // 2 operations for each of 32*16*9*256 multiply-adds
    EXPECT_NEAR(result.bindings[0].gflops * result.bindings[0].medianUs * 1e3, 2.0 * 32 * 16 * 9 * 256, 1);
    EXPECT_EQ(result.bindings[0].bytes, 4 * ((16 + 32) * 256 + 32 * 16 * 9));
}

TEST(Bench, AFrozenScriptIsMeasuredInSlotsAndUnderTheOperatorsOwnLayers)
{
    for (const std::string backbone : {"resnet8", ""}) {
        BenchSettings settings = quick(backbone);
        settings.backend = "torchscript";
        const auto result = measured(parse(conv2dText), settings);
        EXPECT_EQ(result.bindings.size(), backbone.empty() ? 2u : 5u);
        EXPECT_GT(result.ratio, 0.2); // it is the same convolution
        EXPECT_LT(result.ratio, 5);
    }
}

TEST(Bench, EveryBackEndMeasures)
{
    for (const std::string_view backend : protocol::benchBackends) {
        BenchSettings settings = quick("");
        settings.backend = backend;
        const auto result = measured(parse(conv2dText), settings);
        ASSERT_EQ(result.bindings.size(), 2u) << backend;
        EXPECT_GT(result.bindings[1].medianUs, 0) << backend;
        EXPECT_GT(result.bindings[1].copyUs, 0) << backend;
    }
}

TEST(Bench, CancellingAndItsTimeLimitEndIt)
{
    JobControl control;
    control.cancel();
    EXPECT_TRUE(std::holds_alternative<protocol::Cancelled>(bench({}, quick("resnet8"), control)));
    BenchSettings settings = quick("resnet8");
    settings.minSeconds = 100;
    settings.maxSeconds = 0.2;
    EXPECT_THAT(failure({}, settings), HasSubstr("limit of 0.2 seconds"));
}

TEST(Bench, WhatCannotBeMeasuredIsASentence)
{
    EXPECT_THAT(failure({}, quick("resnet9")), HasSubstr("no backbone"));
    EXPECT_THAT(failure({}, quick("")), HasSubstr("nothing to measure"));
    EXPECT_THAT(failure(parse(groupedText), quick("resnet8")), HasSubstr("C_in*g^-1"));
    BenchSettings settings = quick("resnet8");
    settings.backend = "fortran";
    EXPECT_THAT(failure({}, settings), HasSubstr("no back end 'fortran'; there are libtorch, einsum, torchscript, cpp, halide"));
    settings = quick("resnet8");
    settings.device = "cuda";
    if (deviceRefusal("cuda"))
        EXPECT_THAT(failure({}, settings), HasSubstr("CUDA cannot be used here"));
}

TEST(Environment, TheBlasIsNamedAndAWarningIsOneSentence)
{
    const auto environment = environmentNow();
    EXPECT_FALSE(environment.blas.empty());
    EXPECT_EQ(environment.warning, blasWarning());
    if (environment.blas == "reference BLAS")
        EXPECT_THAT(environment.warning, HasSubstr("OpenBLAS"));
    else
        EXPECT_EQ(environment.warning, "");
}

} // namespace
