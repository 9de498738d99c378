#include "core/search/steering_desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace synoscope {

SteeringDesk::SteeringDesk(Tree& tree, Ledger& ledger, DirtySet& dirty)
    : tree_(tree), ledger_(ledger), dirty_(dirty),
      contexts_(std::make_unique<SteeringContexts>(std::make_shared<const SteeringFilter>()))
{}

Expected<void> SteeringDesk::check(const Constraint& c) const
{
    const bool node = c.predicate.what == Predicate::What::node;
    for (const std::uint64_t id : {c.scope, node ? c.predicate.node : 0})
        if (id != 0 && !tree_.exists(nodeOf(id)))
            return Error{fmt::format("The search tree has no node #{}.", id)};
    if (node && c.predicate.node <= 1)
        return Error{"The root cannot be pruned or pinned: expected another node."};
    int inForce = 0;
    for (const ConstraintRecord& record : records_) {
        if (record.active && record.constraint == c)
            return Error{fmt::format("'{}' is already in force.", record.text)};
        inForce += record.active;
    }
    if (inForce >= SteeringFilter::maxConstraints)
        return Error{fmt::format("At most {} constraints can be in force at once.", SteeringFilter::maxConstraints)};
    return {};
}

std::string SteeringDesk::textOf(const Constraint& c, const std::string& sizeText) const
{
    std::string text = c.action == SteeringAction::prune ? "prune " : "pin ";
    if (c.predicate.what == Predicate::What::node)
        text += fmt::format("#{}", c.predicate.node);
    else
        text += toString(c.predicate.kind);
    if (c.predicate.what == Predicate::What::kindWithSize)
        text += " " + sizeText;
    if (c.scope > 1)
        text += fmt::format(" below #{}", c.scope);
    return text;
}

Expected<std::uint64_t> SteeringDesk::set(const Constraint& constraint, const std::string& sizeText)
{
    Constraint c = constraint;
    c.scope = c.scope <= 1 ? 0 : c.scope;
    if (auto checked = check(c); !checked)
        return checked.error();
    ConstraintRecord record;
    record.id = records_.empty() ? 1 : records_.back().id + 1;
    record.constraint = c;
    record.scopeKey = c.scope == 0 ? 0 : tree_[nodeOf(c.scope)].key;
    record.nodeKey = c.predicate.what == Predicate::What::node ? tree_[nodeOf(c.predicate.node)].key : 0;
    record.text = textOf(c, sizeText);
    record.setAt = ledger_.iterations().size();
    records_.push_back(std::move(record));
    rebuild();
    return records_.back().id;
}

Expected<void> SteeringDesk::lift(std::uint64_t id)
{
    const auto record = std::ranges::find(records_, id, &ConstraintRecord::id);
    if (record == records_.end())
        return Error{fmt::format("There is no constraint {}.", id)};
    if (!record->active)
        return Error{fmt::format("'{}' was lifted before.", record->text)};
    record->active = false;
    record->liftedAt = ledger_.iterations().size();
    rebuild();
    return {};
}

Expected<void> SteeringDesk::restore(std::vector<ConstraintRecord> records)
{
    std::uint64_t last = 0;
    for (const ConstraintRecord& record : records)
        if (record.id <= std::exchange(last, record.id))
            return Error{"The constraints of the stored search are out of order."};
    if (std::ranges::count(records, true, &ConstraintRecord::active) > SteeringFilter::maxConstraints)
        return Error{fmt::format("At most {} constraints can be in force at once.", SteeringFilter::maxConstraints)};
    records_ = std::move(records);
    rebuild();
    while (!settle()) {
    }
    return {};
}

void SteeringDesk::rebuild()
{
    ++epoch_;
    local_.clear();
    std::vector<ConstraintRecord> inForce;
    std::copy_if(records_.begin(), records_.end(), std::back_inserter(inForce), [](const auto& r) { return r.active; });
    contexts_ = std::make_unique<SteeringContexts>(std::make_shared<const SteeringFilter>(inForce));

    for (const TreeNodeId id : referenced_) {
        tree_[id].set(TreeNode::referenced, false);
        dirty_.touch(id);
    }
    referenced_.clear();
    for (const ConstraintRecord& record : inForce) {
        const bool names = record.constraint.predicate.what == Predicate::What::node;
        if (record.constraint.scope != 0)
            adopt(tree_.find(record.scopeKey));
        if (names)
            adopt(tree_.find(record.nodeKey));
    }
    ledger_.refilter(sharedFilter(), referenced_);
    findCorridors();
    settled_ = false;
}

bool SteeringDesk::settle()
{
    if (settled_)
        return true;
    if (!ledger_.settle())
        return false;
    markPruned();
    return settled_ = true;
}

void SteeringDesk::adopt(TreeNodeId node)
{
    if (!node.valid() || tree_[node].has(TreeNode::referenced) || !filter().refersTo(tree_[node].key))
        return;
    tree_[node].set(TreeNode::referenced);
    referenced_.push_back(node);
    dirty_.touch(node);
}

std::shared_ptr<const SteeringContext> SteeringDesk::follow(const TreeEdge& edge,
                                                            const std::shared_ptr<const SteeringContext>& from)
{
    if (from->id == 0)
        return from;
    const SteeringFilter& rules = filter();
    SteeringFilter::Position at = from->position;
    std::uint64_t closing = rules.take(at, ledger_.movesRules(edge.step));
    at.met = from->position.met;
    const TreeNode& child = tree_[edge.child];
    if (child.has(TreeNode::referenced))
        closing |= rules.enter(at, child.key);
    if (closing != 0)
        return nullptr;
    auto behind = at == from->position ? from : contexts_->at(at);
    return inCorridors(edge.child, behind->missingNodes) ? behind : nullptr;
}

bool SteeringDesk::allows(const Move& move, const SteeringContext& context) const
{
    SteeringFilter::Position at = context.position;
    return filter().empty() || filter().take(at, filter().rulesOf(move)) == 0;
}

bool SteeringDesk::confined(const SteeringContext& context) const
{
    return std::any_of(corridors_.begin(), corridors_.end(),
                       [&](const auto& corridor) { return (context.missingNodes & corridor.first) != 0; });
}

bool SteeringDesk::inCorridors(TreeNodeId node, std::uint64_t groups) const
{
    for (const auto& [bit, corridor] : corridors_)
        if ((groups & bit) != 0 && (node.index >= corridor.size() || !corridor[node.index]))
            return false;
    return true;
}

bool SteeringDesk::closed(TreeNodeId node, const SteeringContext& context) const
{
    if (tree_[node].closed())
        return true;
    if (context.id == 0)
        return false;
    const auto found = local_.find(localKey(node, context));
    return found != local_.end() && found->second.closed;
}

void SteeringDesk::close(TreeNodeId node, const SteeringContext& context, TreeNode::Flag reason, bool forGood)
{
    if (context.id == 0 || forGood)
        tree_[node].set(reason);
    else
        local_[localKey(node, context)].closed = true;
    dirty_.touch(node);
}

std::uint16_t SteeringDesk::filled(TreeNodeId node, const SteeringContext& context) const
{
    if (context.id == 0)
        return tree_[node].filled;
    const auto found = local_.find(localKey(node, context));
    return found == local_.end() ? 0 : found->second.filled;
}

void SteeringDesk::setFilled(TreeNodeId node, const SteeringContext& context, std::uint16_t kinds)
{
    if (context.id == 0)
        tree_[node].filled = kinds;
    else
        local_[localKey(node, context)].filled = kinds;
}

// The corridor of a group of pinned nodes: the nodes from which an edge leads towards one of them, and they themselves.
void SteeringDesk::findCorridors()
{
    corridors_.clear();
    const auto rules = filter().rules();
    for (std::uint64_t left = filter().nodePins(); left != 0;) {
        const std::uint64_t first = left & -left;
        const std::uint64_t group = rules[static_cast<std::size_t>(std::countr_zero(first))].group;
        std::vector<TreeNodeId> targets;
        for (std::uint64_t bits = group; bits != 0; bits &= bits - 1)
            if (const TreeNodeId node = tree_.find(rules[static_cast<std::size_t>(std::countr_zero(bits))].nodeKey);
                node.valid())
                targets.push_back(node);
        if (!targets.empty())
            reach(corridors_.emplace_back(first, std::vector<bool>(tree_.end())).second, targets);
        left &= ~group;
    }
}

// Towards the targets, against the edges, which only their parents know. Nearly all parents are older than their
// children, so one sweep from the youngest node to the oldest reaches nearly all. Where a parent is the younger one, and
// its child turned out to lead there, another sweep begins at the parent.
void SteeringDesk::reach(std::vector<bool>& corridor, const std::vector<TreeNodeId>& targets) const
{
    int deepest = 0; // that can lead to a target: states have as many moves on all ways, and operators differ
    for (const TreeNodeId target : targets) {
        corridor[target.index] = true;
        deepest = std::max(deepest, tree_[target].has(TreeNode::final) ? UINT8_MAX : tree_[target].depth - 1);
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> younger; // parent, child
    for (std::size_t from = tree_.end(); from > 0;) {
        younger.clear();
        for (std::size_t i = from; i-- > 0;) {
            if (corridor[i] || tree_[TreeNodeId(i)].depth > deepest)
                continue;
            for (const TreeEdge& edge : tree_.edges(TreeNodeId(i))) {
                if (corridor[edge.child.index]) {
                    corridor[i] = true;
                    break;
                }
                if (edge.child.index < i)
                    younger.emplace_back(static_cast<std::uint32_t>(i), edge.child.index);
            }
        }
        from = 0;
        for (const auto& [parent, child] : younger)
            if (corridor[child] && !corridor[parent])
                from = std::max<std::size_t>(from, parent + std::size_t{1});
    }
}

// A node is shown as pruned when the way by which it is shown is closed before its end, or leads past the pinned nodes.
// Parents before children: in the order of age, but for nodes that took a hole's place, whose parents may be younger.
void SteeringDesk::markPruned()
{
    std::vector<Shown> shown{{filter().start(), false}}; // the few that differ
    std::vector<std::uint32_t> of(tree_.end(), filter().empty() ? 0 : unseen);
    of[Tree::root().index] = 0;
    std::vector<TreeNodeId> late; // whose turn was before their parents'
    for (std::size_t i = 0; i < tree_.end() && !filter().empty(); ++i) {
        if (of[i] == unseen)
            continue;
        for (late.push_back(TreeNodeId(i)); !late.empty();) {
            const TreeNodeId parent = late.back();
            late.pop_back();
            for (const TreeEdge& edge : tree_.edges(parent)) {
                if (of[edge.child.index] != unseen || tree_[edge.child].parent != parent)
                    continue;
                of[edge.child.index] = shownBehind(edge, of[parent.index], shown);
                if (edge.child.index < i)
                    late.push_back(edge.child);
            }
        }
    }
    for (std::size_t i = 0; i < tree_.end(); ++i) {
        TreeNode& node = tree_[TreeNodeId(i)];
        node.barren = 0;
        const bool pruned = of[i] != unseen && shown[of[i]].pruned;
        if (node.has(TreeNode::pruned) != pruned) {
            node.set(TreeNode::pruned, pruned);
            dirty_.touch(TreeNodeId(i));
        }
    }
}

// How the node behind an edge is shown, as a number among those there are.
std::uint32_t SteeringDesk::shownBehind(const TreeEdge& edge, std::uint32_t above, std::vector<Shown>& shown)
{
    const std::uint64_t moveRules = ledger_.movesRules(edge.step);
    const TreeNode& child = tree_[edge.child];
    const bool referenced = child.has(TreeNode::referenced);
    Shown next = shown[above];
    if (next.pruned || (moveRules == 0 && !referenced && corridors_.empty()))
        return above; // what lies below a pruned node is pruned, wherever it leads
    std::uint64_t closing = filter().take(next.at, moveRules);
    if (referenced)
        closing |= filter().enter(next.at, child.key);
    next.pruned = closing != 0 || !inCorridors(edge.child, filter().missingNodes(next.at));
    if (next == shown[above])
        return above;
    if (next.pruned)
        next.at = {};
    const auto known = static_cast<std::uint32_t>(std::find(shown.begin(), shown.end(), next) - shown.begin());
    if (known == shown.size())
        shown.push_back(next);
    return known;
}

bool SteeringDesk::pinned(TreeNodeId node) const
{
    if (!tree_[node].has(TreeNode::referenced))
        return false;
    return std::any_of(filter().rules().begin(), filter().rules().end(), [&](const SteeringFilter::Rule& rule) {
        return rule.action == SteeringAction::pin && rule.predicate.what == Predicate::What::node &&
               rule.nodeKey == tree_[node].key;
    });
}

std::string SteeringDesk::whyPruned(TreeNodeId node) const
{
    if (tree_[node].parent.valid() && tree_[tree_[node].parent].has(TreeNode::pruned))
        return "below a pruned node";
    const CanonicalWay way = canonicalWay(tree_, node);
    SteeringFilter::Position at = filter().start();
    for (std::size_t i = 0; i < way.edges.size(); ++i) {
        const TreeEdge& edge = tree_.edges(way.nodes[i])[way.edges[i]];
        std::uint64_t closing = filter().take(at, ledger_.movesRules(edge.step));
        if (tree_[edge.child].has(TreeNode::referenced))
            closing |= filter().enter(at, tree_[edge.child].key);
        if (closing != 0)
            return std::ranges::find(records_, filter().constraintOf(closing), &ConstraintRecord::id)->text;
    }
    return "outside the pinned subtrees";
}

std::size_t SteeringDesk::memoryBytes() const
{
    std::size_t bytes = local_.size() * 48;
    for (const auto& corridor : corridors_)
        bytes += corridor.second.capacity() / 8;
    return bytes;
}

CanonicalWay canonicalWay(const Tree& tree, TreeNodeId node)
{
    CanonicalWay way;
    way.nodes.push_back(node);
    while (node != Tree::root()) {
        const TreeNodeId parent = tree[node].parent;
        const auto edges = tree.edges(parent);
        const auto edge = std::find_if(edges.begin(), edges.end(), [&](const TreeEdge& e) { return e.child == node; });
        way.edges.push_back(static_cast<std::uint32_t>(edge - edges.begin()));
        way.nodes.push_back(parent);
        node = parent;
    }
    std::reverse(way.nodes.begin(), way.nodes.end());
    std::reverse(way.edges.begin(), way.edges.end());
    return way;
}

} // namespace synoscope
