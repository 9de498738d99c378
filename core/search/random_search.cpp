// Random search: every iteration is a rollout from the root (or from a pinned node). The measure for everything better.
#include "core/search/algorithm.h"

namespace synoscope {
namespace {

class RandomSearch final : public Algorithm
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

} // namespace

std::unique_ptr<Algorithm> makeRandomSearch(const SearchOptions&)
{
    return std::make_unique<RandomSearch>();
}

} // namespace synoscope
