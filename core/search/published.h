// What the search shows the outside (DESIGN 3.3): values, in batches. Includes nothing of the tree.
#pragma once

#include "core/synthesis/move.h"

#include <cstdint>
#include <string>
#include <vector>

namespace synoscope {

enum class NodeState : std::uint8_t { open, closed, exhausted, pruned, pinned, final };

// One node that is new or has changed. Ids are dense, from 1 (the root); they are stable for the life of a search and
// after its resumption. A node reachable on several ways is shown below the parent that found it first.
struct NodeChange
{
    std::uint64_t id = 0;
    std::uint64_t parent = 0; // 0: the root
    MoveKind kind = MoveKind::finalize;
    std::string move;         // "unfold H by k"; filled when the node is new, else empty
    std::uint32_t visits = 0;
    double mean = 0;          // of the rewards below, pruned subtrees left out
    double best = 0;
    NodeState state = NodeState::open;
    std::string reason;       // why it is closed or pruned
    std::string candidate;    // a final node's canonical hash
};

struct TreeBatch
{
    std::uint64_t epoch = 0; // of the search; a reader drops batches of an older one
    std::vector<NodeChange> nodes;
};

struct SearchStatus
{
    std::uint64_t iterations = 0;
    std::uint64_t nodes = 0;
    std::uint64_t candidates = 0; // distinct operators found
    std::uint64_t duplicates = 0; // found again, or equal by fingerprint
    std::uint64_t twins = 0;      // operators found that are equal to another by fingerprint only
    std::uint64_t inFlight = 0;   // evaluations not answered yet
    double iterationsPerSecond = 0;
    double bestReward = 0;
    std::uint64_t memoryBytes = 0;
    bool running = false;
    std::string stopped; // why it ended, when it did by itself
};

} // namespace synoscope
