#include "random_graph.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace synoscope::test {

namespace {

class Generator
{
public:
    Generator(Random& random, const RandomGraphOptions& options)
        : random_(random), options_(options), builder_("random", variables())
    {
        for (int i = 0; i < options.bindings; ++i)
            bindings_.push_back(randomBinding());
    }

    std::optional<PGraph> run()
    {
        const int axes = 1 + pick(4);
        for (int i = 0; i < axes; ++i)
            if (const Size size = pick(6) == 0 ? primary() * coefficient() : primary(); whole(size))
                frontier_.push_back(*builder_.input("", size));
        if (frontier_.empty())
            return std::nullopt;
        const int statements = 1 + pick(options_.statements);
        for (int i = 0; i < statements; ++i)
            statement();
        finishFrontier();
        if (options_.weightsRequired && weights_.empty())
            return std::nullopt;
        for (const Binding& binding : bindings_)
            builder_.bind(binding);
        auto graph = builder_.finish();
        if (!graph || tooLarge(*graph))
            return std::nullopt;
        return std::move(*graph);
    }

private:
    int pick(int bound) { return static_cast<int>(random_.below(static_cast<std::uint32_t>(bound))); }

    VariableTable variables()
    {
        VariableTable table;
        for (const char* name : {"N", "C", "H", "O"})
            (void)table.addPrimary(name);
        (void)table.addCoefficient("k", 2 + pick(3));
        (void)table.addCoefficient("s", 2 + pick(2));
        (void)table.addCoefficient("g", 2);
        return table;
    }

    Binding randomBinding()
    {
        Binding binding;
        constexpr std::array<std::int64_t, 7> extents{2, 4, 5, 6, 8, 9, 12};
        for (std::uint8_t i = 0; i < 4; ++i)
            binding.set(VariableId{i}, i == 0 ? 1 + pick(3) : extents[static_cast<std::size_t>(pick(7))]);
        binding.fillDefaults(builder_.variables());
        return binding;
    }

    Size primary() { return Size::of(VariableId{static_cast<std::uint8_t>(pick(4))}); }
    Size coefficient() { return Size::of(VariableId{static_cast<std::uint8_t>(4 + pick(3))}); }

    bool whole(const Size& size) const
    {
        return std::ranges::all_of(bindings_, [&](const Binding& b) { return evaluate(size, b).has_value(); });
    }

    std::size_t any() { return static_cast<std::size_t>(pick(static_cast<int>(frontier_.size()))); }
    void remove(std::size_t i) { frontier_.erase(frontier_.begin() + static_cast<std::ptrdiff_t>(i)); }

    template <typename T>
    bool accept(const Expected<T>& result)
    {
        return result.hasValue();
    }

    void statement()
    {
        if (frontier_.empty())
            return expand();
        switch (pick(12)) {
        case 0:
        case 1:
            return split(any());
        case 2:
            return merge();
        case 3:
            return shift(any());
        case 4:
            return unfold(any());
        case 5:
            return stride(any());
        case 6:
            return expand();
        case 7:
            return newWeight();
        case 8:
            return oldWeight();
        case 9:
            return reduce(any());
        default:
            return convolution();
        }
    }

    void split(std::size_t i)
    {
        const Size block = coefficient();
        if (!whole(builder_[frontier_[i]].size / block))
            return;
        if (const auto parts = builder_.split(frontier_[i], block, "", ""); accept(parts)) {
            frontier_[i] = (*parts)[0];
            frontier_.push_back((*parts)[1]);
        }
    }

    void merge()
    {
        const std::size_t a = any();
        const std::size_t b = any();
        if (a == b)
            return;
        if (const auto merged = builder_.merge(frontier_[a], frontier_[b], ""); accept(merged)) {
            frontier_[a] = *merged;
            remove(b);
        }
    }

    void shift(std::size_t i)
    {
        if (const auto shifted = builder_.shift(frontier_[i], pick(2) ? 1 + pick(3) : -1 - pick(3), "");
            accept(shifted))
            frontier_[i] = *shifted;
    }

    std::optional<std::size_t> unfoldWith(std::size_t i, Size window)
    {
        const auto parts = builder_.unfold(frontier_[i], window, "", "");
        if (!accept(parts))
            return std::nullopt;
        frontier_[i] = (*parts)[0];
        frontier_.push_back((*parts)[1]);
        return frontier_.size() - 1;
    }

    void unfold(std::size_t i) { (void)unfoldWith(i, pick(4) == 0 ? coefficient() * coefficient() : coefficient()); }

    void stride(std::size_t i)
    {
        const Size step = coefficient();
        if (!whole(builder_[frontier_[i]].size / step))
            return;
        if (const auto strided = builder_.stride(frontier_[i], step, ""); accept(strided))
            frontier_[i] = *strided;
    }

    void expand()
    {
        if (const auto expanded = builder_.expand(pick(2) ? primary() : coefficient(), ""); accept(expanded))
            frontier_.push_back(*expanded);
    }

    void reduce(std::size_t i)
    {
        if (frontier_.size() > 1 && accept(builder_.reduce(frontier_[i])))
            remove(i);
    }

    void share(WeightId weight, std::size_t i)
    {
        const auto axis = builder_.weightAxis(weight, "x" + std::to_string(axes_++), builder_[frontier_[i]].size);
        frontier_[i] = *builder_.share(frontier_[i], *axis, "");
    }

    WeightId addWeight()
    {
        weights_.push_back(*builder_.weight("w" + std::to_string(weights_.size())));
        return weights_.back();
    }

    void newWeight()
    {
        if (weights_.size() > 3)
            return;
        const WeightId weight = addWeight();
        const int axes = 1 + pick(3);
        for (int i = 0; i < axes; ++i) {
            if (pick(3) == 0)
                expand();
            share(weight, pick(2) ? frontier_.size() - 1 : any());
        }
    }

    void oldWeight()
    {
        if (!weights_.empty())
            share(weights_[static_cast<std::size_t>(pick(static_cast<int>(weights_.size())))], any());
    }

    // One or two windows, perhaps dilated, contracted with a weight that may have groups, channels and outputs.
    void convolution()
    {
        if (weights_.size() > 3)
            return;
        const WeightId weight = addWeight();
        std::vector<DimensionId> summed;
        const int windows = 1 + pick(2);
        const std::size_t axes = frontier_.size();
        for (int n = 0; n < windows; ++n) {
            const bool dilated = pick(3) == 0;
            const Size window = coefficient();
            const Size dilation = coefficient();
            const auto at = unfoldWith(static_cast<std::size_t>(pick(static_cast<int>(axes))),
                                       dilated ? window * dilation : window);
            if (!at)
                continue;
            if (dilated && pick(2))
                shift(*at);
            if (dilated)
                frontier_[*at] = *builder_.stride(frontier_[*at], dilation, "");
            share(weight, *at);
            summed.push_back(frontier_[*at]);
        }
        if (pick(3)) { // a channel, or where it is not summed, a group
            const auto channel = static_cast<std::size_t>(pick(static_cast<int>(axes)));
            share(weight, channel);
            if (pick(3))
                summed.push_back(frontier_[channel]);
        }
        if (pick(2)) {
            frontier_.push_back(*builder_.expand(pick(2) ? primary() : coefficient(), ""));
            share(weight, frontier_.size() - 1);
        }
        for (const DimensionId dimension : summed)
            if (const auto at = std::ranges::find(frontier_, dimension); at != frontier_.end())
                reduce(static_cast<std::size_t>(at - frontier_.begin()));
        if (builder_[weight].axes.empty())
            share(weight, any());
    }

    void finishFrontier()
    {
        const std::size_t outputs = 1 + static_cast<std::size_t>(pick(4));
        while (frontier_.size() > outputs)
            reduce(any());
        while (!frontier_.empty()) {
            const std::size_t i = any();
            (void)builder_.output(frontier_[i]);
            remove(i);
        }
    }

    bool tooLarge(const PGraph& graph) const
    {
        for (const Binding& binding : graph.bindings()) {
            double points = 1;
            for (const auto& axes : {graph.output(), graph.reductions()})
                for (const std::int64_t extent : graph.shape(axes, binding))
                    points *= static_cast<double>(extent);
            if (points > options_.mostPoints)
                return true;
        }
        return false;
    }

    Random& random_;
    RandomGraphOptions options_;
    PGraph::Builder builder_;
    std::vector<Binding> bindings_;
    std::vector<DimensionId> frontier_;
    std::vector<WeightId> weights_;
    int axes_ = 0;
};

} // namespace

PGraph randomGraph(Random& random, const RandomGraphOptions& options)
{
    while (true)
        if (auto graph = Generator(random, options).run())
            return std::move(*graph);
}

Array randomArray(std::vector<std::int64_t> shape, Random& random)
{
    Array array{std::move(shape), {}};
    array.values.resize(static_cast<std::size_t>(array.elements()));
    for (double& value : array.values)
        value = 2 * random.unit() - 1;
    return array;
}

Arguments randomArguments(const PGraph& graph, const Binding& binding, Random& random)
{
    Arguments arguments{randomArray(graph.shape(graph.input(), binding), random), {}};
    for (const Weight& weight : graph.weights())
        arguments.weights.push_back(randomArray(graph.shape(weight.axes, binding), random));
    return arguments;
}

double deviation(const Array& a, const Array& b)
{
    if (a.shape != b.shape)
        return 1e300;
    double largest = 1;
    double difference = 0;
    for (std::size_t i = 0; i < b.values.size(); ++i) {
        largest = std::max(largest, std::abs(b.values[i]));
        difference = std::max(difference, std::abs(a.values[i] - b.values[i]));
    }
    return difference / largest;
}

double largest(const Array& array)
{
    double result = 0;
    for (const double value : array.values)
        result = std::max(result, std::abs(value));
    return result;
}

Array absolute(Array array)
{
    for (double& value : array.values)
        value = std::abs(value);
    return array;
}

std::vector<Array> absolute(std::vector<Array> arrays)
{
    for (Array& array : arrays)
        array = absolute(std::move(array));
    return arrays;
}

int rounds(int usual)
{
    const char* factor = std::getenv("SYNOSCOPE_TEST_ROUNDS");
    return factor ? usual * std::max(1, std::atoi(factor)) : usual;
}

} // namespace synoscope::test
