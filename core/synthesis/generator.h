// Which moves a state offers: for each primitive the candidates, the rules on each, and the shape distance last.
#pragma once

#include "core/synthesis/engine.h"

namespace synoscope {

class Generator
{
public:
    // Counts refusals in `rules`: the engine's own, or a scratch copy when only the reasons are wanted.
    Generator(SynthesisEngine& engine, StateId state, RuleSet& rules);

    // Appends the moves; `distances` (if given) gets the shape distance of what each leads to.
    void run(MoveKind kind, std::vector<Move>& moves, std::vector<std::uint8_t>* distances = nullptr);

    // The name and reason of the rule that refuses this one candidate.
    std::pair<std::string, std::string> whyNot(const Move& wanted);

private:
    using Moves = std::vector<Move>;

    void reduces(Moves& moves);
    void contractions(Moves& moves);
    void chooseAxes(int position, Move& move, Moves& moves);
    void shifts(Moves& moves);
    void strides(Moves& moves);
    void splits(Moves& moves);
    void unfolds(Moves& moves);
    void expands(Moves& moves);
    void merges(Moves& moves);
    void finals(Moves& moves);

    bool splitRefused(NodeId group, NodeId block);
    bool unfoldRefused(NodeId axis, NodeId window);
    bool mergeRefused(NodeId whole, SizeId block);
    bool contractionRefused(const Move& move);
    bool outOfOrder(const Move& move) const;
    bool outerNeighbours(const Move& move) const;
    bool unorderedSplitOutOfOrder(NodeId node) const;
    bool shiftsUnordered(NodeId node) const;
    bool poolsTooMuch() const;
    bool assignmentRefused(const std::vector<int>& positions);

    bool refuses(Rule rule, bool violated) { return rules_.refuses(rule, violated); }
    bool usable(int position); // chain left, and no stride to absorb
    bool passedOver(int first, int second = -1, SizeId size = {}) const;
    bool isLatest(NodeId node) const;
    bool equalReductionBefore(NodeId node, std::uint32_t alsoUsed) const;
    bool overAllowance(const Tally& tally) const;
    void offer(Move move, Moves& moves);
    std::uint64_t moveKey(const Move& move) const;

    // By value: the arena grows while moves are offered.
    Node node(int position) const { return engine_.nodes[draft_.frontier[position]]; }

    SynthesisEngine& engine_;
    const Limits& limits_;
    const Draft draft_;
    RuleSet& rules_;
    int remaining_;
    std::unordered_set<std::uint64_t> offered_; // keys of children
    std::vector<std::uint8_t>* distances_ = nullptr;
    const Move* only_ = nullptr; // whyNot: all other candidates are passed over
};

} // namespace synoscope
