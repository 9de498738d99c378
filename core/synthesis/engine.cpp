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
    : problem(std::move(p)), sizes(*problem), nodes(sizes, *problem), rules(*problem),
      equivalence_(equivalenceOf(*problem)), desired_(freeInputSizes(*problem, sizes)),
      distance_(sizes, desired_, *problem)
{
    for (int axis = 0; axis < static_cast<int>(problem->input.size()); ++axis)
        if (std::ranges::find(problem->fixed, axis, &std::pair<int, int>::first) == problem->fixed.end())
            desiredAxes_.push_back(axis);
    for (const Rule rule : {Rule::stackedMerge, Rule::mergeAboveShift, Rule::shiftChain, Rule::shiftAboveSplit,
                            Rule::shiftReduce, Rule::viewAboveShare, Rule::unfoldAboveSplit, Rule::unfoldAboveShift})
        mergesAnywhere_ |= !rules.on(rule);
    inputProduct_ = sizes.one();
    for (const SizeId size : desired_)
        inputProduct_ = sizes.product(inputProduct_, size);
    const auto elements = [this](const std::vector<ShapeAxis>& shape) {
        std::vector<double> perLayer;
        for (const Layer& layer : problem->layers) {
            perLayer.push_back(layer.count);
            for (const ShapeAxis& axis : shape)
                perLayer.back() *= static_cast<double>(*evaluate(axis.size, layer.binding));
        }
        return perLayer;
    };
    for (const Layer& layer : problem->layers) {
        bindings_.push_back(layer.binding);
        counts_.push_back(layer.count);
    }
    outputElements_ = elements(problem->output);
    inputElements_ = elements(problem->input);
    enumerateReduceSizes();
    makeRoot();
}

void SynthesisEngine::makeRoot()
{
    Draft draft;
    for (int axis = 0; axis < static_cast<int>(problem->output.size()); ++axis) {
        const ShapeAxis& shape = problem->output[axis];
        const Node iterator = nodes.iterator(axis, sizes.intern(shape.size));
        const NodeId node = shape.unordered ? nodes.keepUnordered(iterator, flagsOf(iterator)) : keep(iterator);
        outputNodes_.push_back(node);
        if (std::ranges::find(problem->fixed, axis, &std::pair<int, int>::second) == problem->fixed.end())
            draft.frontier.add(node);
    }
    Tally& tally = draft.tally;
    tally.outerProduct = tally.repeats = tally.reductions = sizes.one();
    root_ = store(draft, identify(draft));
    rootDraft_ = draft;
}

std::size_t SynthesisEngine::placeOf(std::uint64_t key) const
{
    const std::size_t mask = byKey_.size() - 1;
    std::size_t at = key & mask;
    while (byKey_[at].valid() && states_[byKey_[at].index].key != key)
        at = (at + 1) & mask;
    return at;
}

void SynthesisEngine::growIndex()
{
    byKey_.assign(std::max<std::size_t>(256, 2 * byKey_.size()), StateId());
    for (std::size_t i = 0; i < states_.size(); ++i)
        byKey_[placeOf(states_[i].key)] = StateId(i);
}

StateId SynthesisEngine::find(std::uint64_t key) const
{
    return byKey_[placeOf(key)];
}

StateId SynthesisEngine::store(Draft& draft, const Identity& identity)
{
    if (4 * (states_.size() + 1) > 3 * byKey_.size())
        growIndex();
    const std::size_t place = placeOf(identity.key);
    if (byKey_[place].valid())
        return byKey_[place];
    const StateId made = byKey_[place] = StateId(states_.size());
    if (!draft.final)
        orderFrontier(draft, identity);
    State state;
    state.key = identity.key;
    state.nodes = static_cast<std::uint32_t>(pool_.size());
    state.frontier = draft.frontier.count;
    state.weightAxes = draft.weightAxes.count;
    state.expanded = draft.expanded.count;
    state.sums = draft.sums.count;
    state.image = static_cast<std::uint8_t>(identity.image);
    state.final = draft.final;
    state.weightSizes = draft.weightSizes;
    state.tally = draft.tally;
    const auto pack = [this](const auto& list) { pool_.insert(pool_.end(), list.begin(), list.end()); };
    pack(draft.frontier);
    pack(draft.weightAxes);
    pack(draft.expanded);
    pack(draft.sums);
    if (draft.final)
        state.offered = *offeredByKey_.find(identity.key);
    states_.push_back(state);
    if (draft.final)
        recognise(made);
    return made;
}

Draft SynthesisEngine::load(StateId id) const
{
    const State& state = states_[id.index];
    Draft draft;
    const NodeId* node = pool_.data() + state.nodes;
    const auto unpack = [&](auto& list, int count) {
        std::copy_n(node, count, list.nodes.begin());
        list.count = static_cast<std::uint8_t>(count);
        node += count;
    };
    unpack(draft.frontier, state.frontier);
    unpack(draft.weightAxes, state.weightAxes);
    unpack(draft.expanded, state.expanded);
    unpack(draft.sums, state.sums);
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

std::span<const Edge> SynthesisEngine::edges(StateId id)
{
    if (states_[id.index].edges == State().edges) {
        offered_.clear();
        Generator generator(*this, load(id), rules);
        for (int kind = 0; kind < moveKinds; ++kind)
            generator.run(static_cast<MoveKind>(kind), offered_);
        states_[id.index].edges = static_cast<std::uint32_t>(edges_.size());
        states_[id.index].edgeCount = static_cast<std::uint32_t>(offered_.size());
        edges_.insert(edges_.end(), offered_.begin(), offered_.end());
    }
    const State& state = states_[id.index];
    return {edges_.data() + state.edges, state.edgeCount};
}

StateId SynthesisEngine::child(StateId id, std::size_t edge)
{
    const std::size_t at = states_[id.index].edges + edge;
    if (!edges_[at].child.valid()) {
        Draft draft = load(id);
        applyTo(draft, edges_[at]);
        edges_[at].child = store(draft, identify(draft));
    }
    return edges_[at].child;
}

Move SynthesisEngine::moveOf(StateId id, const Edge& edge) const
{
    const Draft draft = load(id);
    return moveAs(*this, draft, identify(draft), edge);
}

std::vector<Move> SynthesisEngine::moves(StateId id)
{
    std::vector<Move> moves;
    const auto all = edges(id);
    if (all.empty())
        return moves;
    const Draft draft = load(id);
    const Identity identity = identify(draft);
    for (const Edge& edge : all)
        moves.push_back(moveAs(*this, draft, identity, edge));
    return moves;
}

StateId SynthesisEngine::apply(StateId id, const Move& move)
{
    const std::vector<Move> offered = moves(id);
    for (std::size_t i = 0; i < offered.size(); ++i)
        if (offered[i] == move)
            return child(id, i);
    return applyUnoffered(id, move);
}

// A state stands for all ways to write it, and an engine knows the one that it met first. What bounds and plans make of
// another way may differ where limits are near, so a move that another engine offers in this state need not be among
// this one's. It is a move all the same.
StateId SynthesisEngine::applyUnoffered(StateId id, const Move& move)
{
    Draft draft = load(id);
    const Edge edge = edgeAs(*this, id, move);
    const bool room = edge.kind == MoveKind::finalize || remaining(draft) > 0;
    if (draft.final || !room || !hasPlaces(draft, edge) || moveAs(*this, draft, identify(draft), edge) != move)
        return {};
    applyTo(draft, edge);
    const Identity identity = identify(draft);
    if (draft.final)
        offerAnyway(draft, identity.key);
    return store(draft, identity);
}

// Whether the move's positions exist in the state, and what it makes has room.
bool SynthesisEngine::hasPlaces(const Draft& draft, const Edge& edge)
{
    const int count = draft.frontier.count;
    const std::uint32_t both = (edge.argument & 0xffff) | edge.argument >> 16;
    switch (edge.kind) {
    case MoveKind::reduce:
        return count < maxFrontier && draft.sums.count < maxSums;
    case MoveKind::contraction:
        return both >> count == 0 && ((edge.argument & 0xffff) & edge.argument >> 16) == 0 &&
               draft.weights() < maxWeights && draft.weightAxes.count + std::popcount(both) <= maxWeightAxes &&
               draft.expanded.count + std::popcount(edge.argument >> 16) <= maxExpanded;
    case MoveKind::shift:
    case MoveKind::stride:
        return edge.first < count;
    case MoveKind::split:
    case MoveKind::unfold:
        return edge.first < count && edge.second < count && edge.first != edge.second;
    case MoveKind::expand:
        return edge.first < count && !draft.expanded.full();
    case MoveKind::merge:
        return edge.first < count && count < maxFrontier &&
               std::ranges::count(divisors(nodes[draft.frontier[edge.first]].size), SizeId(edge.argument)) > 0;
    case MoveKind::finalize: {
        std::uint32_t seen = 0;
        std::uint32_t code = edge.argument;
        for (const SizeId size : desired_) {
            const auto position = static_cast<int>(code % std::max(1, count));
            if (count != static_cast<int>(desired_.size()) || nodes[draft.frontier[position]].size != size)
                return false;
            seen |= 1u << position;
            code /= static_cast<std::uint32_t>(count);
        }
        return std::popcount(seen) == count;
    }
    }
    return false;
}

std::size_t SynthesisEngine::stateBytes() const
{
    return states_.size() * sizeof(State) + pool_.size() * sizeof(NodeId) + byKey_.size() * sizeof(StateId);
}

std::size_t SynthesisEngine::memoryBytes() const
{
    return states_.capacity() * sizeof(State) + pool_.capacity() * sizeof(NodeId) + edges_.capacity() * sizeof(Edge) +
           operators_.capacity() * sizeof(Operator) + byKey_.capacity() * sizeof(StateId) +
           offeredByKey_.memoryBytes() + operatorFound_.memoryBytes() + dead_.memoryBytes() + doubtful_.memoryBytes() +
           deadEnds_.memoryBytes() + fingerprints_.memoryBytes() + nodes.memoryBytes() + sizes.memoryBytes() +
           distance_.memoryBytes() + toldBytes_;
}

} // namespace synoscope
