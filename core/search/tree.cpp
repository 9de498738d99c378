#include "core/search/tree.h"

#include "core/base/hash.h"

#include <bit>
#include <stdexcept>

namespace synoscope {
namespace {

// Blocks double; the class of a block follows from the number of edges in it.
int classOf(std::size_t edges)
{
    return edges <= 1 ? 0 : std::bit_width(edges - 1);
}

} // namespace

Tree::Tree(std::uint64_t rootKey) : free_(classes)
{
    create(rootKey, TreeNodeId());
}

TreeNodeId Tree::find(std::uint64_t key) const
{
    const auto found = byKey_.find(mix(key), [&](std::uint32_t id) { return (*this)[TreeNodeId(id)].key == key; });
    return found == IdIndex::none ? TreeNodeId() : TreeNodeId(found);
}

void Tree::grow(std::size_t places)
{
    if (places >= Id<TreeNodeTag>::none)
        throw std::length_error("the search tree is full");
    while (chunks_.size() * nodeChunk < places)
        chunks_.push_back(std::make_unique<TreeNode[]>(nodeChunk));
    size_ = std::max(size_, places);
}

TreeNodeId Tree::create(std::uint64_t key, TreeNodeId parent)
{
    if (holes_.empty())
        return createAt(TreeNodeId(size_), key, parent);
    const TreeNodeId place(holes_.back());
    holes_.pop_back();
    return createAt(place, key, parent);
}

TreeNodeId Tree::createAt(TreeNodeId place, std::uint64_t key, TreeNodeId parent)
{
    grow(place.index + std::size_t{1});
    TreeNode& node = (*this)[place];
    node = TreeNode{};
    node.key = key;
    node.parent = parent;
    node.set(TreeNode::used);
    byKey_.insert(mix(key), place.index, [&](std::uint32_t id) { return mix((*this)[TreeNodeId(id)].key); });
    ++count_;
    return place;
}

void Tree::fillHoles()
{
    holes_.clear();
    for (std::size_t i = size_; i-- > 0;)
        if (!(*this)[TreeNodeId(i)].has(TreeNode::used))
            holes_.push_back(static_cast<std::uint32_t>(i));
}

std::span<TreeEdge> Tree::edges(TreeNodeId node)
{
    const TreeNode& n = (*this)[node];
    return n.edgeCount == 0 ? std::span<TreeEdge>() : std::span<TreeEdge>(block(n.firstEdge), n.edgeCount);
}

std::span<const TreeEdge> Tree::edges(TreeNodeId node) const
{
    const TreeNode& n = (*this)[node];
    return n.edgeCount == 0 ? std::span<const TreeEdge>() : std::span<const TreeEdge>(block(n.firstEdge), n.edgeCount);
}

std::uint32_t Tree::addEdge(TreeNodeId parent, const TreeEdge& edge)
{
    TreeNode& node = (*this)[parent];
    const std::size_t count = node.edgeCount;
    if (count + 1 > UINT16_MAX)
        throw std::length_error("a node of the search tree has too many moves");
    if (count == 0 || std::has_single_bit(count)) { // the block is full
        const std::uint32_t wider = allocate(classOf(count + 1));
        if (count > 0) {
            std::copy_n(block(node.firstEdge), count, block(wider));
            release(node.firstEdge, classOf(count));
        }
        node.firstEdge = wider;
    }
    block(node.firstEdge)[count] = edge;
    ++node.edgeCount;
    ++edgeCount_;
    return static_cast<std::uint32_t>(count);
}

std::uint32_t Tree::edgeBy(TreeNodeId parent, StepId step) const
{
    const auto all = edges(parent);
    for (std::uint32_t i = 0; i < all.size(); ++i)
        if (all[i].step == step)
            return i;
    return IdIndex::none;
}

std::uint32_t Tree::allocate(int sizeClass)
{
    auto& list = free_[static_cast<std::size_t>(sizeClass)];
    if (!list.empty()) {
        const std::uint32_t block = list.back();
        list.pop_back();
        return block;
    }
    const std::size_t wanted = std::size_t{1} << sizeClass;
    // A block does not cross chunks: what is left of this one goes to the free lists in powers of two.
    while (edgeEnd_ % edgeChunk != 0 && edgeEnd_ % edgeChunk + wanted > edgeChunk) {
        const int piece = std::countr_zero(edgeEnd_);
        release(static_cast<std::uint32_t>(edgeEnd_), piece);
        edgeEnd_ += std::size_t{1} << piece;
    }
    while (edgeChunks_.size() * edgeChunk < edgeEnd_ + wanted)
        edgeChunks_.push_back(std::make_unique<TreeEdge[]>(edgeChunk));
    const std::uint32_t block = static_cast<std::uint32_t>(edgeEnd_);
    edgeEnd_ += wanted;
    return block;
}

std::size_t Tree::memoryBytes() const
{
    std::size_t bytes =
        chunks_.size() * nodeChunk * sizeof(TreeNode) + edgeChunks_.size() * edgeChunk * sizeof(TreeEdge);
    for (const auto& list : free_)
        bytes += list.capacity() * sizeof(std::uint32_t);
    return bytes + byKey_.memoryBytes() + holes_.capacity() * sizeof(std::uint32_t);
}

} // namespace synoscope
