#include "synthetic_space.h"

#include "core/base/hash.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>

namespace synoscope::test {

std::vector<Move> SyntheticSettings::allPicks() const
{
    std::vector<Move> all;
    for (const auto& [kind, count] : kinds)
        for (int i = 0; i < count; ++i) {
            Move move;
            move.kind = kind;
            move.key = mix(all.size() + 1);
            move.size = Size::of(VariableId{static_cast<std::uint8_t>(i)});
            move.first = static_cast<std::uint8_t>(all.size());
            all.push_back(move);
        }
    return all;
}

SyntheticSpace::SyntheticSpace(SyntheticSettings settings) : settings_(std::move(settings)), all_(settings_.allPicks())
{}

StateId SyntheticSpace::intern(std::uint32_t picks, bool final)
{
    const auto [at, isNew] = ids_.try_emplace({picks, final}, StateId(states_.size()));
    if (isNew)
        states_.emplace_back(picks, final);
    return at->second;
}

std::span<const Move> SyntheticSpace::moves(StateId state)
{
    const auto [picks, final] = states_[state.index];
    offered_.clear();
    if (final)
        return offered_;
    if (std::popcount(picks) == settings_.picks) {
        Move move;
        move.kind = MoveKind::finalize;
        move.key = mix(1000);
        if ((picks & settings_.traps) == 0)
            offered_.push_back(move);
        return offered_;
    }
    for (std::size_t i = 0; i < all_.size(); ++i)
        if ((picks >> i & 1) == 0)
            offered_.push_back(all_[i]);
    return offered_;
}

StateId SyntheticSpace::apply(StateId state, const Move& move)
{
    const std::uint32_t picks = states_[state.index].first;
    return move.kind == MoveKind::finalize ? intern(picks, true) : intern(picks | 1u << move.first, false);
}

std::uint64_t SyntheticSpace::key(StateId state)
{
    const auto [picks, final] = states_[state.index];
    return mix(std::uint64_t{picks} << 1 | final);
}

bool SyntheticSpace::allowed(const Move& move, const Steering& steering) const
{
    if ((steering.forbiddenKinds >> static_cast<int>(move.kind) & 1) != 0)
        return false;
    for (const auto& [kind, size] : steering.forbiddenSizes)
        if (kind == move.kind && size == move.size)
            return false;
    return true;
}

bool SyntheticSpace::contains(std::uint32_t picks, const Steering& steering) const
{
    std::uint16_t kinds = 0;
    for (std::size_t i = 0; i < all_.size(); ++i)
        if ((picks >> i & 1) != 0)
            kinds |= static_cast<std::uint16_t>(1u << static_cast<int>(all_[i].kind));
    return (kinds & steering.requiredKinds) == steering.requiredKinds;
}

bool SyntheticSpace::walk(StateId state, const Steering& steering, Random* random, std::vector<Move>& path,
                          StateId& end)
{
    if (isFinal(state)) {
        end = state;
        return contains(picks(state), steering);
    }
    std::vector<Move> open;
    for (const Move& move : moves(state))
        if (allowed(move, steering))
            open.push_back(move);
    while (!open.empty()) {
        const std::size_t i = random != nullptr ? random->below(static_cast<std::uint32_t>(open.size())) : 0;
        path.push_back(open[i]);
        if (walk(apply(state, open[i]), steering, random, path, end))
            return true;
        path.pop_back();
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
        if (random != nullptr && settings_.weak)
            return false;
    }
    return false;
}

std::optional<Rollout> SyntheticSpace::rollout(StateId from, const Steering& steering, Random& random)
{
    Rollout rollout;
    if (!walk(from, steering, &random, rollout.moves, rollout.final))
        return std::nullopt;
    return rollout;
}

bool SyntheticSpace::isDead(StateId state, const Steering& steering)
{
    std::vector<Move> path;
    StateId end;
    return !walk(state, steering, nullptr, path, end);
}

std::string SyntheticSpace::fingerprint(const PGraph&, StateId final)
{
    std::uint32_t picks = states_[final.index].first;
    if (settings_.twins)
        for (int i = 0; i + 1 < 32; i += 2)
            if ((picks >> i & 3) == 2)
                picks ^= 3u << i;
    return "print" + std::to_string(picks);
}

std::string SyntheticSpace::describe(StateId state, const Move& move)
{
    return fmt::format("{} {} after {}", toString(move.kind), move.first, std::popcount(picks(state)));
}

std::string SyntheticSpace::describe(const Size& size)
{
    for (std::uint8_t i = 0; i < maxVariables; ++i)
        if (size == Size::of(VariableId{i}))
            return fmt::format("v{}", i);
    return "?";
}

SpaceFactory synthetic(const SyntheticSettings& settings)
{
    return [settings] { return std::make_unique<SyntheticSpace>(settings); };
}

RewardOf hiddenWorth(const SyntheticSettings& settings, std::uint64_t seed)
{
    Random random(seed);
    std::vector<double> worth(settings.allPicks().size());
    for (double& w : worth)
        w = random.unit();
    std::vector<double> sorted = worth;
    std::sort(sorted.rbegin(), sorted.rend());
    double most = 0;
    for (int i = 0; i < settings.picks; ++i)
        most += sorted[static_cast<std::size_t>(i)];
    return [worth, most](const std::string& hash) {
        const std::uint32_t picks = SyntheticSpace::picksOf(hash);
        double sum = 0;
        for (std::size_t i = 0; i < worth.size(); ++i)
            if ((picks >> i & 1) != 0)
                sum += worth[i];
        return std::pow(sum / most, 4);
    };
}

Found runSearch(SearchEngine& engine, SearchWorker& worker, const RewardOf& rewardOf, std::size_t evaluations)
{
    Found found;
    int idle = 0;
    while (found.hashes.size() < evaluations && engine.ended().empty() && idle < 50) {
        const auto proposal = worker.propose();
        if (!proposal) {
            ++idle;
            continue;
        }
        idle = 0;
        const double reward = rewardOf(proposal->hash);
        found.hashes.push_back(proposal->hash);
        found.best = std::max(found.best, reward);
        engine.reward(proposal->ticket, reward);
    }
    return found;
}

std::unique_ptr<SearchEngine> makeEngine(const SyntheticSettings& settings, const SearchOptions& options)
{
    auto engine = SearchEngine::create(synthetic(settings), options);
    return engine ? std::move(*engine) : nullptr;
}

} // namespace synoscope::test
