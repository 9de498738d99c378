#include "widgets/tree/tree_model.h"

#include <algorithm>

namespace synoscope {

void TreeModel::clear()
{
    const QString search = search_;
    *this = TreeModel();
    search_ = search;
}

void TreeModel::apply(std::span<const TreeNodeChange> changes)
{
    quint64 largest = 0;
    for (const TreeNodeChange& change : changes)
        for (const quint64 id : {change.id, change.parent})
            if (id < maxId)
                largest = std::max(largest, id);
    nodes_.grow(largest + 1);
    for (const TreeNodeChange& change : changes)
        if (change.id > 0 && change.id < maxId && change.parent < maxId && change.id != change.parent)
            update(change);
    changesSinceScale_ += changes.size();
    if (changesSinceScale_ * 8 >= count_)
        rescale();
}

// A scan of everything, but only after changes to an eighth of it: constant work for each change.
void TreeModel::rescale()
{
    changesSinceScale_ = 0;
    float largest = 0;
    for (std::size_t id = root; id < nodes_.size(); ++id)
        if (const Node& node = nodes_[id]; node.present && node.state != TreeNodeState::pruned)
            largest = std::max(largest, node.mean);
    largestMean_ = static_cast<double>(largest);
}

quint32 TreeModel::intern(const QString& move)
{
    const auto known = moveIds_.constFind(move);
    if (known != moveIds_.cend())
        return *known;
    const auto id = static_cast<quint32>(moves_.size());
    moves_.append(move);
    moveIds_.insert(move, id);
    moveMatches_.push_back(!search_.isEmpty() && move.contains(search_, Qt::CaseInsensitive));
    return id;
}

void TreeModel::update(const TreeNodeChange& change)
{
    const auto id = static_cast<TreeNodeId>(change.id);
    Node& node = nodes_[id];
    const bool isNew = !node.present;
    node.present = true;
    node.kind = static_cast<quint8>(change.kind);
    node.visits = change.visits;
    node.mean = static_cast<float>(change.mean);
    node.best = static_cast<float>(change.best);
    node.state = change.state;
    if (!change.move.isEmpty() || isNew)
        node.move = intern(change.move);
    if (!change.reason.isEmpty())
        reasons_.insert(id, change.reason);
    else if (change.state == TreeNodeState::open || change.state == TreeNodeState::pinned)
        reasons_.remove(id); // it was lifted
    if (!change.candidate.isEmpty())
        candidates_.insert(id, change.candidate);
    if (!isNew)
        return;
    ++count_;
    if (change.parent != 0)
        attach(id, static_cast<TreeNodeId>(change.parent));
    if (moveMatches_[node.move])
        markMatch(id);
}

void TreeModel::attach(TreeNodeId child, TreeNodeId parent)
{
    // A circle would be followed for ever; it can only come from a broken sender.
    for (TreeNodeId up = parent; up != 0; up = nodes_[up].parent)
        if (up == child)
            return;
    idsGrowDownwards_ = idsGrowDownwards_ && parent < child;
    nodes_[child].parent = parent;
    Node& above = nodes_[parent];
    quint32 added = nodes_[child].leaves; // rows that the ancestors gain
    if (above.firstChild == 0) {
        above.firstChild = child;
        added -= 1; // the parent's own row, as a leaf
    } else {
        nodes_[above.lastChild].nextSibling = child;
    }
    above.lastChild = child;

    const quint32 more = nodes_[child].descendants + 1;
    quint32 height = nodes_[child].height;
    bool visible = true; // nothing between here and the child is collapsed
    const bool matched = nodes_[child].matchBelow || nodes_[child].match;
    for (TreeNodeId up = parent; up != 0; up = nodes_[up].parent) {
        Node& node = nodes_[up];
        node.descendants += more;
        node.matchBelow = node.matchBelow || matched;
        visible = visible && !node.collapsed;
        if (!visible)
            continue;
        node.leaves += added;
        node.height = std::max(node.height, static_cast<quint16>(++height));
        place(node);
    }
}

void TreeModel::place(Node& node) const
{
    const Node& first = nodes_[node.firstChild];
    const Node& last = nodes_[node.lastChild];
    node.offset = (first.offset + (node.leaves - last.leaves) + last.offset) / 2;
}

void TreeModel::remeasure(TreeNodeId id)
{
    Node& node = nodes_[id];
    node.leaves = 1;
    node.height = 0;
    node.offset = 0.5;
    if (!hasShownChildren(id))
        return;
    node.leaves = 0;
    for (TreeNodeId child = node.firstChild; child != 0; child = nodes_[child].nextSibling) {
        node.leaves += nodes_[child].leaves;
        node.height = std::max<quint16>(node.height, nodes_[child].height + 1);
    }
    place(node);
}

void TreeModel::remeasureUpwards(TreeNodeId id)
{
    for (; id != 0; id = nodes_[id].parent)
        remeasure(id);
}

void TreeModel::setCollapsed(TreeNodeId id, bool collapsed)
{
    if (nodes_[id].collapsed == collapsed || nodes_[id].firstChild == 0)
        return;
    nodes_[id].collapsed = collapsed;
    remeasureUpwards(id);
}

void TreeModel::reveal(TreeNodeId id)
{
    for (TreeNodeId up = nodes_[id].parent; up != 0; up = nodes_[up].parent)
        setCollapsed(up, false);
}

void TreeModel::collapseBelow(int depth)
{
    if (empty())
        return;
    const std::vector<TreeNodeId> order = parentsFirst();
    std::vector<int> level(nodes_.size(), 0);
    for (const TreeNodeId id : order) {
        Node& node = nodes_[id];
        level[id] = node.parent == 0 ? 0 : level[node.parent] + 1;
        node.collapsed = level[id] >= depth && node.firstChild != 0;
        node.leaves = hasShownChildren(id) ? 0 : 1;
        node.height = 0;
        node.offset = 0.5;
    }
    for (auto it = order.rbegin(); it != order.rend(); ++it) {
        Node& node = nodes_[*it];
        if (hasShownChildren(*it))
            place(node);
        if (node.parent == 0 || nodes_[node.parent].collapsed)
            continue;
        Node& above = nodes_[node.parent];
        above.leaves += node.leaves;
        above.height = std::max<quint16>(above.height, node.height + 1);
    }
}

// All nodes, each after its parent. Mostly that is the order of ids, which is also the order in memory.
std::vector<TreeNodeId> TreeModel::parentsFirst() const
{
    std::vector<TreeNodeId> order;
    order.reserve(nodes_.size());
    if (idsGrowDownwards_) {
        for (TreeNodeId id = root; id < nodes_.size(); ++id)
            order.push_back(id);
        return order;
    }
    for (TreeNodeId id = root; id < nodes_.size(); ++id)
        if (nodes_[id].parent == 0)
            order.push_back(id);
    for (std::size_t i = 0; i < order.size(); ++i)
        for (TreeNodeId child = nodes_[order[i]].firstChild; child != 0; child = nodes_[child].nextSibling)
            order.push_back(child);
    return order;
}

void TreeModel::setSearch(const QString& text)
{
    search_ = text;
    matches_ = 0;
    for (qsizetype i = 0; i < moves_.size(); ++i)
        moveMatches_[static_cast<std::size_t>(i)] = !text.isEmpty() && moves_[i].contains(text, Qt::CaseInsensitive);
    for (std::size_t id = root; id < nodes_.size(); ++id)
        nodes_[id].match = nodes_[id].matchBelow = false;
    if (text.isEmpty())
        return;
    for (TreeNodeId id = root; id < nodes_.size(); ++id)
        if (nodes_[id].present && moveMatches_[nodes_[id].move])
            markMatch(id);
}

// Upwards until somebody else has marked the way: linear in the tree for all matches together.
void TreeModel::markMatch(TreeNodeId id)
{
    nodes_[id].match = true;
    ++matches_;
    for (TreeNodeId up = nodes_[id].parent; up != 0 && !nodes_[up].matchBelow; up = nodes_[up].parent)
        nodes_[up].matchBelow = true;
}

} // namespace synoscope
