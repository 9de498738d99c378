#include "core/graph/labelling.h"

#include <algorithm>
#include <numeric>

namespace synoscope {

namespace {

constexpr std::uint32_t nobody = 0xffffffffu;

// Beyond this many visits of nodes by refinements the search only follows first members. A graph of known operators
// needs a few hundred; only graphs made to be hard get here, and for them the text may depend on the order given.
constexpr std::int64_t visitBudget = 3'000'000;

// Nodes in the order of their colours. Nodes of one colour are a cell; a colour is the place where its cell begins, so
// that colours stay what they are while other cells split, and are ranks when every cell has one node.
struct Partition
{
    std::vector<std::uint32_t> order;
    std::vector<std::uint32_t> colour; // by node

    std::size_t cellEnd(std::size_t begin) const
    {
        std::size_t end = begin + 1;
        while (end < order.size() && colour[order[end]] == begin)
            ++end;
        return end;
    }
};

// What is fixed about a node, in the order in which it counts.
struct NodeKey
{
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend auto operator<=>(const NodeKey&, const NodeKey&) = default;
};

std::vector<std::uint64_t> placesIn(const PGraph& graph, std::span<const DimensionId> axes)
{
    std::vector<std::uint64_t> places(graph.dimensions().size(), axes.size());
    for (std::size_t i = 0; i < axes.size(); ++i)
        places[axes[i].index] = i;
    return places;
}

std::vector<NodeKey> nodeKeys(const PGraph& graph, const SizeTexts& sizes, std::span<const AxisOrigin> origins)
{
    const std::vector<std::uint64_t> inputPlaces = placesIn(graph, graph.input());
    const std::vector<std::uint64_t> outputPlaces = placesIn(graph, graph.output());
    const auto originOf = [&](DimensionId id) {
        const AxisOrigin& origin = origins[id.index];
        return std::uint64_t{static_cast<std::uint8_t>(origin.role)} << 24 |
               static_cast<std::uint64_t>(origin.position);
    };
    const auto port = [](std::span<const DimensionId> ports, DimensionId id) { return ports[0] == id ? 1u : 2u; };

    std::vector<NodeKey> keys;
    keys.reserve(graph.dimensions().size() + graph.primitives().size() + graph.weights().size());
    for (std::size_t i = 0; i < graph.dimensions().size(); ++i) {
        const Dimension& d = graph.dimensions()[i];
        const std::uint64_t above = d.above.valid() ? port(graph[d.above].bottom(), DimensionId(i)) : 0u;
        const std::uint64_t below = d.below.valid() ? port(graph[d.below].top(), DimensionId(i)) : 0u;
        keys.push_back({std::uint64_t{d.weight.valid()} << 61 | originOf(DimensionId(i)) << 32 | inputPlaces[i],
                        outputPlaces[i] << 36 | std::uint64_t{sizes.rank(DimensionId(i))} << 4 | above << 2 | below});
    }
    for (std::size_t i = 0; i < graph.primitives().size(); ++i) {
        const Primitive& p = graph.primitives()[i];
        const std::uint64_t origin = originOf(p.top().empty() ? p.bottomIds[0] : p.topIds[0]);
        const std::uint64_t amount = static_cast<std::uint32_t>(p.amount) ^ 0x80000000u; // in the order of the numbers
        keys.push_back(
            {std::uint64_t{1} << 62 | std::uint64_t{static_cast<std::uint8_t>(p.kind)} << 59 | origin << 32 | amount,
             sizes.rank(PrimitiveId(i))});
    }
    for (const Weight& w : graph.weights())
        keys.push_back({std::uint64_t{2} << 62 | w.axes.size(), 0});
    return keys;
}

class Labeller
{
public:
    Labeller(const PGraph& graph, std::span<const NodeKey> keys);

    // By node: its place in the canonical labelling.
    std::vector<std::uint32_t> label();

private:
    using Code = std::vector<std::uint32_t>;
    struct Leaf
    {
        Code code;
        std::vector<std::uint32_t> ranks;
    };

    void connect(const PGraph& graph);
    void refine(Partition& partition);
    void splitCell(Partition& partition, std::size_t begin, std::size_t end);
    void sign(std::uint32_t node, const Partition& partition);
    std::span<std::uint32_t> signature(std::uint32_t node)
    {
        return std::span(signatures_).subspan(firstNeighbour_[node], firstNeighbour_[node + 1] - firstNeighbour_[node]);
    }

    std::vector<std::uint32_t> tiedCell(const Partition& partition) const;
    static void individualise(Partition& partition, std::uint32_t node);
    Leaf firstLeaf(Partition partition);
    Code serialise(const Partition& partition);
    void search(const Partition& partition);
    void exploreCell(const Partition& partition, const std::vector<std::uint32_t>& cell);
    void noteAutomorphism(const std::vector<std::uint32_t>& from, const std::vector<std::uint32_t>& to);
    std::vector<std::uint32_t> orbits() const;

    std::size_t nodes_;
    std::size_t firstWeight_;
    std::vector<std::uint32_t> neighbours_; // of all nodes, one after another; of a weight in no order
    std::vector<std::uint32_t> firstNeighbour_;
    std::vector<std::uint32_t> signatures_;                           // as neighbours_, their colours
    std::vector<std::pair<std::uint32_t, std::uint32_t>> recoloured_; // (node, colour), in one round of a refinement
    Partition initial_;
    std::vector<std::uint32_t> path_; // nodes individualised on the way here
    std::vector<std::vector<std::uint32_t>> automorphisms_;
    Leaf best_;
    std::int64_t visits_ = 0;
};

Labeller::Labeller(const PGraph& graph, std::span<const NodeKey> keys)
    : nodes_(keys.size()), firstWeight_(keys.size() - graph.weights().size())
{
    connect(graph);
    initial_.order.resize(nodes_);
    initial_.colour.resize(nodes_);
    std::iota(initial_.order.begin(), initial_.order.end(), 0);
    std::ranges::sort(initial_.order, {}, [&](std::uint32_t node) { return keys[node]; });
    std::uint32_t colour = 0;
    for (std::uint32_t i = 0; i < nodes_; ++i) {
        if (i > 0 && keys[initial_.order[i]] != keys[initial_.order[i - 1]])
            colour = i;
        initial_.colour[initial_.order[i]] = colour;
    }
}

void Labeller::connect(const PGraph& graph)
{
    const auto primitives = static_cast<std::uint32_t>(graph.dimensions().size());
    const auto weights = static_cast<std::uint32_t>(firstWeight_);
    const auto node = [](auto id, std::uint32_t first) { return id.valid() ? first + id.index : nobody; };
    neighbours_.reserve(4 * nodes_);
    firstNeighbour_.reserve(nodes_ + 1);
    const auto begin = [&] { firstNeighbour_.push_back(static_cast<std::uint32_t>(neighbours_.size())); };
    for (const Dimension& d : graph.dimensions()) {
        begin();
        neighbours_.insert(neighbours_.end(),
                           {node(d.above, primitives), node(d.below, primitives), node(d.weight, weights)});
    }
    for (const Primitive& p : graph.primitives()) {
        begin();
        neighbours_.insert(neighbours_.end(), {node(p.topIds[0], 0), node(p.topIds[1], 0), node(p.bottomIds[0], 0),
                                               node(p.bottomIds[1], 0)});
    }
    for (const Weight& w : graph.weights()) {
        begin();
        for (const DimensionId axis : w.axes)
            neighbours_.push_back(axis.index);
    }
    begin();
    signatures_.resize(neighbours_.size());
}

// The colours of a node's neighbours, as far as they tell nodes of one colour apart.
void Labeller::sign(std::uint32_t node, const Partition& partition)
{
    for (std::uint32_t i = firstNeighbour_[node]; i < firstNeighbour_[node + 1]; ++i)
        signatures_[i] = neighbours_[i] == nobody ? nobody : partition.colour[neighbours_[i]];
    if (node >= firstWeight_)
        std::ranges::sort(signature(node));
}

// Splits cells by the colours of the neighbours until nothing splits any more. All cells of a round see the colours
// from before the round.
void Labeller::refine(Partition& partition)
{
    do {
        recoloured_.clear();
        visits_ += static_cast<std::int64_t>(nodes_);
        for (std::size_t begin = 0, end = 0; begin < nodes_; begin = end) {
            end = partition.cellEnd(begin);
            if (end - begin > 1)
                splitCell(partition, begin, end);
        }
        for (const auto& [node, colour] : recoloured_)
            partition.colour[node] = colour;
    } while (!recoloured_.empty());
}

void Labeller::splitCell(Partition& partition, std::size_t begin, std::size_t end)
{
    const std::span cell = std::span(partition.order).subspan(begin, end - begin);
    for (const std::uint32_t node : cell)
        sign(node, partition);
    // Nodes of one colour are of one kind and have equally many neighbours.
    std::ranges::sort(cell, [&](std::uint32_t a, std::uint32_t b) {
        return std::ranges::lexicographical_compare(signature(a), signature(b));
    });
    std::size_t colour = begin;
    for (std::size_t i = 1; i < cell.size(); ++i) {
        if (!std::ranges::equal(signature(cell[i]), signature(cell[i - 1])))
            colour = begin + i;
        if (colour != begin)
            recoloured_.emplace_back(cell[i], static_cast<std::uint32_t>(colour));
    }
}

// The members of the first cell with several nodes; empty when every node is distinct.
std::vector<std::uint32_t> Labeller::tiedCell(const Partition& partition) const
{
    std::vector<std::uint32_t> cell;
    for (std::size_t begin = 0, end = 0; begin < nodes_ && cell.empty(); begin = end) {
        end = partition.cellEnd(begin);
        if (end - begin > 1)
            cell.assign(partition.order.begin() + static_cast<std::ptrdiff_t>(begin),
                        partition.order.begin() + static_cast<std::ptrdiff_t>(end));
    }
    std::ranges::sort(cell);
    return cell;
}

// The node goes before the others of its cell.
void Labeller::individualise(Partition& partition, std::uint32_t node)
{
    const std::size_t begin = partition.colour[node];
    const std::size_t end = partition.cellEnd(begin);
    const std::span cell = std::span(partition.order).subspan(begin, end - begin);
    std::ranges::iter_swap(cell.begin(), std::ranges::find(cell, node));
    for (const std::uint32_t other : cell.subspan(1))
        partition.colour[other] = static_cast<std::uint32_t>(begin + 1);
}

Labeller::Leaf Labeller::firstLeaf(Partition partition)
{
    for (std::vector<std::uint32_t> cell = tiedCell(partition); !cell.empty(); cell = tiedCell(partition)) {
        individualise(partition, cell.front());
        refine(partition);
    }
    Code code = serialise(partition);
    return {std::move(code), std::move(partition.colour)};
}

// Everything that is not in the initial colours: who is whose neighbour, in the order of the ranks.
Labeller::Code Labeller::serialise(const Partition& partition)
{
    Code code;
    code.reserve(neighbours_.size());
    for (const std::uint32_t node : partition.order) {
        sign(node, partition);
        const auto colours = signature(node);
        code.insert(code.end(), colours.begin(), colours.end());
    }
    return code;
}

void Labeller::noteAutomorphism(const std::vector<std::uint32_t>& from, const std::vector<std::uint32_t>& to)
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

void Labeller::search(const Partition& partition)
{
    const std::vector<std::uint32_t> cell = tiedCell(partition);
    if (!cell.empty())
        return exploreCell(partition, cell);
    Code code = serialise(partition);
    if (best_.ranks.empty() || code < best_.code)
        best_ = {std::move(code), partition.colour};
}

void Labeller::exploreCell(const Partition& partition, const std::vector<std::uint32_t>& cell)
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
        Partition child = partition;
        individualise(child, node);
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
    refine(initial_);
    if (tiedCell(initial_).empty())
        return std::move(initial_.colour);
    search(initial_);
    return std::move(best_.ranks);
}

} // namespace

std::vector<std::uint32_t> canonicalRanks(const PGraph& graph, const SizeTexts& sizes,
                                          std::span<const AxisOrigin> origins)
{
    return Labeller(graph, nodeKeys(graph, sizes, origins)).label();
}

} // namespace synoscope
