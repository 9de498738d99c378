// Steering decisions as values (DESIGN 3.2): (scope, predicate), to prune or to pin.
//
// What a constraint means. A *way* is the sequence of moves from the root to an operator that one iteration took, through
// the tree and then by a rollout. Constraints speak about ways; a way is *open* when it obeys all constraints in force.
//   prune (S, kind), (S, kind with size)   after S, no such move
//   prune (S, node)                        after S, not through the node's state
//   pin   (S, kind), (S, kind with size)   if it passes S, the operator has such a move (before or after S)
//   pin   (S, nodes)                       if it passes S, it passes one of the nodes pinned for this S (their union)
// S everywhere: every way passes it. Since several ways lead to one state, a state can be closed on one and open on another.
//
// What leaves the values. A way closed by a prune leaves the nodes *above* the move or node that closes it: what lies
// below keeps its values (to be shown, and because it may be open on another way). A way that misses a pin leaves
// all its nodes. Values are integers (reward.h): lifting brings them back to the bit.
#pragma once

#include "core/search/tree.h"

#include <cstdint>
#include <string>

namespace synoscope {

enum class SteeringAction : std::uint8_t { prune, pin };

struct Predicate
{
    enum class What : std::uint8_t { kind, kindWithSize, node };

    What what = What::kind;
    MoveKind kind = MoveKind::finalize;
    Size size{};
    std::uint64_t node = 0;

    static Predicate of(MoveKind kind) { return {What::kind, kind, {}, 0}; }
    static Predicate of(MoveKind kind, Size size) { return {What::kindWithSize, kind, size, 0}; }
    static Predicate ofNode(std::uint64_t node) { return {What::node, MoveKind::finalize, {}, node}; }
    friend bool operator==(const Predicate&, const Predicate&) = default;
};

struct Constraint
{
    SteeringAction action = SteeringAction::prune;
    Predicate predicate{};
    std::uint64_t scope = 0; // a node; 0 or 1 (the root): everywhere

    friend bool operator==(const Constraint&, const Constraint&) = default;
};

// A constraint with its history. What is stored and given back to SearchEngine::restore.
struct ConstraintRecord
{
    std::uint64_t id = 0; // grows in the order in which they were set
    Constraint constraint{};
    std::uint64_t scopeKey = 0; // keys of the states of the nodes, so that a record outlives the tree
    std::uint64_t nodeKey = 0;
    std::string text;           // "prune unfold k below #12"
    bool active = true;
    std::uint64_t setAt = 0;    // iterations done by then
    std::uint64_t liftedAt = 0; // meaningful when no longer active
};

} // namespace synoscope
