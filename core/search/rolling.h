// For algorithms that leave the tree alone: every iteration begins at the root (or at a pinned node), and what matters is
// how it is rolled out.
//
// Rollouts alone never know that there is nothing left to find. So after a long time without a new operator iterations
// sweep the tree, edge by edge, until one is found: what is swept is closed, and a space that is swept altogether ends the
// search.
#pragma once

#include "core/search/algorithm.h"

namespace synoscope {

class RollingAlgorithm : public Algorithm
{
public:
    Choice choose(const Situation& at, Random& random) override
    {
        if (at.node == Tree::root())
            ++sinceNew_;
        if (at.confined)
            return at.open.empty() ? Choice{} : followAny(at, random);
        return sinceNew_ < patience ? Choice{Choice::What::rollOut, 0, 0} : sweep(at, random);
    }
    std::size_t reveal(const Situation&, std::span<const Move> moves, Random& random) override
    {
        return random.below(static_cast<std::uint32_t>(moves.size()));
    }
    bool growsAlongRollouts() const override { return true; }
    void learn(const Lesson& lesson) final
    {
        if (lesson.isNew)
            sinceNew_ = 0;
        study(lesson);
    }

protected:
    virtual void study(const Lesson&) {}

private:
    static constexpr std::uint64_t patience = 1000; // iterations

    static Choice followAny(const Situation& at, Random& random)
    {
        return {Choice::What::follow, at.open[random.below(static_cast<std::uint32_t>(at.open.size()))], 0};
    }
    static Choice sweep(const Situation& at, Random& random)
    {
        if (at.unseenKinds != 0 && (at.open.empty() || random.below(2) == 0))
            return {Choice::What::reveal, 0, at.unseenKinds};
        return at.open.empty() ? Choice{} : followAny(at, random);
    }

    std::uint64_t sinceNew_ = 0; // iterations begun since the last new operator; counted anew after a resume
};

} // namespace synoscope
