#include "core/graph/difference.h"

#include "core/base/hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace synoscope {

namespace {

// The descriptions of one graph's primitives, as hashes.
class Descriptions
{
public:
    explicit Descriptions(const PGraph& graph) : graph_(graph), down_(graph.dimensions().size()), up_(down_.size())
    {
        const auto axes = [this](std::span<const DimensionId> ids, std::vector<std::uint64_t>& hashes, const char* what) {
            for (std::size_t i = 0; i < ids.size(); ++i)
                hashes[ids[i].index] = combine(size(graph_[ids[i]].size), hashText(what, i));
        };
        axes(graph.input(), down_, "input");
        axes(graph.output(), up_, "output");
        for (const Weight& weight : graph.weights())
            for (const DimensionId axis : weight.axes)
                down_[axis.index] = combine(size(graph[axis].size), hashText("weight"));
        const auto primitives = graph.primitives();
        above.resize(primitives.size());
        below.resize(primitives.size());
        for (std::size_t i = 0; i < primitives.size(); ++i)
            above[i] = pass(primitives[i], primitives[i].top(), primitives[i].bottom(), down_);
        for (std::size_t i = primitives.size(); i-- > 0;)
            below[i] = pass(primitives[i], primitives[i].bottom(), primitives[i].top(), up_);
    }

    std::vector<std::uint64_t> above, below; // by primitive

private:
    std::uint64_t size(const Size& size) const { return hashText(toString(size, graph_.variables())); }

    // Hashes the primitive with what is known of one side, and tells the other side.
    std::uint64_t pass(const Primitive& primitive, std::span<const DimensionId> from, std::span<const DimensionId> to,
                       std::vector<std::uint64_t>& hashes) const
    {
        std::uint64_t hash = combine(static_cast<std::uint64_t>(primitive.kind), size(primitive.parameter));
        hash = combine(hash, static_cast<std::uint64_t>(static_cast<std::int64_t>(primitive.amount)));
        for (const DimensionId id : primitive.top())
            hash = combine(hash, size(graph_[id].size));
        for (const DimensionId id : from)
            hash = combine(hash, hashes[id.index]);
        for (std::size_t i = 0; i < to.size(); ++i)
            hashes[to[i].index] = combine(hash, i);
        return hash;
    }

    const PGraph& graph_;
    std::vector<std::uint64_t> down_, up_; // by dimension
};

class Matcher
{
public:
    Matcher(std::size_t first, std::size_t second) : partner_(first, none), taken_(second, false) {}

    // Pairs those of equal keys that have no partner yet, in order.
    template <typename Key>
    void match(const std::vector<Key>& first, const std::vector<Key>& second)
    {
        std::multimap<Key, std::size_t> free;
        for (std::size_t j = 0; j < second.size(); ++j)
            if (!taken_[j])
                free.emplace(second[j], j);
        for (std::size_t i = 0; i < first.size(); ++i) {
            if (partner_[i] != none)
                continue;
            const auto found = free.lower_bound(first[i]); // of equal ones the first put in
            if (found == free.end() || found->first != first[i])
                continue;
            partner_[i] = found->second;
            taken_[found->second] = true;
            free.erase(found);
        }
    }

    GraphDifference result() const
    {
        GraphDifference result;
        for (std::size_t i = 0; i < partner_.size(); ++i)
            if (partner_[i] != none)
                result.shared.emplace_back(PrimitiveId(i), PrimitiveId(partner_[i]));
            else
                result.onlyFirst.push_back(PrimitiveId(i));
        for (std::size_t j = 0; j < taken_.size(); ++j)
            if (!taken_[j])
                result.onlySecond.push_back(PrimitiveId(j));
        return result;
    }

private:
    static constexpr std::size_t none = ~std::size_t{0};
    std::vector<std::size_t> partner_;
    std::vector<bool> taken_;
};

} // namespace

GraphDifference difference(const PGraph& first, const PGraph& second)
{
    const Descriptions a(first), b(second);
    const auto both = [](const Descriptions& one) {
        std::vector<std::pair<std::uint64_t, std::uint64_t>> keys;
        for (std::size_t i = 0; i < one.above.size(); ++i)
            keys.emplace_back(one.above[i], one.below[i]);
        return keys;
    };
    Matcher matcher(first.primitives().size(), second.primitives().size());
    matcher.match(both(a), both(b));
    matcher.match(a.above, b.above);
    matcher.match(a.below, b.below);
    return matcher.result();
}

std::string describe(const PGraph& graph, PrimitiveId id)
{
    const Primitive& primitive = graph[id];
    const auto axis = [&graph](DimensionId dimension) {
        const Dimension& one = graph[dimension];
        const std::string of = one.weight.valid() ? graph[one.weight].name + "." : "";
        return of + one.name + ":" + toString(one.size, graph.variables());
    };
    std::string text(toString(primitive.kind));
    if (primitive.kind == PrimitiveKind::expand) // the one without a top
        return text + " " + axis(primitive.bottomIds[0]);
    for (const DimensionId top : primitive.top())
        text += " " + axis(top);
    if (primitive.kind == PrimitiveKind::shift)
        return text + fmt::format(" by {}", primitive.amount);
    if (primitive.kind == PrimitiveKind::split || primitive.kind == PrimitiveKind::unfold ||
        primitive.kind == PrimitiveKind::stride)
        text += " by " + toString(primitive.parameter, graph.variables());
    return text;
}

} // namespace synoscope
