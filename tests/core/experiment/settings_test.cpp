#include "core/experiment/reward.h"
#include "core/experiment/settings.h"

#include <gtest/gtest.h>

namespace synoscope {
namespace {

TEST(Reward, FollowsTheAccuracyBetweenFloorAndCeiling)
{
    const RewardSettings settings{0.2, 0.7, 2};
    EXPECT_EQ(rewardOf({0.1, 0.5, 0.5}, settings), 0);
    EXPECT_DOUBLE_EQ(rewardOf({0.45, 0.5, 0.5}, settings), 0.25);
    EXPECT_EQ(rewardOf({0.9, 0.5, 0.5}, settings), 1);
    EXPECT_DOUBLE_EQ(rewardOf({{}, 0.4, 0.5}, settings), 0.6);
    EXPECT_DOUBLE_EQ(rewardOf({{}, {}, 0.9}, settings), 0.1);
    EXPECT_EQ(rewardOf({.flopsRatio = 0.1, .proxy = 3, .filtered = true}, settings), 0);
}

TEST(Reward, FallsAboveATargetAndEndsAtALimit)
{
    RewardSettings settings{0.2, 0.7, 1};
    settings.latency = {.limit = 2, .target = 0.5, .weight = 1};
    settings.flops = {.limit = 0.9};
    EXPECT_DOUBLE_EQ(rewardOf({0.7, 0.25, 0.5}, settings), 1);
    EXPECT_DOUBLE_EQ(rewardOf({0.7, 1.0, 0.5}, settings), 0.5);
    EXPECT_DOUBLE_EQ(rewardOf({0.45, 1.0, 0.5}, settings), 0.25);
    EXPECT_EQ(rewardOf({0.7, 2.1, 0.5}, settings), 0);
    EXPECT_EQ(rewardOf({0.7, 0.25, 0.95}, settings), 0);
    EXPECT_DOUBLE_EQ(rewardOf({0.7, {}, 0.5}, settings), 1); // a latency that was not measured limits nothing
}

TEST(Settings, SurviveBeingWrittenAndRead)
{
    ExperimentSettings settings;
    settings.epochs = 7;
    settings.algorithm = "random";
    settings.recipe = protocol::recipeFor("adamw");
    settings.recipe.dropEpochs = {2, 5};
    settings.milestones = "1:0.2";
    settings.halving = 3;
    settings.proxy = "synflow";
    const auto read = ExperimentSettings::fromJson(settings.toJson());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->toJson(), settings.toJson());
    EXPECT_FALSE(ExperimentSettings::fromJson("[]"));
    EXPECT_FALSE(ExperimentSettings::fromJson("{\"epochs\": \"many\"}"));
    EXPECT_FALSE(ExperimentSettings::fromJson("{\"optimizer\": \"lion\"}"));
    EXPECT_FALSE(ExperimentSettings::fromJson("{\"milestones\": \"2:0.1 1:0.2\"}"));
}

} // namespace
} // namespace synoscope
