#include "core/synthesis/engine.h"

#include "core/base/hash.h"
#include "core/synthesis/generator.h"

namespace synoscope {

namespace {

std::vector<SizeId> freeInputSizes(const Problem& problem, SizeTable& sizes)
{
    std::vector<SizeId> desired;
    for (int axis = 0; axis < static_cast<int>(problem.input.size()); ++axis) {
        const bool fixed = std::ranges::find(problem.fixed, axis, &std::pair<int, int>::first) != problem.fixed.end();
        if (!fixed)
            desired.push_back(sizes.intern(problem.input[axis].size));
    }
    return desired;
}

} // namespace

SynthesisEngine::SynthesisEngine(std::shared_ptr<const Problem> p)
    : problem(std::move(p)), sizes(*problem), nodes(sizes), rules(*problem), desired_(freeInputSizes(*problem, sizes)),
      distance_(sizes, desired_, !problem->limits.oddWindows, problem->limits.unfoldMax)
{
    for (int axis = 0; axis < static_cast<int>(problem->input.size()); ++axis)
        if (std::ranges::find(problem->fixed, axis, &std::pair<int, int>::first) == problem->fixed.end())
            desiredAxes_.push_back(axis);
    for (const char* rule : {"merge-above-reduce", "view-above-share", "merge-above-split", "shift-reduce",
                             "shift-above-split", "merge-chain", "merge-above-shift"})
        sumsMayBeMerged_ |= !problem->ruleOn(rule);
    inputProduct_ = sizes.one();
    for (const SizeId size : desired_)
        inputProduct_ = sizes.product(inputProduct_, size);
    enumerateReduceSizes();
    makeRoot();
}

void SynthesisEngine::makeRoot()
{
    Draft draft;
    for (int axis = 0; axis < static_cast<int>(problem->output.size()); ++axis) {
        const ShapeAxis& shape = problem->output[axis];
        const NodeId node = nodes.iterator(axis, sizes.intern(shape.size), shape.unordered);
        outputNodes_.push_back(node);
        if (std::ranges::find(problem->fixed, axis, &std::pair<int, int>::second) == problem->fixed.end())
            draft.frontier.add(node);
    }
    draft.tally.outerProduct = draft.tally.repeats = draft.tally.reductions = sizes.one();
    sortFrontier(draft);
    root_ = store(draft);
}

void SynthesisEngine::sortFrontier(Draft& draft) const
{
    std::sort(draft.frontier.nodes.begin(), draft.frontier.nodes.begin() + draft.frontier.count,
              [this](NodeId a, NodeId b) { return nodes[a].hash < nodes[b].hash; });
}

std::uint64_t SynthesisEngine::keyOf(const Draft& draft) const
{
    std::uint64_t key = draft.final ? 0x66 : 0x73;
    for (const NodeId node : draft.frontier) // a final state's frontier is in the order of the input's axes
        key = combine(key, nodes[node].hash);
    int axis = 0;
    for (int w = 0; w < draft.weights(); ++w) {
        std::uint64_t weight = 0;
        for (int i = 0; i < draft.weightSizes[w]; ++i)
            weight += mix(nodes[draft.weightAxes[axis++]].hash); // a weight's axes have no order
        key = combine(key, weight);
    }
    std::uint64_t expanded = 0;
    for (const NodeId node : draft.expanded)
        expanded += mix(nodes[node].hash + 1);
    return combine(key, expanded);
}

StateId SynthesisEngine::store(const Draft& draft)
{
    const std::uint64_t key = keyOf(draft);
    const auto [entry, fresh] = byKey_.try_emplace(key, StateId(states_.size()));
    if (!fresh)
        return entry->second;
    State state;
    state.key = key;
    state.nodes = static_cast<std::uint32_t>(pool_.size());
    state.frontier = draft.frontier.count;
    state.weightAxes = draft.weightAxes.count;
    state.expanded = draft.expanded.count;
    state.final = draft.final;
    state.weightSizes = draft.weightSizes;
    state.tally = draft.tally;
    pool_.insert(pool_.end(), draft.frontier.begin(), draft.frontier.end());
    pool_.insert(pool_.end(), draft.weightAxes.begin(), draft.weightAxes.end());
    pool_.insert(pool_.end(), draft.expanded.begin(), draft.expanded.end());
    if (draft.final) {
        state.cost = static_cast<std::int32_t>(costs_.size());
        costs_.push_back(costByKey_.at(key));
    }
    states_.push_back(state);
    return entry->second;
}

Draft SynthesisEngine::load(StateId id) const
{
    const State& state = states_[id.index];
    Draft draft;
    const NodeId* node = pool_.data() + state.nodes;
    for (int i = 0; i < state.frontier; ++i)
        draft.frontier.add(*node++);
    for (int i = 0; i < state.weightAxes; ++i)
        draft.weightAxes.add(*node++);
    for (int i = 0; i < state.expanded; ++i)
        draft.expanded.add(*node++);
    draft.weightSizes = state.weightSizes;
    draft.tally = state.tally;
    draft.final = state.final;
    return draft;
}

std::span<const NodeId> SynthesisEngine::frontier(StateId id) const
{
    const State& state = states_[id.index];
    return {pool_.data() + state.nodes, state.frontier};
}

StateId SynthesisEngine::apply(StateId id, const Move& move)
{
    const MoveList& list = moves(id);
    for (std::size_t i = 0; i < list.moves.size(); ++i)
        if (list.moves[i] == move)
            return child(id, i);
    return {};
}

StateId SynthesisEngine::child(StateId id, std::size_t move)
{
    const std::uint32_t list = states_[id.index].moves;
    if (!moveLists_[list].children[move].valid()) {
        Draft draft = load(id);
        applyTo(draft, moveLists_[list].moves[move]);
        moveLists_[list].children[move] = store(draft);
    }
    return moveLists_[list].children[move];
}

std::size_t SynthesisEngine::memoryBytes() const
{
    std::size_t lists = 0;
    for (const MoveList& list : moveLists_)
        lists += sizeof(MoveList) + list.moves.capacity() * sizeof(Move) + list.children.capacity() * sizeof(StateId) +
                 list.distances.capacity();
    constexpr std::size_t hashNode = 32;
    return states_.capacity() * sizeof(State) + pool_.capacity() * sizeof(NodeId) + lists + nodes.memoryBytes() +
           sizes.memoryBytes() + distance_.memoryBytes() +
           (byKey_.size() + dead_.size() + costByKey_.size()) * hashNode;
}

// The face.

Synthesizer::Synthesizer(std::shared_ptr<const Problem> problem)
    : engine_(std::make_unique<SynthesisEngine>(std::move(problem)))
{}
Synthesizer::~Synthesizer() = default;
Synthesizer::Synthesizer(Synthesizer&&) noexcept = default;
Synthesizer& Synthesizer::operator=(Synthesizer&&) noexcept = default;

const Problem& Synthesizer::problem() const
{
    return *engine_->problem;
}
StateId Synthesizer::root() const
{
    return engine_->root();
}
std::span<const Move> Synthesizer::moves(StateId state)
{
    return engine_->moves(state).moves;
}
StateId Synthesizer::apply(StateId state, const Move& move)
{
    return engine_->apply(state, move);
}
bool Synthesizer::isFinal(StateId state) const
{
    return (*engine_)[state].final;
}
int Synthesizer::depth(StateId state) const
{
    return (*engine_)[state].tally.depth();
}
std::uint64_t Synthesizer::key(StateId state) const
{
    return (*engine_)[state].key;
}

std::uint16_t Synthesizer::kinds(StateId state) const
{
    std::uint16_t mask = 0;
    for (int kind = 0; kind < moveKinds; ++kind)
        mask |= static_cast<std::uint16_t>(((*engine_)[state].tally.used[kind] != 0) << kind);
    return mask;
}

std::optional<Rollout> Synthesizer::rollout(StateId from, const Steering& steering, Random& random, int effort)
{
    return engine_->rollout(from, steering, random, effort);
}

bool Synthesizer::allowed(StateId state, const Move& move, const Steering& steering) const
{
    return engine_->allowed((*engine_)[state].tally, move, steering);
}

bool Synthesizer::isDead(StateId state, const Steering& steering) const
{
    return engine_->isDead(state, 0) || (!steering.empty() && engine_->isDead(state, steering.fingerprint()));
}

PGraph Synthesizer::build(StateId final) const
{
    return engine_->build(final);
}
OperatorCost Synthesizer::cost(StateId final) const
{
    return engine_->cost(final);
}
std::string Synthesizer::describe(StateId state, const Move& move) const
{
    return engine_->describe(state, move);
}
std::vector<Refusal> Synthesizer::refusals(StateId state)
{
    return engine_->refusals(state);
}
std::vector<RuleCount> Synthesizer::ruleCounts() const
{
    return engine_->rules.counts();
}
std::size_t Synthesizer::states() const
{
    return engine_->stateCount();
}
std::size_t Synthesizer::memoryBytes() const
{
    return engine_->memoryBytes();
}

std::string_view toString(MoveKind kind)
{
    static constexpr std::array<std::string_view, moveKinds> names{"reduce", "contraction", "shift", "stride",  "split",
                                                                   "unfold", "expand",      "merge", "finalize"};
    return names[static_cast<std::size_t>(kind)];
}

std::uint64_t Steering::fingerprint() const
{
    if (empty())
        return 0;
    std::uint64_t hash = mix(forbiddenKinds | std::uint64_t{requiredKinds} << 32);
    std::uint64_t sizes = 0;
    for (const auto& [kind, size] : forbiddenSizes)
        sizes += mix(combine(size.hash(), static_cast<std::uint64_t>(kind)));
    hash = combine(hash, sizes);
    return hash == 0 ? 1 : hash;
}

} // namespace synoscope
