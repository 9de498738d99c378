// The tree as the view keeps it: an array of nodes with the few numbers from which every position follows.
//
// The layout is by leaves. Every shown leaf takes one row, so a subtree owns a run of `leaves` rows that no other
// subtree touches, and siblings cannot overlap. An inner node stands in the middle between its first and its last
// child. Columns are depths:
//
//     column 0      1       2
//                   +-- c   row 0.5          offset of b in its own run: (0.5 + 1.5) / 2 = 1
//           +-- b --+                        offset of a: (1 + (2 + 0.5)) / 2 = 1.75
//     a ----+       +-- d   row 1.5
//           +------ e       row 2.5
//
// No absolute position is stored: a node knows how many rows its subtree takes (`leaves`) and where it stands inside
// that run (`offset`), and both follow from its first and last child alone. A new node therefore changes only its
// ancestors, one step each; a batch of a thousand nodes in a tree of a million costs a thousand short walks to the
// root, and there is no pass over the whole tree. Painting descends from the root and adds up rows on the way, into
// what is on the screen and larger than a pixel only.
#pragma once

#include "core/base/chunked_array.h"
#include "widgets/tree/tree_node.h"

#include <QHash>
#include <QStringList>

#include <span>
#include <vector>

namespace synoscope {

using TreeNodeId = quint32; // index into the model; 0 is no node

class TreeModel
{
public:
    struct Node
    {
        // 16 bytes: the links, children in the order in which they were found
        TreeNodeId parent = 0, firstChild = 0, lastChild = 0, nextSibling = 0;
        // 20 bytes: the layout
        double offset = 0.5;     // rows from the start of its run
        quint32 leaves = 1;      // rows of its run
        quint32 descendants = 0; // below it, shown or not
        quint16 height = 0;      // shown levels below it
        // flags
        bool present : 1 = false; // a parent that is only known by its id is not
        bool collapsed : 1 = false;
        bool match : 1 = false;      // the search text is in its move
        bool matchBelow : 1 = false; // or in one below it
        // 20 bytes: what it is
        quint8 kind = 0;
        TreeNodeState state = TreeNodeState::open;
        quint32 move = 0; // index into moves_
        quint32 visits = 0;
        float mean = 0;
        float best = 0;
    };
    static_assert(sizeof(Node) == 56, "a million nodes should not take more than 56 MB");

    static constexpr TreeNodeId root = 1;
    static constexpr quint64 maxId = 1u << 28;

    void clear();
    void apply(std::span<const TreeNodeChange> changes);

    bool empty() const { return nodes_.size() <= root || !nodes_[root].present; }
    std::size_t size() const { return count_; } // nodes known, shown or not
    bool contains(quint64 id) const { return id > 0 && id < nodes_.size() && nodes_[id].present; }
    const Node& operator[](TreeNodeId id) const { return nodes_[id]; }
    const QString& move(TreeNodeId id) const { return moves_[static_cast<qsizetype>(nodes_[id].move)]; }
    QString reason(TreeNodeId id) const { return reasons_.value(id); }
    QString candidate(TreeNodeId id) const { return candidates_.value(id); }

    // Where things are.
    bool shown(TreeNodeId id) const; // connected to the root, nothing above it collapsed
    int depth(TreeNodeId id) const;
    double runStart(TreeNodeId id) const; // first row of its run
    double row(TreeNodeId id) const { return runStart(id) + nodes_[id].offset; }
    quint32 rows() const { return empty() ? 0 : nodes_[root].leaves; }
    int columns() const { return empty() ? 0 : nodes_[root].height + 1; }
    TreeNodeId at(int depth, double row) const; // the node whose run covers the row, in that column; 0: none

    // Ways through the shown tree.
    bool hasShownChildren(TreeNodeId id) const { return nodes_[id].firstChild != 0 && !nodes_[id].collapsed; }
    TreeNodeId previousSibling(TreeNodeId id) const;
    std::vector<TreeNodeId> pathFromRoot(TreeNodeId id) const;
    std::vector<TreeNodeId> bestPath() const; // by the best reward below, pruned ones left out, down to a leaf
    TreeNodeId neighbour(TreeNodeId id, int rows) const; // the nearest above or below in the same column

    void setCollapsed(TreeNodeId id, bool collapsed);
    void collapseBelow(int depth); // shows `depth` levels below the root; all with a large number
    void reveal(TreeNodeId id);    // expands what is above it

    // Search: case-insensitive, in the moves.
    void setSearch(const QString& text);
    const QString& search() const { return search_; }
    std::size_t matches() const { return matches_; }
    TreeNodeId nextMatch(TreeNodeId from, bool forward) const; // in the order of ids, around the end; 0: none

    // For the colours: the largest values in the tree.
    double largestMean() const { return largestMean_; }
    quint32 largestVisits() const { return empty() ? 0 : nodes_[root].visits; }

private:
    quint32 intern(const QString& move);
    void update(const TreeNodeChange& change);
    void attach(TreeNodeId child, TreeNodeId parent);
    void place(Node& node) const;  // offset from its first and last child
    void remeasure(TreeNodeId id); // leaves, height and offset from all children
    void remeasureUpwards(TreeNodeId id);
    std::vector<TreeNodeId> parentsFirst() const;
    void markMatch(TreeNodeId id);
    void rescale();

    ChunkedArray<Node> nodes_;
    std::size_t count_ = 0;
    bool idsGrowDownwards_ = true; // no node came before its parent
    QStringList moves_;
    QHash<QString, quint32> moveIds_;
    QHash<TreeNodeId, QString> reasons_;
    QHash<TreeNodeId, QString> candidates_;
    QString search_;
    std::vector<bool> moveMatches_; // by move
    std::size_t matches_ = 0;
    double largestMean_ = 0;
    std::size_t changesSinceScale_ = 0;
};

} // namespace synoscope
