// Keeps the values of nodes, edges and candidates equal to what the open iterations say.
//
// The rule: node k of an iteration's way counts it iff k >= cut, where the cut is 0 for an open way (constraint.h). When
// the constraints change, each iteration moves from its old cut to the new one. All sums are integers, so the result is
// the same as if everything had been added up anew, in any order: so it is done in shares, between which the search may
// go on, and constraints that change again meanwhile just begin it anew.
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
    // From here on iterations are booked by the new constraints; `referenced` are the nodes that they name, which are
    // also marked in the tree. The iterations there are follow with settle(), a share a call; true: all have.
    void refilter(std::shared_ptr<const SteeringFilter> filter, std::span<const TreeNodeId> referenced);
    bool settle();

    // So many leading nodes of the way would not count it: 0 when it is open, Iteration::all when it misses a pin.
    std::uint8_t cutOf(const WayView& way);

    const IterationStore& iterations() const { return iterations_; }
    const Rave& rave() const { return rave_; }
    const SteeringFilter& filter() const { return *filter_; }
    std::uint64_t movesRules(StepId step); // SteeringFilter::rulesOf, remembered
    std::size_t memoryBytes() const;

private:
    bool concerned(const WayView& way);
    void apply(const Iteration& iteration, std::size_t from, std::size_t to, int sign);
    void learn(const WayView& way, Reward reward);
    void learnAt(TreeNodeId node, std::uint64_t key, std::uint32_t times);
    void move(Iteration& iteration);
    void raiseBest(const Iteration& iteration);

    Tree& tree_;
    const StepTable& steps_;
    CandidateTable& candidates_;
    DirtySet& dirty_;
    IterationStore iterations_;
    Rave rave_;
    struct LocalLesson
    {
        std::uint64_t key;
        std::uint32_t times;
    };
    std::vector<LocalLesson> localLessons_; // of learn(): the buffer is kept
    std::shared_ptr<const SteeringFilter> filter_ = std::make_shared<const SteeringFilter>();
    std::vector<std::uint64_t> moveRules_; // by step

    // Settling: first all iterations move, then the nodes that lost something find their best anew.
    static constexpr std::size_t share = 30'000; // iterations a call: some ms
    std::vector<bool> referenced_;               // by node
    std::vector<bool> stale_;                    // by node: its best may be of an iteration that left
    bool anyStale_ = false;
    std::size_t settling_ = 0; // the iterations up to here are to move
    std::size_t moved_ = 0;
    std::size_t raised_ = 0;
    std::uint8_t unconcerned_ = 0; // the cut of ways that no constraint names anything on
};

} // namespace synoscope
