// Keeps the values of nodes, edges and candidates equal to what the open iterations say.
//
// The rule: node k of an iteration's way counts it iff k >= cut, where the cut is 0 for an open way (constraint.h). When
// the constraints change, refilter() moves each iteration from its old cut to the new one. All sums are integers, so the
// result is the same as if everything had been added up anew, in any order.
//
// RAVE values are no node's values but experience with moves: every iteration counts there, open or not.
#pragma once

#include "core/search/candidates.h"
#include "core/search/filter.h"
#include "core/search/iterations.h"
#include "core/search/rave.h"

namespace synoscope {

// Nodes that changed since the last batch, each once.
class DirtySet
{
public:
    explicit DirtySet(Tree& tree) : tree_(tree) {}
    void touch(TreeNodeId id)
    {
        TreeNode& node = tree_[id];
        if (node.has(TreeNode::dirty))
            return;
        node.set(TreeNode::dirty);
        nodes_.push_back(id);
    }
    // At most so many, in the order in which they were touched.
    std::vector<TreeNodeId> take(std::size_t most);
    std::size_t memoryBytes() const { return nodes_.capacity() * sizeof(TreeNodeId); }

private:
    Tree& tree_;
    std::vector<TreeNodeId> nodes_;
    std::size_t first_ = 0;
};

class Ledger
{
public:
    // Nodes that fewer iterations have passed keep no local RAVE values: the global ones outweigh them there anyway, and
    // the table stays small.
    static constexpr std::uint32_t localFrom = 8;

    Ledger(Tree& tree, const StepTable& steps, CandidateTable& candidates, DirtySet& dirty)
        : tree_(tree), steps_(steps), candidates_(candidates), dirty_(dirty)
    {
    }

    void append(const WayView& way, Reward reward, std::uint32_t candidate, bool failed);
    void refilter(std::shared_ptr<const SteeringFilter> filter);

    // So many leading nodes of the way would not count it: 0 when it is open, Iteration::all when it misses a pin.
    std::uint8_t cutOf(const WayView& way);

    const IterationStore& iterations() const { return iterations_; }
    const Rave& rave() const { return rave_; }
    const SteeringFilter& filter() const { return *filter_; }
    std::uint64_t movesRules(StepId step); // SteeringFilter::rulesOf, remembered
    std::size_t memoryBytes() const;

private:
    void apply(const Iteration& iteration, std::size_t from, std::size_t to, int sign);
    void learn(const WayView& way, Reward reward);
    void recomputeBest(const std::vector<bool>& stale);

    Tree& tree_;
    const StepTable& steps_;
    CandidateTable& candidates_;
    DirtySet& dirty_;
    IterationStore iterations_;
    Rave rave_;
    std::shared_ptr<const SteeringFilter> filter_ = std::make_shared<const SteeringFilter>();
    std::vector<std::uint64_t> moveRules_; // by step
};

} // namespace synoscope
