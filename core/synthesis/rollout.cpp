// Random descents to final states. A rollout goes back where it runs into a dead end, and remembers that the end is
// dead: per steering, as what is impossible under one may be possible under another. What looks like a dead end that is
// known it puts off until there is nothing else.
#include "core/synthesis/engine.h"

#include "core/base/hash.h"

namespace synoscope {

namespace {

bool forbidden(const Move& move, const Steering& steering)
{
    if (steering.forbiddenKinds >> static_cast<int>(move.kind) & 1)
        return true;
    return std::ranges::any_of(steering.forbiddenSizes,
                               [&](const auto& pair) { return pair.first == move.kind && pair.second == move.size; });
}

} // namespace

bool SynthesisEngine::allowed(const Tally& tally, const Move& move, const Steering& steering) const
{
    if (steering.empty())
        return true;
    if (forbidden(move, steering))
        return false;
    // What is still required must fit into what remains; reductions can only come first.
    int missing = 0;
    for (int kind = 0; kind < moveKinds; ++kind) {
        const bool required = steering.requiredKinds >> kind & 1;
        if (!required || tally.used[kind] > 0 || static_cast<int>(move.kind) == kind)
            continue;
        ++missing;
        if (static_cast<MoveKind>(kind) == MoveKind::reduce)
            return false;
    }
    if (move.kind == MoveKind::finalize)
        return missing == 0;
    return missing <= problem->limits.depth - tally.depth() - 1;
}

bool SynthesisEngine::isDead(StateId id, std::uint64_t steering) const
{
    return steering == 0 ? states_[id.index].dead : dead_.contains(combine(steering, states_[id.index].key));
}

bool SynthesisEngine::isDoubtful(StateId id, std::uint64_t steering) const
{
    const State& state = states_[id.index];
    return state.doubtful || (steering != 0 && doubtful_.contains(combine(steering, state.key)));
}

// The size that steering can name (move.h).
Size SynthesisEngine::parameterOf(std::span<const NodeId> frontier, const Edge& edge) const
{
    switch (edge.kind) {
    case MoveKind::reduce:
    case MoveKind::stride:
    case MoveKind::merge:
        return sizes[SizeId(edge.argument)].size;
    case MoveKind::split:
    case MoveKind::unfold:
        return sizes[nodes[frontier[edge.second]].size].size;
    case MoveKind::shift:
    case MoveKind::expand:
        return sizes[nodes[frontier[edge.first]].size].size;
    case MoveKind::contraction:
    case MoveKind::finalize:
        break;
    }
    return {};
}

// One step of a descent: which of the moves of a state may be taken, and one of them at random.
//
// First the kind, then the move: a kind with hundreds of moves must not drown the others. Steps at random wander off to
// where nothing can finish, steps that come nearer to the input's shape find the same short operators again and again:
// each descent mixes them in a proportion of its own. Of the moves of a kind those that descents have taken least go
// first, and where everything has been found already nobody goes while there is anything else: rollouts are to find
// different operators.
class SynthesisEngine::Chooser
{
public:
    Chooser(const SynthesisEngine& engine, const Steering& steering, Random& random)
        : engine_(engine), steering_(steering), random_(random), scope_(steering.fingerprint()),
          wandering_(random.unit())
    {}

    std::uint64_t scope() const { return scope_; }
    bool steered() const { return steered_; } // some move was left out because of the steering alone

    std::optional<std::size_t> choose(StateId state, std::span<const Edge> edges, int distance)
    {
        look(state, edges);
        const bool wander = random_.unit() < wandering_;
        if (!wander)
            if (const auto nearer = pick(
                    edges, [&](std::size_t i) { return promise_[i] >= Promise::fresh && edges[i].distance < distance; }))
                return nearer;
        return pick(edges, [&](std::size_t i) { return promise_[i] >= Promise::fresh; });
    }
    // Where there is nothing else.
    std::optional<std::size_t> chooseDoubtful(std::span<const Edge> edges)
    {
        return pick(edges, [&](std::size_t i) { return promise_[i] >= Promise::doubtful; });
    }
    // Where everything has been found.
    std::optional<std::size_t> chooseAgain(std::span<const Edge> edges)
    {
        return pick(edges, [&](std::size_t i) { return promise_[i] >= Promise::open; });
    }
    bool anyOpen() const { return any(Promise::open); }
    bool anyForeign() const { return any(Promise::foreign); }
    bool anyDoubtful() const { return any(Promise::doubtful); }

private:
    enum class Promise : std::uint8_t
    {
        none,     // not allowed, or dead
        open,     // what lies there has been found
        foreign,  // another thread looks after it
        doubtful, // something new may lie there, but that does not look likely
        fresh     // something new may lie there
    };

    bool any(Promise least) const
    {
        return std::ranges::any_of(promise_, [least](Promise promise) { return promise >= least; });
    }

    void look(StateId state, std::span<const Edge> edges)
    {
        steered_ = false;
        promise_.resize(edges.size());
        visits_.resize(edges.size());
        const Care care = engine_.careOf(state); // once: other threads go on
        for (std::size_t i = 0; i < edges.size(); ++i) {
            visits_[i] = 0;
            promise_[i] = !isOpen(state, edges[i])                                     ? Promise::none
                          : edges[i].kind == MoveKind::reduce || care == Care::ours ? Promise::fresh
                          : care == Care::foreign                                   ? Promise::foreign
                                                                                    : Promise::open;
            if (promise_[i] == Promise::none || !edges[i].child.valid())
                continue;
            const RolloutTraffic::Seen seen = engine_.seen(edges[i].child);
            visits_[i] = seen.visits;
            if (seen.exhausted) {
                promise_[i] = Promise::open;
            } else if (engine_.states_[edges[i].child.index].foreign) {
                promise_[i] = Promise::foreign;
            } else if (promise_[i] == Promise::fresh && engine_.isDoubtful(edges[i].child, scope_)) {
                promise_[i] = Promise::doubtful;
                steered_ |= !engine_.isDoubtful(edges[i].child, 0);
            }
        }
    }

    template <typename Allowed>
    std::optional<std::size_t> pick(std::span<const Edge> edges, const Allowed& allowed)
    {
        std::array<std::uint32_t, moveKinds> least; // visits, by kind
        std::array<std::uint32_t, moveKinds> count{};
        least.fill(0xffffffffu);
        int kinds = 0;
        for (std::size_t i = 0; i < edges.size(); ++i) {
            if (!allowed(i))
                continue;
            const auto kind = static_cast<std::size_t>(edges[i].kind);
            const std::uint32_t visited = visits_[i];
            kinds += least[kind] == 0xffffffffu;
            if (visited < least[kind]) {
                least[kind] = visited;
                count[kind] = 0;
            }
            count[kind] += visited == least[kind];
        }
        if (kinds == 0)
            return std::nullopt;
        auto chosenKind = random_.below(static_cast<std::uint32_t>(kinds));
        std::size_t kind = 0;
        for (;; ++kind)
            if (count[kind] > 0 && chosenKind-- == 0)
                break;
        auto chosen = random_.below(count[kind]);
        for (std::size_t i = 0;; ++i)
            if (static_cast<std::size_t>(edges[i].kind) == kind && allowed(i) && visits_[i] == least[kind] &&
                chosen-- == 0)
                return i;
    }

    bool isOpen(StateId state, const Edge& edge)
    {
        if (edge.child.valid() && engine_.isDead(edge.child, 0))
            return false;
        if (scope_ == 0)
            return true;
        Move move; // as much of it as steering looks at
        move.kind = edge.kind;
        move.size = engine_.parameterOf(engine_.frontier(state), edge);
        const bool open = engine_.allowed(engine_.states_[state.index].tally, move, steering_) &&
                          !(edge.child.valid() && engine_.isDead(edge.child, scope_));
        steered_ |= !open;
        return open;
    }

    const SynthesisEngine& engine_;
    const Steering& steering_;
    Random& random_;
    std::uint64_t scope_;
    double wandering_; // share of steps that may lead anywhere
    bool steered_ = false;
    std::vector<std::uint32_t> visits_; // by move of the state at hand
    std::vector<Promise> promise_;
};

bool SynthesisEngine::isExhausted(StateId id) const
{
    return seen(id).exhausted;
}

RolloutTraffic::Seen SynthesisEngine::seen(StateId id) const
{
    const State& state = states_[id.index];
    const bool exhausted = state.exhausted || (state.final && *operatorFound_.find(key(id)));
    if (!sharing_ || exhausted)
        return {.visits = state.visits, .exhausted = exhausted};
    return sharing_->traffic.look(key(id));
}

void SynthesisEngine::setExhausted(StateId id)
{
    states_[id.index].exhausted = true;
    if (states_[id.index].final)
        *operatorFound_.insert(key(id), {}).first = true;
    if (sharing_)
        sharing_->traffic.setExhausted(key(id));
}

// Whether another thread looks after the operators with these reductions and no others (RolloutTraffic).
SynthesisEngine::Care SynthesisEngine::careOf(StateId id) const
{
    if (!sharing_ || !states_[id.index].onlyReductions())
        return Care::ours;
    const RolloutTraffic::Region region = sharing_->traffic.region(states_[id.index].key);
    return region.closed ? Care::done : region.owner < 0 || region.owner == thread_ ? Care::ours : Care::foreign;
}

// Nothing is left but what other threads look after: this one helps where least has been done.
void SynthesisEngine::takeOver(StateId from)
{
    std::uint64_t best = 0;
    std::uint32_t least = 0xffffffffu;
    std::vector<StateId> foreign{from};
    while (!foreign.empty()) {
        const StateId id = foreign.back();
        foreign.pop_back();
        states_[id.index].foreign = false;
        if (careOf(id) == Care::foreign) {
            const std::uint32_t work = sharing_->traffic.region(states_[id.index].key).work;
            if (work < least) {
                least = work;
                best = states_[id.index].key;
            }
        }
        for (const Edge& edge : edges(id))
            if (edge.kind == MoveKind::reduce && edge.child.valid() && states_[edge.child.index].foreign)
                foreign.push_back(edge.child);
    }
    if (least != 0xffffffffu)
        sharing_->traffic.take(best, thread_);
}

// A rollout has come from the last state of the path to this one.
void SynthesisEngine::noteStep(std::span<const std::pair<StateId, std::size_t>> path, StateId at)
{
    if (!sharing_ || states_[at.index].onlyReductions() || states_[at.index].edges != State().edges)
        return;
    for (std::size_t i = path.size(); i-- > 0;) {
        const State& state = states_[path[i].first.index];
        if (!state.onlyReductions())
            continue;
        if (i + 1 == path.size())
            sharing_->traffic.enter(state.key, thread_);
        sharing_->traffic.work(state.key);
        return;
    }
}

// The final state has been found: it, and whatever leads to nothing new any more on the way to it, is exhausted.
void SynthesisEngine::noteFound(std::span<const std::pair<StateId, std::size_t>> path, StateId final)
{
    setExhausted(final);
    for (std::size_t i = path.size(); i-- > 0;) {
        const StateId id = path[i].first;
        ++states_[id.index].visits;
        if (states_[id.index].doubtful) {
            states_[id.index].doubtful = false;
            deadEnds_.refute(frontierItems(load(id)));
        }
        if (sharing_)
            sharing_->traffic.visit(states_[id.index].key);
        const auto all = edges(id);
        const bool left = std::ranges::any_of(all, [&](const Edge& edge) {
            return !edge.child.valid() || !(states_[edge.child.index].dead || isExhausted(edge.child));
        });
        if (!left)
            setExhausted(id);
    }
}

std::uint64_t SynthesisEngine::frontierItems(const Draft& draft) const
{
    const std::uint64_t allowance = allowanceOf(draft.tally);
    std::uint64_t sum = 0;
    for (const NodeId node : draft.frontier)
        sum += itemHash(itemOf(nodes[node], allowance));
    return sum;
}

// Asked before the moves of a state are known: they are what costs.
bool SynthesisEngine::looksDead(StateId id) const
{
    const State& state = states_[id.index];
    if (state.final || state.dead || state.edges != State().edges)
        return false;
    const Draft draft = load(id);
    return deadEnds_.looksLikeOne(frontierItems(draft), budgetOf(draft), remaining(draft));
}

// Nothing (new) is to be had from here.
void SynthesisEngine::noteEnd(StateId end, const Chooser& chooser)
{
    if (sharing_ && states_[end.index].onlyReductions() && !chooser.steered() && !chooser.anyDoubtful() &&
        careOf(end) == Care::ours)
        sharing_->traffic.close(states_[end.index].key);
    if (chooser.anyDoubtful() && chooser.steered())
        doubtful_.insert(combine(chooser.scope(), states_[end.index].key), 0);
    else if (chooser.anyDoubtful())
        states_[end.index].doubtful = true;
    else if (chooser.anyForeign())
        states_[end.index].foreign = true;
    else if (chooser.anyOpen())
        setExhausted(end);
    else if (chooser.steered())
        dead_.insert(combine(chooser.scope(), states_[end.index].key), 0);
    else {
        states_[end.index].dead = true;
        const Draft draft = load(end);
        deadEnds_.learn(frontierItems(draft), budgetOf(draft), remaining(draft));
        if (sharing_) // the other threads need not find out for themselves
            sharing_->traffic.setExhausted(states_[end.index].key);
    }
}

std::optional<Rollout> SynthesisEngine::rollout(StateId from, const Steering& steering, Random& random, int effort)
{
    Chooser chooser(*this, steering, random);
    std::vector<std::pair<StateId, std::size_t>> path; // states and the edge taken there
    StateId at = from;
    bool doubting = false; // nothing is left but what looks like a dead end
    bool again = false;    // nothing new is left: what has been found may be found again
    while (effort-- > 0 && !states_[at.index].final) {
        const auto all = edges(at);
        const int distance =
            path.empty() ? infiniteDistance + 1 : edges(path.back().first)[path.back().second].distance;
        auto edge = chooser.choose(at, all, distance);
        doubting |= !edge && path.empty() && chooser.anyDoubtful();
        if (!edge && doubting)
            edge = chooser.chooseDoubtful(all);
        if (!edge && path.empty() && chooser.anyForeign() && !chooser.anyDoubtful()) {
            takeOver(at);
            continue;
        }
        again |= !edge && path.empty() && chooser.anyOpen();
        if (!edge && again)
            edge = chooser.chooseAgain(all);
        if (edge) {
            path.emplace_back(at, *edge);
            at = child(at, *edge);
            noteStep(path, at);
            states_[at.index].doubtful |= looksDead(at);
            // Known already, by other ways: no visit, and no reason to leave the place it was reached from.
            const bool putOff = !doubting && isDoubtful(at, chooser.scope());
            if (states_[at.index].dead || (!again && (putOff || isExhausted(at)))) {
                at = path.back().first;
                path.pop_back();
                ++effort;
            }
            continue;
        }
        noteEnd(at, chooser);
        if (path.empty())
            return std::nullopt;
        // Back to anywhere on the way: one step at a time would search a hopeless region to its end.
        path.resize(random.below(static_cast<std::uint32_t>(path.size())) + 1);
        at = path.back().first;
        path.pop_back();
    }
    if (!states_[at.index].final)
        return std::nullopt;
    noteFound(path, at);
    Rollout found;
    for (const auto& [state, edge] : path)
        found.moves.push_back(moveOf(state, edges(state)[edge]));
    found.final = at;
    return found;
}

} // namespace synoscope
