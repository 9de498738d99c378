// States of the synthesis: partial pGraphs seen from above (DESIGN 2.1).
//
// A state is the frontier (the data's dimensions at the top), the axes of the weights, and what was expanded.
// Dimensions below are reachable from these through the arena, so nothing else is kept. A Draft is a state while it is
// being made, loose on the stack; a State is packed, with its dimensions in a pool and its moves as edges in another.
#pragma once

#include "core/synthesis/dimension.h"
#include "core/synthesis/distance.h"
#include "core/synthesis/synthesizer.h"

#include <algorithm>
#include <array>

namespace synoscope {

inline constexpr int maxWeights = 8;
inline constexpr int maxWeightAxes = 32; // of all weights
inline constexpr int maxExpanded = 16;
inline constexpr int maxSums = 8;

// A small vector of dimensions on the stack.
template <int capacity>
struct NodeList
{
    std::array<NodeId, capacity> nodes;
    std::uint8_t count = 0;

    const NodeId* begin() const { return nodes.data(); }
    const NodeId* end() const { return nodes.data() + count; }
    NodeId operator[](int i) const { return nodes[i]; }
    NodeId& operator[](int i) { return nodes[i]; }
    bool full() const { return count == capacity; }
    void add(NodeId node) { nodes[count++] = node; }
    void removeAt(int i)
    {
        std::copy(nodes.begin() + i + 1, nodes.begin() + count, nodes.begin() + i);
        --count;
    }
};

// What is counted along the way.
struct Tally
{
    std::array<std::uint8_t, moveKinds> used{};        // moves by kind
    std::uint8_t outerAxes = 0;                        // and repeats: against limits.expands
    std::array<std::int8_t, maxVariables> variables{}; // uses, against the allowance
    SizeId outerProduct{};
    SizeId repeats{};
    SizeId reductions{};                            // product
    std::array<std::uint16_t, maxWeights> floors{}; // by weight: multiplications it takes at least (bounds.cpp)

    int depth() const
    {
        int sum = 0;
        for (int kind = 0; kind < static_cast<int>(MoveKind::finalize); ++kind)
            sum += used[kind];
        return sum;
    }
    int operator[](MoveKind kind) const { return used[static_cast<int>(kind)]; }
    void count(MoveKind kind) { ++used[static_cast<int>(kind)]; }
};

struct Draft
{
    NodeList<maxFrontier> frontier; // in the canonical order (Identity), once complete; final: by the input's free axes
    NodeList<maxWeightAxes> weightAxes;
    NodeList<maxExpanded> expanded;
    NodeList<maxSums> sums; // the reductions
    std::array<std::uint8_t, maxWeights> weightSizes{};
    Tally tally;
    bool final = false;

    int weights() const { return tally[MoveKind::contraction]; }
    bool onlyReductions() const { return tally.depth() == tally[MoveKind::reduce]; }
};

// The identity of a state in normalised coordinates (DESIGN 2.2, layer 2): equal for all ways to make it, whatever the
// order of its weights, the numbering of its equal reductions, and the orientation of interchangeable axes, as long as
// they allow the same moves. `image` and `labels` say under which symmetry the least hash was found: what is ordered by
// hashes is ordered under that one.
struct Identity
{
    std::uint64_t key = 0;
    int image = 0;
    bool labelled = false;
    SumLabels labels;
};

// One move that a state offers, packed. `argument`: SizeId of the parameter; contraction: inner | outer << 16 as bit
// masks of positions; finalize: the assignment's code.
struct Edge
{
    StateId child; // none: not made yet
    std::uint32_t argument = 0;
    MoveKind kind = MoveKind::finalize;
    std::uint8_t first = 0;
    std::uint8_t second = 0;
    std::uint8_t distance = 0; // shape distance of what it leads to; 0 for finals

    bool sameMove(const Edge& other) const
    {
        return kind == other.kind && argument == other.argument && first == other.first && second == other.second;
    }
};
static_assert(sizeof(Edge) == 12);

struct State
{
    // 32 bytes: identity, where its parts are
    std::uint64_t key = 0;
    std::uint32_t nodes = 0;          // in the pool: frontier, weights' axes, expanded, sums
    std::uint32_t edges = 0xffffffff; // in the pool of edges, once its moves are known
    std::uint32_t edgeCount = 0;
    std::int32_t offered = -1; // final: index of its operator
    std::uint8_t frontier = 0;
    std::uint8_t weightAxes = 0;
    std::uint8_t expanded = 0;
    std::uint8_t sums = 0;
    std::uint8_t image = 0; // Identity
    bool final = false;
    bool dead = false;      // proved to have no final descendant, steering aside
    bool exhausted = false; // every final descendant has been the result of a rollout
    bool doubtful = false;  // looks like a dead end, or leads to nothing new but what does (dead_ends.h)
    bool foreign = false;   // reductions only, and nothing is left but what other threads look after (sharing.h)
    // the rest: what was counted
    std::uint32_t visits = 0; // of rollouts
    std::array<std::uint8_t, maxWeights> weightSizes{};
    Tally tally;

    bool onlyReductions() const { return tally.depth() == tally[MoveKind::reduce]; }
};
static_assert(sizeof(State) <= 104);

} // namespace synoscope
