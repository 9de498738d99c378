#include "core/graph/canonical.h"

#include <algorithm>
#include <numeric>

namespace synoscope {

namespace {

constexpr std::uint32_t nobody = 0xffffffffu;

// Beyond this many visits of nodes by refinements the search only follows first members (half a second). A graph of
// known operators needs a few hundred; only graphs made to be hard get here, and for them the text may depend on the
// order given.
constexpr std::int64_t visitBudget = 3'000'000;

// Dimensions, primitives and weights as nodes of one coloured graph: dimensions first, then primitives, then weights.
class Labeller
{
public:
    explicit Labeller(const PGraph& graph);

    // By node: its place in the canonical labelling.
    std::vector<std::uint32_t> label();

private:
    using Colours = std::vector<std::uint32_t>;
    using Code = std::vector<std::uint32_t>;
    struct Leaf
    {
        Code code;
        Colours ranks;
    };

    void setColours(const std::vector<std::vector<std::int64_t>>& signatures);
    void refine(Colours& colours);
    std::vector<std::uint32_t> tiedCell(const Colours& colours) const;
    Colours individualise(const Colours& colours, std::uint32_t node) const;
    Leaf firstLeaf(Colours colours);
    Code serialise(const Colours& ranks) const;
    void search(const Colours& colours);
    void exploreCell(const Colours& colours, const std::vector<std::uint32_t>& cell);
    void noteAutomorphism(const Colours& from, const Colours& to);
    std::vector<std::uint32_t> orbits() const;

    std::size_t primitive(PrimitiveId id) const { return id.valid() ? graph_.dimensions().size() + id.index : nobody; }
    std::size_t weight(WeightId id) const
    {
        return id.valid() ? graph_.dimensions().size() + graph_.primitives().size() + id.index : nobody;
    }

    const PGraph& graph_;
    std::size_t nodes_;
    std::vector<std::vector<std::uint32_t>> neighbours_; // in a fixed order; of a weight, unordered
    Colours initial_;
    std::vector<std::uint32_t> path_; // nodes individualised on the way here
    std::vector<std::vector<std::uint32_t>> automorphisms_;
    Leaf best_;
    std::int64_t visits_ = 0;
};

// The rank of each size among the graph's, by text: independent of the order of declaration.
class SizeRanks
{
public:
    explicit SizeRanks(const PGraph& graph) : graph_(graph)
    {
        for (const Dimension& dimension : graph.dimensions())
            texts_.push_back(toString(dimension.size, graph.variables()));
        for (const Primitive& primitive : graph.primitives())
            texts_.push_back(toString(primitive.parameter, graph.variables()));
        std::ranges::sort(texts_);
    }
    std::int64_t operator()(const Size& size) const
    {
        return std::ranges::lower_bound(texts_, toString(size, graph_.variables())) - texts_.begin();
    }

private:
    const PGraph& graph_;
    std::vector<std::string> texts_;
};

std::int64_t placeIn(std::span<const DimensionId> axes, DimensionId id)
{
    return std::ranges::find(axes, id) - axes.begin();
}

Labeller::Labeller(const PGraph& graph)
    : graph_(graph), nodes_(graph.dimensions().size() + graph.primitives().size() + graph.weights().size())
{
    const SizeRanks sizeRank(graph);
    const std::vector<AxisOrigin> origins = axisOrigins(graph);
    const auto originOf = [&](DimensionId id) {
        return id.valid() ? std::int64_t{static_cast<int>(origins[id.index].role)} * 1000 + origins[id.index].position
                          : -1;
    };
    const auto port = [](std::span<const DimensionId> ports, DimensionId id) { return placeIn(ports, id); };

    std::vector<std::vector<std::int64_t>> signatures;
    for (std::size_t i = 0; i < graph.dimensions().size(); ++i) {
        const DimensionId id(i);
        const Dimension& d = graph[id];
        signatures.push_back({0, d.weight.valid(), originOf(id), placeIn(graph.input(), id),
                              placeIn(graph.output(), id), sizeRank(d.size),
                              d.above.valid() ? port(graph[d.above].bottom(), id) : -1,
                              d.below.valid() ? port(graph[d.below].top(), id) : -1});
        neighbours_.push_back({static_cast<std::uint32_t>(primitive(d.above)),
                               static_cast<std::uint32_t>(primitive(d.below)),
                               static_cast<std::uint32_t>(weight(d.weight))});
    }
    for (const Primitive& p : graph.primitives()) {
        signatures.push_back({1, static_cast<int>(p.kind), originOf(p.top().empty() ? p.bottomIds[0] : p.topIds[0]),
                              p.amount, sizeRank(p.parameter)});
        neighbours_.push_back({p.topIds[0].index, p.topIds[1].index, p.bottomIds[0].index, p.bottomIds[1].index});
    }
    for (const Weight& w : graph.weights()) {
        signatures.push_back({2, static_cast<std::int64_t>(w.axes.size())});
        neighbours_.emplace_back();
        for (const DimensionId axis : w.axes)
            neighbours_.back().push_back(axis.index);
    }
    setColours(signatures);
}

void Labeller::setColours(const std::vector<std::vector<std::int64_t>>& signatures)
{
    std::vector<std::vector<std::int64_t>> sorted = signatures;
    std::ranges::sort(sorted);
    sorted.erase(std::ranges::unique(sorted).begin(), sorted.end());
    for (const auto& signature : signatures)
        initial_.push_back(static_cast<std::uint32_t>(std::ranges::lower_bound(sorted, signature) - sorted.begin()));
}

// Splits colours by the neighbours' until nothing splits any more. The order of the old colours is kept.
void Labeller::refine(Colours& colours)
{
    std::vector<Code> signatures(nodes_);
    std::vector<std::uint32_t> order(nodes_);
    const std::size_t firstWeight = nodes_ - graph_.weights().size();
    for (std::size_t cells = 0;;) {
        visits_ += static_cast<std::int64_t>(nodes_);
        for (std::size_t i = 0; i < nodes_; ++i) {
            Code& signature = signatures[i];
            signature.assign(1, colours[i]);
            for (const std::uint32_t neighbour : neighbours_[i])
                signature.push_back(neighbour == nobody ? nobody : colours[neighbour]);
            if (i >= firstWeight)
                std::sort(signature.begin() + 1, signature.end());
        }
        std::iota(order.begin(), order.end(), 0);
        std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) { return signatures[a] < signatures[b]; });
        std::uint32_t colour = 0;
        for (std::size_t i = 0; i < nodes_; ++i) {
            colour += i > 0 && signatures[order[i]] != signatures[order[i - 1]];
            colours[order[i]] = colour;
        }
        const std::size_t now = nodes_ == 0 ? 0 : colour + std::size_t{1};
        if (now == cells || now == nodes_)
            return;
        cells = now;
    }
}

// The members of the first colour that several nodes have; empty when every node is distinct.
std::vector<std::uint32_t> Labeller::tiedCell(const Colours& colours) const
{
    std::vector<std::uint32_t> count(nodes_);
    for (const std::uint32_t colour : colours)
        ++count[colour];
    const auto tied = std::ranges::find_if(count, [](std::uint32_t n) { return n > 1; });
    std::vector<std::uint32_t> cell;
    for (std::size_t i = 0; i < nodes_ && tied != count.end(); ++i)
        if (colours[i] == static_cast<std::uint32_t>(tied - count.begin()))
            cell.push_back(static_cast<std::uint32_t>(i));
    return cell;
}

Labeller::Colours Labeller::individualise(const Colours& colours, std::uint32_t node) const
{
    Colours result = colours;
    for (std::uint32_t& colour : result)
        colour = 2 * colour + 1;
    --result[node];
    return result;
}

Labeller::Leaf Labeller::firstLeaf(Colours colours)
{
    refine(colours);
    for (std::vector<std::uint32_t> cell = tiedCell(colours); !cell.empty(); cell = tiedCell(colours)) {
        colours = individualise(colours, cell.front());
        refine(colours);
    }
    Code code = serialise(colours);
    return {std::move(code), std::move(colours)};
}

// Everything that is not in the initial colours: who is whose neighbour, in the order of the ranks.
Labeller::Code Labeller::serialise(const Colours& ranks) const
{
    std::vector<std::uint32_t> order(nodes_);
    for (std::size_t i = 0; i < nodes_; ++i)
        order[ranks[i]] = static_cast<std::uint32_t>(i);
    Code code;
    for (const std::uint32_t node : order) {
        const std::size_t begin = code.size();
        for (const std::uint32_t neighbour : neighbours_[node])
            code.push_back(neighbour == nobody ? nobody : ranks[neighbour]);
        if (node >= nodes_ - graph_.weights().size())
            std::sort(code.begin() + static_cast<std::ptrdiff_t>(begin), code.end());
    }
    return code;
}

void Labeller::noteAutomorphism(const Colours& from, const Colours& to)
{
    std::vector<std::uint32_t> atRank(nodes_);
    for (std::size_t i = 0; i < nodes_; ++i)
        atRank[to[i]] = static_cast<std::uint32_t>(i);
    std::vector<std::uint32_t> image(nodes_);
    for (std::size_t i = 0; i < nodes_; ++i)
        image[i] = atRank[from[i]];
    automorphisms_.push_back(std::move(image));
}

// By node, the representative of its orbit under the known automorphisms that leave the path in place.
std::vector<std::uint32_t> Labeller::orbits() const
{
    std::vector<std::uint32_t> parent(nodes_);
    std::iota(parent.begin(), parent.end(), 0);
    const auto root = [&](std::uint32_t node) {
        while (parent[node] != node)
            node = parent[node] = parent[parent[node]];
        return node;
    };
    for (const auto& image : automorphisms_) {
        if (std::ranges::any_of(path_, [&](std::uint32_t node) { return image[node] != node; }))
            continue;
        for (std::uint32_t i = 0; i < nodes_; ++i)
            parent[root(i)] = root(image[i]);
    }
    for (std::uint32_t i = 0; i < nodes_; ++i)
        parent[i] = root(i);
    return parent;
}

void Labeller::search(const Colours& colours)
{
    const std::vector<std::uint32_t> cell = tiedCell(colours);
    if (!cell.empty())
        return exploreCell(colours, cell);
    Code code = serialise(colours);
    if (best_.ranks.empty() || code < best_.code)
        best_ = {std::move(code), colours};
}

void Labeller::exploreCell(const Colours& colours, const std::vector<std::uint32_t>& cell)
{
    std::vector<std::uint32_t> explored;
    std::vector<Leaf> leaves;
    for (const std::uint32_t node : cell) {
        if (!explored.empty()) {
            if (visits_ > visitBudget)
                return;
            const std::vector<std::uint32_t> orbit = orbits();
            if (std::ranges::any_of(explored, [&](std::uint32_t other) { return orbit[other] == orbit[node]; }))
                continue;
        }
        Colours child = individualise(colours, node);
        refine(child);
        Leaf leaf = firstLeaf(child);
        const auto twin = std::ranges::find(leaves, leaf.code, &Leaf::code);
        if (twin != leaves.end()) {
            noteAutomorphism(twin->ranks, leaf.ranks);
            continue;
        }
        leaves.push_back(std::move(leaf));
        explored.push_back(node);
        path_.push_back(node);
        search(child);
        path_.pop_back();
    }
}

std::vector<std::uint32_t> Labeller::label()
{
    Colours colours = initial_;
    refine(colours);
    search(colours);
    return best_.ranks;
}

} // namespace

std::vector<AxisOrigin> axisOrigins(const PGraph& graph)
{
    std::vector<AxisOrigin> origins(graph.dimensions().size());
    for (std::size_t i = 0; i < graph.input().size(); ++i)
        origins[graph.input()[i].index] = {AxisRole::data, static_cast<int>(i)};
    for (const Primitive& p : graph.primitives()) {
        const AxisOrigin top = p.top().empty() ? AxisOrigin{} : origins[p.topIds[0].index];
        for (const DimensionId bottom : p.bottom())
            origins[bottom.index] = {AxisRole::view, top.position};
        if (p.kind == PrimitiveKind::expand)
            origins[p.bottomIds[0].index] = {AxisRole::expanded, static_cast<int>(graph.output().size())};
        if (p.kind == PrimitiveKind::share || p.kind == PrimitiveKind::shift || p.kind == PrimitiveKind::unfold)
            origins[p.bottomIds[0].index] = top;
        if (p.kind == PrimitiveKind::unfold)
            origins[p.bottomIds[1].index] = {AxisRole::window, top.position};
    }
    // An expanded axis is known by the output it becomes; upwards, bottom to top.
    for (std::size_t i = 0; i < graph.output().size(); ++i)
        if (AxisOrigin& origin = origins[graph.output()[i].index]; origin.role == AxisRole::expanded)
            origin.position = static_cast<int>(i);
    for (std::size_t i = graph.primitives().size(); i-- > 0;) {
        const Primitive& p = graph.primitives()[i];
        if (p.kind != PrimitiveKind::share && p.kind != PrimitiveKind::shift)
            continue;
        if (AxisOrigin& top = origins[p.topIds[0].index]; top.role == AxisRole::expanded)
            top.position = origins[p.bottomIds[0].index].position;
    }
    for (const Primitive& p : graph.primitives())
        if (p.kind == PrimitiveKind::share)
            origins[p.topIds[1].index] = origins[p.topIds[0].index];
    return origins;
}

CanonicalOrder canonicalOrder(const PGraph& graph)
{
    const std::vector<std::uint32_t> rank = Labeller(graph).label();
    const std::size_t firstPrimitive = graph.dimensions().size();
    const std::size_t firstWeight = firstPrimitive + graph.primitives().size();
    const auto byRank = [&](std::size_t offset) {
        return [&rank, offset](auto id) { return rank[offset + id.index]; };
    };

    CanonicalOrder order;
    for (std::size_t i = 0; i < graph.weights().size(); ++i)
        order.weights.emplace_back(i);
    std::ranges::sort(order.weights, {}, byRank(firstWeight));
    for (const WeightId weight : order.weights) {
        order.axes.push_back(graph[weight].axes);
        std::ranges::sort(order.axes.back(), {}, byRank(0));
    }
    order.reductions.assign(graph.reductions().begin(), graph.reductions().end());
    std::ranges::sort(order.reductions, {}, byRank(0));

    // Always the least primitive whose operands are there.
    std::vector<PrimitiveId> waiting;
    for (std::size_t i = 0; i < graph.primitives().size(); ++i)
        if (graph.primitives()[i].kind != PrimitiveKind::reduce)
            waiting.emplace_back(i);
    std::ranges::sort(waiting, {}, byRank(firstPrimitive));
    std::vector<bool> done(graph.primitives().size());
    while (!waiting.empty()) {
        const auto ready = std::ranges::find_if(waiting, [&](PrimitiveId id) {
            return std::ranges::all_of(graph[id].top(), [&](DimensionId top) {
                return !graph[top].above.valid() || done[graph[top].above.index];
            });
        });
        done[ready->index] = true;
        order.primitives.push_back(*ready);
        waiting.erase(ready);
    }
    return order;
}

} // namespace synoscope
