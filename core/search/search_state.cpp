#include "core/search/search_state.h"

#include <algorithm>
#include <cassert>

namespace synoscope {

SearchState::SearchState(std::uint64_t rootKey, std::unique_ptr<Algorithm> chosen)
    : tree(rootKey), dirty(tree), ledger(tree, steps, candidates, dirty), steering(tree, ledger, dirty),
      algorithm(std::move(chosen))
{
    dirty.touch(Tree::root());
}

void SearchState::open(TreeNodeId node, const std::shared_ptr<const SteeringContext>& context, Opening& opening)
{
    opening.edges.clear();
    opening.busy = false;
    const auto edges = tree.edges(node);
    for (std::uint32_t i = 0; i < edges.size(); ++i) {
        const TreeNode& child = tree[edges[i].child];
        if (child.closed())
            continue;
        if (context->id != 0) {
            const auto behind = steering.follow(edges[i], context);
            if (behind == nullptr || steering.closed(edges[i].child, *behind))
                continue;
        }
        if (child.has(TreeNode::final) && child.inFlight > 0)
            opening.busy = true;
        else
            opening.edges.push_back(i);
    }
}

void SearchState::begin(Way& way)
{
    way = Way{};
    ++tree[Tree::root()].inFlight;
}

void SearchState::extend(Way& way, std::uint32_t edgeNumber)
{
    TreeEdge& edge = tree.edges(way.leaf())[edgeNumber];
    TreeNode& child = tree[edge.child];
    assert(edge.inFlight < UINT16_MAX && child.inFlight < UINT16_MAX);
    ++edge.inFlight;
    ++child.inFlight;
    way.steps.push_back(edge.step.index);
    way.nodes.push_back(edge.child.index);
    way.edges.push_back(edgeNumber);
}

void SearchState::release(const Way& way)
{
    --tree[Tree::root()].inFlight;
    const WayView view = way.view();
    for (std::size_t k = 0; k < view.nodes.size(); ++k) {
        --tree.edges(view.node(k))[view.edges[k]].inFlight;
        --tree[view.node(k + 1)].inFlight;
    }
}

void SearchState::grow(Way& way, const Move& move, std::uint64_t key, bool final)
{
    const TreeNodeId parent = way.leaf();
    const StepId step = steps.intern(move);
    std::uint32_t edge = tree.edgeBy(parent, step);
    if (edge == IdIndex::none) {
        TreeNodeId child = tree.find(key);
        if (!child.valid()) {
            child = tree.create(key, parent);
            tree[child].set(TreeNode::final, final);
            tree[child].depth = static_cast<std::uint8_t>(tree[parent].depth + 1);
            steering.adopt(child);
            dirty.touch(child);
        }
        edge = tree.addEdge(parent, TreeEdge{child, step, 0, 0, move.kind});
    }
    extend(way, edge);
}

void SearchState::countBarren(const Way& way)
{
    const WayView view = way.view();
    for (std::size_t k = 0; k <= view.nodes.size(); ++k)
        ++tree[view.node(k)].barren;
}

void SearchState::finish(const Way& way, std::uint32_t id)
{
    assert(candidates[id].answered());
    finishAs(way, id, candidates[id].reward, candidates[id].state == FoundOperator::State::failed);
}

void SearchState::finishAs(const Way& way, std::uint32_t id, Reward reward, bool failed)
{
    release(way);
    const bool isNew = candidates[id].found == 0;
    duplicates += !isNew;
    const bool leafIsFinal = way.nodes.size() == way.steps.size() && !way.nodes.empty();
    if (leafIsFinal) {
        TreeNode& leaf = tree[way.leaf()];
        leaf.candidate = id;
        leaf.set(TreeNode::exhausted);
        dirty.touch(way.leaf());
    }
    best = std::max(best, reward);
    ledger.append(way.view(), reward, id, failed);
    algorithm->learn({tree, steps, way.view(), reward.value(), failed, isNew});
}

void SearchState::answer(std::uint64_t ticket, FoundOperator::State state, Reward reward)
{
    const auto found = flights.find(ticket);
    if (found == flights.end())
        return; // answered before, or given back
    const Flight flight = std::move(found->second);
    flights.erase(found);
    FoundOperator& candidate = candidates[flight.candidate];
    candidate.state = state;
    candidate.reward = reward;
    if (candidate.answered()) {
        finish(flight.way, flight.candidate);
    } else {
        release(flight.way);
        --distinct;
    }
    checkEnd(); // the last answer that a limit waited for ends the search, also where nobody proposes any more
}

SearchFigures SearchState::figures() const
{
    SearchFigures figures;
    figures.iterations = ledger.iterations().size();
    figures.inFlight = flights.size();
    figures.candidates = distinct;
    figures.foundOnce = candidates.foundOnce();
    figures.foundTwice = candidates.foundTwice();
    figures.memoryBytes = memoryBytes();
    figures.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    figures.exhausted = exhausted;
    return figures;
}

std::size_t SearchState::memoryBytes() const
{
    return tree.memoryBytes() + steps.memoryBytes() + candidates.memoryBytes() + dirty.memoryBytes() +
           ledger.memoryBytes() + steering.memoryBytes() + algorithm->memoryBytes() + spaceBytes.load();
}

bool SearchState::checkEnd()
{
    if (!ended.empty() || stops.empty())
        return !ended.empty();
    const SearchFigures now = figures();
    for (const auto& stop : stops)
        if (const StopProgress progress = stop->progress(now); progress.reached) {
            ended = progress.text;
            break;
        }
    return !ended.empty();
}

bool SearchState::mayBegin() const
{
    if (!ended.empty())
        return false;
    if (stops.empty())
        return true;
    const SearchFigures now = figures();
    return std::none_of(stops.begin(), stops.end(), [&](const auto& stop) { return stop->sufficed(now); });
}

// What was exhausted within the old constraints may be open again.
void SearchState::steeringChanged()
{
    if (exhausted) {
        exhausted = false;
        ended.clear();
    }
}

} // namespace synoscope
