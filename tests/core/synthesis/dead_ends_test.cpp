#include "core/synthesis/dead_ends.h"

#include <gtest/gtest.h>

namespace synoscope {
namespace {

constexpr std::uint64_t here = 17;
constexpr std::uint64_t elsewhere = 18;

DistanceBudget budget(std::uint8_t merges, std::uint8_t splits)
{
    return {.weights = 1, .merges = merges, .splits = splits, .unfolds = 2, .needsWeight = true};
}

TEST(DeadEnds, WhatHasNoMoreOfAnythingIsOneToo)
{
    DeadEnds ends;
    ends.learn(here, budget(2, 1), 5);
    EXPECT_TRUE(ends.looksLikeOne(here, budget(2, 1), 5));
    EXPECT_TRUE(ends.looksLikeOne(here, budget(1, 0), 3));
    EXPECT_FALSE(ends.looksLikeOne(here, budget(2, 1), 6));
    EXPECT_FALSE(ends.looksLikeOne(here, budget(3, 0), 5));
    EXPECT_FALSE(ends.looksLikeOne(elsewhere, budget(2, 1), 5));
}

TEST(DeadEnds, AWeightThatIsStillNeededMakesItHarder)
{
    DeadEnds ends;
    DistanceBudget free = budget(1, 1);
    free.needsWeight = false;
    ends.learn(here, budget(1, 1), 4);
    EXPECT_FALSE(ends.looksLikeOne(here, free, 4));
    ends.learn(here, free, 4);
    EXPECT_TRUE(ends.looksLikeOne(here, free, 4));
    EXPECT_TRUE(ends.looksLikeOne(here, budget(1, 1), 4));
}

TEST(DeadEnds, TwoThatDoNotCoverEachOtherAreBothKept)
{
    DeadEnds ends;
    ends.learn(here, budget(2, 0), 4);
    ends.learn(here, budget(0, 2), 4);
    EXPECT_TRUE(ends.looksLikeOne(here, budget(2, 0), 4));
    EXPECT_TRUE(ends.looksLikeOne(here, budget(0, 2), 4));
    EXPECT_FALSE(ends.looksLikeOne(here, budget(1, 1), 4));
}

TEST(DeadEnds, WhereAnOperatorWasFoundNothingLooksLikeOneAnyMore)
{
    DeadEnds ends;
    ends.learn(here, budget(2, 1), 5);
    ends.refute(here);
    EXPECT_FALSE(ends.looksLikeOne(here, budget(2, 1), 5));
    ends.learn(here, budget(2, 2), 6);
    EXPECT_FALSE(ends.looksLikeOne(here, budget(2, 1), 5));
}

} // namespace
} // namespace synoscope
