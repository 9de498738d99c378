// All iterations so far, in memory: what took part in the values, so that it can leave them and come back.
//
// An iteration's way lies in one pool of 32-bit words:
//
//      steps: length words | nodes: treeLength | edges: treeLength | keys of the states beyond the tree: length - treeLength
//
// `nodes` are those after the root; `edges` are their numbers at their parents. Of the states beyond the tree the lower
// half of the key is kept: enough to tell that a way passed a state that a constraint names.
#pragma once

#include "core/search/reward.h"
#include "core/search/tree.h"

#include <span>
#include <vector>

namespace synoscope {

struct WayView
{
    std::span<const std::uint32_t> steps;
    std::span<const std::uint32_t> nodes;
    std::span<const std::uint32_t> edges;
    std::span<const std::uint32_t> tail;

    // The k-th node of the tree on the way; 0 is the root.
    TreeNodeId node(std::size_t k) const { return k == 0 ? Tree::root() : TreeNodeId(nodes[k - 1]); }
};

struct Iteration
{
    static constexpr std::uint8_t all = 255; // a cut: leaves every node

    Reward reward{};
    std::uint64_t path = 0; // where its words begin
    std::uint32_t candidate = 0;
    std::uint8_t length = 0;
    std::uint8_t treeLength = 0;
    std::uint8_t cut = 0; // so many leading nodes do not count it; 0: open
    bool failed = false;
};

// A way under construction, or one that is in flight.
struct Way
{
    std::vector<std::uint32_t> steps;
    std::vector<std::uint32_t> nodes;
    std::vector<std::uint32_t> edges;
    std::vector<std::uint32_t> tail;

    WayView view() const { return {steps, nodes, edges, tail}; }
    TreeNodeId leaf() const { return nodes.empty() ? Tree::root() : TreeNodeId(nodes.back()); }
};

class IterationStore
{
public:
    std::size_t size() const { return iterations_.size(); }
    Iteration& operator[](std::size_t i) { return iterations_[i]; }
    const Iteration& operator[](std::size_t i) const { return iterations_[i]; }

    Iteration& append(const WayView& way)
    {
        Iteration iteration;
        iteration.path = pool_.size();
        iteration.length = static_cast<std::uint8_t>(way.steps.size());
        iteration.treeLength = static_cast<std::uint8_t>(way.nodes.size());
        for (const auto part : {way.steps, way.nodes, way.edges, way.tail})
            pool_.insert(pool_.end(), part.begin(), part.end());
        return iterations_.emplace_back(iteration);
    }

    WayView way(const Iteration& iteration) const
    {
        const std::size_t length = iteration.length;
        const std::size_t inTree = iteration.treeLength;
        const std::span<const std::uint32_t> words(pool_.data() + iteration.path, 2 * length + inTree);
        return {words.first(length), words.subspan(length, inTree), words.subspan(length + inTree, inTree),
                words.subspan(length + 2 * inTree)};
    }

    std::size_t memoryBytes() const
    {
        return iterations_.capacity() * sizeof(Iteration) + pool_.capacity() * sizeof(std::uint32_t);
    }

private:
    std::vector<Iteration> iterations_;
    std::vector<std::uint32_t> pool_;
};

} // namespace synoscope
