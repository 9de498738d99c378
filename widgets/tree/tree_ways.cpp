// TreeModel's questions: where a node is, and what lies beside it.
#include "widgets/tree/tree_model.h"

#include <algorithm>
#include <cmath>

namespace synoscope {

bool TreeModel::shown(TreeNodeId id) const
{
    if (!contains(id))
        return false;
    for (; id != root; id = nodes_[id].parent) {
        const TreeNodeId parent = nodes_[id].parent;
        if (parent == 0 || !nodes_[parent].present || nodes_[parent].collapsed)
            return false;
    }
    return true;
}

int TreeModel::depth(TreeNodeId id) const
{
    int depth = 0;
    for (id = nodes_[id].parent; id != 0; id = nodes_[id].parent)
        ++depth;
    return depth;
}

double TreeModel::runStart(TreeNodeId id) const
{
    double start = 0;
    for (; nodes_[id].parent != 0; id = nodes_[id].parent)
        for (TreeNodeId child = nodes_[nodes_[id].parent].firstChild; child != id; child = nodes_[child].nextSibling)
            start += nodes_[child].leaves;
    return start;
}

TreeNodeId TreeModel::at(int depth, double row) const
{
    if (empty() || depth < 0 || row < 0 || row >= rows())
        return 0;
    TreeNodeId id = root;
    double start = 0;
    for (int level = 0; level < depth; ++level) {
        if (!hasShownChildren(id))
            return 0;
        id = nodes_[id].firstChild;
        while (row >= start + nodes_[id].leaves && nodes_[id].nextSibling != 0) {
            start += nodes_[id].leaves;
            id = nodes_[id].nextSibling;
        }
    }
    return id;
}

TreeNodeId TreeModel::previousSibling(TreeNodeId id) const
{
    const TreeNodeId parent = nodes_[id].parent;
    if (parent == 0 || nodes_[parent].firstChild == id)
        return 0;
    TreeNodeId before = nodes_[parent].firstChild;
    while (nodes_[before].nextSibling != id)
        before = nodes_[before].nextSibling;
    return before;
}

std::vector<TreeNodeId> TreeModel::pathFromRoot(TreeNodeId id) const
{
    std::vector<TreeNodeId> path;
    for (; id != 0; id = nodes_[id].parent)
        path.push_back(id);
    std::reverse(path.begin(), path.end());
    return path;
}

std::vector<TreeNodeId> TreeModel::bestPath() const
{
    std::vector<TreeNodeId> path;
    if (empty())
        return path;
    for (TreeNodeId id = root; id != 0;) {
        path.push_back(id);
        TreeNodeId best = 0;
        for (TreeNodeId child = nodes_[id].firstChild; child != 0; child = nodes_[child].nextSibling) {
            const Node& node = nodes_[child];
            if (node.state == TreeNodeState::pruned || node.visits == 0)
                continue;
            const auto value = [this](TreeNodeId n) { return std::pair(nodes_[n].best, nodes_[n].visits); };
            if (best == 0 || value(child) > value(best))
                best = child;
        }
        id = best;
    }
    return path;
}

TreeNodeId TreeModel::neighbour(TreeNodeId id, int rows) const
{
    // Beside the own run; where nothing is so deep there, further on.
    const int column = depth(id);
    double row = rows > 0 ? runStart(id) + nodes_[id].leaves : runStart(id) - 1;
    while (row >= 0 && row < this->rows()) {
        if (const TreeNodeId found = at(column, row); found != 0)
            return found;
        // Skip the whole run of the deepest node there.
        int level = column - 1;
        TreeNodeId covering = 0;
        while (covering == 0)
            covering = at(level--, row);
        row = rows > 0 ? runStart(covering) + nodes_[covering].leaves : runStart(covering) - 1;
    }
    return 0;
}

TreeNodeId TreeModel::nextMatch(TreeNodeId from, bool forward) const
{
    if (matches_ == 0)
        return 0;
    const auto n = static_cast<TreeNodeId>(nodes_.size());
    const TreeNodeId step = forward ? 1 : n - 1;
    TreeNodeId id = from;
    for (TreeNodeId i = 0; i < n; ++i) {
        id = static_cast<TreeNodeId>((quint64(id) + step) % n);
        if (nodes_[id].match && !pathFromRoot(id).empty() && pathFromRoot(id).front() == root)
            return id;
    }
    return 0;
}

} // namespace synoscope
