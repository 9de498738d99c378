// The constraints in force, compiled: decides which ways are open (constraint.h), move by move.
//
// Each constraint is a bit. Going along a way, a Position holds which constraints' scopes were passed and which pins are
// met; at most maxConstraints can be in force at once. Immutable: any thread may read it.
#pragma once

#include "core/search/constraint.h"

#include <bit>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace synoscope {

class SteeringFilter
{
public:
    static constexpr int maxConstraints = 64;

    struct Position
    {
        std::uint64_t active = 0;
        std::uint64_t met = 0;
        friend bool operator==(Position, Position) = default;
    };

    SteeringFilter() = default;
    explicit SteeringFilter(std::span<const ConstraintRecord> inForce);

    bool empty() const { return rules_.empty(); }
    Position start() const { return {everywhere_, 0}; }
    bool refersTo(std::uint64_t key) const;

    // Each returns the prunes that close the way here, as bits; 0: open so far.
    std::uint64_t enter(Position& at, std::uint64_t key) const { return enterBy(at, [key](std::uint64_t k) { return k == key; }); }
    std::uint64_t enterTail(Position& at, std::uint32_t key) const
    {
        return enterBy(at, [key](std::uint64_t k) { return static_cast<std::uint32_t>(k) == key; });
    }
    // A pin of a kind counts moves before its scope too: it is met whether active yet or not.
    std::uint64_t take(Position& at, std::uint64_t moveRules) const
    {
        at.met |= moveRules & pins_;
        return at.active & moveRules & ~pins_;
    }
    // The pins not met on a way that ends at this position.
    std::uint64_t missing(Position at) const;
    // The groups of pinned nodes (one per scope) that must still be passed, as the bits of their first rules.
    std::uint64_t missingNodes(Position at) const;

    // The rules that name a move, as bits.
    std::uint64_t rulesOf(const Move& move) const;

    std::uint64_t pins() const { return pins_; }
    std::uint64_t nodePins() const { return nodePins_; }
    bool refersToStates() const { return referring_ != 0; }
    bool namesMoves() const { return namesMoves_; }
    bool refersToTail(std::uint32_t key) const; // by the lower half of a state's key
    std::uint64_t constraintOf(std::uint64_t bits) const; // the id of the first of the bits' constraints

    struct Rule
    {
        std::uint64_t id = 0;
        SteeringAction action{};
        Predicate predicate{};
        bool everywhere = true;
        std::uint64_t scopeKey = 0;
        std::uint64_t nodeKey = 0;
        std::uint64_t group = 0; // of a pinned node: the bits of all nodes pinned for this scope
    };
    std::span<const Rule> rules() const { return rules_; }

private:
    template <typename Matches>
    std::uint64_t enterBy(Position& at, Matches&& matches) const;
    std::vector<Rule> rules_;
    std::uint64_t everywhere_ = 0;
    std::uint64_t pins_ = 0;
    std::uint64_t nodePins_ = 0;
    std::uint64_t referring_ = 0; // rules with a scope or a node
    bool namesMoves_ = false;     // some rule is about a kind
};

// What holds for the ways through one place of the tree: everything a rollout from there needs to know.
struct SteeringContext
{
    std::uint32_t id = 0; // 0: nothing is constrained anywhere
    SteeringFilter::Position position{};
    Steering steering{};
    std::vector<std::pair<MoveKind, Size>> requiredSizes; // pinned kinds with a size (Steering knows kinds only)
    std::uint64_t missingNodes = 0;                       // not 0: on the way to a pinned node
};

// SteeringContexts by position: few, because they differ only by the named nodes that were passed.
class SteeringContexts
{
public:
    explicit SteeringContexts(std::shared_ptr<const SteeringFilter> filter);
    const SteeringFilter& filter() const { return *filter_; }
    const std::shared_ptr<const SteeringFilter>& sharedFilter() const { return filter_; }
    std::shared_ptr<const SteeringContext> base() const { return base_; }
    // The context after entering a node that constraints name.
    std::shared_ptr<const SteeringContext> at(SteeringFilter::Position position);

private:
    std::shared_ptr<const SteeringContext> make(SteeringFilter::Position position);

    std::shared_ptr<const SteeringFilter> filter_;
    std::vector<std::shared_ptr<const SteeringContext>> contexts_;
    std::shared_ptr<const SteeringContext> base_;
};

template <typename Matches>
std::uint64_t SteeringFilter::enterBy(Position& at, Matches&& matches) const
{
    std::uint64_t closing = 0;
    std::uint64_t entered = 0;
    for (std::uint64_t left = referring_; left != 0; left &= left - 1) {
        const std::uint64_t bit = left & -left;
        const Rule& rule = rules_[static_cast<std::size_t>(std::countr_zero(bit))];
        if (rule.predicate.what == Predicate::What::node && rule.action == SteeringAction::prune &&
            (at.active & bit) != 0 && matches(rule.nodeKey))
            closing |= bit;
        if (!rule.everywhere && matches(rule.scopeKey))
            entered |= bit;
    }
    at.active |= entered;
    for (std::uint64_t left = nodePins_ & at.active & ~at.met; left != 0; left &= left - 1) {
        const std::uint64_t bit = left & -left;
        if (matches(rules_[static_cast<std::size_t>(std::countr_zero(bit))].nodeKey))
            at.met |= bit;
    }
    return closing;
}

} // namespace synoscope
