#include "core/synthesis/space_estimate.h"

#include "core/base/hash.h"
#include "core/base/random.h"
#include "core/synthesis/engine.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <unordered_set>

namespace synoscope {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int statesOfRollout = 2000;  // visited before one gives up
constexpr double rolloutShare = 0.4;   // of the time
constexpr int fewestThinnings = 20;    // a share of moves is large enough when no more fit into the effort
constexpr double mostOfTrial = 0.12;   // of the effort, to find the share
constexpr std::uint64_t finalMove = 0; // is always kept
constexpr std::array shares{0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.36, 0.42, 0.48, 0.55, 0.62, 0.7, 0.8, 1.0};

class Estimation
{
public:
    Estimation(const std::shared_ptr<const Problem>& problem, const SpaceEffort& effort,
               const std::function<bool(const SpaceEstimate&)>& goOn)
        : engine_(problem), effort_(effort), goOn_(goOn), random_(combine(effort.seed, 1))
    {}

    SpaceEstimate run()
    {
        if (roll() && !estimate_.exhausted)
            thin();
        estimate_.found = found_.size();
        return estimate_;
    }

private:
    struct Visit
    {
        StateId state{};
        std::vector<std::uint64_t> moves; // the different ones on the way
    };

    double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
    bool goesOn()
    {
        estimate_.seconds = seconds();
        estimate_.found = found_.size();
        return !goOn_ || goOn_(estimate_);
    }
    void setCounted()
    {
        estimate_.exhausted = estimate_.estimated = true;
        estimate_.likely = estimate_.least = estimate_.most = static_cast<double>(found_.size());
    }

    // Rollouts until their share of the effort is spent; false: it is to end at once.
    bool roll()
    {
        for (;;) {
            estimate_.rolloutSeconds = seconds();
            if (engine_.isExhausted(engine_.root()) || engine_.isDead(engine_.root(), 0)) {
                setCounted();
                return goesOn();
            }
            if (!goesOn())
                return false;
            if (effort_.rollouts > 0 ? estimate_.rollouts == effort_.rollouts
                                     : estimate_.seconds >= effort_.seconds * rolloutShare)
                return true;
            const auto rollout = engine_.rollout(engine_.root(), {}, random_, statesOfRollout);
            ++estimate_.rollouts;
            if (!rollout)
                continue;
            ++estimate_.finished;
            found_.insert(engine_.key(rollout->final));
        }
    }

    // The share of the moves grows until a thinned space is work enough; those that found it do not count, as they are
    // of other shares.
    void thin()
    {
        begin_ = estimate_.seconds;
        std::size_t share = 0;
        for (;; ++share) {
            const double before = spent();
            const bool whole = enumerate(shares[share], before + mostOfTrial).has_value();
            if (stopped_)
                return;
            if (whole && shares[share] == 1.0)
                return setCounted();
            if (!whole)
                share = share > 0 ? share - 1 : 0;
            if (!whole || spent() - before > 1.0 / fewestThinnings)
                break;
        }
        std::vector<double> counts;
        while (const auto count = enumerate(shares[share], 1)) {
            counts.push_back(*count);
            summarize(counts);
            if (!goesOn())
                return;
        }
    }

    double spent() const
    {
        return effort_.states > 0 ? static_cast<double>(visited_) / static_cast<double>(effort_.states)
                                  : (seconds() - begin_) / std::max(effort_.seconds - begin_, effort_.seconds / 10);
    }

    // How many operators those of the thinned space stand for; nothing when so much of the effort is spent.
    std::optional<double> enumerate(double share, double until)
    {
        const std::uint64_t seed = combine(effort_.seed, ++thinnings_);
        const auto limit = static_cast<std::uint64_t>(std::ldexp(share, 63));
        std::unordered_set<std::uint32_t> seen{engine_.root().index};
        std::vector<Visit> open{{engine_.root(), {}}};
        double count = 0;
        while (!open.empty()) {
            stopped_ = !goesOn();
            if (stopped_ || spent() >= until)
                return std::nullopt;
            ++visited_;
            const Visit visit = std::move(open.back());
            open.pop_back();
            const std::vector<std::uint64_t> moves = movesOf(visit.state);
            for (std::size_t i = 0; i < moves.size(); ++i) {
                const bool last = moves[i] == finalMove;
                if (!last && combine(seed, moves[i]) >> 1 >= limit)
                    continue;
                const StateId child = engine_.child(visit.state, i);
                if (!seen.insert(child.index).second)
                    continue;
                if (last) {
                    found_.insert(engine_.key(child));
                    count += std::pow(share, -static_cast<double>(visit.moves.size()));
                    continue;
                }
                Visit next{child, visit.moves};
                if (std::ranges::find(next.moves, moves[i]) == next.moves.end())
                    next.moves.push_back(moves[i]);
                open.push_back(std::move(next));
            }
        }
        return count;
    }

    // What each move of a state does, whatever was done before: its kind and the sizes that it is about.
    std::vector<std::uint64_t> movesOf(StateId state)
    {
        std::vector<std::uint64_t> moves;
        const auto edges = engine_.edges(state);
        const auto frontier = engine_.frontier(state);
        const auto size = [&](std::size_t i) { return mix(engine_.nodes[frontier[i]].size.index + 1); };
        for (const Edge& edge : edges) {
            if (edge.kind == MoveKind::finalize) {
                moves.push_back(finalMove);
                continue;
            }
            std::uint64_t key = mix(static_cast<std::uint64_t>(edge.kind) + 1);
            if (edge.kind == MoveKind::contraction) {
                for (std::size_t i = 0; i < frontier.size(); ++i) {
                    if (edge.argument >> i & 1)
                        key += size(i);
                    if (edge.argument >> (i + 16) & 1)
                        key += mix(size(i));
                }
            } else if (edge.kind == MoveKind::reduce) {
                key = combine(key, edge.argument);
            } else {
                key = combine(combine(key, size(edge.first)), edge.argument);
                if (edge.kind == MoveKind::split || edge.kind == MoveKind::unfold)
                    key = combine(key, size(edge.second));
            }
            moves.push_back(key);
        }
        return moves;
    }

    void summarize(const std::vector<double>& counts)
    {
        const auto n = static_cast<double>(counts.size());
        double sum = 0, squares = 0;
        for (const double count : counts)
            sum += count;
        const double mean = sum / n;
        for (const double count : counts)
            squares += (count - mean) * (count - mean);
        // Of one there is no deviation: it may well be the mean itself.
        const double variance = counts.size() > 1 ? squares / (n - 1) / n : mean * mean;
        const double spread = mean > 0 ? std::exp(1.96 * std::sqrt(std::log1p(variance / (mean * mean)))) : 1;
        const auto seen = static_cast<double>(found_.size());
        estimate_.thinnings = static_cast<int>(counts.size());
        estimate_.estimated = mean > seen; // else they missed what there is: nothing is said
        estimate_.likely = mean;
        estimate_.least = std::max(seen, mean / spread);
        estimate_.most = mean * spread;
    }

    SynthesisEngine engine_;
    const SpaceEffort& effort_;
    const std::function<bool(const SpaceEstimate&)>& goOn_;
    Random random_;
    const Clock::time_point start_ = Clock::now();
    double begin_ = 0; // of the thinned spaces, in seconds
    bool stopped_ = false;
    std::uint64_t visited_ = 0;
    std::uint64_t thinnings_ = 0;
    std::unordered_set<std::uint64_t> found_; // keys of operators
    SpaceEstimate estimate_;
};

} // namespace

SpaceEstimate estimateSpace(const std::shared_ptr<const Problem>& problem, const SpaceEffort& effort,
                            const std::function<bool(const SpaceEstimate&)>& goOn)
{
    return Estimation(problem, effort, goOn).run();
}

} // namespace synoscope
