#include "core/synthesis/path.h"

#include "core/base/hash.h"
#include "core/synthesis/generator.h"
#include "core/synthesis/translate.h"

#include <fmt/format.h>
#include <unordered_set>

namespace synoscope {

namespace {

// One step of the operator's own construction, in terms of its own dimensions.
struct Step
{
    MoveKind kind = MoveKind::reduce;
    SizeId parameter{};
    std::int32_t amount = 1;
    std::vector<DimensionId> bottom{}; // must stand on the frontier; a contraction's inner axes, then its outer ones
    std::vector<DimensionId> top{};    // take their places; a contraction's inner axes only
    std::size_t inner = 0;             // contraction: how many of the bottoms
};

class Steps
{
public:
    Steps(SynthesisEngine& engine, const PGraph& graph, const Translation& translate)
        : engine_(engine), graph_(graph), translate_(translate), contractions_(graph.weights().size())
    {
        for (const Primitive& primitive : graph.primitives())
            visit(primitive);
        // Contractions first: what is refused before them may be legal after, so their own refusal tells more.
        steps_.insert(steps_.begin(), std::make_move_iterator(contractions_.begin()),
                      std::make_move_iterator(contractions_.end()));
    }

    std::vector<Step> take() && { return std::move(steps_); }

private:
    void visit(const Primitive& p)
    {
        switch (p.kind) {
        case PrimitiveKind::reduce:
            steps_.push_back({MoveKind::reduce, size(graph_[p.topIds[0]].size), 1, {}, {p.topIds[0]}});
            return;
        case PrimitiveKind::split:
            return add(p, MoveKind::split);
        case PrimitiveKind::unfold:
            return add(p, MoveKind::unfold);
        case PrimitiveKind::merge:
            return add(p, MoveKind::merge);
        case PrimitiveKind::shift:
            return add(p, MoveKind::shift);
        case PrimitiveKind::stride:
            return add(p, MoveKind::stride);
        case PrimitiveKind::expand: {
            const PrimitiveId below = graph_[p.bottomIds[0]].below;
            const bool outerAxis = below.valid() && graph_[below].kind == PrimitiveKind::share;
            if (!outerAxis) // else part of its contraction
                add(p, MoveKind::expand);
            return;
        }
        case PrimitiveKind::share: {
            Step& contraction = contractions_[graph_[p.topIds[1]].weight.index];
            contraction.kind = MoveKind::contraction;
            const PrimitiveId above = graph_[p.topIds[0]].above;
            if (above.valid() && graph_[above].kind == PrimitiveKind::expand) {
                contraction.bottom.push_back(p.bottomIds[0]);
                return;
            }
            const auto at = static_cast<std::ptrdiff_t>(contraction.inner++);
            contraction.bottom.insert(contraction.bottom.begin() + at, p.bottomIds[0]);
            contraction.top.insert(contraction.top.begin() + at, p.topIds[0]);
            return;
        }
        }
    }

    SizeId size(const Size& size) { return engine_.sizes.intern(translate_(size)); }

    void add(const Primitive& p, MoveKind kind)
    {
        const auto valid = [](std::span<const DimensionId> ids) {
            return std::vector<DimensionId>(ids.begin(), ids.end());
        };
        steps_.push_back({kind, size(p.parameter), p.amount, valid(p.bottom()), valid(p.top())});
    }

    SynthesisEngine& engine_;
    const PGraph& graph_;
    const Translation& translate_;
    std::vector<Step> contractions_;
    std::vector<Step> steps_;
};

// What has been built: a draft, and where the operator's dimensions are among the engine's.
struct Place
{
    Draft draft;
    std::vector<NodeId> nodes; // by dimension; invalid: not on the frontier
    std::uint64_t done = 0;    // bit per step

    std::uint64_t key() const
    {
        std::uint64_t key = mix(done);
        for (const NodeId node : nodes)
            key = combine(key, node.index);
        return key;
    }
};

class PathSearch
{
public:
    PathSearch(SynthesisEngine& engine, const PGraph& graph, std::vector<Step> steps)
        : engine_(engine), graph_(graph), steps_(std::move(steps))
    {}

    bool run()
    {
        Place place{engine_.rootDraft(), std::vector<NodeId>(graph_.dimensions().size())};
        for (std::size_t i = 0; i < graph_.output().size(); ++i)
            place.nodes[graph_.output()[i].index] = engine_.output(static_cast<int>(i));
        return descend(place);
    }

    std::vector<std::string> moves; // the longest way found
    std::string refusedBy = "depth";
    std::string reason = "the operator needs more primitives than the problem allows";

private:
    bool descend(const Place& place)
    {
        if (!visited_.insert(place.key()).second)
            return false;
        bool left = false;
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            if (place.done >> i & 1)
                continue;
            left = true;
            const auto edge = edgeFor(place, steps_[i]);
            if (edge && allowed(place, *edge, steps_[i]) && take(place, *edge, i))
                return true;
        }
        return !left && finish(place);
    }

    bool take(const Place& place, const Edge& edge, std::size_t step)
    {
        Place next = place;
        engine_.applyTo(next.draft, edge);
        next.done |= std::uint64_t{1} << step;
        follow(next, place, steps_[step]);
        way_.push_back(engine_.describe(place.draft, edge));
        const bool found = descend(next);
        keepLongest(found);
        way_.pop_back();
        return found;
    }

    void keepLongest(bool found)
    {
        if (found && moves.size() < way_.size())
            moves = way_;
    }

    // Where the step's tops are now. The engine finds the nodes that applyTo has just kept.
    void follow(Place& next, const Place& before, const Step& step)
    {
        const auto below = [&](std::size_t i) { return before.nodes[step.bottom[i].index]; };
        for (const DimensionId dimension : step.bottom)
            next.nodes[dimension.index] = {};
        const auto set = [&](std::size_t i, const Node& node) { next.nodes[step.top[i].index] = engine_.keep(node); };
        const NodeArena& nodes = engine_.nodes;
        switch (step.kind) {
        case MoveKind::reduce:
            next.nodes[step.top[0].index] = next.draft.sums[next.draft.sums.count - 1];
            return;
        case MoveKind::contraction:
            for (std::size_t i = 0; i < step.inner; ++i)
                set(i, nodes.share(below(i), before.draft.weights()));
            return;
        case MoveKind::shift:
            return set(0, nodes.shift(below(0), step.amount));
        case MoveKind::stride:
            return set(0, nodes.stride(below(0), step.parameter));
        case MoveKind::split:
            return set(0, nodes.split(below(0), below(1)));
        case MoveKind::unfold:
            return set(0, nodes.unfold(below(0), below(1)));
        case MoveKind::merge:
            set(0, nodes.mergeGroup(below(0), step.parameter));
            return set(1, nodes.mergeBlock(below(0), step.parameter));
        case MoveKind::expand:
        case MoveKind::finalize:
            return;
        }
    }

    bool finish(const Place& place)
    {
        const NodeList<maxFrontier>& frontier = place.draft.frontier;
        Edge edge;
        for (std::size_t i = engine_.desiredAxes().size(); i-- > 0;) {
            const NodeId node = place.nodes[graph_.input()[engine_.desiredAxes()[i]].index];
            const auto at = std::ranges::find(frontier, node);
            if (at == frontier.end())
                return false;
            edge.argument = edge.argument * frontier.count + static_cast<std::uint32_t>(at - frontier.begin());
        }
        if (!allowed(place, edge, Step{.kind = MoveKind::finalize}))
            return false;
        way_.push_back(engine_.describe(place.draft, edge));
        keepLongest(true);
        way_.pop_back();
        return true;
    }

    // The refusal after the longest way is the one that tells most.
    bool allowed(const Place& place, const Edge& edge, const Step& step)
    {
        RuleSet scratch = engine_.rules;
        const auto refusal = step.kind == MoveKind::shift && step.amount != 1
                                 ? std::optional(std::pair<std::string, std::string>(
                                       "shift-chain", "the synthesis shifts by one at a time"))
                                 : Generator(engine_, place.draft, scratch).whyNot(edge);
        if (!refusal)
            return true;
        if (!noted_ || way_.size() > longest_) {
            noted_ = true;
            longest_ = way_.size();
            moves = way_;
            refusedBy = refusal->first;
            reason = fmt::format("{}: {}", engine_.describe(place.draft, edge), refusal->second);
        }
        return false;
    }

    std::optional<Edge> edgeFor(const Place& place, const Step& step) const
    {
        const NodeList<maxFrontier>& frontier = place.draft.frontier;
        std::vector<int> at;
        for (const DimensionId dimension : step.bottom) {
            const NodeId node = place.nodes[dimension.index];
            const auto found = std::ranges::find(frontier, node);
            if (!node.valid() || found == frontier.end())
                return std::nullopt;
            at.push_back(static_cast<int>(found - frontier.begin()));
        }
        Edge edge;
        edge.kind = step.kind;
        switch (step.kind) {
        case MoveKind::reduce:
            if (!place.draft.onlyReductions())
                return std::nullopt;
            edge.argument = step.parameter.index;
            return edge;
        case MoveKind::contraction:
            for (std::size_t i = 0; i < at.size(); ++i)
                edge.argument |= 1u << (at[i] + (i < step.inner ? 0 : 16));
            return edge;
        case MoveKind::stride:
        case MoveKind::merge:
            edge.argument = step.parameter.index;
            break;
        default:
            break;
        }
        edge.first = static_cast<std::uint8_t>(at[0]);
        if (at.size() > 1)
            edge.second = static_cast<std::uint8_t>(at[1]);
        return edge;
    }

    SynthesisEngine& engine_;
    const PGraph& graph_;
    std::vector<Step> steps_;
    std::unordered_set<std::uint64_t> visited_;
    std::vector<std::string> way_;
    std::size_t longest_ = 0;
    bool noted_ = false;
};

} // namespace

Expected<PathResult> findPath(const PGraph& graph, std::shared_ptr<const Problem> problem)
{
    const auto translation = Translation::find(graph, *problem);
    if (!translation)
        return translation.error();
    if (graph.weights().size() > maxWeights || graph.reductions().size() > maxSums || graph.primitives().size() > 64)
        return PathResult{
            false, {}, "budget", "the operator has more weights, reductions or primitives than any problem allows"};
    SynthesisEngine engine(problem);
    PathSearch search(engine, graph, Steps(engine, graph, *translation).take());
    const bool found = search.run();
    return PathResult{found, search.moves, found ? "" : search.refusedBy, found ? "" : search.reason};
}

} // namespace synoscope
