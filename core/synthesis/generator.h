// Which moves a state offers: for each primitive the candidates, the rules on each, and the shape distance last.
//
// Candidates are many and moves few, so what is asked of a candidate is cheap: facts of its dimensions, and the shape
// distance of what it would lead to, whose frontier is never written down: the hashes of the dimensions that go are
// subtracted, those of the dimensions that come are added. Only what passes is made.
#pragma once

#include "core/synthesis/engine.h"

namespace synoscope {

class Generator
{
public:
    // Counts refusals in `rules`: the engine's own, or a scratch copy when only the reasons are wanted.
    Generator(SynthesisEngine& engine, const Draft& draft, RuleSet& rules);

    // Appends the moves.
    void run(MoveKind kind, std::vector<Edge>& moves);

    // The name and reason of the rule that refuses this one candidate; nothing when it is offered.
    std::optional<std::pair<std::string, std::string>> whyNot(const Edge& wanted);

private:
    using Moves = std::vector<Edge>;

    void reduces(Moves& moves);
    void contractions(Moves& moves);
    void chooseAxes(int position, std::uint32_t inner, std::uint32_t outer, Moves& moves);
    void shifts(Moves& moves);
    void strides(Moves& moves);
    void splits(Moves& moves);
    void unfolds(Moves& moves);
    void expands(Moves& moves);
    void merges(Moves& moves);
    void finals(Moves& moves);
    void offerFinal(std::span<const int> positions, Moves& moves);

    bool splitRefused(NodeId group, NodeId block);
    bool unfoldRefused(NodeId axis, NodeId window);
    bool mergeRefused(NodeId whole, SizeId block);
    bool contractionRefused(std::uint32_t inner, std::uint32_t outer);
    bool sharesOverAllowance(std::uint32_t chosen, int position) const;
    bool outerNeighbours(std::uint32_t outer) const;
    bool gluedTogether(NodeId left, NodeId right);
    bool splitLeansOver(const Node& group, const Node& block) const;
    bool shiftsReduction(NodeId id) const;
    bool shiftsOnlyNames(NodeId id) const;
    bool shiftsBelowSplit(const Node& group) const;
    bool reducesInstead(const Node& reduce, SizeId block) const;
    bool shiftOnTop(NodeId id) const;
    bool poolsTooMuch(std::uint32_t removed, std::span<const Node> added) const;

    bool refuses(Rule rule, bool violated) { return rules_.refuses(rule, violated); }
    bool usable(int position); // chain left, and no stride to absorb
    bool passedOver(int first, int second = -1, SizeId size = {}) const;
    std::uint32_t lastWeights() const;
    // Of a view that touches the weights `met`: some contraction could come after it.
    bool belongsBefore(std::uint32_t met) const { return (lastWeights_ & ~met) != 0; }
    bool equalReductionBefore(NodeId node, std::uint32_t alsoUsed) const;
    bool overAllowance(const Tally& tally) const;
    bool usesOverAllowance(const Size& size) const;

    // Distance of what a move leads to: the positions of `removed` go, the nodes `added` come, and primary variables
    // are used (SizeFacts::primaries).
    int distanceAfter(MoveKind kind, std::uint32_t removed, std::span<const Node> added, std::uint64_t used);
    bool tooFar(MoveKind kind, std::uint32_t removed, std::span<const Node> added, std::uint64_t used = 0);
    // What all moves but the final ones have in common; the distance has been looked at.
    void offer(Edge edge, Moves& moves);

    // By value: the arena grows while moves are offered.
    Node node(int position) const { return engine_.nodes[draft_.frontier[position]]; }

    SynthesisEngine& engine_;
    const Limits& limits_;
    const Draft draft_;
    RuleSet& rules_;
    int remaining_;
    DistanceBudget budget_;
    std::array<DistanceItem, maxFrontier> items_;
    std::array<std::uint64_t, maxFrontier> itemHashes_;
    std::uint64_t itemSum_ = 0;
    std::uint64_t allowance_;              // of the primary variables, what is left (SizeFacts::primaries)
    std::array<Node, maxFrontier> shared_; // each dimension as it would be after a contraction; drawn up once
    std::uint32_t lastWeights_ = 0;        // a mask
    int distance_ = 0;                     // of the candidate at hand
    FlatMap<char> offered_;                // keys of children
    const Edge* only_ = nullptr;           // whyNot: all other candidates are passed over
};

// The move as it is known outside: its key depends on what the move does, not on the history of this engine.
Move moveAs(const SynthesisEngine& engine, const Draft& draft, const Identity& identity, const Edge& edge);
Edge edgeAs(SynthesisEngine& engine, StateId state, const Move& move);

} // namespace synoscope
