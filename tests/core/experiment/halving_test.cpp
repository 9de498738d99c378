#include "core/experiment/halving.h"

#include <cmath>
#include <gmock/gmock.h>

namespace synoscope {
namespace {

std::vector<std::int64_t> allNext(Halving& halving)
{
    std::vector<std::int64_t> candidates;
    while (const auto next = halving.next())
        candidates.push_back(100 * next->rung + next->candidate);
    return candidates;
}

TEST(Halving, RungsGrowByTheFactorAndEndWithAllEpochs)
{
    const Halving halving(20, 1, 3);
    std::vector<int> ends;
    for (int rung = 0; rung < halving.rungs(); ++rung)
        ends.push_back(halving.endOf(rung));
    EXPECT_THAT(ends, testing::ElementsAre(1, 3, 9, 20));
    EXPECT_EQ(halving.rungAt(1), 0);
    EXPECT_EQ(halving.rungAt(9), 2);
    EXPECT_EQ(halving.rungAt(20), 3);
    EXPECT_EQ(Halving(9, 1, 3).rungs(), 3);
    EXPECT_EQ(Halving(9, 1, 0).rungs(), 1); // all train to the end
    EXPECT_EQ(Halving(3, 5, 2).rungs(), 1);
}

TEST(Halving, TheBestThirdOfThoseThatHaveComeGoesOnAndEachOnce)
{
    Halving halving(9, 1, 3);
    halving.finished(1, 0, 0.5);
    halving.finished(2, 0, 0.4);
    EXPECT_THAT(allNext(halving), testing::IsEmpty());
    halving.finished(3, 0, 0.3);
    EXPECT_THAT(allNext(halving), testing::ElementsAre(101));
    halving.finished(4, 0, 0.1);
    halving.finished(5, 0, 0.2);
    EXPECT_THAT(allNext(halving), testing::IsEmpty());
    halving.finished(6, 0, 0.15);
    EXPECT_THAT(allNext(halving), testing::ElementsAre(102)); // it had to wait for worse ones
    halving.finished(1, 1, 0.6);
    halving.finished(2, 1, 0.7);
    halving.finished(7, 0, 0.9); // among the best of seven, as three times it would not fit
    EXPECT_THAT(allNext(halving), testing::ElementsAre(107));
    halving.finished(7, 1, 0.65);
    EXPECT_THAT(allNext(halving), testing::ElementsAre(202));
}

TEST(Halving, WhoFailedOrIsHopelessDoesNotGoOnAndIsNotReplacedByAWorseOne)
{
    Halving halving(4, 1, 2);
    halving.finished(1, 0, 0.9, true);
    halving.finished(2, 0, 0.8);
    EXPECT_THAT(allNext(halving), testing::IsEmpty()); // the one place is the hopeless one's
    halving.finished(3, 0, 0.1);
    halving.finished(4, 0, 0.2);
    halving.drop(2);
    EXPECT_THAT(allNext(halving), testing::IsEmpty());
    halving.finished(2, 0, 0.8); // tried again
    EXPECT_THAT(allNext(halving), testing::ElementsAre(102));
}

// Whatever order they come in, in the end exactly the best are further than the others.
TEST(Halving, InTheEndTheBestHaveGoneOn)
{
    for (const std::int64_t stride : {1, 2, 5, 7, 13, 26}) { // orders of arrival
        const auto accuracy = [stride](std::int64_t candidate) { return static_cast<double>(candidate * stride % 27); };
        Halving halving(27, 1, 3);
        std::vector<int> reached(27, 0);
        for (std::int64_t candidate = 0; candidate < 27; ++candidate) {
            halving.finished(candidate, 0, accuracy(candidate));
            while (const auto next = halving.next()) {
                reached[static_cast<std::size_t>(next->candidate)] = next->rung;
                halving.finished(next->candidate, next->rung, accuracy(next->candidate));
            }
        }
        int further = 0;
        for (std::int64_t candidate = 0; candidate < 27; ++candidate) {
            const bool best = accuracy(candidate) >= 18; // the best third
            EXPECT_TRUE(!best || reached[static_cast<std::size_t>(candidate)] >= 1) << candidate;
            further += reached[static_cast<std::size_t>(candidate)] == 3;
        }
        EXPECT_GE(further, 1);
    }
}

TEST(Halving, OnlyWhoMayStillGoOnIsNear)
{
    Halving halving(9, 1, 3);
    for (std::int64_t candidate = 1; candidate <= 9; ++candidate)
        halving.finished(candidate, 0, 0.1 * static_cast<double>(candidate));
    EXPECT_THAT(allNext(halving), testing::ElementsAre(109, 108, 107));
    EXPECT_FALSE(halving.near(9, 0)); // it has gone on
    EXPECT_TRUE(halving.near(6, 0));
    EXPECT_TRUE(halving.near(3, 0));
    EXPECT_FALSE(halving.near(2, 0));
    halving.finished(9, 2, 0.9);
    EXPECT_FALSE(halving.near(9, 2)); // nothing comes after the last rung
}

TEST(ProxyFilter, LetsTheBestShareThroughOnceThereIsSomethingToCompareWith)
{
    ProxyFilter filter(0.25);
    for (int i = 0; i < 8; ++i)
        EXPECT_TRUE(filter.passes(i, i));
    EXPECT_TRUE(filter.passes(8, 100));
    EXPECT_FALSE(filter.passes(9, 0.5));
    EXPECT_FALSE(filter.passes(10, std::nan("")));
    EXPECT_FALSE(filter.passes(11, 5));
    EXPECT_TRUE(filter.passes(12, 6.5));
    EXPECT_TRUE(filter.passes(9, 50)); // measured again
}

} // namespace
} // namespace synoscope
