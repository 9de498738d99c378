#include "core/search/ledger.h"

#include <algorithm>
#include <array>

namespace synoscope {

std::vector<TreeNodeId> DirtySet::take(std::size_t most)
{
    const std::size_t count = std::min(most, nodes_.size() - first_);
    const auto begin = nodes_.begin() + static_cast<std::ptrdiff_t>(first_);
    std::vector<TreeNodeId> taken(begin, begin + static_cast<std::ptrdiff_t>(count));
    first_ += count;
    if (first_ == nodes_.size()) {
        nodes_.clear();
        first_ = 0;
    }
    for (const TreeNodeId id : taken)
        tree_[id].set(TreeNode::dirty, false);
    return taken;
}

std::uint64_t Ledger::movesRules(StepId step)
{
    while (moveRules_.size() <= step.index)
        moveRules_.push_back(filter_->rulesOf(steps_[StepId(moveRules_.size())]));
    return moveRules_[step.index];
}

std::uint8_t Ledger::cutOf(const WayView& way)
{
    if (filter_->empty())
        return 0;
    SteeringFilter::Position at = filter_->start();
    std::size_t cut = 0;
    for (std::size_t i = 0; i < way.steps.size(); ++i) {
        std::uint64_t closing = filter_->take(at, movesRules(StepId(way.steps[i])));
        if (filter_->refersToStates()) {
            if (i >= way.nodes.size())
                closing |= filter_->enterTail(at, way.tail[i - way.nodes.size()]);
            else if (const TreeNode& node = tree_[TreeNodeId(way.nodes[i])]; node.has(TreeNode::referenced))
                closing |= filter_->enter(at, node.key);
        }
        if (closing != 0 && cut == 0)
            cut = i + 1;
    }
    return filter_->missing(at) != 0 ? Iteration::all : static_cast<std::uint8_t>(cut);
}

void Ledger::append(const WayView& way, Reward reward, std::uint32_t candidate, bool failed)
{
    Iteration& iteration = iterations_.append(way);
    iteration.reward = reward;
    iteration.candidate = candidate;
    iteration.failed = failed;
    iteration.cut = cutOf(way);
    learn(way, reward);
    for (std::size_t k = 0; k <= way.nodes.size(); ++k)
        ++tree_[way.node(k)].total;
    candidates_.countFound(candidate);
    apply(iteration, iteration.cut, way.nodes.size() + 1, 1);
    candidates_.countOpen(candidate, iteration.cut == 0 ? 1 : 0);
}

// Adds the iteration to the nodes [from, to) of its way, or takes it out. The best is only ever raised here.
void Ledger::apply(const Iteration& iteration, std::size_t from, std::size_t to, int sign)
{
    const WayView way = iterations_.way(iteration);
    for (std::size_t k = from; k < to; ++k) {
        const TreeNodeId id = way.node(k);
        TreeNode& node = tree_[id];
        node.visits += static_cast<std::uint32_t>(sign);
        node.sum += sign * iteration.reward.raw();
        node.squares += sign * iteration.reward.square();
        if (sign > 0)
            node.best = std::max(node.best, iteration.reward);
        if (k < way.nodes.size())
            tree_.edges(id)[way.edges[k]].visits += static_cast<std::uint32_t>(sign);
        dirty_.touch(id);
    }
}

// The moves of the way, whatever their order, speak for themselves: everywhere, and at the nodes before them. From the end
// on, so that the kinds behind a node are counted once.
void Ledger::learn(const WayView& way, Reward reward)
{
    localLessons_.clear();
    std::array<std::uint32_t, moveKinds> kinds{};
    for (std::size_t k = way.steps.size(); k-- > 0;) {
        const Move& move = steps_[StepId(way.steps[k])];
        ++kinds[static_cast<std::size_t>(move.kind)];
        rave_.global.add(move.key, reward);
        rave_.global.add(Rave::kindKey(move.kind), reward);
        if (k > way.nodes.size() || tree_[way.node(k)].total < localFrom)
            continue;
        for (std::size_t j = k; j < way.steps.size(); ++j)
            learnAt(way.node(k), steps_[StepId(way.steps[j])].key, 1);
        for (int kind = 0; kind < moveKinds; ++kind)
            if (const std::uint32_t times = kinds[static_cast<std::size_t>(kind)])
                learnAt(way.node(k), Rave::kindKey(static_cast<MoveKind>(kind)), times);
    }
    for (const LocalLesson& lesson : localLessons_)
        rave_.local.add(lesson.key, reward, lesson.times);
}

void Ledger::learnAt(TreeNodeId node, std::uint64_t key, std::uint32_t times)
{
    localLessons_.push_back({Rave::localKey(node, key), times});
    rave_.local.prefetch(localLessons_.back().key);
}

// Whether any constraint could see a move or a state of the way. All others have the cut of an empty way. This runs over
// every iteration there is: a bit per node stays in the cache, where looking at the nodes themselves would not.
bool Ledger::concerned(const WayView& way)
{
    if (filter_->namesMoves())
        for (const std::uint32_t step : way.steps)
            if (movesRules(StepId(step)) != 0)
                return true;
    if (filter_->refersToStates()) {
        for (const std::uint32_t node : way.nodes)
            if (node < referenced_.size() && referenced_[node])
                return true;
        for (const std::uint32_t key : way.tail)
            if (filter_->refersToTail(key))
                return true;
    }
    return false;
}

void Ledger::refilter(std::shared_ptr<const SteeringFilter> filter, std::span<const TreeNodeId> referenced)
{
    filter_ = std::move(filter);
    moveRules_.clear();
    referenced_.assign(tree_.end(), false);
    for (const TreeNodeId id : referenced)
        referenced_[id.index] = true;
    stale_.resize(tree_.end()); // what an unfinished settling had to do is still to be done
    unconcerned_ = cutOf({});
    settling_ = iterations_.size();
    moved_ = raised_ = 0;
}

bool Ledger::settle()
{
    if (moved_ < settling_) {
        for (const std::size_t end = std::min(settling_, moved_ + share); moved_ < end; ++moved_)
            move(iterations_[moved_]);
        if (moved_ < settling_ || !anyStale_)
            return moved_ == settling_ && !anyStale_;
        for (std::size_t i = 0; i < stale_.size(); ++i)
            if (stale_[i])
                tree_[TreeNodeId(i)].best = noReward;
        return false;
    }
    if (!anyStale_)
        return true;
    for (const std::size_t end = std::min(iterations_.size(), raised_ + share); raised_ < end; ++raised_)
        raiseBest(iterations_[raised_]);
    if (raised_ < iterations_.size())
        return false;
    stale_.assign(stale_.size(), false);
    anyStale_ = false;
    return true;
}

// From its old cut to the new one.
void Ledger::move(Iteration& iteration)
{
    const WayView way = iterations_.way(iteration);
    const std::size_t nodes = way.nodes.size() + 1;
    const std::uint8_t cut = concerned(way) ? cutOf(way) : unconcerned_;
    if (cut == iteration.cut)
        return;
    const std::size_t before = std::min<std::size_t>(iteration.cut, nodes);
    const std::size_t after = std::min<std::size_t>(cut, nodes);
    if (after < before)
        apply(iteration, after, before, 1);
    if (before < after)
        apply(iteration, before, after, -1);
    for (std::size_t k = before; k < after; ++k)
        anyStale_ = stale_[way.node(k).index] = true;
    if ((cut == 0) != (iteration.cut == 0))
        candidates_.countOpen(iteration.candidate, cut == 0 ? 1 : -1);
    iteration.cut = cut;
}

// A maximum cannot be taken back, so it is found anew, for the nodes that lost something.
void Ledger::raiseBest(const Iteration& iteration)
{
    const WayView way = iterations_.way(iteration);
    for (std::size_t k = iteration.cut; k <= way.nodes.size(); ++k) {
        const TreeNodeId id = way.node(k);
        if (id.index >= stale_.size() || !stale_[id.index])
            continue;
        TreeNode& node = tree_[id];
        if (node.best < iteration.reward) {
            node.best = iteration.reward;
            dirty_.touch(id);
        }
    }
}

std::size_t Ledger::memoryBytes() const
{
    return iterations_.memoryBytes() + rave_.global.memoryBytes() + rave_.local.memoryBytes() +
           moveRules_.capacity() * sizeof(std::uint64_t) + (referenced_.capacity() + stale_.capacity()) / 8;
}

} // namespace synoscope
