#include "core/synthesis/dimension.h"

#include "core/base/hash.h"

#include <algorithm>

namespace synoscope {

std::uint64_t NodeArena::keyOf(const Node& node)
{
    std::uint64_t key = std::uint64_t{node.a.index} << 32 | node.b.index;
    key = combine(key, std::uint64_t{node.size.index} << 32 | node.parameter.index);
    return combine(key, static_cast<std::uint64_t>(node.kind) << 32 | static_cast<std::uint32_t>(node.amount));
}

FormId NodeArena::formOf(const Node& node)
{
    const auto form = [&](NodeId id) { return nodes_[id.index].form; };
    switch (node.kind) {
    case NodeKind::iterator:
        return forms.iterator(node.amount, node.size);
    case NodeKind::reduce:
        return forms.sum(node.amount, node.size);
    case NodeKind::shift:
        return forms.shift(form(node.a), node.amount);
    case NodeKind::stride:
        return forms.stride(form(node.a), node.parameter);
    case NodeKind::split:
        return forms.join(form(node.a), form(node.b));
    case NodeKind::unfold:
        return forms.unfold(form(node.a), form(node.b), nodes_[node.b.index].size);
    case NodeKind::mergeGroup:
        return forms.cut(form(node.a), node.parameter).group;
    case NodeKind::mergeBlock:
        return forms.cut(form(node.a), node.parameter).block;
    case NodeKind::share:
        return form(node.a);
    }
    return {};
}

std::uint64_t NodeArena::hashOf(const Node& node) const
{
    std::uint64_t hash = combine(static_cast<std::uint64_t>(node.kind) + 1, static_cast<std::uint32_t>(node.amount));
    hash = combine(hash, sizes_[node.size].hash);
    hash = combine(hash, node.parameter.valid() ? sizes_[node.parameter].hash : 0);
    hash = combine(hash, node.a.valid() ? nodes_[node.a.index].hash : 0);
    return combine(hash, node.b.valid() ? nodes_[node.b.index].hash : 0);
}

// The facts that pass upwards unchanged through most primitives.
Node NodeArena::above(NodeKind kind, NodeId a, SizeId size) const
{
    Node node = nodes_[a.index];
    node.kind = node.base = kind;
    node.a = a;
    node.b = {};
    node.size = size;
    node.amount = 0;
    node.parameter = {};
    node.unorderedScope = {};
    ++node.height;
    return node;
}

Node NodeArena::iterator(int position, SizeId size) const
{
    Node node;
    node.size = size;
    node.amount = position;
    node.pooled = sizes_.one();
    return node;
}

NodeId NodeArena::keepUnordered(const Node& iterator, std::uint16_t flags)
{
    const NodeId id = keep(iterator, [&](const Node&) { return flags; });
    nodes_[id.index].unorderedScope = id;
    return id;
}

Node NodeArena::reduce(int multiplicity, SizeId size) const
{
    Node node;
    node.kind = node.base = NodeKind::reduce;
    node.size = size;
    node.amount = multiplicity;
    node.height = 1;
    node.pooled = size;
    node.onlySums = true;
    return node;
}

Node NodeArena::shift(NodeId a, int amount) const
{
    Node node = above(NodeKind::shift, a, nodes_[a.index].size);
    node.amount = amount;
    return node;
}

Node NodeArena::stride(NodeId a, SizeId step) const
{
    Node node = above(NodeKind::stride, a, sizes_.product(nodes_[a.index].size, step));
    node.parameter = step;
    node.discards = true;
    return node;
}

Node NodeArena::split(NodeId group, NodeId block) const
{
    const Node& left = nodes_[group.index];
    const Node& right = nodes_[block.index];
    Node node = above(NodeKind::split, group, sizes_.product(left.size, right.size));
    node.b = block;
    node.tags |= right.tags;
    node.height = static_cast<std::uint8_t>(std::max(left.height, right.height) + 1);
    node.discards = left.discards || right.discards;
    node.pooled = sizes_.product(left.pooled, right.pooled);
    node.onlySums = left.onlySums && right.onlySums;
    if (left.unorderedScope == right.unorderedScope && left.tags == right.tags) // or a weight tells the parts apart
        node.unorderedScope = left.unorderedScope;
    return node;
}

Node NodeArena::unfold(NodeId a, NodeId window) const
{
    const Node& left = nodes_[a.index];
    const Node& right = nodes_[window.index];
    Node node = above(NodeKind::unfold, a, left.size);
    node.b = window;
    node.tags |= right.tags;
    node.height = static_cast<std::uint8_t>(std::max(left.height, right.height) + 1);
    node.onlySums = left.onlySums && right.onlySums;
    node.pooled = sizes_.product(left.pooled, right.pooled);
    return node; // `discards` is the axis's: a window may skip elements, the axis may not
}

// Of a bare sum each half is one. Of a mixture either half may be.
SizeId NodeArena::pooledPart(const Node& whole, SizeId half) const
{
    return whole.onlySums && whole.tags == 0 ? half : whole.pooled;
}

Node NodeArena::mergeGroup(NodeId a, SizeId block) const
{
    Node node = above(NodeKind::mergeGroup, a, sizes_.quotient(nodes_[a.index].size, block));
    node.parameter = block;
    node.pooled = pooledPart(nodes_[a.index], node.size);
    node.unorderedScope = nodes_[a.index].unorderedScope;
    return node;
}

Node NodeArena::mergeBlock(NodeId a, SizeId block) const
{
    Node node = above(NodeKind::mergeBlock, a, block);
    node.parameter = block;
    node.pooled = pooledPart(nodes_[a.index], node.size);
    node.unorderedScope = nodes_[a.index].unorderedScope;
    return node;
}

Node NodeArena::share(NodeId a, int weight) const
{
    const Node& below = nodes_[a.index];
    Node node = above(NodeKind::share, a, below.size);
    node.base = below.base;
    node.amount = weight;
    node.tags |= static_cast<std::uint8_t>(1u << weight);
    node.pooled = sizes_.one();
    node.unorderedScope = below.unorderedScope;
    return node;
}

NodeId NodeArena::belowShares(NodeId id) const
{
    while (nodes_[id.index].kind == NodeKind::share)
        id = nodes_[id.index].a;
    return id;
}

} // namespace synoscope
