#include "core/evaluation/schedule.h"

#include <gtest/gtest.h>

namespace synoscope {
namespace {

TEST(Schedule, TheRateRisesToItsPeakAndFollowsHalfACosineDownToZero)
{
    protocol::TrainRecipe recipe;
    recipe.learningRate = 2;
    recipe.warmUp = 0.25;
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 8, 0), 0.1);
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 8, 1), 2 * (0.05 + 0.95 * 0.5));
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 8, 2), 2);
    EXPECT_NEAR(learningRateAt(recipe, 8, 5), 1, 1e-12); // half way
    EXPECT_NEAR(learningRateAt(recipe, 8, 7.9999), 0, 1e-6);
    recipe.warmUp = 0;
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 8, 0), 2);
}

TEST(Schedule, StepsFallAfterTheirEpochs)
{
    protocol::TrainRecipe recipe;
    recipe.schedule = "step";
    recipe.learningRate = 1;
    recipe.warmUp = 0;
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 8, 3.99), 1);
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 8, 4), 0.1);
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 8, 6.5), 0.01);
    recipe.dropEpochs = {1, 7};
    recipe.dropFactor = 0.5;
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 8, 0.99), 1);
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 8, 1), 0.5);
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 8, 7), 0.25);
}

TEST(Schedule, AConstantRateStaysAfterTheWarmUp)
{
    protocol::TrainRecipe recipe;
    recipe.schedule = "constant";
    EXPECT_LT(learningRateAt(recipe, 10, 0.5), recipe.learningRate);
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 10, 1), recipe.learningRate);
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 10, 9.9), recipe.learningRate);
}

} // namespace
} // namespace synoscope
