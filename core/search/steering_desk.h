// Keeps the constraints, and what follows from them for the tree: which edges may be followed where, which nodes are shown
// as pruned, which subtrees are closed as long as the constraints stay. Used under the engine's lock.
#pragma once

#include "core/base/error.h"
#include "core/search/ledger.h"

#include <unordered_map>

namespace synoscope {

class SteeringDesk
{
public:
    SteeringDesk(Tree& tree, Ledger& ledger, DirtySet& dirty);

    // In force when they return; values and marks follow with settle(), a share a call. True: they have.
    // sizeText names the predicate's size, where it has one.
    Expected<std::uint64_t> set(const Constraint& constraint, const std::string& sizeText);
    Expected<void> lift(std::uint64_t id);
    bool settle();
    Expected<void> restore(std::vector<ConstraintRecord> records); // and settles
    std::span<const ConstraintRecord> records() const { return records_; }

    // Changes with every set and lift: what was decided under an older epoch is void.
    std::uint64_t epoch() const { return epoch_; }
    const SteeringFilter& filter() const { return contexts_->filter(); }
    std::shared_ptr<const SteeringFilter> sharedFilter() const { return contexts_->sharedFilter(); }
    std::shared_ptr<const SteeringContext> base() const { return contexts_->base(); }

    // The context behind an edge, or nothing when the constraints do not let it be followed.
    std::shared_ptr<const SteeringContext> follow(const TreeEdge& edge, const std::shared_ptr<const SteeringContext>& from);
    bool allows(const Move& move, const SteeringContext& context) const;
    // Whether only edges towards a pinned node may be followed. A pinned node that the tree does not have (it was not
    // restored) cannot be walked to: then rollouts are tried until they pass its state.
    bool confined(const SteeringContext& context) const;

    // What is closed or fully shown: for good where no constraint applies, else until the constraints change.
    bool closed(TreeNodeId node, const SteeringContext& context) const;
    void close(TreeNodeId node, const SteeringContext& context, TreeNode::Flag reason, bool forGood);
    std::uint16_t filled(TreeNodeId node, const SteeringContext& context) const;
    void setFilled(TreeNodeId node, const SteeringContext& context, std::uint16_t kinds);

    // Marks a new node that a constraint names.
    void adopt(TreeNodeId node);
    bool pinned(TreeNodeId node) const;
    std::string whyPruned(TreeNodeId node) const; // for a node that is shown as pruned
    std::size_t memoryBytes() const;

private:
    struct Local
    {
        std::uint16_t filled = 0;
        bool closed = false;
    };

    Expected<void> check(const Constraint& constraint) const;
    std::string textOf(const Constraint& constraint, const std::string& sizeText) const;
    void rebuild();
    void findCorridors();
    void reach(std::vector<bool>& corridor, const std::vector<TreeNodeId>& targets) const;
    // What the constraints make of the way by which a node is shown.
    struct Shown
    {
        SteeringFilter::Position at{};
        bool pruned = false;
        friend bool operator==(const Shown&, const Shown&) = default;
    };
    static constexpr std::uint32_t unseen = UINT32_MAX;
    std::uint32_t shownBehind(const TreeEdge& edge, std::uint32_t above, std::vector<Shown>& shown);
    void markPruned();
    bool inCorridors(TreeNodeId node, std::uint64_t groups) const;
    static std::uint64_t localKey(TreeNodeId node, const SteeringContext& context)
    {
        return std::uint64_t{node.index} << 32 | context.id;
    }

    Tree& tree_;
    Ledger& ledger_;
    DirtySet& dirty_;
    std::vector<ConstraintRecord> records_;
    std::unique_ptr<SteeringContexts> contexts_;
    std::vector<TreeNodeId> referenced_;
    std::vector<std::pair<std::uint64_t, std::vector<bool>>> corridors_; // by the first bit of a group of pinned nodes
    std::unordered_map<std::uint64_t, Local> local_;                     // by node and context
    std::uint64_t epoch_ = 0;
    bool settled_ = true;
};

// The nodes from the root to this one, by the way that found it first; and the numbers of the edges between.
struct CanonicalWay
{
    std::vector<TreeNodeId> nodes;
    std::vector<std::uint32_t> edges;
};
CanonicalWay canonicalWay(const Tree& tree, TreeNodeId node);

} // namespace synoscope
