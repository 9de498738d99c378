// Monte Carlo tree search (PAPER, section vi): upper confidence bounds tuned by variance, progressive widening by RAVE.
//
// A move is chosen in two steps, each with its own widening: first the kind, among floor(T^b) kinds at a node with T
// visits, then the concrete move among floor(t^b) moves of that kind, where t is the kind's share of the visits. So a
// kind with hundreds of moves does not drown the others.
#include "core/search/algorithm.h"

#include <array>
#include <cmath>

namespace synoscope {
namespace {

// What is known of an alternative: a concrete move, or the moves of one kind together.
struct Arm
{
    double visits = 0; // finished or under way
    double inFlight = 0;
    double sum = 0; // of means, weighted by visits
    double square = 0;
    double weight = 0; // visits that have brought a reward, or none in vain
    double best = 0;   // reward
    int edges = 0;

    void add(const TreeEdge& edge, const TreeNode& child)
    {
        const double known = static_cast<double>(child.visits) + child.barren;
        const double own = static_cast<double>(edge.visits) + child.barren;
        // The child's values are shared by all ways to it: they count by this edge's visits, but a transposition that
        // was never taken from here already says something.
        const double share = std::max(own, known > 0 ? 1.0 : 0.0);
        const double mean = meanOf(child.sum, known);
        ++edges;
        visits += own + edge.inFlight;
        inFlight += edge.inFlight;
        weight += share;
        if (child.visits > 0)
            best = std::max(best, child.best.value());
        sum += share * mean;
        square += share * (varianceOf(child.sum, child.squares, known) + mean * mean);
    }
};

class Mcts final : public Algorithm
{
public:
    explicit Mcts(const SearchOptions& options) : options_(options)
    {
        // A loss that nothing ever takes back would lead to where least waits for ever, also when nothing is left there.
        if (options_.deferred)
            options_.virtualLoss = 0;
    }

    Choice choose(const Situation& at, Random& random) override
    {
        const TreeNode& node = at.tree[at.node];
        const double passed = static_cast<double>(node.visits) + node.barren + node.inFlight - 1; // itself is under way
        if (!at.confined && passed <= 0 && at.open.empty() && at.unseenKinds != 0)
            return {Choice::What::rollOut, 0, 0};

        std::array<Arm, moveKinds> kinds{};
        std::uint16_t shown = 0;
        for (const std::uint32_t i : at.open) {
            const TreeEdge& edge = at.tree.edges(at.node)[i];
            kinds[static_cast<std::size_t>(edge.kind)].add(edge, at.tree[edge.child]);
            shown |= static_cast<std::uint16_t>(1u << static_cast<unsigned>(edge.kind));
        }
        const std::uint16_t unseen = at.confined ? 0 : at.unseenKinds;
        const auto newKinds = static_cast<std::uint16_t>(unseen & ~shown);
        if (newKinds != 0 && std::popcount(shown) < allowed(passed))
            return {Choice::What::reveal, 0, newKinds};
        if (shown == 0)
            return {};
        const std::size_t kind = bestArm(kinds, random);
        if ((unseen >> kind & 1) != 0 && kinds[kind].edges < allowed(kinds[kind].visits))
            return {Choice::What::reveal, 0, static_cast<std::uint16_t>(1u << kind)};
        return {Choice::What::follow, bestEdge(at, static_cast<MoveKind>(kind), kinds[kind].visits, random), 0};
    }

    std::size_t reveal(const Situation& at, std::span<const Move> moves, Random& random) override
    {
        std::array<double, moveKinds> kindScores{};
        for (int k = 0; k < moveKinds; ++k)
            kindScores[static_cast<std::size_t>(k)] = raveOf(at, Rave::kindKey(static_cast<MoveKind>(k)), random);
        std::size_t kind = moveKinds;
        for (const Move& move : moves) {
            const auto k = static_cast<std::size_t>(move.kind);
            if (kind == moveKinds || kindScores[k] > kindScores[kind])
                kind = k;
        }
        std::size_t best = 0;
        double bestScore = -HUGE_VAL;
        for (std::size_t i = 0; i < moves.size(); ++i) {
            if (static_cast<std::size_t>(moves[i].kind) != kind)
                continue;
            const double score = raveOf(at, moves[i].key, random);
            if (score > bestScore) {
                bestScore = score;
                best = i;
            }
        }
        return best;
    }

    bool growsAlongRollouts() const override { return false; }

private:
    int allowed(double visits) const
    {
        return static_cast<int>(std::pow(std::max(1.0, visits), options_.widening) + 1e-9);
    }

    // mean + b * (best - mean) + c * sqrt(ln N / n * min(1/4, variance + sqrt(2 ln N / n))) - v * in flight
    double bound(const Arm& arm, double total) const
    {
        const double loss = options_.virtualLoss * arm.inFlight;
        if (arm.visits <= 0)
            return 1e9 - loss;
        const double mean = arm.weight > 0 ? arm.sum / arm.weight : 0;
        const double variance = arm.weight > 0 ? std::max(0.0, arm.square / arm.weight - mean * mean) : 0;
        const double rate = std::log(std::max(2.0, total)) / arm.visits;
        const double value = mean + options_.bestShare * (arm.best - mean);
        return value + options_.exploration * std::sqrt(rate * std::min(0.25, variance + std::sqrt(2 * rate))) - loss;
    }

    std::size_t bestArm(const std::array<Arm, moveKinds>& kinds, Random& random) const
    {
        double total = 0;
        for (const Arm& arm : kinds)
            total += arm.visits;
        Chooser chooser(random);
        for (std::size_t k = 0; k < kinds.size(); ++k)
            if (kinds[k].edges > 0)
                chooser.offer(static_cast<std::uint32_t>(k), bound(kinds[k], total));
        return chooser.best;
    }

    std::uint32_t bestEdge(const Situation& at, MoveKind kind, double total, Random& random) const
    {
        Chooser chooser(random);
        const auto edges = at.tree.edges(at.node);
        for (const std::uint32_t i : at.open) {
            if (edges[i].kind != kind)
                continue;
            Arm arm;
            arm.add(edges[i], at.tree[edges[i].child]);
            chooser.offer(i, bound(arm, total));
        }
        return chooser.best;
    }

    double raveOf(const Situation& at, std::uint64_t key, Random& random) const
    {
        const RaveValue* local = at.rave.local.find(Rave::localKey(at.node, key));
        const RaveValue* global = at.rave.global.find(key);
        const double globalScore = global != nullptr ? raveScore(*global) : 0;
        const double blend = options_.raveBlend / (options_.raveBlend + (local != nullptr ? local->visits : 0));
        const double score = blend * globalScore + (1 - blend) * (local != nullptr ? raveScore(*local) : 0);
        return (1 - options_.randomShare) * score + options_.randomShare * random.unit();
    }

    // The highest score; ties are broken at random (each of n equals with 1/n).
    struct Chooser
    {
        explicit Chooser(Random& r) : random(r) {}
        void offer(std::uint32_t index, double score)
        {
            if (score > top) {
                top = score;
                equals = 1;
                best = index;
            } else if (score == top && random.below(++equals) == 0) {
                best = index;
            }
        }
        Random& random;
        double top = -HUGE_VAL;
        std::uint32_t equals = 0;
        std::uint32_t best = 0;
    };

    SearchOptions options_;
};

} // namespace

std::unique_ptr<Algorithm> makeMcts(const SearchOptions& options)
{
    return std::make_unique<Mcts>(options);
}

} // namespace synoscope
