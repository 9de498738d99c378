#include "core/synthesis/dimension.h"

#include "core/base/hash.h"

#include <algorithm>
#include <cassert>

namespace synoscope {

NodeId NodeArena::intern(Node node)
{
    std::uint64_t hash = mix(static_cast<std::uint64_t>(node.kind) << 32 | static_cast<std::uint32_t>(node.amount));
    hash = combine(hash, node.a.valid() ? nodes_[node.a.index].hash : 0);
    hash = combine(hash, node.b.valid() ? nodes_[node.b.index].hash : 0);
    hash = combine(hash, sizes_[node.size].size.hash());
    hash = combine(hash, node.parameter.valid() ? sizes_[node.parameter].size.hash() : 0);
    node.hash = hash;
    const auto [entry, fresh] = ids_.try_emplace(hash, NodeId(nodes_.size()));
    if (fresh) {
        nodes_.push_back(node);
    } else {
        const Node& known = nodes_[entry->second.index];
        assert(known.kind == node.kind && known.a == node.a && known.b == node.b && known.size == node.size);
        (void)known;
    }
    return entry->second;
}

// The facts that pass upwards unchanged through most primitives.
Node NodeArena::above(NodeKind kind, NodeId a, SizeId size) const
{
    Node node = nodes_[a.index];
    node.kind = kind;
    node.a = a;
    node.b = {};
    node.size = size;
    node.amount = 0;
    node.parameter = {};
    node.leftEdge = node.rightEdge = freshEdge;
    node.unorderedScope = {};
    ++node.height;
    return node;
}

NodeId NodeArena::iterator(int position, SizeId size, bool unordered)
{
    Node node;
    node.kind = NodeKind::iterator;
    node.size = size;
    node.amount = position;
    node.pooled = sizes_.one();
    const NodeId id = intern(node);
    if (unordered)
        nodes_[id.index].unorderedScope = id;
    return id;
}

NodeId NodeArena::reduce(int multiplicity, SizeId size)
{
    Node node;
    node.kind = NodeKind::reduce;
    node.size = size;
    node.amount = multiplicity;
    node.height = 1;
    node.pooled = size;
    node.leftEdge = node.rightEdge = reduceEdge;
    node.onlySums = true;
    return intern(node);
}

NodeId NodeArena::shift(NodeId a, int amount)
{
    Node node = above(NodeKind::shift, a, nodes_[a.index].size);
    node.amount = amount;
    return intern(node);
}

NodeId NodeArena::stride(NodeId a, SizeId step)
{
    Node node = above(NodeKind::stride, a, sizes_.product(nodes_[a.index].size, step));
    node.parameter = step;
    node.discards = true;
    return intern(node);
}

NodeId NodeArena::split(NodeId group, NodeId block)
{
    const Node& left = nodes_[group.index];
    const Node& right = nodes_[block.index];
    Node node = above(NodeKind::split, group, sizes_.product(left.size, right.size));
    node.b = block;
    node.leftEdge = left.leftEdge;
    node.rightEdge = right.rightEdge;
    node.tags |= right.tags;
    node.height = static_cast<std::uint8_t>(std::max(left.height, right.height) + 1);
    node.discards = left.discards || right.discards;
    node.pooled = sizes_.product(left.pooled, right.pooled);
    node.onlySums = left.onlySums && right.onlySums;
    if (left.unorderedScope == right.unorderedScope)
        node.unorderedScope = left.unorderedScope;
    return intern(node);
}

NodeId NodeArena::unfold(NodeId a, NodeId window)
{
    const Node& right = nodes_[window.index];
    Node node = above(NodeKind::unfold, a, nodes_[a.index].size);
    node.b = window;
    node.tags |= right.tags;
    node.height = static_cast<std::uint8_t>(std::max(nodes_[a.index].height, right.height) + 1);
    node.onlySums = node.onlySums && right.onlySums;
    node.pooled = sizes_.product(nodes_[a.index].pooled, right.pooled);
    return intern(node); // `discards` is the axis's: a window may skip elements, the axis may not
}

NodeId NodeArena::mergeGroup(NodeId a, SizeId block)
{
    const Node& below = nodes_[a.index];
    Node node = above(NodeKind::mergeGroup, a, sizes_.quotient(below.size, block));
    node.parameter = block;
    node.pooled = sizes_.one(); // counted in neither half: a weight on either would do
    node.leftEdge = below.leftEdge;
    node.unorderedScope = below.unorderedScope;
    // The cut is named by what is cut and where: both halves have the same edge.
    node.rightEdge = 2 + static_cast<EdgeId>(combine(below.hash, sizes_[block].size.hash()) >> 32 | 1);
    return intern(node);
}

NodeId NodeArena::mergeBlock(NodeId a, SizeId block)
{
    const Node& below = nodes_[a.index];
    Node node = above(NodeKind::mergeBlock, a, block);
    node.parameter = block;
    node.pooled = sizes_.one();
    node.leftEdge = 2 + static_cast<EdgeId>(combine(below.hash, sizes_[block].size.hash()) >> 32 | 1);
    node.rightEdge = below.rightEdge;
    node.unorderedScope = below.unorderedScope;
    return intern(node);
}

NodeId NodeArena::share(NodeId a, int weight)
{
    const Node& below = nodes_[a.index];
    Node node = above(NodeKind::share, a, below.size);
    node.amount = weight;
    node.tags |= static_cast<std::uint8_t>(1u << weight);
    node.pooled = sizes_.one();
    // Cuts are kept: two halves that both went through the same Shares could be glued together below them. A sum that
    // has met a weight is no longer like other sums, but two that met the same weight are.
    node.leftEdge = below.leftEdge;
    node.rightEdge = below.rightEdge;
    node.unorderedScope = below.unorderedScope;
    return intern(node);
}

NodeId NodeArena::belowShares(NodeId id) const
{
    while (nodes_[id.index].kind == NodeKind::share)
        id = nodes_[id.index].a;
    return id;
}

} // namespace synoscope
