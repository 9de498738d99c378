// The engine behind Synthesizer: where states live and how moves are made. A tour:
//
//   engine.cpp     states: drafts (loose, on the stack) and stored ones (packed, by key); the root
//   apply.cpp      what a move does to a draft
//   generate.cpp   which moves a state offers: each primitive with its rules
//   finalize.cpp   which assignments to the input's axes are operators
//   rollout.cpp    random descents that learn dead ends
//   build.cpp      a final state as a PGraph, moves as text
//
// A state is a partial pGraph seen from above: the frontier (the data's dimensions at the top), the axes of the
// weights, and what was expanded. Dimensions below are reachable from these through the arena, so nothing else is kept.
#pragma once

#include "core/synthesis/dimension.h"
#include "core/synthesis/distance.h"
#include "core/synthesis/rules.h"
#include "core/synthesis/synthesizer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <deque>
#include <unordered_set>

namespace synoscope {

inline constexpr int maxWeights = 8;
inline constexpr int maxWeightAxes = 32; // of all weights
inline constexpr int maxExpanded = 16;

// A small vector of dimensions on the stack.
template <int capacity>
struct NodeList
{
    std::array<NodeId, capacity> nodes;
    std::uint8_t count = 0;

    const NodeId* begin() const { return nodes.data(); }
    const NodeId* end() const { return nodes.data() + count; }
    NodeId operator[](int i) const { return nodes[i]; }
    NodeId& operator[](int i) { return nodes[i]; }
    bool full() const { return count == capacity; }
    void add(NodeId node) { nodes[count++] = node; }
    void removeAt(int i)
    {
        std::copy(nodes.begin() + i + 1, nodes.begin() + count, nodes.begin() + i);
        --count;
    }
};

// What is counted along the way; equal for all ways to a state.
struct Tally
{
    std::array<std::uint8_t, moveKinds> used{};        // moves by kind
    std::array<std::int8_t, maxVariables> variables{}; // uses, against the allowance
    std::uint8_t outerAxes = 0;                        // and repeats: against limits.expands
    SizeId outerProduct{};
    SizeId repeats{};
    SizeId reductions{}; // product

    int depth() const
    {
        int sum = 0;
        for (int kind = 0; kind < moveKinds; ++kind)
            sum += kind == static_cast<int>(MoveKind::finalize) ? 0 : used[kind];
        return sum;
    }
    int operator[](MoveKind kind) const { return used[static_cast<int>(kind)]; }
    void count(MoveKind kind) { ++used[static_cast<int>(kind)]; }
};

// A state while it is being made.
struct Draft
{
    NodeList<maxFrontier> frontier; // sorted by hash, once complete
    NodeList<maxWeightAxes> weightAxes;
    std::array<std::uint8_t, maxWeights> weightSizes{};
    NodeList<maxExpanded> expanded;
    Tally tally;
    bool final = false;

    int weights() const { return tally[MoveKind::contraction]; }
    bool onlyReductions() const { return tally.depth() == tally[MoveKind::reduce]; }
};

struct State
{
    std::uint64_t key = 0;
    std::uint32_t nodes = 0; // where its dimensions begin in the pool: frontier, weights' axes, expanded
    std::uint8_t frontier = 0;
    std::uint8_t weightAxes = 0;
    std::uint8_t expanded = 0;
    bool final = false;
    std::array<std::uint8_t, maxWeights> weightSizes{};
    Tally tally;
    std::uint32_t moves = 0xffffffffu; // index of its move list, once generated
    std::int32_t cost = -1;            // final: index of its cost
};

struct MoveList
{
    std::vector<Move> moves;
    std::vector<StateId> children;       // none: not applied yet
    std::vector<std::uint8_t> distances; // shape distance of what each leads to; 0 for finals
};

class SynthesisEngine
{
public:
    explicit SynthesisEngine(std::shared_ptr<const Problem> problem);

    // states
    StateId root() const { return root_; }
    const State& operator[](StateId id) const { return states_[id.index]; }
    Draft load(StateId id) const;
    std::span<const NodeId> frontier(StateId id) const;
    StateId store(const Draft& draft);
    std::uint64_t keyOf(const Draft& draft) const;

    // moves
    const MoveList& moves(StateId id);
    StateId apply(StateId id, const Move& move);
    StateId child(StateId id, std::size_t move); // cached apply
    void applyTo(Draft& draft, const Move& move);
    int remaining(const Draft& draft) const { return problem->limits.depth - draft.tally.depth(); }
    int distanceOf(const Draft& draft);

    // what the generator asks
    const std::vector<SizeId>& desired() const { return desired_; }
    const std::vector<int>& desiredAxes() const { return desiredAxes_; }
    const std::vector<SizeId>& reduceSizes() const { return reduceSizes_; }
    std::size_t reduceRank(SizeId size) const { return reduceRanks_.at(size); }
    bool exceedsReduceRatio(SizeId product) const;
    const std::vector<SizeId>& divisors(SizeId size); // legal blocks of a Merge, with legal quotients
    bool couldBeOuter(NodeId node) const;
    bool isLowRank(SizeId size) const;
    bool sharesOverAllowance(const Draft& draft, const Move& chosen, int position) const;
    bool withinCostLimits(const Draft& final);

    // rollouts
    std::optional<Rollout> rollout(StateId from, const Steering& steering, Random& random, int effort);
    bool allowed(const Tally& tally, const Move& move, const Steering& steering) const;
    bool isDead(StateId id, std::uint64_t steering) const;

    // final states
    PGraph build(StateId final) const;
    OperatorCost cost(StateId final) const { return costs_[static_cast<std::size_t>(states_[final.index].cost)]; }
    std::string describe(StateId id, const Move& move) const;
    std::vector<Refusal> refusals(StateId id);

    std::size_t stateCount() const { return states_.size(); }
    std::size_t memoryBytes() const;

    std::shared_ptr<const Problem> problem;
    SizeTable sizes;
    NodeArena nodes;
    RuleSet rules;

private:
    class Chooser;

    void makeRoot();
    void enumerateReduceSizes();
    void enumerateExponents(int variable, Size size, std::vector<Size>& found) const;
    void sortFrontier(Draft& draft) const;
    void shareAxes(Draft& draft, const Move& move);
    std::uint16_t flagsOf(NodeId node);
    std::optional<OperatorCost> costWithinLimits(const Draft& final);
    PGraph build(const Draft& final) const;
    std::string label(NodeId node) const;

    StateId root_{};
    std::vector<State> states_;
    std::vector<NodeId> pool_;
    std::unordered_map<std::uint64_t, StateId> byKey_;
    std::deque<MoveList> moveLists_;
    std::vector<OperatorCost> costs_;
    std::unordered_map<std::uint64_t, OperatorCost> costByKey_; // of finals offered but not stored yet
    std::unordered_set<std::uint64_t> dead_;                    // state keys, combined with the steering's fingerprint

    std::vector<NodeId> outputNodes_; // all axes of the output, fixed ones included
    std::vector<SizeId> desired_;     // sizes of the input's axes that are not fixed
    std::vector<int> desiredAxes_;    // which input axes those are
    std::vector<SizeId> reduceSizes_; // candidates for reductions, in order
    std::unordered_map<SizeId, std::size_t> reduceRanks_;
    std::unordered_map<SizeId, std::vector<SizeId>> divisors_;
    SizeId inputProduct_{};        // of the axes that are not fixed
    bool sumsMayBeMerged_ = false; // a rule that keeps merges away from some dimensions is switched off
    ShapeDistance distance_;
};

} // namespace synoscope
