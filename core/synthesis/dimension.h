// Dimensions of partial pGraphs: hash-consed nodes in an arena, operands before users (DESIGN 2.1).
//
// A node is named after what stands directly below it, as synthesis builds bottom-up: a `split` node is the top of a
// Split, `mergeGroup` and `mergeBlock` are the two tops of a Merge. Facts that rules ask for are kept in the node.
#pragma once

#include "core/synthesis/size_table.h"

#include <span>

namespace synoscope {

using NodeId = Id<struct NodeTag>;

enum class NodeKind : std::uint8_t
{
    iterator,   // an axis of the output (amount: its position)
    reduce,     // a reduction (amount: which of the equal ones)
    shift,      // a shifted by amount
    stride,     // a, steps of parameter
    split,      // a * |b| + b
    unfold,     // a + b - floor(|b|/2)
    mergeGroup, // a / parameter
    mergeBlock, // a % parameter
    share,      // a, multiplied with an axis of weight number amount
};

// What a dimension touches on its sides when reshapes are seen as cuts and joints of one line of elements: two
// dimensions whose facing edges are the same cut would only be glued together again (PAPER (ii) 2).
using EdgeId = std::uint32_t;
inline constexpr EdgeId freshEdge = 0;  // touches nothing known
inline constexpr EdgeId reduceEdge = 1; // a sum: all sums touch one another; others: the node of the Merge, plus 2

struct Node
{
    // 16 bytes: what it is
    NodeId a{};
    NodeId b{};
    SizeId size{};
    std::int32_t amount = 0;
    // 16 bytes: identity and parameter
    std::uint64_t hash = 0; // structural; equal in every thread and run
    SizeId parameter{};
    EdgeId leftEdge = freshEdge;
    // the rest: facts
    EdgeId rightEdge = freshEdge;
    NodeId unorderedScope{}; // the unordered output axis (or reduction) it comes from, by reshapes alone
    SizeId pooled{};         // product of the reductions below that have met no weight
    NodeKind kind = NodeKind::iterator;
    std::uint8_t tags = 0;     // bit per weight whose Share is below
    std::uint8_t height = 0;   // longest chain of primitives below
    bool discards : 1 = false; // a Stride is below that no window has absorbed
    bool onlySums : 1 = false; // every iterator below is a reduction
};
static_assert(sizeof(Node) <= 56);

class NodeArena
{
public:
    explicit NodeArena(SizeTable& sizes) : sizes_(sizes) {}

    const Node& operator[](NodeId id) const { return nodes_[id.index]; }
    std::size_t size() const { return nodes_.size(); }
    std::size_t memoryBytes() const { return nodes_.capacity() * sizeof(Node) + ids_.size() * 40; }

    NodeId iterator(int position, SizeId size, bool unordered);
    NodeId reduce(int multiplicity, SizeId size);
    NodeId shift(NodeId a, int amount);
    NodeId stride(NodeId a, SizeId step);
    NodeId split(NodeId group, NodeId block);
    NodeId unfold(NodeId a, NodeId window);
    NodeId mergeGroup(NodeId a, SizeId block);
    NodeId mergeBlock(NodeId a, SizeId block);
    NodeId share(NodeId a, int weight);

    // What is below the Shares, if any: the node whose coordinate it has.
    NodeId belowShares(NodeId id) const;

private:
    NodeId intern(Node node);
    Node above(NodeKind kind, NodeId a, SizeId size) const;

    SizeTable& sizes_;
    std::vector<Node> nodes_;
    std::unordered_map<std::uint64_t, NodeId> ids_; // by hash: 64 bits, collisions are checked in intern
};

} // namespace synoscope
