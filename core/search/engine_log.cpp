// The iteration log of the engine: writing it, and rebuilding a search from it.
#include "core/search/engine.h"

#include "core/search/publisher.h"

#include <fmt/format.h>

#include <algorithm>

namespace synoscope {
namespace {

// At least half as many paths of a log, evenly spread, are followed through the space when it is restored.
constexpr std::size_t pathsChecked = 64;
// A node id further beyond those known than this cannot come from a real log; believing it would cost all memory.
constexpr std::uint64_t largestGap = 1'000'000;

Error damaged(const LogEntry& entry, const char* what)
{
    return Error{fmt::format("The iteration log is damaged at entry {}: {}.", entry.sequence, what)};
}

// Some entries of a log whose length is not known beforehand, evenly spread: when there are too many, every other one
// goes, and from then on half as many come.
class Samples
{
public:
    void see(const LogEntry& entry)
    {
        if (seen_++ % stride_ != 0)
            return;
        entries_.push_back(entry);
        if (entries_.size() <= pathsChecked)
            return;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < entries_.size(); i += 2)
            if (kept++ != i)
                entries_[kept - 1] = std::move(entries_[i]);
        entries_.resize(kept);
        stride_ *= 2;
    }
    const std::vector<LogEntry>& entries() const { return entries_; }

private:
    std::vector<LogEntry> entries_;
    std::size_t seen_ = 0;
    std::size_t stride_ = 1;
};

} // namespace

std::vector<LogEntry> SearchEngine::drainLog(std::size_t most)
{
    const std::lock_guard lock(state_->mutex);
    std::vector<LogEntry> entries;
    const std::size_t end = std::min<std::size_t>(state_->ledger.iterations().size(), state_->drained + most);
    while (state_->drained < end)
        entries.push_back(logEntry(state_->drained++));
    return entries;
}

LogEntry SearchEngine::logEntry(std::size_t i) const
{
    const Iteration& iteration = state_->ledger.iterations()[i];
    const WayView way = state_->ledger.iterations().way(iteration);
    LogEntry entry;
    entry.sequence = i + 1;
    entry.reward = iteration.reward.value();
    entry.failed = iteration.failed;
    entry.candidate = state_->candidates[iteration.candidate].hash;
    for (std::size_t k = 0; k < way.steps.size(); ++k) {
        LoggedStep& step = entry.path.emplace_back();
        step.move = state_->steps[StepId(way.steps[k])];
        if (k >= way.nodes.size()) {
            step.key = way.tail[k - way.nodes.size()];
            continue;
        }
        const TreeNode& node = state_->tree[TreeNodeId(way.nodes[k])];
        step.key = node.key;
        step.node = publicId(TreeNodeId(way.nodes[k]));
        if (node.parent != way.node(k))
            step.parent = publicId(node.parent);
    }
    return entry;
}

Expected<void> SearchEngine::restore(std::span<const LogEntry> log, std::vector<ConstraintRecord> constraints,
                                     std::span<const KnownOperator> known)
{
    learn(known);
    const auto eachEntry = [log](const LogVisitor& visit) -> Expected<void> {
        for (const LogEntry& entry : log)
            if (auto done = visit(entry); !done)
                return done;
        return {};
    };
    return restore(eachEntry, std::move(constraints));
}

Expected<void> SearchEngine::restore(const std::function<Expected<void>(const LogVisitor&)>& eachEntry,
                                     std::vector<ConstraintRecord> constraints)
{
    const std::lock_guard lock(state_->mutex);
    SearchState& s = *state_;
    if (s.ledger.iterations().size() != 0)
        return Error{"Only a search that has not begun can be restored."};
    std::vector<TreeNodeId> seenFrom; // by node: where the log first came from
    Samples samples;
    const auto replayed = eachEntry([&](const LogEntry& entry) {
        samples.see(entry);
        return replay(entry, seenFrom);
    });
    if (!replayed)
        return replayed;
    for (const LogEntry& entry : samples.entries())
        if (!leadsWhereItLed(entry))
            return Error{
                fmt::format("the search was made by a version of this program with other rules: entry {} of its log is "
                            "no path in this problem any more. Nothing in the file is changed, and synoscope-cli "
                            "lists and shows what it found; to search on, choose another file or move this one away",
                            entry.sequence)};
    // The place at which a node is shown may not have survived, if no iteration through it was completed.
    for (std::size_t i = 1; i < s.tree.end(); ++i) {
        const TreeNodeId id(i);
        if (!s.tree.exists(id))
            continue;
        TreeNode& node = s.tree[id];
        const bool holds =
            s.tree.exists(node.parent) &&
            std::ranges::any_of(s.tree.edges(node.parent), [&](const TreeEdge& e) { return e.child == id; });
        if (!holds)
            node.parent = seenFrom[i];
    }
    s.tree.fillHoles();
    if (auto steered = s.steering.restore(std::move(constraints)); !steered)
        return steered;
    s.drained = s.ledger.iterations().size();
    ++s.epoch;
    rate_.iterations = s.drained;
    return {};
}

// Whether the space has the entry's path, with the states that it went through.
bool SearchEngine::leadsWhereItLed(const LogEntry& entry)
{
    StateId state = space_->root();
    for (const LoggedStep& step : entry.path) {
        if (space_->isFinal(state))
            return false;
        state = space_->apply(state, step.move);
        if (!state.valid())
            return false;
        const std::uint64_t key = space_->key(state); // of a tail, a log has the lower half only
        if (step.node != 0 ? key != step.key : static_cast<std::uint32_t>(key) != static_cast<std::uint32_t>(step.key))
            return false;
    }
    return space_->isFinal(state);
}

Expected<void> SearchEngine::replay(const LogEntry& entry, std::vector<TreeNodeId>& seenFrom)
{
    SearchState& s = *state_;
    if (entry.sequence != s.ledger.iterations().size() + 1)
        return damaged(entry, "it is out of order");
    if (entry.path.empty() || entry.path.size() >= Iteration::all || entry.candidate.empty())
        return damaged(entry, "it has no operator, or no path of a possible length");
    for (const LoggedStep& step : entry.path) // all at once: each is likely to be far from the caches
        s.tree.prefetch(nodeOf(step.node));
    Way way;
    s.begin(way);
    for (std::size_t k = 0; k < entry.path.size(); ++k) {
        const LoggedStep& step = entry.path[k];
        if (step.node == 0) {
            way.steps.push_back(s.steps.intern(step.move).index);
            way.tail.push_back(static_cast<std::uint32_t>(step.key));
            continue;
        }
        const TreeNodeId id = nodeOf(step.node);
        const TreeNodeId from = way.leaf();
        const bool isNew = !s.tree.exists(id);
        const bool contradicts = isNew ? s.tree.find(step.key).valid() : s.tree[id].key != step.key || id == from;
        if (!way.tail.empty() || step.node <= 1 || step.node > s.tree.end() + largestGap || contradicts)
            return damaged(entry, "its nodes contradict earlier entries");
        if (isNew) {
            s.tree.createAt(id, step.key, step.parent == 0 ? from : nodeOf(step.parent));
            s.tree[id].set(TreeNode::final, k + 1 == entry.path.size());
            s.tree[id].depth = static_cast<std::uint8_t>(k + 1);
            seenFrom.resize(std::max<std::size_t>(seenFrom.size(), s.tree.end()));
            seenFrom[id.index] = from;
        }
        s.grow(way, step.move, step.key, false);
    }
    std::uint32_t candidate = s.candidates.byHash(entry.candidate);
    if (candidate == CandidateTable::none)
        candidate = s.candidates.add(entry.candidate, {});
    FoundOperator& found = s.candidates[candidate];
    if (!found.answered()) {
        found.state = entry.failed ? FoundOperator::State::failed : FoundOperator::State::rewarded;
        found.reward = Reward::of(entry.reward);
    }
    s.distinct += found.found == 0;
    s.finishAs(way, candidate, Reward::of(entry.reward), entry.failed);
    return {};
}

} // namespace synoscope
