// For algorithms that leave the tree alone: every iteration begins at the root (or at a pinned node), and what matters is
// how it is rolled out.
#pragma once

#include "core/search/algorithm.h"

namespace synoscope {

class RollingAlgorithm : public Algorithm
{
public:
    Choice choose(const Situation& at, Random& random) override
    {
        if (!at.confined)
            return {Choice::What::rollOut, 0, 0};
        if (at.open.empty())
            return {};
        return {Choice::What::follow, at.open[random.below(static_cast<std::uint32_t>(at.open.size()))], 0};
    }
    std::size_t reveal(const Situation&, std::span<const Move> moves, Random& random) override
    {
        return random.below(static_cast<std::uint32_t>(moves.size()));
    }
    bool growsAlongRollouts() const override { return true; }
};

} // namespace synoscope
