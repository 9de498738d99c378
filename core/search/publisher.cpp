#include "core/search/publisher.h"

#include <algorithm>
#include <unordered_set>

namespace synoscope {

TreeBatch Publisher::drain(std::size_t most)
{
    const std::lock_guard reader(mutex_);
    TreeBatch batch;
    std::vector<bool> isNew;
    links_.clear();
    {
        const std::lock_guard lock(state_.mutex);
        batch.epoch = state_.epoch;
        std::unordered_set<std::uint32_t> taken;
        for (const TreeNodeId id : state_.dirty.take(most))
            for (const TreeNodeId next : unpublishedAbove(id)) {
                if (!taken.insert(next.index).second)
                    continue;
                isNew.push_back(!state_.tree[next].has(TreeNode::published));
                state_.tree[next].set(TreeNode::published);
                batch.nodes.push_back(changeOf(next));
                if (isNew.back())
                    collectLink(next);
            }
    }
    std::unordered_map<std::uint32_t, const Link*> byNode;
    for (const Link& link : links_) {
        byNode.emplace(link.node.index, &link);
        if (known(link.node))
            continue;
        if (link.node.index >= states_.size())
            states_.resize(std::max<std::size_t>(link.node.index + 1, 2 * states_.size()));
        if (known(link.parent)) // or a damaged log has led here
            states_[link.node.index] = space_->apply(states_[link.parent.index], link.move);
    }
    for (std::size_t i = 0; i < batch.nodes.size(); ++i)
        if (const auto found = byNode.find(nodeOf(batch.nodes[i].id).index);
            isNew[i] && found != byNode.end() && known(nodeOf(batch.nodes[i].id)))
            batch.nodes[i].move = space_->describe(states_[found->second->parent.index], found->second->move);
    return batch;
}

// The node, preceded by its ancestors that no batch has shown yet: a reader never meets a node before its parent.
std::vector<TreeNodeId> Publisher::unpublishedAbove(TreeNodeId id) const
{
    std::vector<TreeNodeId> nodes{id};
    while (id != Tree::root() && !state_.tree[state_.tree[id].parent].has(TreeNode::published))
        nodes.push_back(id = state_.tree[id].parent);
    std::reverse(nodes.begin(), nodes.end());
    return nodes;
}

NodeChange Publisher::changeOf(TreeNodeId id)
{
    const TreeNode& node = state_.tree[id];
    NodeChange change;
    change.id = publicId(id);
    change.parent = publicId(node.parent);
    if (node.parent.valid()) {
        const auto edges = state_.tree.edges(node.parent);
        const auto edge = std::find_if(edges.begin(), edges.end(), [&](const TreeEdge& e) { return e.child == id; });
        if (edge != edges.end())
            change.kind = edge->kind;
    }
    change.visits = node.visits;
    change.mean = meanOf(node.sum, node.visits);
    change.best = node.visits > 0 ? node.best.value() : 0;
    if (node.candidate != CandidateTable::none) {
        change.candidate = state_.candidates[node.candidate].hash;
        change.reason = state_.candidates[node.candidate].reason; // why it failed, if it did
    }
    if (node.has(TreeNode::pruned)) {
        change.state = NodeState::pruned;
        change.reason = state_.steering.whyPruned(id);
    } else if (state_.steering.pinned(id)) {
        change.state = NodeState::pinned;
    } else if (node.has(TreeNode::final)) {
        change.state = NodeState::final;
    } else if (node.has(TreeNode::dead)) {
        change.state = NodeState::closed;
        change.reason = "no operator lies below";
    } else if (node.has(TreeNode::exhausted)) {
        change.state = NodeState::exhausted;
        change.reason = "every operator below was found";
    }
    return change;
}

// How a new node hangs on its parent, whose state this reader has: parents are published first.
void Publisher::collectLink(TreeNodeId id)
{
    if (states_.empty())
        states_.push_back(space_->root());
    if (id == Tree::root())
        return;
    const TreeNodeId parent = state_.tree[id].parent;
    const auto edges = state_.tree.edges(parent);
    const auto edge = std::find_if(edges.begin(), edges.end(), [&](const TreeEdge& e) { return e.child == id; });
    links_.push_back({id, parent, state_.steps[edge->step]});
}

void Publisher::republish()
{
    const std::lock_guard reader(mutex_);
    const std::lock_guard lock(state_.mutex);
    ++state_.epoch;
    for (std::size_t i = 0; i < state_.tree.end(); ++i)
        if (const TreeNodeId id(i); state_.tree.exists(id)) {
            state_.tree[id].set(TreeNode::published, false);
            state_.dirty.touch(id);
        }
}

} // namespace synoscope
