#include "audit.h"

#include <algorithm>
#include <set>

namespace synoscope::test {
namespace {

struct Verdict
{
    bool missesPin = false;
    std::size_t closedAt = SIZE_MAX; // the first move (by number) that a prune forbids
};

// One constraint at a time, each by its own definition.
Verdict judge(const LogEntry& entry, std::span<const ConstraintRecord> constraints)
{
    Verdict verdict;
    const auto passes = [&](std::uint64_t key, std::size_t i) { // the state before move i; after the last: i = size
        return i > 0 && static_cast<std::uint32_t>(entry.path[i - 1].key) == static_cast<std::uint32_t>(key);
    };
    std::map<std::uint64_t, bool> pinnedNodes; // by scope: was one of them passed
    for (const ConstraintRecord& record : constraints) {
        if (!record.active)
            continue;
        const Constraint& c = record.constraint;
        std::size_t begin = SIZE_MAX; // the state from which on the constraint holds
        for (std::size_t i = 0; i <= entry.path.size() && begin == SIZE_MAX; ++i)
            if (c.scope <= 1 || passes(record.scopeKey, i))
                begin = i;
        if (begin == SIZE_MAX)
            continue;
        const auto matches = [&](const Move& m) {
            return m.kind == c.predicate.kind &&
                   (c.predicate.what == Predicate::What::kind || c.predicate.size == m.size);
        };
        const bool node = c.predicate.what == Predicate::What::node;
        if (c.action == SteeringAction::prune) {
            for (std::size_t i = begin; i < entry.path.size(); ++i)
                if (node ? passes(record.nodeKey, i + 1) : matches(entry.path[i].move))
                    verdict.closedAt = std::min(verdict.closedAt, i);
        } else if (node) {
            bool& passed = pinnedNodes[c.scope];
            for (std::size_t i = begin; i <= entry.path.size(); ++i)
                passed = passed || passes(record.nodeKey, i);
        } else {
            verdict.missesPin = verdict.missesPin || std::none_of(entry.path.begin(), entry.path.end(),
                                                                  [&](const LoggedStep& s) { return matches(s.move); });
        }
    }
    for (const auto& [scope, passed] : pinnedNodes)
        verdict.missesPin = verdict.missesPin || !passed;
    return verdict;
}

void add(NodeTotals& totals, Reward reward, bool withBest)
{
    ++totals.visits;
    totals.sum += reward.raw();
    totals.squares += reward.square();
    if (withBest)
        totals.best = std::max(totals.best, reward.raw());
}

} // namespace

bool isOpen(const LogEntry& entry, std::span<const ConstraintRecord> constraints)
{
    const Verdict verdict = judge(entry, constraints);
    return !verdict.missesPin && verdict.closedAt == SIZE_MAX;
}

Totals recompute(std::span<const LogEntry> log, std::span<const ConstraintRecord> constraints)
{
    Totals totals;
    for (const LogEntry& entry : log) {
        const Verdict verdict = judge(entry, constraints);
        const Reward reward = Reward::of(entry.reward);
        const bool open = !verdict.missesPin && verdict.closedAt == SIZE_MAX;
        totals.openWays[entry.candidate] += open;
        for (const LoggedStep& step : entry.path) { // experience with moves stays, whatever is closed
            add(totals.moves[step.move.key], reward, false);
            add(totals.moves[Rave::kindKey(step.move.kind)], reward, false);
        }
        for (std::size_t k = 0; k <= entry.path.size(); ++k) {
            const std::uint64_t node = k == 0 ? 1 : entry.path[k - 1].node;
            // A closed way leaves the nodes above what closes it: the states up to the forbidden move.
            const bool counts = !verdict.missesPin && (open || k > verdict.closedAt);
            if (node == 0 || !counts)
                continue;
            add(totals.nodes[node], reward, true);
            if (k < entry.path.size() && entry.path[k].node != 0)
                ++totals.edges[{node, entry.path[k].move.key}];
        }
    }
    return totals;
}

Totals totalsOf(const SearchEngine& engine)
{
    Totals totals;
    const SearchState& state = engine.state();
    for (std::size_t i = 0; i < state.tree.end(); ++i) {
        const TreeNodeId id(i);
        const TreeNode& node = state.tree[id];
        if (node.visits > 0 || node.sum != 0 || node.squares != 0)
            totals.nodes[publicId(id)] = {node.visits, node.sum, node.squares, node.best.raw()};
        for (const TreeEdge& edge : state.tree.edges(id))
            if (edge.visits > 0)
                totals.edges[{publicId(id), state.steps[edge.step].key}] = edge.visits;
    }
    for (const RaveValue& value : state.ledger.rave().global.values())
        totals.moves[value.key] = {value.visits, value.sum, value.squares, noReward.raw()};
    for (std::uint32_t i = 0; i < state.candidates.size(); ++i)
        if (state.candidates[i].found > 0)
            totals.openWays[state.candidates[i].hash] = static_cast<int>(state.candidates[i].open);
    return totals;
}

std::vector<std::tuple<std::uint64_t, std::uint32_t, std::int64_t, std::int64_t>> localRave(const SearchEngine& engine)
{
    std::vector<std::tuple<std::uint64_t, std::uint32_t, std::int64_t, std::int64_t>> values;
    for (const RaveValue& value : engine.state().ledger.rave().local.values())
        values.emplace_back(value.key, value.visits, value.sum, value.squares);
    std::sort(values.begin(), values.end());
    return values;
}

} // namespace synoscope::test
