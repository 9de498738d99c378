// The search tree: nodes and edges in arenas. A tour of this folder is in engine.h.
//
//        TreeNode (64 bytes)           TreeEdge (16 bytes), in a block of its parent
//      +------------------+  first    +-------+-------+-------+
//      | state key, sums  |---------> | step  | step  | step  |   every move that was tried: which, and where it leads
//      +------------------+  count    | child | child | child |
//            ^                        +---|---+---|---+---|---+
//            |  parent (the first)        v       v       v
//            +------------------------- node    node    node    <- made on the first visit, found again by its key
//
// States are reached on many ways: the graph is a DAG, a state has one node. A node's values are shared by all ways to it; an
// edge counts its own visits. The step "kind, then concrete move" needs no nodes of its own: the edges of one kind are
// summed where they are needed (mcts.cpp).
//
// Not thread-safe: the engine's lock guards it. Nobody outside the engine holds a reference into it.
#pragma once

#include "core/base/id.h"
#include "core/search/id_index.h"
#include "core/search/reward.h"
#include "core/search/steps.h"

#include <memory>
#include <span>
#include <vector>

namespace synoscope {

using TreeNodeId = Id<struct TreeNodeTag>;

// Outside, nodes are numbered from 1 (0: none).
constexpr std::uint64_t publicId(TreeNodeId node) { return node.valid() ? node.index + 1ull : 0; }
constexpr TreeNodeId nodeOf(std::uint64_t id) { return id == 0 || id > Id<TreeNodeTag>::none ? TreeNodeId() : TreeNodeId(id - 1); }

struct TreeEdge
{
    // 4 bytes
    TreeNodeId child{};
    StepId step{};
    std::uint32_t visits = 0; // of the iterations that count at the parent
    // 2 bytes
    std::uint16_t inFlight = 0;
    // 1 byte
    MoveKind kind = MoveKind::finalize; // the step's, here to spare a look-up
};
static_assert(sizeof(TreeEdge) <= 16, "an edge has at most 16 bytes (DESIGN 10)");

struct alignas(64) TreeNode // one line of the cache
{
    // 8 bytes
    std::uint64_t key = 0;      // of the state
    std::int64_t sum = 0;       // of rewards, 2^-32
    std::int64_t squares = 0;   // of rewards, 2^-26
    Reward best = noReward;
    // 4 bytes
    std::uint32_t visits = 0;   // iterations that count here (DESIGN 3.2: those that steering leaves open)
    std::uint32_t total = 0;    // all iterations that ever passed
    std::uint32_t barren = 0;   // rollouts that found nothing, since steering changed last
    TreeNodeId parent{};            // the way by which it was found first
    std::uint32_t firstEdge = 0;
    std::uint32_t candidate = IdIndex::none; // of a final node
    // 2 bytes
    std::uint16_t edgeCount = 0;
    std::uint16_t inFlight = 0; // iterations under way below
    std::uint16_t filled = 0;   // bit per MoveKind: every legal move of it has an edge
    // 1 byte
    std::uint8_t flags = 0;
    std::uint8_t depth = 0; // moves from the root: of a state the same on all ways, of an operator those of the first way

    enum Flag : std::uint8_t {
        used = 1,        // not a hole
        final = 2,       // the state is an operator
        dead = 4,        // no operator lies below
        exhausted = 8,   // every operator below was found
        referenced = 16, // a constraint names it
        pruned = 32,     // steering closes the way by which it is shown
        dirty = 64,      // changed since the last batch
        published = 128, // some batch has shown it
    };
    bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
    bool closed() const { return has(dead | exhausted); }
    void set(std::uint8_t flag, bool on = true) { flags = static_cast<std::uint8_t>(on ? flags | flag : flags & ~flag); }
};
static_assert(sizeof(TreeNode) <= 64, "a node has at most 64 bytes (DESIGN 10)");

class Tree
{
public:
    explicit Tree(std::uint64_t rootKey);

    static constexpr TreeNodeId root() { return TreeNodeId(std::size_t{0}); }
    TreeNode& operator[](TreeNodeId id) { return chunks_[id.index / nodeChunk][id.index % nodeChunk]; }
    const TreeNode& operator[](TreeNodeId id) const { return chunks_[id.index / nodeChunk][id.index % nodeChunk]; }

    // Begins to fetch a place from memory; one that there is not is ignored.
    void prefetch(TreeNodeId id) const
    {
        if (id.index < size_)
            __builtin_prefetch(&(*this)[id]);
    }
    TreeNodeId find(std::uint64_t key) const;
    // The key must be new. Holes that a resumed search left are filled first.
    TreeNodeId create(std::uint64_t key, TreeNodeId parent);
    // For resumption: the node at a place of its own; places between are holes until fillHoles().
    TreeNodeId createAt(TreeNodeId place, std::uint64_t key, TreeNodeId parent);
    void fillHoles();
    bool exists(TreeNodeId id) const { return id.index < size_ && (*this)[id].has(TreeNode::used); }

    std::span<TreeEdge> edges(TreeNodeId node);
    std::span<const TreeEdge> edges(TreeNodeId node) const;
    // The new edge's number at its parent, which never changes.
    std::uint32_t addEdge(TreeNodeId parent, const TreeEdge& edge);
    // The edge by a step, or IdIndex::none.
    std::uint32_t edgeBy(TreeNodeId parent, StepId step) const;

    std::size_t nodeCount() const { return count_; }
    std::size_t edgeCount() const { return edgeCount_; }
    std::size_t end() const { return size_; } // places, holes included
    std::size_t memoryBytes() const;

private:
    static constexpr std::size_t nodeChunk = 4096;
    static constexpr std::size_t edgeChunk = std::size_t{1} << 16;
    static constexpr int classes = 17; // blocks of 1, 2, 4 ... 65536 edges

    std::uint32_t allocate(int sizeClass);
    void release(std::uint32_t block, int sizeClass) { free_[static_cast<std::size_t>(sizeClass)].push_back(block); }
    TreeEdge* block(std::uint32_t at) const { return &edgeChunks_[at / edgeChunk][at % edgeChunk]; }
    void grow(std::size_t places);

    std::vector<std::unique_ptr<TreeNode[]>> chunks_;
    std::size_t size_ = 0;
    std::size_t count_ = 0;
    std::vector<std::uint32_t> holes_; // the lowest last
    IdIndex byKey_;

    std::vector<std::unique_ptr<TreeEdge[]>> edgeChunks_;
    std::size_t edgeEnd_ = 0;
    std::size_t edgeCount_ = 0;
    std::vector<std::vector<std::uint32_t>> free_;
};

} // namespace synoscope
