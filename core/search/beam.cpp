// Beam search: of the states of each depth only the few most promising are gone on from, and a state is worth what the
// best operator is that was found through it.
//
//   depth 0   root ------- rollouts ------> the best `width` first steps
//   depth 1   beam[0..w] - rollouts ------> the best `width` ways of two steps ...
//
// Where no way leads deeper the next sweep begins at the root, with twice the width: the beam of the first sweep is
// greedy, later ones come ever nearer to looking everywhere.
#include "core/search/path_mutation.h"
#include "core/search/rolling.h"

#include <algorithm>
#include <map>

namespace synoscope {
namespace {

constexpr std::size_t firstWidth = 6;
constexpr std::size_t rolloutsEach = 5; // a place of the beam; a depth ends after so many
constexpr int attempts = 8;             // rollouts tried until one finds no known operator

using Prefix = std::shared_ptr<const Specimen>; // its reward: the best found through it

class FromBeam final : public Guide
{
public:
    explicit FromBeam(Prefix prefix) : prefix_(std::move(prefix)) {}

    std::optional<Rollout> compose(Walk& walk, Random& random) override
    {
        const auto way = prefix_->from(walk);
        if (!way)
            return std::nullopt;
        for (int i = 0; i < attempts; ++i) {
            walk.backTo(0);
            for (const Move& move : *way)
                if (!walk.step(move))
                    return std::nullopt;
            if (walk.rollOut(random) && !walk.isKnown())
                return walk.result();
        }
        return std::nullopt;
    }

private:
    Prefix prefix_;
};

class Beam final : public RollingAlgorithm
{
public:
    std::unique_ptr<Guide> guide(Random& random) override
    {
        if (beam_.empty())
            return nullptr;
        return std::make_unique<FromBeam>(beam_[random.below(static_cast<std::uint32_t>(beam_.size()))]);
    }

    void study(const Lesson& lesson) override
    {
        ++spent_; // known operators too: where nothing new is left the beam must go on
        note(Specimen::of(lesson));
        if (spent_ >= width_ * rolloutsEach)
            deepen();
    }

    std::size_t memoryBytes() const override
    {
        std::size_t bytes = 0;
        for (const Prefix& one : beam_)
            bytes += one->memoryBytes();
        for (const auto& [key, one] : next_)
            bytes += one.memoryBytes();
        return bytes;
    }

private:
    // The way's first steps, one deeper than the beam, when it came through the beam and has more to come.
    void note(Specimen way)
    {
        if (way.moves.size() < depth_ + 2)
            return;
        if (depth_ > 0 && std::ranges::none_of(beam_, [&](const Prefix& one) {
                return one->keys.back() == way.keys[depth_ - 1];
            }))
            return;
        way.moves.resize(depth_ + 1);
        way.keys.resize(depth_ + 1);
        const auto [at, isNew] = next_.try_emplace(way.keys.back(), way);
        if (!isNew && way.reward > at->second.reward)
            at->second = std::move(way);
    }

    void deepen()
    {
        std::vector<Prefix> best;
        for (auto& [key, one] : next_)
            best.push_back(std::make_shared<const Specimen>(std::move(one)));
        next_.clear();
        std::ranges::stable_sort(best, std::greater(), [](const Prefix& one) { return one->reward; });
        best.resize(std::min(best.size(), width_));
        spent_ = 0;
        ++depth_;
        beam_ = std::move(best);
        if (!beam_.empty())
            return;
        depth_ = 0;
        width_ *= 2;
    }

    std::size_t width_ = firstWidth;
    std::size_t depth_ = 0; // moves of the beam's ways
    std::size_t spent_ = 0; // iterations at this depth
    std::vector<Prefix> beam_;
    std::map<std::uint32_t, Specimen> next_; // by the state's key: ways of depth + 1 moves
};

} // namespace

std::unique_ptr<Algorithm> makeBeam(const SearchOptions&)
{
    return std::make_unique<Beam>();
}

} // namespace synoscope
