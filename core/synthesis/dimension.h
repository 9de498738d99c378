// Dimensions of partial pGraphs: hash-consed nodes in an arena, operands before users (DESIGN 2.1).
//
// A node is named after what stands directly below it, as synthesis builds bottom-up: a `split` node is the top of a
// Split, `mergeGroup` and `mergeBlock` are the two tops of a Merge. Facts that rules ask for are kept in the node, so
// that none is computed twice; a node can be drawn up without being kept, to ask whether a move would be legal.
#pragma once

#include "core/synthesis/form.h"

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

struct Node
{
    // What it is.
    NodeId a{};
    NodeId b{};
    SizeId size{};
    SizeId parameter{};
    std::int32_t amount = 0;
    // What it reads, and how it is written (equal in every thread and run): set when the node is kept.
    FormId form{};
    // Facts.
    NodeId unorderedScope{}; // the unordered output axis it comes from, by reshapes alone
    SizeId pooled{};         // product of the reductions below that have met no weight
    NodeKind kind = NodeKind::iterator;
    NodeKind base = NodeKind::iterator; // kind of the node below its Shares
    std::uint8_t tags = 0;              // bit per weight whose Share is below
    std::uint8_t height = 0;            // longest chain of primitives below
    bool discards = false;              // a Stride is below that no window has absorbed
    bool onlySums = false;              // every iterator below is a reduction
    std::uint16_t flags = 0;            // as the shape distance sees it (DistanceItem::Flag); set when the node is kept
    std::uint64_t hash = 0;             // see form
};
static_assert(sizeof(Node) <= 48);

class NodeArena
{
public:
    NodeArena(SizeTable& sizes, const Problem& problem) : forms(sizes, axisImages(problem)), sizes_(sizes) {}

    const Node& operator[](NodeId id) const { return nodes_[id.index]; }
    std::size_t size() const { return nodes_.size(); }
    std::size_t memoryBytes() const
    {
        return nodes_.capacity() * sizeof(Node) + ids_.memoryBytes() + forms.memoryBytes();
    }

    // Drawn up only: without form and flags.
    Node iterator(int position, SizeId size) const;
    Node reduce(int multiplicity, SizeId size) const;
    Node shift(NodeId a, int amount) const;
    Node stride(NodeId a, SizeId step) const;
    Node split(NodeId group, NodeId block) const;
    Node unfold(NodeId a, NodeId window) const;
    Node mergeGroup(NodeId a, SizeId block) const;
    Node mergeBlock(NodeId a, SizeId block) const;
    Node share(NodeId a, int weight) const;

    // Keeps a node, or finds the one that is like it. `flags` is called for new ones.
    template <typename Flags>
    NodeId keep(const Node& node, const Flags& flags)
    {
        const auto [id, fresh] = ids_.insert(keyOf(node), NodeId(nodes_.size()));
        if (!fresh)
            return *id;
        const NodeId made = *id;
        nodes_.push_back(node);
        nodes_.back().form = formOf(node);
        nodes_.back().hash = hashOf(node);
        nodes_.back().flags = flags(node);
        return made;
    }
    NodeId keepUnordered(const Node& iterator, std::uint16_t flags); // an output axis that has no order

    // What is below the Shares, if any: the node whose coordinate it has.
    NodeId belowShares(NodeId id) const;

    FormArena forms;

private:
    static std::uint64_t keyOf(const Node& node);
    FormId formOf(const Node& node);
    std::uint64_t hashOf(const Node& node) const;
    SizeId pooledPart(const Node& whole, SizeId half) const;
    Node above(NodeKind kind, NodeId a, SizeId size) const;

    SizeTable& sizes_;
    std::vector<Node> nodes_;
    FlatMap<NodeId> ids_;
};

} // namespace synoscope
