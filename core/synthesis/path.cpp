#include "core/synthesis/path.h"

#include "core/synthesis/generator.h"
#include "core/synthesis/translate.h"

#include <fmt/format.h>
#include <map>
#include <numeric>

namespace synoscope {

namespace {

// One step of the operator's own construction, in terms of the engine's dimensions.
struct TargetStep
{
    MoveKind kind = MoveKind::reduce;
    Size size{};
    NodeId first{};
    NodeId second{};
    std::vector<NodeId> inner{}; // contraction
    std::vector<NodeId> outer{};
    bool done = false;
};

// The operator's graph rebuilt in the engine's arena, for one numbering of its weights and its equal reductions.
class Target
{
public:
    Target(SynthesisEngine& engine, const PGraph& graph, const Translation& translate, std::vector<int> weightOrder)
        : engine_(engine), graph_(graph), translate_(translate), weightOrder_(std::move(weightOrder)),
          nodes_(graph.dimensions().size())
    {}

    // False where the graph has what no synthesis makes: a fixed axis that is used, a share that is not above all of
    // its weight's other shares, a bare expand.
    bool build(std::span<const int> multiplicities)
    {
        std::span<const DimensionId> outputs = graph_.output();
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            const ShapeAxis& axis = engine_.problem->output[i];
            nodes_[outputs[i].index] =
                engine_.nodes.iterator(static_cast<int>(i), engine_.sizes.intern(axis.size), axis.unordered);
        }
        for (std::size_t i = 0; i < graph_.reductions().size(); ++i) {
            const Size size = translate_(graph_[graph_.reductions()[i]].size);
            nodes_[graph_.reductions()[i].index] = engine_.nodes.reduce(multiplicities[i], engine_.sizes.intern(size));
            steps.push_back({MoveKind::reduce, size});
        }
        contractions_.resize(graph_.weights().size());
        const auto primitives = graph_.primitives();
        for (std::size_t i = primitives.size(); i-- > 0;)
            visit(primitives[i]);
        for (TargetStep& contraction : contractions_)
            steps.push_back(std::move(contraction));
        for (const DimensionId axis : graph_.input())
            input.push_back(nodes_[axis.index]);
        return true;
    }

    std::vector<TargetStep> steps;
    std::vector<NodeId> input; // what stands at the input's axes, fixed ones included

private:
    NodeId bottom(const Primitive& p, int i) const { return nodes_[p.bottomIds[i].index]; }
    void setTop(const Primitive& p, int i, NodeId node) { nodes_[p.topIds[i].index] = node; }

    void visit(const Primitive& p)
    {
        NodeArena& nodes = engine_.nodes;
        const Size parameter = translate_(p.parameter);
        switch (p.kind) {
        case PrimitiveKind::reduce:
            return;
        case PrimitiveKind::split:
            setTop(p, 0, nodes.split(bottom(p, 0), bottom(p, 1)));
            steps.push_back({MoveKind::split, parameter, bottom(p, 0), bottom(p, 1)});
            return;
        case PrimitiveKind::unfold:
            setTop(p, 0, nodes.unfold(bottom(p, 0), bottom(p, 1)));
            steps.push_back({MoveKind::unfold, parameter, bottom(p, 0), bottom(p, 1)});
            return;
        case PrimitiveKind::merge: {
            const SizeId block = engine_.sizes.intern(parameter);
            setTop(p, 0, nodes.mergeGroup(bottom(p, 0), block));
            setTop(p, 1, nodes.mergeBlock(bottom(p, 0), block));
            steps.push_back({MoveKind::merge, parameter, bottom(p, 0)});
            return;
        }
        case PrimitiveKind::shift:
            setTop(p, 0, nodes.shift(bottom(p, 0), p.amount));
            steps.push_back({MoveKind::shift, translate_(graph_[p.topIds[0]].size), bottom(p, 0)});
            return;
        case PrimitiveKind::stride:
            setTop(p, 0, nodes.stride(bottom(p, 0), engine_.sizes.intern(parameter)));
            steps.push_back({MoveKind::stride, parameter, bottom(p, 0)});
            return;
        case PrimitiveKind::expand:
            if (engine_.nodes[bottom(p, 0)].kind != NodeKind::share) // else: an outer axis, part of its contraction
                steps.push_back({MoveKind::expand, parameter, bottom(p, 0)});
            return;
        case PrimitiveKind::share: {
            const int weight = weightOrder_[graph_[p.topIds[1]].weight.index];
            const NodeId shared = nodes.share(bottom(p, 0), weight);
            setTop(p, 0, shared);
            setTop(p, 1, shared);
            const PrimitiveId above = graph_[p.topIds[0]].above;
            const bool outer = above.valid() && graph_[above].kind == PrimitiveKind::expand;
            TargetStep& contraction = contractions_[static_cast<std::size_t>(weight)];
            contraction.kind = MoveKind::contraction;
            (outer ? contraction.outer : contraction.inner).push_back(bottom(p, 0));
            return;
        }
        }
    }

    SynthesisEngine& engine_;
    const PGraph& graph_;
    const Translation& translate_;
    std::vector<int> weightOrder_;
    std::vector<NodeId> nodes_;
    std::vector<TargetStep> contractions_;
};

class PathSearch
{
public:
    PathSearch(SynthesisEngine& engine, Target& target) : engine_(engine), target_(target) {}

    bool run() { return descend(engine_.root()); }

    std::vector<std::string> moves; // the longest way found
    std::string refusedBy = "depth";
    std::string reason = "the operator needs more primitives than the problem allows";

private:
    bool descend(StateId state)
    {
        // The same set of steps leads to the same state: what failed once fails again.
        if (!visited_.insert(engine_[state].key).second)
            return false;
        bool left = false;
        for (TargetStep& step : target_.steps) {
            if (step.done)
                continue;
            left = true;
            const auto wanted = moveFor(state, step);
            if (!wanted)
                continue;
            step.done = true;
            const bool found = take(state, *wanted);
            step.done = false;
            if (found)
                return true;
        }
        return !left && finish(state);
    }

    bool finish(StateId state)
    {
        const auto frontier = engine_.frontier(state);
        const int count = static_cast<int>(frontier.size());
        int code = 0;
        for (std::size_t i = engine_.desiredAxes().size(); i-- > 0;) {
            const NodeId node = target_.input[engine_.desiredAxes()[i]];
            const auto at = std::ranges::find(frontier, node);
            if (at == frontier.end())
                return false;
            code = code * count + static_cast<int>(at - frontier.begin());
        }
        Move move;
        move.kind = MoveKind::finalize;
        move.second = static_cast<std::uint8_t>(code & 0xff);
        move.first = static_cast<std::uint8_t>(code >> 8);
        return take(state, move);
    }

    bool take(StateId state, const Move& wanted)
    {
        const auto& list = engine_.moves(state);
        const std::vector<Move> offered(list.moves);
        for (std::size_t i = 0; i < offered.size(); ++i) {
            if (!same(offered[i], wanted))
                continue;
            way_.push_back(engine_.describe(state, wanted));
            const bool found = wanted.kind == MoveKind::finalize || descend(engine_.child(state, i));
            if (found && moves.size() < way_.size())
                moves = way_;
            way_.pop_back();
            return found;
        }
        note(state, wanted);
        return false;
    }

    static bool same(const Move& a, const Move& b)
    {
        return a.kind == b.kind && a.first == b.first && a.second == b.second && a.inner == b.inner &&
               a.outer == b.outer &&
               (a.kind == MoveKind::finalize || a.size == b.size || a.kind == MoveKind::contraction);
    }

    // The refusal after the longest way is the one that tells most.
    void note(StateId state, const Move& wanted)
    {
        if (noted_ && way_.size() < moves.size())
            return;
        if (noted_ && way_.size() == moves.size())
            return;
        noted_ = true;
        moves = way_;
        RuleSet scratch = engine_.rules;
        Generator generator(engine_, state, scratch);
        const auto [name, why] = generator.whyNot(wanted);
        refusedBy = name;
        reason = fmt::format("{}: {}", engine_.describe(state, wanted), why);
    }

    std::optional<Move> moveFor(StateId state, const TargetStep& step) const
    {
        const auto frontier = engine_.frontier(state);
        const auto position = [&](NodeId node) {
            return static_cast<int>(std::ranges::find(frontier, node) - frontier.begin());
        };
        const int count = static_cast<int>(frontier.size());
        Move move;
        move.kind = step.kind;
        move.size = step.size;
        if (step.kind == MoveKind::reduce)
            return engine_.load(state).onlyReductions() ? std::optional(move) : std::nullopt;
        if (step.kind == MoveKind::contraction) {
            for (const NodeId node : step.inner) {
                if (position(node) == count)
                    return std::nullopt;
                move.inner |= static_cast<std::uint16_t>(1u << position(node));
            }
            for (const NodeId node : step.outer) {
                if (position(node) == count)
                    return std::nullopt;
                move.outer |= static_cast<std::uint16_t>(1u << position(node));
            }
            return move;
        }
        if (position(step.first) == count || (step.second.valid() && position(step.second) == count))
            return std::nullopt;
        move.first = static_cast<std::uint8_t>(position(step.first));
        move.second = step.second.valid() ? static_cast<std::uint8_t>(position(step.second)) : 0;
        return move;
    }

    SynthesisEngine& engine_;
    Target& target_;
    std::unordered_set<std::uint64_t> visited_;
    std::vector<std::string> way_;
    bool noted_ = false;
};

// Numbers for equal reductions: 0, 1, ... in every order, as the rules may prefer one.
std::vector<std::vector<int>> multiplicityOrders(const PGraph& graph)
{
    std::map<Size, std::vector<int>> bySize;
    for (std::size_t i = 0; i < graph.reductions().size(); ++i)
        bySize[graph[graph.reductions()[i]].size].push_back(static_cast<int>(i));
    std::vector<std::vector<int>> orders{std::vector<int>(graph.reductions().size())};
    for (auto& [size, members] : bySize) {
        std::vector<std::vector<int>> next;
        std::vector<int> numbers(members.size());
        std::iota(numbers.begin(), numbers.end(), 0);
        do {
            for (std::vector<int> order : orders) {
                for (std::size_t i = 0; i < members.size(); ++i)
                    order[members[i]] = numbers[i];
                next.push_back(std::move(order));
            }
        } while (next.size() < 10000 && std::next_permutation(numbers.begin(), numbers.end()));
        orders = std::move(next);
    }
    return orders;
}

} // namespace

Expected<PathResult> findPath(const PGraph& graph, std::shared_ptr<const Problem> problem)
{
    const auto translation = Translation::find(graph, *problem);
    if (!translation)
        return translation.error();
    if (graph.weights().size() > maxWeights || graph.reductions().size() > 8 || graph.primitives().size() > 64)
        return PathResult{
            false, {}, "budget", "the operator has more weights, reductions or primitives than any problem allows"};
    SynthesisEngine engine(problem);
    PathResult best;
    std::vector<int> weightOrder(graph.weights().size());
    std::iota(weightOrder.begin(), weightOrder.end(), 0);
    do {
        for (const std::vector<int>& multiplicities : multiplicityOrders(graph)) {
            Target target(engine, graph, *translation, weightOrder);
            target.build(multiplicities);
            PathSearch search(engine, target);
            const bool found = search.run();
            if (found || best.refusedBy.empty() || search.moves.size() > best.moves.size())
                best = {found, search.moves, found ? "" : search.refusedBy, found ? "" : search.reason};
            if (found)
                return best;
        }
    } while (std::next_permutation(weightOrder.begin(), weightOrder.end()));
    return best;
}

} // namespace synoscope
