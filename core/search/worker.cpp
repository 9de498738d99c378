#include "core/search/worker.h"

#include <algorithm>

namespace synoscope {
namespace {

// An iteration is tried so often with nothing new before the caller gets a turn.
constexpr int workShare = 1000;
// So many iterations may keep their virtual loss while the worker looks for a way that is not under evaluation.
constexpr std::size_t mostHeld = 64;
// Rollouts tried at one leaf when constraints the space does not know (nodes, sizes) refuse their results.
constexpr int rolloutTries = 8;
// Calls of propose between two looks at the memory of the space, which takes a while to count.
constexpr unsigned memoryInterval = 32;

} // namespace

SearchWorker::SearchWorker(SearchState& state, std::unique_ptr<Space> space, std::uint64_t seed, bool deferred)
    : state_(&state), space_(std::move(space)), random_(seed), deferred_(deferred)
{}

SearchWorker::SearchWorker(SearchWorker&& other) noexcept
    : state_(std::exchange(other.state_, nullptr)), space_(std::move(other.space_)), random_(other.random_),
      deferred_(other.deferred_), states_(std::move(other.states_)), countedBytes_(std::exchange(other.countedBytes_, 0))
{}

SearchWorker::~SearchWorker()
{
    if (state_ != nullptr)
        state_->spaceBytes -= countedBytes_;
}

std::optional<Proposal> SearchWorker::propose(std::stop_token stop)
{
    return work(0, stop);
}

std::optional<Proposal> SearchWorker::proposeFrom(std::uint64_t node, std::stop_token stop)
{
    return work(node, stop);
}

std::optional<Proposal> SearchWorker::work(std::uint64_t through, const std::stop_token& stop)
{
    std::vector<Way> held;
    std::optional<Proposal> found;
    for (int i = 0; i < workShare && held.size() < mostHeld && !stop.stop_requested(); ++i) {
        Trial trial;
        Proposal proposal;
        const Outcome outcome = iterate(trial, through, proposal);
        if (outcome == Outcome::hold)
            held.push_back(std::move(trial.way));
        if (outcome == Outcome::proposal)
            found = std::move(proposal);
        if (outcome == Outcome::proposal || outcome == Outcome::end)
            break;
    }
    if (calls_++ % memoryInterval == 0) {
        const std::size_t bytes = space_->memoryBytes();
        state_->spaceBytes += bytes - std::exchange(countedBytes_, bytes);
    }
    const std::lock_guard lock(state_->mutex);
    for (const Way& way : held) {
        state_->release(way);
        if (deferred_) // or the same ways are taken again and again
            state_->countBarren(way);
    }
    return found;
}

SearchWorker::Outcome SearchWorker::iterate(Trial& trial, std::uint64_t through, Proposal& proposal)
{
    Outcome outcome = select(trial, through);
    if (outcome == Outcome::go && trial.choice.what == Choice::What::reveal)
        outcome = expand(trial);
    if (outcome == Outcome::go)
        outcome = rollOut(trial);
    if (outcome == Outcome::go)
        outcome = identify(trial, proposal);
    return outcome;
}

// Stage 1, select: from the root to where something new can begin.
SearchWorker::Outcome SearchWorker::select(Trial& trial, std::uint64_t through)
{
    const std::lock_guard lock(state_->mutex);
    SearchState& s = *state_;
    if (s.checkEnd() || !s.mayBegin())
        return Outcome::end;
    trial.epoch = s.steering.epoch();
    trial.filter = s.steering.sharedFilter();
    trial.context = s.steering.base();
    s.begin(trial.way);
    if (through > 1 && !force(trial, through)) {
        s.release(trial.way);
        return Outcome::end;
    }
    for (;;) {
        const TreeNodeId node = trial.way.leaf();
        if (s.tree[node].has(TreeNode::final))
            return Outcome::go;
        s.open(node, trial.context, opening_);
        const auto unseen =
            static_cast<std::uint16_t>(~s.steering.filled(node, *trial.context) & ((1u << moveKinds) - 1));
        const Situation situation{
            s.tree, s.steps, s.ledger.rave(), node, opening_.edges, unseen, s.steering.confined(*trial.context)};
        trial.choice = s.algorithm->choose(situation, random_);
        switch (trial.choice.what) {
        case Choice::What::follow:
            follow(trial, trial.choice.edge);
            break;
        case Choice::What::none: {
            if (opening_.busy && !deferred_) // an answer may show that more is to be had
                return Outcome::hold;
            s.release(trial.way);
            const bool forGood = trial.context->id == 0;
            s.steering.close(node, *trial.context, TreeNode::exhausted, forGood);
            if (node != Tree::root())
                return Outcome::again;
            s.exhausted = true;
            s.ended =
                trial.filter->empty() ? "every operator was found" : "every operator within the steering was found";
            return Outcome::end;
        }
        case Choice::What::rollOut:
            trial.guide = s.algorithm->guide(random_);
            return Outcome::go;
        case Choice::What::reveal:
            return Outcome::go;
        }
    }
}

// Walks to a node by the way it is shown at; false when the constraints or a closed node are in the way.
bool SearchWorker::force(Trial& trial, std::uint64_t through)
{
    SearchState& s = *state_;
    if (!s.tree.exists(nodeOf(through)))
        return false;
    const CanonicalWay way = canonicalWay(s.tree, nodeOf(through));
    for (std::size_t i = 0; i < way.edges.size(); ++i) {
        s.open(way.nodes[i], trial.context, opening_);
        if (std::find(opening_.edges.begin(), opening_.edges.end(), way.edges[i]) == opening_.edges.end())
            return false;
        follow(trial, way.edges[i]);
    }
    return true;
}

void SearchWorker::follow(Trial& trial, std::uint32_t number)
{
    const TreeEdge& edge = state_->tree.edges(trial.way.leaf())[number];
    trial.context = state_->steering.follow(edge, trial.context);
    trial.moves.push_back(state_->steps[edge.step]);
    state_->extend(trial.way, number);
}

// Stage 2, expand: one of the moves that have no edge yet becomes a child.
SearchWorker::Outcome SearchWorker::expand(Trial& trial)
{
    const StateId parent = stateOf(trial);
    if (!parent.valid())
        return giveUp(trial);
    const std::span<const Move> moves = space_->moves(parent);

    const std::lock_guard lock(state_->mutex);
    SearchState& s = *state_;
    if (trial.epoch != s.steering.epoch()) {
        s.release(trial.way);
        return Outcome::again;
    }
    const TreeNodeId node = trial.way.leaf();
    const std::vector<Move> offered = unseen(trial, moves);
    if (offered.empty()) {
        s.release(trial.way);
        return Outcome::again; // another thread was faster, or the kinds turned out to be empty
    }
    const Situation situation{s.tree, s.steps, s.ledger.rave(), node, {}, trial.choice.kinds, false};
    const Move move = offered[s.algorithm->reveal(situation, offered, random_)];
    const StateId child = space_->apply(parent, move);
    s.grow(trial.way, move, space_->key(child), space_->isFinal(child));
    trial.moves.push_back(move);

    const TreeEdge& edge = s.tree.edges(node)[trial.way.edges.back()];
    const auto behind = s.steering.follow(edge, trial.context);
    const TreeNode& made = s.tree[edge.child];
    if (behind == nullptr || s.steering.closed(edge.child, *behind)) {
        s.release(trial.way);
        return Outcome::again;
    }
    if (made.has(TreeNode::final) && made.inFlight > 1)
        return Outcome::hold;
    trial.context = behind;
    return Outcome::go;
}

// The legal moves without an edge, of the chosen kinds; notes which kinds have none left.
std::vector<Move> SearchWorker::unseen(const Trial& trial, std::span<const Move> moves)
{
    SearchState& s = *state_;
    const TreeNodeId node = trial.way.leaf();
    std::vector<std::uint64_t> seen;
    for (const TreeEdge& edge : s.tree.edges(node))
        seen.push_back(s.steps[edge.step].key);
    std::sort(seen.begin(), seen.end());
    std::vector<Move> offered;
    unsigned left = 0;
    for (const Move& move : moves) {
        if (std::binary_search(seen.begin(), seen.end(), move.key) || !s.steering.allows(move, *trial.context))
            continue;
        const unsigned bit = 1u << static_cast<unsigned>(move.kind);
        left |= bit;
        if ((trial.choice.kinds & bit) != 0)
            offered.push_back(move);
    }
    s.steering.setFilled(node, *trial.context, static_cast<std::uint16_t>(~left));
    return offered;
}

// The leaf's state in this worker's space.
StateId SearchWorker::stateOf(const Trial& trial)
{
    const WayView way = trial.way.view();
    std::size_t k = way.nodes.size();
    const auto known = [&](std::size_t i) {
        const std::uint32_t node = way.node(i).index;
        return node < states_.size() ? states_[node] : StateId();
    };
    while (k > 0 && !known(k).valid())
        --k;
    StateId state = k == 0 ? space_->root() : known(k);
    for (; k < way.nodes.size(); ++k) {
        state = space_->apply(state, trial.moves[k]);
        if (!state.valid())
            return state;
        if (way.nodes[k] >= states_.size())
            states_.resize(std::max<std::size_t>(way.nodes[k] + 1, 2 * states_.size()));
        states_[way.nodes[k]] = state;
    }
    return state;
}

// Stage 3, roll out: from the leaf to an operator, by random moves.
SearchWorker::Outcome SearchWorker::rollOut(Trial& trial)
{
    trial.state = stateOf(trial);
    if (!trial.state.valid())
        return giveUp(trial);
    if (space_->isFinal(trial.state)) {
        trial.finalKey = space_->key(trial.state);
        return Outcome::go;
    }
    const StateId leaf = trial.state;
    Try last = Try::refused;
    for (int i = 0; i < rolloutTries && last == Try::refused; ++i)
        last = tryRollout(trial);
    if (last == Try::found)
        return Outcome::go;
    const bool dead = space_->isDead(leaf, trial.context->steering);
    const std::lock_guard lock(state_->mutex);
    SearchState& s = *state_;
    s.release(trial.way);
    if (trial.epoch != s.steering.epoch())
        return Outcome::again;
    if (dead)
        s.steering.close(trial.way.leaf(), *trial.context, TreeNode::dead, trial.context->steering.empty());
    else
        s.countBarren(trial.way);
    if (dead && trial.way.nodes.empty()) {
        s.exhausted = true;
        s.ended = trial.filter->empty() ? "the problem has no operator" : "no operator obeys the steering";
        return Outcome::end;
    }
    return Outcome::again;
}

// A damaged log has led to where the space does not.
SearchWorker::Outcome SearchWorker::giveUp(Trial& trial)
{
    const std::lock_guard lock(state_->mutex);
    state_->release(trial.way);
    state_->steering.close(trial.way.leaf(), *trial.context, TreeNode::dead, trial.context->id == 0);
    return Outcome::again;
}

SearchWorker::Try SearchWorker::tryRollout(Trial& trial)
{
    std::optional<Rollout> rollout = guided(trial);
    if (!rollout)
        rollout = space_->rollout(trial.state, trial.context->steering, random_);
    if (!rollout)
        return Try::nothing;
    if (!hasRequiredSizes(trial, *rollout))
        rollout = withRequiredSizes(trial, std::move(*rollout));
    std::vector<std::uint64_t> keys;
    if (!rollout || !obeys(trial, *rollout, keys))
        return Try::refused;
    trial.moves.insert(trial.moves.end(), rollout->moves.begin(), rollout->moves.end());
    trial.tailKeys = std::move(keys);
    trial.state = rollout->final;
    trial.finalKey = space_->key(rollout->final);
    return Try::found;
}

// Once: where steering refuses what comes of it, random rollouts try the rest.
std::optional<Rollout> SearchWorker::guided(Trial& trial)
{
    const std::unique_ptr<Guide> guide = std::move(trial.guide);
    if (guide == nullptr)
        return std::nullopt;
    Walk walk(*space_, *trial.context, *trial.filter, trial.state, trial.moves, [this](std::uint64_t key) {
        const std::lock_guard lock(state_->mutex);
        const std::uint32_t id = state_->candidates.byKey(key);
        return id != CandidateTable::none && state_->candidates[id].state != FoundOperator::State::unseen;
    });
    return guide->compose(walk, random_);
}

bool SearchWorker::hasRequiredSizes(const Trial& trial, const Rollout& rollout) const
{
    const auto has = [](const std::vector<Move>& moves, const std::pair<MoveKind, Size>& wanted) {
        return std::any_of(moves.begin(), moves.end(),
                           [&](const Move& m) { return m.kind == wanted.first && m.size == wanted.second; });
    };
    return std::all_of(trial.context->requiredSizes.begin(), trial.context->requiredSizes.end(),
                       [&](const auto& wanted) { return has(trial.moves, wanted) || has(rollout.moves, wanted); });
}

// A space cannot be asked for a kind with a size. So: along a rollout that lacks it, look for a state that offers such
// a move, from a random place on, take it, and roll out again from there.
std::optional<Rollout> SearchWorker::withRequiredSizes(const Trial& trial, Rollout rollout)
{
    const auto wanted = [&](const Move& move) {
        return std::any_of(trial.context->requiredSizes.begin(), trial.context->requiredSizes.end(),
                           [&](const auto& w) { return w.first == move.kind && w.second == move.size; });
    };
    const std::size_t from = random_.below(static_cast<std::uint32_t>(rollout.moves.size()));
    StateId state = trial.state;
    for (std::size_t i = 0; i < rollout.moves.size(); ++i) {
        std::vector<Move> fitting;
        if (i >= from)
            for (const Move& move : space_->moves(state))
                if (wanted(move))
                    fitting.push_back(move);
        if (!fitting.empty()) {
            const Move move = fitting[random_.below(static_cast<std::uint32_t>(fitting.size()))];
            const StateId next = space_->apply(state, move);
            rollout.moves.resize(i);
            rollout.moves.push_back(move);
            std::optional<Rollout> rest =
                space_->isFinal(next) ? Rollout{{}, next} : space_->rollout(next, trial.context->steering, random_);
            if (!rest)
                return std::nullopt;
            rollout.moves.insert(rollout.moves.end(), rest->moves.begin(), rest->moves.end());
            rollout.final = rest->final;
            return rollout;
        }
        state = space_->apply(state, rollout.moves[i]);
    }
    return std::nullopt;
}

// Whether the rollout obeys all constraints, those included that the space does not know; collects the states' keys.
bool SearchWorker::obeys(const Trial& trial, const Rollout& rollout, std::vector<std::uint64_t>& keys)
{
    const SteeringFilter& filter = *trial.filter;
    SteeringFilter::Position at = trial.context->position;
    if (!filter.empty())
        for (const Move& move : trial.moves)
            at.met |= filter.rulesOf(move) & filter.pins() & ~filter.nodePins();
    StateId state = trial.state;
    for (const Move& move : rollout.moves) {
        state = space_->apply(state, move);
        keys.push_back(space_->key(state));
        if (filter.empty())
            continue;
        std::uint64_t closing = filter.take(at, filter.rulesOf(move));
        // By the lower half of the key, as the books will judge it later (iterations.h).
        closing |= filter.enterTail(at, static_cast<std::uint32_t>(keys.back()));
        if (closing != 0)
            return false;
    }
    return filter.missing(at) == 0;
}

} // namespace synoscope
