// The engine behind Synthesizer: where states live and how moves are made. A tour:
//
//   form.h         normal forms of coordinates: what a dimension reads
//   dimension.h    dimensions as nodes, with the facts that rules ask for
//   state.h        states: drafts (loose, on the stack) and stored ones (packed, by key)
//   identity.cpp   which states are the same, and the order of a frontier
//   engine.cpp     storing and loading; the root
//   apply.cpp      what a move does to a draft
//   generate.cpp   which moves a state offers: each primitive with its rules (rules.h)
//   distance.h     how many primitives are needed at least
//   bounds.cpp     how many FLOPs and parameters are needed at least
//   finalize.cpp   which assignments to the input's axes are operators
//   rollout.cpp    random descents that learn dead ends (dead_ends.h)
//   enumerate.h    all of a problem's states and operators
//   build.cpp      a final state as a PGraph, moves as text
#pragma once

#include "core/graph/fingerprint_memory.h"
#include "core/synthesis/dead_ends.h"
#include "core/synthesis/equivalence.h"
#include "core/synthesis/rules.h"
#include "core/synthesis/sharing.h"
#include "core/synthesis/state.h"

#include <bit>
#include <memory>

namespace synoscope {

class SynthesisEngine
{
public:
    explicit SynthesisEngine(std::shared_ptr<const Problem> problem);

    // states
    StateId root() const { return root_; }
    const State& operator[](StateId id) const { return states_[id.index]; }
    Draft load(StateId id) const;
    const Draft& rootDraft() const { return rootDraft_; }
    std::span<const NodeId> frontier(StateId id) const;
    StateId store(Draft& draft, const Identity& identity); // orders the frontier
    StateId find(std::uint64_t key) const;
    std::size_t stateCount() const { return states_.size(); }
    std::size_t operatorCount() const { return operatorFound_.size(); }
    std::size_t stateBytes() const; // of states, their dimensions and the index; moves and memos aside
    std::size_t memoryBytes() const;

    // identity
    Identity identify(const Draft& draft) const;
    // The hash of each frontier dimension under the symmetry of the identity.
    void frontierHashes(const Draft& draft, const Identity& identity, std::span<std::uint64_t> hashes) const;
    void orderFrontier(Draft& draft, const Identity& identity) const;

    // moves
    std::span<const Edge> edges(StateId id);
    StateId child(StateId id, std::size_t edge); // cached
    void applyTo(Draft& draft, const Edge& edge);
    Move moveOf(StateId id, const Edge& edge) const;
    std::vector<Move> moves(StateId id);
    // A move of this state, offered by this engine or by another; invalid when it is none.
    StateId apply(StateId id, const Move& move);
    int remaining(const Draft& draft) const { return problem->limits.depth - draft.tally.depth(); }
    NodeId keep(const Node& node);

    // the shape distance of a draft, and what it is made of (candidates.cpp)
    int distanceOf(const Draft& draft);
    std::uint16_t flagsOf(const Node& node);
    // `allowance`: of the primary variables, what is left (SizeFacts::primaries).
    DistanceItem itemOf(const Node& node, std::uint64_t allowance) const
    {
        const bool shareable = within(sizes[node.size].primaries, allowance);
        return {node.size, static_cast<std::uint16_t>(shareable ? node.flags : node.flags & ~DistanceItem::onlyShared)};
    }
    std::uint64_t allowanceOf(const Tally& tally) const;
    DistanceBudget budgetOf(const Draft& draft) const;
    // Takes the weights that no contraction can bring any more off a budget.
    void limitWeights(DistanceBudget& budget, std::span<const DistanceItem> items, std::uint64_t allowance) const;
    ShapeDistance& distance() { return distance_; }

    // what the generator asks
    NodeId output(int axis) const { return outputNodes_[axis]; }
    const std::vector<SizeId>& desired() const { return desired_; }
    const std::vector<int>& desiredAxes() const { return desiredAxes_; }
    const std::vector<SizeId>& reduceSizes() const { return reduceSizes_; }
    // The place among the candidates for reductions; their number when it is none.
    std::size_t reduceRank(SizeId size) const;
    bool exceedsReduceRatio(SizeId product) const;
    const std::vector<SizeId>& divisors(SizeId size); // legal blocks of a Merge, with legal quotients
    bool couldBeOuter(const Node& node) const;
    bool isLowRank(SizeId size) const;
    bool mayBeShared(SizeId size) const;
    bool withinCostLimits(const Draft& final, std::uint64_t key);

    // bounds (bounds.cpp)
    double flopsCeiling(const Draft& draft) const;    // no operator with these reductions needs more
    double flopsFloor(const Draft& draft) const;      // no completion needs fewer
    bool exceedsParameters(const Draft& draft) const; // parameters and memory, whatever is still to come

    // rollouts
    std::optional<Rollout> rollout(StateId from, const Steering& steering, Random& random, int effort);
    bool allowed(const Tally& tally, const Move& move, const Steering& steering) const;
    bool isDead(StateId id, std::uint64_t steering) const;
    bool isExhausted(StateId id) const; // every final descendant has been the result of a rollout, of any thread
    void share(std::shared_ptr<Sharing> sharing, int thread)
    {
        sharing_ = std::move(sharing);
        thread_ = thread;
        distance_.share(sharing_ ? &sharing_->distances : nullptr);
        share(sharing_ ? sharing_->operators : nullptr);
    }
    void share(std::shared_ptr<SharedOperators> operators) { sharedOperators_ = std::move(operators); }
    Size parameterOf(std::span<const NodeId> frontier, const Edge& edge) const;

    // final states
    PGraph build(StateId final) const;
    OperatorCost cost(StateId final) const
    {
        return operators_[static_cast<std::size_t>(states_[final.index].offered)].cost;
    }
    std::string fingerprint(StateId final) const;
    // Of a final state that of the operator: equal, however it is written.
    std::uint64_t key(StateId id) const
    {
        const State& state = states_[id.index];
        return state.final ? operators_[static_cast<std::size_t>(state.offered)].key : state.key;
    }
    std::string describe(const Draft& state, const Edge& edge) const;
    std::vector<Refusal> refusals(StateId id);

    std::shared_ptr<const Problem> problem;
    SizeTable sizes;
    NodeArena nodes;
    RuleSet rules;

private:
    class Chooser;

    void makeRoot();
    std::size_t placeOf(std::uint64_t key) const;
    void growIndex();
    RolloutTraffic::Seen seen(StateId id) const;
    void setExhausted(StateId id);
    enum class Care : std::uint8_t
    {
        ours,
        foreign,
        done
    };
    Care careOf(StateId id) const;
    void takeOver(StateId from);
    void noteStep(std::span<const std::pair<StateId, std::size_t>> path, StateId at);
    std::uint64_t frontierItems(const Draft& draft) const; // as DeadEnds knows them
    bool looksDead(StateId id) const;
    bool isDoubtful(StateId id, std::uint64_t steering) const;
    void noteEnd(StateId end, const Chooser& chooser);
    void noteFound(std::span<const std::pair<StateId, std::size_t>> path, StateId final);
    void enumerateReduceSizes();
    void enumerateExponents(int variable, Size size, std::vector<Size>& found) const;
    void shareAxes(Draft& draft, std::uint32_t inner, std::uint32_t outer);
    void noteWork(Draft& draft, std::uint32_t inner, std::uint32_t outer) const;
    void noteWindow(Draft& draft, const Edge& unfold) const;
    std::uint64_t hashOf(const Draft& draft, int image, const SumLabels* labels) const;
    std::uint64_t tallyHash(const Draft& draft) const;
    void recognise(StateId final);
    StateId applyUnoffered(StateId id, const Move& move);
    bool hasPlaces(const Draft& draft, const Edge& edge);
    NetworkCost networkCostOf(const Draft& final, std::uint64_t key);
    std::string fingerprintOf(StateId final);
    std::int32_t addOperator(const NetworkCost& cost);
    void offerAnyway(const Draft& final, std::uint64_t key);
    PGraph build(const Draft& final, int image) const;
    std::string label(NodeId node) const;

    StateId root_{};
    Draft rootDraft_;
    std::vector<State> states_;
    std::vector<NodeId> pool_;
    std::vector<Edge> edges_;
    std::vector<Edge> offered_;  // while moves are generated
    std::vector<StateId> byKey_; // open addressing; the keys are the states' own
    struct Operator
    {
        OperatorCost cost;
        std::uint64_t key = 0; // of what it computes; this and the following once its state has been made
        std::string fingerprint;
    };
    std::vector<Operator> operators_;    // by final state that was offered
    FlatMap<std::int32_t> offeredByKey_; // of finals offered: index of the operator, or -1 outside the limits
    FlatMap<bool> operatorFound_;        // by key: whether a rollout has found it
    Equivalence equivalence_;            // what makes no difference
    FingerprintMemory fingerprints_;
    std::shared_ptr<Sharing> sharing_;
    int thread_ = 0; // its number there
    std::shared_ptr<SharedOperators> sharedOperators_;
    std::size_t toldBytes_ = 0; // of what this engine has told there
    DeadEnds deadEnds_;
    // State keys combined with the steering's fingerprint; what is so without any stands in the state.
    FlatMap<char> dead_;
    FlatMap<char> doubtful_;

    std::vector<NodeId> outputNodes_;                                  // all axes of the output, fixed ones included
    std::vector<SizeId> desired_;                                      // sizes of the input's axes that are not fixed
    std::vector<int> desiredAxes_;                                     // which input axes those are
    std::vector<SizeId> reduceSizes_;                                  // candidates for reductions, in order
    std::vector<std::uint32_t> reduceRanks_;                           // by size, as far as known
    std::vector<std::unique_ptr<const std::vector<SizeId>>> divisors_; // by size, as far as asked for
    std::vector<Binding> bindings_;                                    // of the layers
    std::vector<int> counts_;
    std::vector<double> outputElements_; // by layer, times how often it occurs
    std::vector<double> inputElements_;  // likewise
    SizeId inputProduct_{};              // of the axes that are not fixed
    bool mergesAnywhere_ = false;        // some rule that keeps merges away from some dimensions is off
    ShapeDistance distance_;
};

} // namespace synoscope
