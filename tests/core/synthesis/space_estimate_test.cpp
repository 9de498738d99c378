// The size of a space: counted where it ends, and estimated near the truth that enumeration tells.
#include "core/synthesis/space_estimate.h"

#include "core/synthesis/enumerate.h"
#include "tests/core/synthesis/problems.h"

#include <cmath>
#include <set>

namespace synoscope {
namespace {

const std::string someLimits = R"("depth": 7, "weights": 2, "reductions": 2, "unfolds": 1, "shifts": 1, "splits": 1)";

double allOperators(const std::shared_ptr<Problem>& problem)
{
    SynthesisEngine engine(problem);
    const Enumeration all = enumerate(engine, [](int, std::size_t) { return true; });
    std::set<std::uint64_t> keys;
    for (const auto& finals : all.finals)
        for (const StateId final : finals)
            keys.insert(engine.key(final));
    return static_cast<double>(keys.size());
}

TEST(SpaceEstimate, ASpaceThatRolloutsExhaustIsCounted)
{
    const auto problem = test::lineProblem(R"("depth": 5, "weights": 2, "reductions": 2, "unfolds": 1)");
    const SpaceEstimate estimate = estimateSpace(problem, {.rollouts = 1'000'000});
    EXPECT_TRUE(estimate.exhausted);
    EXPECT_GT(estimate.found, 10u);
    EXPECT_EQ(static_cast<double>(estimate.found), allOperators(problem));
    EXPECT_EQ(estimate.likely, static_cast<double>(estimate.found));
    EXPECT_GE(estimate.finished, estimate.found);
    EXPECT_LE(estimate.finished, estimate.rollouts);
}

TEST(SpaceEstimate, ASpaceThatNeedsNoThinningIsCounted)
{
    const auto problem = test::lineProblem(someLimits);
    const SpaceEstimate estimate = estimateSpace(problem, {.rollouts = 20, .states = 10'000'000});
    EXPECT_TRUE(estimate.exhausted);
    EXPECT_EQ(static_cast<double>(estimate.found), allOperators(problem));
}

// What the header promises: the order of magnitude, rather above than below.
TEST(SpaceEstimate, ThinnedSpacesTellTheOrderOfMagnitude)
{
    const auto problem = test::lineProblem(someLimits);
    const double truth = allOperators(problem);
    ASSERT_GT(truth, 1000);
    double logarithms = 0;
    int within = 0;
    constexpr int tries = 12;
    for (std::uint64_t seed = 0; seed < tries; ++seed) {
        const SpaceEstimate estimate = estimateSpace(problem, {.rollouts = 50, .states = 4000, .seed = seed});
        ASSERT_FALSE(estimate.exhausted);
        ASSERT_TRUE(estimate.estimated) << seed;
        EXPECT_GT(estimate.thinnings, 0);
        EXPECT_LT(static_cast<double>(estimate.found), truth);
        EXPECT_LE(estimate.least, estimate.likely);
        EXPECT_LE(estimate.likely, estimate.most);
        logarithms += std::log(estimate.likely);
        within += estimate.least / 2 <= truth && truth <= estimate.most * 2 ? 1 : 0;
    }
    const double typical = std::exp(logarithms / tries);
    EXPECT_GT(typical, truth / 2);
    EXPECT_LT(typical, truth * 3);
    EXPECT_GE(within, tries * 3 / 4);
}

TEST(SpaceEstimate, TheSameSeedSaysTheSame)
{
    const auto problem = test::shippedProblem("conv2d-tiny");
    const SpaceEffort effort{.rollouts = 20, .states = 300, .seed = 5};
    const SpaceEstimate first = estimateSpace(problem, effort), second = estimateSpace(problem, effort);
    EXPECT_EQ(first.found, second.found);
    EXPECT_EQ(first.likely, second.likely);
    EXPECT_EQ(first.thinnings, second.thinnings);
}

TEST(SpaceEstimate, AnEmptySpaceIsKnownToBeEmpty)
{
    const auto problem = test::lineProblem(R"("depth": 1)");
    const SpaceEstimate estimate = estimateSpace(problem, {.rollouts = 1000});
    EXPECT_TRUE(estimate.exhausted);
    EXPECT_EQ(estimate.found, 0u);
}

TEST(SpaceEstimate, ItEndsWhenItIsToldTo)
{
    const auto problem = test::shippedProblem("conv2d-tiny");
    int asked = 0;
    const SpaceEstimate estimate = estimateSpace(problem, {.seconds = 600}, [&](const SpaceEstimate& so) {
        EXPECT_EQ(so.rollouts, static_cast<std::uint64_t>(asked));
        return ++asked < 5;
    });
    EXPECT_EQ(estimate.rollouts, 4u);
}

} // namespace
} // namespace synoscope
