#include "rewriting.h"

#include "support.h"

#include <algorithm>

namespace synoscope::test {

namespace {

template <typename T>
T must(Expected<T> expected)
{
    if (!expected)
        throw std::runtime_error(expected.error().text());
    return *std::move(expected);
}

class Rewriter
{
public:
    Rewriter(const PGraph& graph, const Equivalence& equivalence, Random& random)
        : graph_(graph), equivalence_(equivalence), random_(random), builder_(graph.name(), graph.variables()),
          now_(graph.dimensions().size()), mirror_(!equivalence.interchangeable.empty() && chance(2))
    {}

    Expected<PGraph> run()
    {
        inputs();
        for (const Weight& weight : graph_.weights())
            weights_.push_back(must(builder_.weight(weight.name)));
        for (const Primitive& primitive : graph_.primitives())
            visit(primitive);
        outputs();
        reductions();
        for (const Binding& binding : graph_.bindings())
            builder_.bind(binding);
        return builder_.finish();
    }

private:
    bool chance(std::uint32_t oneIn) { return random_.below(oneIn) == 0; }

    std::int64_t number(const Size& size) const { return evaluate(size, graph_.bindings()[0]).value_or(0); }

    bool divides(const Size& block, const Size& size) const
    {
        return isLegal(size / block, graph_.variables()) &&
               std::ranges::all_of(graph_.bindings(), [&](const Binding& binding) {
                   return evaluate(size / block, binding).value_or(0) > 1 && evaluate(block, binding);
               });
    }

    // A size to split at; s and z are the same number.
    std::optional<Size> blockOf(const Size& size)
    {
        std::vector<Size> blocks;
        for (const char* name : {"s", "z", "k"})
            if (const Size block = Size::of(*graph_.variables().find(name)); divides(block, size))
                blocks.push_back(block);
        for (const char* name : {"s", "z", "k"})
            if (const Size block = size / Size::of(*graph_.variables().find(name));
                divides(block, size) && isLegal(block, graph_.variables()))
                blocks.push_back(block);
        if (blocks.empty())
            return std::nullopt;
        return blocks[random_.below(static_cast<std::uint32_t>(blocks.size()))];
    }

    // A size that is equal in every layer.
    Size alias(Size size)
    {
        const VariableTable& variables = graph_.variables();
        const Size s = Size::of(*variables.find("s"));
        const Size z = Size::of(*variables.find("z"));
        if (size.exponent(*variables.find("s")) > 0 && chance(2))
            size = size / s * z;
        else if (size.exponent(*variables.find("z")) > 0 && chance(2))
            size = size / z * s;
        return size;
    }

    DimensionId shift(DimensionId x, std::int64_t amount)
    {
        if (amount == 0)
            return x;
        return must(builder_.shift(x, static_cast<std::int32_t>(amount), ""));
    }

    // The same number written in another way.
    DimensionId disturbed(DimensionId x)
    {
        if (!chance(3))
            return x;
        const Size size = builder_[x].size;
        const auto block = blockOf(size);
        if (chance(3)) {
            const std::int64_t amount = 1 + random_.below(3);
            return shift(shift(x, amount),
                         chance(2) && graph_.bindings().size() == 1 ? number(size) - amount : -amount);
        }
        if (!block)
            return x;
        const auto parts = must(builder_.split(x, *block, "", ""));
        return must(builder_.merge(disturbed(parts[0]), parts[1], ""));
    }

    // Other positions along an unordered axis.
    DimensionId permuted(DimensionId x)
    {
        if (chance(2))
            x = shift(x, 1 + random_.below(2));
        if (const auto block = blockOf(builder_[x].size); block && chance(2)) {
            const auto parts = must(builder_.split(x, *block, "", ""));
            x = must(builder_.merge(parts[1], parts[0], ""));
        }
        return x;
    }

    std::vector<std::size_t> axisOrder(std::size_t axes) const
    {
        std::vector<std::size_t> order(axes);
        for (std::size_t i = 0; i < axes; ++i)
            order[i] = i;
        if (mirror_)
            std::swap(order[static_cast<std::size_t>(equivalence_.interchangeable[0].first)],
                      order[static_cast<std::size_t>(equivalence_.interchangeable[0].second)]);
        return order;
    }

    void inputs()
    {
        const auto axes = graph_.input();
        for (const std::size_t i : axisOrder(axes.size()))
            now_[axes[i].index] = must(builder_.input("", graph_[axes[i]].size));
        for (std::size_t i = 0; i < axes.size(); ++i)
            if (i < equivalence_.unorderedInput.size() && equivalence_.unorderedInput[i])
                now_[axes[i].index] = permuted(now_[axes[i].index]);
    }

    void outputs()
    {
        const auto axes = graph_.output();
        for (std::size_t i = 0; i < axes.size(); ++i)
            if (i < equivalence_.unorderedOutput.size() && equivalence_.unorderedOutput[i])
                now_[axes[i].index] = permuted(now_[axes[i].index]);
        for (const std::size_t i : axisOrder(axes.size()))
            (void)builder_.output(now_[axes[i].index]);
    }

    void reductions()
    {
        for (std::size_t i = 0; i < reduced_.size(); ++i) {
            if (i + 1 < reduced_.size() && chance(2)) {
                reduced_.push_back(must(builder_.merge(reduced_[i], reduced_[i + 1], "")));
                ++i;
            } else if (const auto block = blockOf(builder_[reduced_[i]].size); block && chance(2)) {
                const auto parts = must(builder_.split(reduced_[i], *block, "", ""));
                (void)builder_.reduce(parts[0]);
                (void)builder_.reduce(parts[1]);
            } else {
                (void)builder_.reduce(reduced_[i]);
            }
        }
    }

    void visit(const Primitive& p)
    {
        const auto top = [&](int i) { return disturbed(now_[p.topIds[i].index]); };
        const auto set = [&](int i, DimensionId id) { now_[p.bottomIds[i].index] = id; };
        switch (p.kind) {
        case PrimitiveKind::split: {
            const auto parts = must(builder_.split(top(0), alias(p.parameter), "", ""));
            set(0, parts[0]);
            return set(1, parts[1]);
        }
        case PrimitiveKind::merge: {
            const DimensionId group = top(0);
            return set(0, must(builder_.merge(group, top(1), "")));
        }
        case PrimitiveKind::shift:
            return set(0, shifted(top(0), p.amount));
        case PrimitiveKind::unfold: {
            const auto parts = must(builder_.unfold(top(0), alias(p.parameter), "", ""));
            set(0, parts[0]);
            return set(1, parts[1]);
        }
        case PrimitiveKind::stride:
            return set(0, must(builder_.stride(top(0), alias(p.parameter), "")));
        case PrimitiveKind::expand:
            return set(0, expanded(alias(p.parameter)));
        case PrimitiveKind::share:
            return set(0, shared(top(0), weights_[graph_[p.topIds[1]].weight.index]));
        case PrimitiveKind::reduce:
            reduced_.push_back(top(0));
            return;
        }
    }

    DimensionId shifted(DimensionId x, std::int64_t amount)
    {
        const auto block = blockOf(builder_[x].size);
        const bool inParts = block && std::ranges::all_of(graph_.bindings(), [&](const Binding& binding) {
                                 return amount % *evaluate(*block, binding) == 0 &&
                                        *evaluate(*block, binding) == *evaluate(*block, graph_.bindings()[0]);
                             });
        if (inParts && chance(2)) {
            const auto parts = must(builder_.split(x, *block, "", ""));
            return must(builder_.merge(shift(parts[0], amount / number(*block)), parts[1], ""));
        }
        const std::int64_t first = chance(2) ? 1 + random_.below(3) : 0;
        return first == 0 ? shift(x, amount) : shift(shift(x, first), amount - first);
    }

    DimensionId expanded(const Size& size)
    {
        const auto block = blockOf(size);
        if (!block || chance(2))
            return must(builder_.expand(size, ""));
        const DimensionId group = must(builder_.expand(size / *block, ""));
        return must(builder_.merge(group, must(builder_.expand(*block, "")), ""));
    }

    DimensionId plainlyShared(DimensionId x, WeightId weight)
    {
        return must(builder_.share(x, must(builder_.weightAxis(weight, "", builder_[x].size)), ""));
    }

    DimensionId shared(DimensionId x, WeightId weight)
    {
        const auto block = blockOf(builder_[x].size);
        if (chance(3)) {
            const std::int64_t amount = 1 + random_.below(2);
            return shift(plainlyShared(shift(x, amount), weight), -amount);
        }
        if (!block || chance(2))
            return plainlyShared(x, weight);
        const auto parts = must(builder_.split(x, *block, "", ""));
        const DimensionId group = plainlyShared(parts[0], weight);
        return must(builder_.merge(group, plainlyShared(parts[1], weight), ""));
    }

    const PGraph& graph_;
    const Equivalence& equivalence_;
    Random& random_;
    PGraph::Builder builder_;
    std::vector<DimensionId> now_;
    std::vector<WeightId> weights_;
    std::vector<DimensionId> reduced_;
    bool mirror_;
};

} // namespace

PGraph rewritten(const PGraph& graph, const Equivalence& equivalence, Random& random)
{
    for (;;) {
        try {
            return parsed(shuffledText(must(Rewriter(graph, equivalence, random).run()), random));
        } catch (const std::runtime_error&) {
            // A size that became another one no longer goes with the others (s^-1*z^2): try again.
        }
    }
}

namespace {

class TinyOperator
{
public:
    explicit TinyOperator(Random& random) : random_(random), builder_("tiny", VariableTable())
    {
        VariableTable& variables = builder_.variables();
        a_ = Size::of(*variables.addPrimary("A"));
        const Size b = Size::of(*variables.addPrimary("B"));
        (void)variables.addPrimary("D");
        k_ = Size::of(*variables.addCoefficient("k", 3));
        s_ = Size::of(*variables.addCoefficient("s", 2));
        z_ = Size::of(*variables.addCoefficient("z", 2));
        open_ = {must(builder_.input("", a_)), must(builder_.input("", b)), must(builder_.input("", b))};
        for (std::uint32_t i = 1 + random_.below(2); i > 0; --i)
            weights_.push_back(must(builder_.weight("w" + std::to_string(i))));
    }

    std::optional<PGraph> make()
    {
        for (const WeightId weight : weights_)
            share(weight);
        for (std::uint32_t steps = 2 + random_.below(7); steps > 0; --steps)
            step();
        while (open_.size() > 3)
            (void)builder_.reduce(take());
        while (!open_.empty())
            (void)builder_.output(take());
        for (const std::int64_t a : {4, 6}) {
            Binding layer;
            layer.set(*builder_.variables().find("A"), a);
            layer.set(*builder_.variables().find("B"), 4);
            layer.set(*builder_.variables().find("D"), 2 * a);
            builder_.bind(layer);
        }
        auto graph = builder_.finish();
        return graph ? std::optional(*graph) : std::nullopt;
    }

private:
    DimensionId take()
    {
        const std::size_t i = random_.below(static_cast<std::uint32_t>(open_.size()));
        const DimensionId id = open_[i];
        open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
        return id;
    }

    Size small() { return std::array{k_, s_, z_, a_}[random_.below(4)]; }

    void share(WeightId weight)
    {
        const DimensionId x = take();
        open_.push_back(must(builder_.share(x, must(builder_.weightAxis(weight, "", builder_[x].size)), "")));
    }

    void step()
    {
        const DimensionId x = take();
        std::vector<DimensionId> made{x};
        const auto both = [&](const auto& parts) {
            if (parts)
                made.assign(parts->begin(), parts->end());
        };
        switch (random_.below(8)) {
        case 0:
            both(builder_.split(x, std::array{s_, z_}[random_.below(2)], "", ""));
            break;
        case 1:
            if (!open_.empty())
                made = {must(builder_.merge(x, take(), ""))};
            break;
        case 2:
        case 3:
            made = {must(builder_.shift(x, std::array{1, -1, 2}[random_.below(3)], ""))};
            break;
        case 4:
            both(builder_.unfold(x, small(), "", ""));
            break;
        case 5:
            if (random_.below(2) == 0)
                if (const auto strided = builder_.stride(x, s_, ""))
                    made = {*strided};
            break;
        case 6:
            made.push_back(must(builder_.expand(small(), "")));
            break;
        default:
            open_.push_back(x);
            share(weights_[random_.below(static_cast<std::uint32_t>(weights_.size()))]);
            made.clear();
        }
        open_.insert(open_.end(), made.begin(), made.end());
    }

    Random& random_;
    PGraph::Builder builder_;
    Size a_, k_, s_, z_;
    std::vector<DimensionId> open_;
    std::vector<WeightId> weights_;
};

std::int64_t points(const PGraph& graph)
{
    std::int64_t product = 1;
    for (const Binding& binding : graph.bindings())
        for (const auto& axes : {graph.output(), graph.reductions()})
            for (const std::int64_t extent : graph.shape(axes, binding))
                product *= extent;
    return product;
}

} // namespace

PGraph tinyOperator(Random& random)
{
    for (;;)
        if (const auto graph = TinyOperator(random).make();
            graph && points(*graph) <= 4'000'000) // of both layers, multiplied
            return *graph;
}

} // namespace synoscope::test
