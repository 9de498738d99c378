// A small space whose every operator is known: subsets of a list of picks.
//
// A state is the set of picks so far, whatever their order, so that n picks reach one state in n! ways. With `picks` of
// them the operator can be finalised. A trap is a pick after which nothing can be finalised; where `twins` is set, picks
// 2i and 2i+1 give operators with one fingerprint.
#pragma once

#include "core/search/engine.h"

#include <functional>
#include <map>
#include <set>

namespace synoscope::test {

struct SyntheticSettings
{
    std::vector<std::pair<MoveKind, int>> kinds{ // how many picks there are of each kind
        {MoveKind::reduce, 3}, {MoveKind::shift, 2}, {MoveKind::split, 4}, {MoveKind::unfold, 3}, {MoveKind::merge, 4}};
    int picks = 4;              // in a finished operator
    std::uint32_t traps = 0;    // bit per pick
    bool twins = false;
    bool weak = false;          // rollouts give up at the first dead end

    std::vector<Move> allPicks() const;
};

class SyntheticSpace final : public Space
{
public:
    explicit SyntheticSpace(SyntheticSettings settings);

    StateId root() override { return intern(0, false); }
    std::span<const Move> moves(StateId state) override;
    StateId apply(StateId state, const Move& move) override;
    std::uint64_t key(StateId state) override;
    bool isFinal(StateId state) override { return states_[state.index].second; }
    std::optional<Rollout> rollout(StateId from, const Steering& steering, Random& random) override;
    bool isDead(StateId state, const Steering& steering) override;
    PGraph build(StateId) override { return {}; }
    std::string hash(const PGraph&, StateId final) override { return hashOf(states_[final.index].first); }
    std::string fingerprint(const PGraph&, StateId final) override;
    std::string describe(StateId state, const Move& move) override;
    std::string describe(const Size& size) override;
    std::size_t memoryBytes() override { return states_.size() * 64; }

    static std::string hashOf(std::uint32_t picks) { return "operator" + std::to_string(picks); }
    static std::uint32_t picksOf(const std::string& hash) { return static_cast<std::uint32_t>(std::stoul(hash.substr(8))); }
    std::uint32_t picks(StateId state) const { return states_[state.index].first; }

private:
    StateId intern(std::uint32_t picks, bool final);
    bool allowed(const Move& move, const Steering& steering) const;
    bool walk(StateId state, const Steering& steering, Random* random, std::vector<Move>& path, StateId& end);
    bool contains(std::uint32_t picks, const Steering& steering) const;

    SyntheticSettings settings_;
    std::vector<Move> all_;
    std::vector<std::pair<std::uint32_t, bool>> states_;
    std::map<std::pair<std::uint32_t, bool>, StateId> ids_;
    std::vector<Move> offered_;
};

SpaceFactory synthetic(const SyntheticSettings& settings = {});

// A reward of an operator by its hash. The best operator has 1.
using RewardOf = std::function<double(const std::string& hash)>;
// Each pick has a hidden worth; operators with much of it are worth more than the sum (as accuracy is).
RewardOf hiddenWorth(const SyntheticSettings& settings, std::uint64_t seed);

// Proposes and rewards synchronously until so many operators were evaluated, or nothing comes any more.
struct Found
{
    std::vector<std::string> hashes;
    double best = 0;
};
Found runSearch(SearchEngine& engine, SearchWorker& worker, const RewardOf& rewardOf, std::size_t evaluations);

std::unique_ptr<SearchEngine> makeEngine(const SyntheticSettings& settings, const SearchOptions& options = {});

} // namespace synoscope::test
