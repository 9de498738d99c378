// Regularised evolution (Real et al., AAAI 2019): of a sample of the population the best is changed a little; the child
// comes in, and whoever has been there longest goes, however good it is. Age keeps the population moving.
#include "core/search/path_mutation.h"
#include "core/search/rolling.h"

#include <algorithm>
#include <deque>

namespace synoscope {
namespace {

constexpr std::size_t population = 64;
constexpr std::size_t founders = 24; // random operators before the first child
constexpr int sampled = 12;
constexpr int attempts = 16;         // mutants tried until one is no known operator

using Parents = std::vector<std::shared_ptr<const Specimen>>; // the best first

class MutateParent final : public Guide
{
public:
    explicit MutateParent(Parents parents) : parents_(std::move(parents)) {}

    std::optional<Rollout> compose(Walk& walk, Random& random) override
    {
        for (const auto& parent : parents_) {
            const auto way = parent->from(walk);
            if (!way)
                continue;
            for (int i = 0; i < attempts; ++i)
                if (mutate(walk, *way, random) && !walk.isKnown())
                    return walk.result();
            return std::nullopt;
        }
        return std::nullopt;
    }

private:
    Parents parents_;
};

class Evolution final : public RollingAlgorithm
{
public:
    std::unique_ptr<Guide> guide(Random& random) override
    {
        if (living_.size() < founders)
            return nullptr;
        Parents parents;
        for (int i = 0; i < sampled; ++i)
            parents.push_back(living_[random.below(static_cast<std::uint32_t>(living_.size()))]);
        std::ranges::stable_sort(parents, std::greater(), [](const auto& one) { return one->reward; });
        return std::make_unique<MutateParent>(std::move(parents));
    }

    void study(const Lesson& lesson) override
    {
        if (!lesson.isNew)
            return;
        living_.push_back(std::make_shared<const Specimen>(Specimen::of(lesson)));
        if (living_.size() > population)
            living_.pop_front();
    }

    std::size_t memoryBytes() const override
    {
        std::size_t bytes = 0;
        for (const auto& one : living_)
            bytes += one->memoryBytes();
        return bytes;
    }

private:
    std::deque<std::shared_ptr<const Specimen>> living_; // the oldest first
};

} // namespace

std::unique_ptr<Algorithm> makeEvolution(const SearchOptions&)
{
    return std::make_unique<Evolution>();
}

} // namespace synoscope
