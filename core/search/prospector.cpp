// Prospector: evaluates what a model, learned on the way, finds most promising among many operators looked at cheaply.
//
//       lessons --> features --> forest of randomised trees            (what is known, and how surely)
//                                    | scores, anew when it has grown
//       evaluated ways --> mutate --> pool of operators not evaluated --> the best of them: evaluated
//       random rollouts -------------^   |
//                           mutate <-----+                             (an evolution within the model)
//
// An evaluation costs seconds to hours, a rollout or a mutation a fraction of a millisecond: so for each evaluation some
// dozens of operators are made and described by features that are not made for any reward (operator_features.h). What
// was not chosen stays in the pool: the forest that knows more may think better of it.
//
// The forest scores by mean + optimism * disagreement of its trees. How optimistic it is, is drawn anew for each
// iteration: one digs where the model is sure, another where it knows little; several in flight do not all want the same.
// Scored operators are parents of further ones, so the pool climbs the model instead of only sampling it. Half of what
// the forest learns is the reward's rank: a reward that is almost always nothing, or almost always the same, teaches too.
//
// No forest foresees what is better than all it has seen, and the best of a large pool are often one operator in many
// variants. So only some iterations take the pool's best. Others look at a few fresh children of evaluated ways and take
// the best of these: with few children that is evolution, with many the model's choice, and how many is drawn too. The
// evaluated ways they come from are the best of a sample of the latest, as in evolution, or of the best, of which at
// most a few may have one and the same reward.
//
// Where all rewards are equal, or nothing better has come for a while, the model has nothing to say: then iterations go
// for what is rare, the operator whose features have been evaluated least often. Counting, that takes no reward at all.
#include "core/base/flat_map.h"
#include "core/search/forest.h"
#include "core/search/operator_features.h"
#include "core/search/path_mutation.h"
#include "core/search/rolling.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <deque>
#include <mutex>
#include <shared_mutex>

namespace synoscope {
namespace {

constexpr std::size_t founders = 20; // random operators before the model is asked
constexpr std::size_t elite = 24;    // evaluated ways that are parents
constexpr std::size_t elitePerReward = 2;
constexpr std::size_t latest = 96;   // evaluated ways that a sample is taken from
constexpr int sampled = 10;
constexpr int looks = 16;            // operators made for each evaluation, at most
constexpr double poolShare = 0.4;    // of the iterations: take the pool's best
constexpr double rareShare = 0.1;    // of the iterations: what is rare; the more, the longer nothing better came
constexpr double rareGrowth = 0.003;
constexpr double mostRare = 0.5;
constexpr double rolloutShare = 0.2; // of those for the pool
constexpr double crossShare = 0.25;  // of the others
constexpr int trees = 32;
constexpr std::size_t mostSamples = 3000;
constexpr std::size_t mostPooled = 2000;

using SpecimenPtr = std::shared_ptr<const Specimen>;

// An operator that was made, but not evaluated.
struct Find
{
    std::vector<Move> way;
    std::uint64_t name = 0; // see nameOf
    std::vector<Feature> features;
    Forest::Estimate estimate;

    double score(double optimism) const { return estimate.mean + optimism * estimate.deviation; }
};

// Tells operators apart at less cost than the key of a final state, which is a fingerprint.
std::uint64_t nameOf(std::uint64_t lastState, const Move& finalize)
{
    return combine(lastState, finalize.key);
}

std::uint64_t valueOf(const Feature& feature)
{
    return combine(feature.name, std::bit_cast<std::uint32_t>(feature.value));
}

// What is known, shared by all workers. Lessons wait until a worker has time to describe their operators.
class Field
{
public:
    explicit Field(std::uint64_t seed) : seed_(seed) {}

    void add(SpecimenPtr lesson)
    {
        const std::lock_guard lock(waiting_);
        lessons_.push_back(std::move(lesson));
    }
    void absorb(Space& space);

    bool ready() const
    {
        const std::shared_lock lock(model_);
        return !forest_.empty();
    }
    Forest::Estimate estimate(std::span<const Feature> features) const;
    std::vector<SpecimenPtr> elites() const
    {
        const std::shared_lock lock(model_);
        return elites_;
    }
    SpecimenPtr ofLatest(int sample, Random& random) const; // the best of a sample
    double shareOfRare() const;                             // of the iterations
    double rarity(std::span<const Feature> features) const;
    // Each operator is put in once only. Where the walk does not begin at the root, the pool is of no use.
    bool isNew(std::uint64_t name) const
    {
        const std::shared_lock lock(model_);
        return !named_.contains(name);
    }
    void put(Find find);
    std::optional<std::vector<Move>> favourite(double optimism, Random& random) const; // one of the best
    std::optional<std::vector<Move>> takeBest(double optimism);
    std::size_t memoryBytes() const { return bytes_.load(std::memory_order_relaxed); }

private:
    struct Described
    {
        std::vector<Feature> features;
        double reward = 0;
    };

    void describe(Space& space, const SpecimenPtr& lesson);
    void fit();
    void thinOut();
    Forest::Estimate estimated(std::span<const Feature> features) const;
    void row(std::span<const Feature> features, std::span<float> into) const;
    std::vector<float> targets() const;

    std::uint64_t seed_;
    std::mutex waiting_;
    std::vector<SpecimenPtr> lessons_;

    mutable std::shared_mutex model_;
    std::vector<Described> described_;
    std::vector<SpecimenPtr> elites_; // the best first
    std::deque<SpecimenPtr> latest_;  // the oldest first
    double worst_ = HUGE_VAL;
    double best_ = -HUGE_VAL;
    std::size_t sinceBest_ = 0;       // lessons since a better reward
    FlatMap<std::uint32_t> counts_;   // evaluated operators by feature and value
    std::vector<Find> pool_;
    FlatMap<bool> named_;             // operators that were put into the pool, or evaluated
    FlatMap<std::uint32_t> columns_;  // by name of the feature
    std::uint32_t columnCount_ = 0;
    std::uint32_t fittedColumns_ = 0; // those that the forest knows
    Forest forest_;
    std::size_t nextFit_ = founders;
    std::atomic<std::size_t> bytes_{0}; // of the lessons; the forest is small beside them
};

void Field::absorb(Space& space)
{
    std::vector<SpecimenPtr> lessons;
    {
        const std::lock_guard lock(waiting_);
        lessons.swap(lessons_);
    }
    const std::unique_lock lock(model_);
    for (const SpecimenPtr& lesson : lessons) {
        describe(space, lesson);
        if (described_.size() >= nextFit_) {
            fit();
            nextFit_ = described_.size() + std::max<std::size_t>(1, described_.size() / 24);
        }
    }
}

void Field::describe(Space& space, const SpecimenPtr& lesson)
{
    StateId state = space.root();
    StateId last = state;
    for (std::size_t i = 0; i < lesson->moves.size() && state.valid(); ++i) {
        const StateId next = space.follow(last = state, lesson->moves[i]);
        state = next.valid() ? next : space.apply(state, lesson->moves[i]);
    }
    if (!state.valid() || !space.isFinal(state))
        return; // a damaged log
    named_.insert(nameOf(space.key(last), lesson->moves.back()), true);
    described_.push_back({featuresOf(lesson->moves, space.build(state)), lesson->reward});
    bytes_ += sizeof(Described) + described_.back().features.capacity() * sizeof(Feature);
    for (const Feature& feature : described_.back().features)
        columnCount_ += columns_.insert(feature.name, columnCount_).second;
    for (const Feature& feature : described_.back().features)
        ++*counts_.insert(valueOf(feature), 0).first;
    sinceBest_ = lesson->reward > best_ ? 0 : sinceBest_ + 1;
    best_ = std::max(best_, lesson->reward);
    worst_ = std::min(worst_, lesson->reward);
    latest_.push_back(lesson);
    if (latest_.size() > latest)
        latest_.pop_front();
    const auto [equal, worse] = std::ranges::equal_range(elites_, lesson->reward, std::greater(),
                                                         [](const SpecimenPtr& one) { return one->reward; });
    if (static_cast<std::size_t>(worse - equal) >= elitePerReward)
        *equal = lesson;
    else
        elites_.insert(worse, lesson);
    if (elites_.size() > elite)
        elites_.pop_back();
}

double Field::shareOfRare() const
{
    const std::shared_lock lock(model_);
    return best_ <= worst_ ? 1 : std::min(mostRare, rareShare + rareGrowth * static_cast<double>(sinceBest_));
}

double Field::rarity(std::span<const Feature> features) const
{
    const std::shared_lock lock(model_);
    double sum = 0;
    for (const Feature& feature : features) {
        const std::uint32_t* count = counts_.find(valueOf(feature));
        sum += 1 / std::sqrt(1 + static_cast<double>(count != nullptr ? *count : 0));
    }
    return sum / static_cast<double>(std::max<std::size_t>(1, features.size()));
}

SpecimenPtr Field::ofLatest(int sample, Random& random) const
{
    const std::shared_lock lock(model_);
    SpecimenPtr best;
    for (int i = 0; i < sample && !latest_.empty(); ++i)
        if (const SpecimenPtr& one = latest_[random.below(static_cast<std::uint32_t>(latest_.size()))];
            best == nullptr || one->reward > best->reward)
            best = one;
    return best;
}

void Field::row(std::span<const Feature> features, std::span<float> into) const
{
    std::ranges::fill(into, 0.0f);
    for (const Feature& feature : features)
        if (const std::uint32_t* column = columns_.find(feature.name); column != nullptr && *column < into.size())
            into[*column] = feature.value;
}

// Rewards may lie close together or far apart, and most may be nothing: half of the target is the reward, half its rank.
std::vector<float> Field::targets() const
{
    std::vector<double> sorted;
    for (const Described& one : described_)
        sorted.push_back(one.reward);
    std::ranges::sort(sorted);
    const double low = sorted.front();
    const double width = std::max(sorted.back() - low, 1e-9);
    std::vector<float> all;
    for (const Described& one : described_) {
        const auto rank = std::ranges::lower_bound(sorted, one.reward) - sorted.begin();
        all.push_back(static_cast<float>(0.5 * (one.reward - low) / width +
                                         0.5 * static_cast<double>(rank) / static_cast<double>(sorted.size())));
    }
    return all;
}

void Field::fit()
{
    Samples samples;
    samples.columns = fittedColumns_ = columnCount_;
    const std::vector<float> all = targets();
    const std::size_t first = all.size() > mostSamples ? all.size() - mostSamples : 0;
    samples.targets.assign(all.begin() + static_cast<std::ptrdiff_t>(first), all.end());
    samples.values.resize(samples.size() * samples.columns);
    for (std::size_t i = 0; i < samples.size(); ++i)
        row(described_[first + i].features, std::span(samples.values).subspan(i * samples.columns, samples.columns));
    Random random(combine(seed_, described_.size()));
    forest_ = Forest(samples, trees, random);
    for (Find& find : pool_)
        find.estimate = estimated(find.features);
}

Forest::Estimate Field::estimated(std::span<const Feature> features) const
{
    std::vector<float> values(fittedColumns_);
    row(features, values);
    return forest_(values);
}

Forest::Estimate Field::estimate(std::span<const Feature> features) const
{
    const std::shared_lock lock(model_);
    return estimated(features);
}

void Field::put(Find find)
{
    const std::unique_lock lock(model_);
    if (!named_.insert(find.name, true).second)
        return; // another worker was faster
    bytes_ += sizeof(Find) + find.way.capacity() * sizeof(Move) + find.features.capacity() * sizeof(Feature);
    find.estimate = estimated(find.features);
    pool_.push_back(std::move(find));
    if (pool_.size() > mostPooled)
        thinOut();
}

// The less promising half goes, for good: what is made again is not put in again.
void Field::thinOut()
{
    const auto half = pool_.begin() + static_cast<std::ptrdiff_t>(pool_.size() / 2);
    std::ranges::nth_element(pool_, half, std::greater(), [](const Find& one) { return one.score(1); });
    pool_.erase(half, pool_.end());
}

std::optional<std::vector<Move>> Field::favourite(double optimism, Random& random) const
{
    const std::shared_lock lock(model_);
    const Find* best = nullptr;
    for (int i = 0; i < 12 && !pool_.empty(); ++i)
        if (const Find& one = pool_[random.below(static_cast<std::uint32_t>(pool_.size()))];
            best == nullptr || one.score(optimism) > best->score(optimism))
            best = &one;
    return best == nullptr ? std::nullopt : std::optional(best->way);
}

std::optional<std::vector<Move>> Field::takeBest(double optimism)
{
    const std::unique_lock lock(model_);
    const auto best = std::ranges::max_element(pool_, {}, [&](const Find& one) { return one.score(optimism); });
    if (best == pool_.end())
        return std::nullopt;
    std::vector<Move> way = std::move(best->way);
    *best = std::move(pool_.back());
    pool_.pop_back();
    return way;
}

// One iteration's search within the model.
class Prospect final : public Guide
{
public:
    explicit Prospect(std::shared_ptr<Field> field) : field_(std::move(field)) {}

    std::optional<Rollout> compose(Walk& walk, Random& random) override
    {
        field_->absorb(walk.space());
        if (!field_->ready())
            return std::nullopt;
        atRoot_ = walk.start() == walk.space().root();
        optimism_ = 2 * random.unit();
        for (const SpecimenPtr& one : field_->elites())
            if (const auto way = one->from(walk))
                elites_.emplace_back(way->begin(), way->end());
        rare_ = random.unit() < field_->shareOfRare();
        fromPool_ = !rare_ && atRoot_ && random.unit() < poolShare;
        const int wanted = fromPool_ || rare_ ? looks : std::max(1, static_cast<int>(looks * random.unit() * random.unit()));
        for (int i = 0; i < 2 * looks && made_ < wanted; ++i)
            if (make(walk, random))
                judge(walk);
        for (int i = 0; i < looks; ++i) {
            const auto way = fromPool_ ? field_->takeBest(optimism_) : std::exchange(best_.way, {});
            if (!way || way->empty())
                break;
            if (goes(walk, *way) && !walk.isKnown())
                return walk.result();
        }
        return std::nullopt;
    }

private:
    std::vector<Move> parent(Walk& walk, Random& random) const
    {
        if (fromPool_ && random.unit() < 0.5)
            if (const auto favourite = field_->favourite(optimism_, random))
                return *favourite;
        if (rare_ || elites_.empty() || random.unit() < 0.5)
            if (const SpecimenPtr one = field_->ofLatest(rare_ ? 1 : sampled, random); one != nullptr)
                if (const auto way = one->from(walk))
                    return {way->begin(), way->end()};
        if (elites_.empty())
            return {};
        const double place = random.unit() * random.unit() * static_cast<double>(elites_.size());
        return elites_[static_cast<std::size_t>(place)];
    }

    bool make(Walk& walk, Random& random) const
    {
        walk.backTo(0);
        const double rollouts = rare_ ? 0.5 : fromPool_ ? rolloutShare : 0;
        const std::vector<Move> one = random.unit() < rollouts ? std::vector<Move>() : parent(walk, random);
        if (one.empty())
            return walk.rollOut(random);
        return random.unit() < crossShare ? cross(walk, one, parent(walk, random), random) : mutate(walk, one, random);
    }

    void judge(Walk& walk)
    {
        if (walk.taken().empty())
            return;
        Find find;
        find.name = nameOf(walk.keyBefore(), walk.taken().back());
        if (!field_->isNew(find.name))
            return;
        ++made_;
        find.way.assign(walk.taken().begin(), walk.taken().end());
        find.features = featuresOf(walk.wholeWay(), walk.space().build(walk.state()));
        if (fromPool_)
            return field_->put(std::move(find));
        find.estimate = rare_ ? Forest::Estimate{field_->rarity(find.features), 0} : field_->estimate(find.features);
        if (best_.way.empty() || find.score(optimism_) > best_.score(optimism_))
            std::swap(best_, find);
        if (atRoot_ && !find.way.empty()) // the others wait for better times
            field_->put(std::move(find));
    }

    static bool goes(Walk& walk, std::span<const Move> way)
    {
        walk.backTo(0);
        return std::ranges::all_of(way, [&](const Move& move) { return walk.step(move); }) && walk.finished();
    }

    std::shared_ptr<Field> field_;
    bool atRoot_ = true;
    bool fromPool_ = false;
    bool rare_ = false;
    int made_ = 0; // operators that are new to the pool
    double optimism_ = 0;
    std::vector<std::vector<Move>> elites_; // from where the walk begins
    Find best_;                             // of the children, when the pool is left alone
};

class Prospector final : public RollingAlgorithm
{
public:
    explicit Prospector(const SearchOptions& options) : field_(std::make_shared<Field>(options.seed)) {}

    std::unique_ptr<Guide> guide(Random&) override { return std::make_unique<Prospect>(field_); }
    void study(const Lesson& lesson) override
    {
        if (lesson.isNew)
            field_->add(std::make_shared<const Specimen>(Specimen::of(lesson)));
    }
    std::size_t memoryBytes() const override { return field_->memoryBytes(); }

private:
    std::shared_ptr<Field> field_;
};

} // namespace

std::unique_ptr<Algorithm> makeProspector(const SearchOptions& options)
{
    return std::make_unique<Prospector>(options);
}

} // namespace synoscope
