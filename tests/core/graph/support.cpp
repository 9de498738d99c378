#include "support.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <map>
#include <sstream>

namespace synoscope::test {

std::string readText(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

const std::vector<std::pair<std::string, std::string>>& zooTexts()
{
    static const auto texts = [] {
        std::map<std::string, std::string> sorted;
        for (const auto& entry : std::filesystem::directory_iterator(SYNOSCOPE_SOURCE_DIR "/resources/operators"))
            if (entry.path().extension() == ".pgraph")
                sorted[entry.path().stem().string()] = readText(entry.path());
        return std::vector<std::pair<std::string, std::string>>(sorted.begin(), sorted.end());
    }();
    return texts;
}

PGraph parsed(std::string_view text)
{
    auto graph = parsePGraph(text, "test.pgraph");
    if (!graph)
        throw std::runtime_error(graph.error().text() + "\n" + std::string(text));
    return *graph;
}

std::vector<PGraph> zoo()
{
    std::vector<PGraph> graphs;
    for (const auto& [file, text] : zooTexts())
        graphs.push_back(parsed(text));
    return graphs;
}

PGraph zooOperator(const std::string& file)
{
    return parsed(readText(fmt::format("{}/resources/operators/{}.pgraph", SYNOSCOPE_SOURCE_DIR, file)));
}

namespace {

template <typename Range>
void shuffle(Range& range, Random& random)
{
    for (std::size_t i = range.size(); i > 1; --i)
        std::swap(range[i - 1], range[random.below(static_cast<std::uint32_t>(i))]);
}

class Shuffler
{
public:
    Shuffler(const PGraph& graph, Random& random)
        : graph_(graph), random_(random), names_(graph.dimensions().size()), weightNames_(graph.weights().size())
    {
        std::vector<int> numbers(names_.size() + weightNames_.size());
        for (std::size_t i = 0; i < numbers.size(); ++i)
            numbers[i] = static_cast<int>(i);
        shuffle(numbers, random_);
        for (std::size_t i = 0; i < numbers.size(); ++i)
            (i < names_.size() ? names_[i] : weightNames_[i - names_.size()]) = fmt::format("v{}", numbers[i]);
    }

    std::string write()
    {
        text_ = "pgraph 1\n";
        if (!graph_.name().empty())
            text_ += fmt::format("name {}\n", graph_.name());
        variables();
        text_ += "input";
        for (const DimensionId id : graph_.input())
            text_ += fmt::format(" {}:{}", names_[id.index], size(graph_[id].size));
        text_ += "\n";
        weights();
        primitives();
        text_ += fmt::format("output {}\n", fmt::join(namesOf(graph_.output()), " "));
        layers();
        return text_;
    }

private:
    std::string size(const Size& size) const { return toString(size, graph_.variables()); }

    std::vector<std::string> namesOf(std::span<const DimensionId> ids) const
    {
        std::vector<std::string> names;
        for (const DimensionId id : ids)
            names.push_back(names_[id.index]);
        return names;
    }

    void variables()
    {
        std::vector<std::string> lines;
        for (const Variable& variable : graph_.variables().all()) {
            if (variable.kind == VariableKind::primary)
                lines.push_back("primary " + variable.name);
            if (variable.kind == VariableKind::coefficient)
                lines.push_back(variable.value ? fmt::format("coefficient {} = {}", variable.name, *variable.value)
                                               : "coefficient " + variable.name);
        }
        shuffle(lines, random_);
        text_ += fmt::format("{}\n", fmt::join(lines, "\n"));
    }

    void weights()
    {
        std::vector<std::size_t> order(graph_.weights().size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        shuffle(order, random_);
        for (const std::size_t i : order) {
            std::vector<DimensionId> axes = graph_.weights()[i].axes;
            shuffle(axes, random_);
            text_ += "weight " + weightNames_[i];
            for (const DimensionId id : axes)
                text_ += fmt::format(" {}:{}", names_[id.index], size(graph_[id].size));
            text_ += "\n";
        }
    }

    void primitives()
    {
        std::vector<PrimitiveId> waiting;
        for (std::size_t i = 0; i < graph_.primitives().size(); ++i)
            waiting.emplace_back(i);
        std::vector<bool> done(waiting.size());
        while (!waiting.empty()) {
            shuffle(waiting, random_);
            const auto ready = std::ranges::find_if(waiting, [&](PrimitiveId id) {
                return std::ranges::all_of(graph_[id].top(), [&](DimensionId top) {
                    return !graph_[top].above.valid() || done[graph_[top].above.index];
                });
            });
            done[ready->index] = true;
            primitive(graph_[*ready]);
            waiting.erase(ready);
        }
    }

    void primitive(const Primitive& p)
    {
        const auto name = [&](DimensionId id) { return names_[id.index]; };
        if (p.kind == PrimitiveKind::reduce) {
            text_ += fmt::format("reduce {}\n", name(p.topIds[0]));
            return;
        }
        std::string operands = p.top().empty() ? "" : name(p.topIds[0]);
        if (p.kind == PrimitiveKind::merge)
            operands += " " + name(p.topIds[1]);
        else if (p.kind == PrimitiveKind::share)
            operands += fmt::format(" {}.{}", weightNames_[graph_[p.topIds[1]].weight.index], name(p.topIds[1]));
        else if (p.kind == PrimitiveKind::shift)
            operands += fmt::format(" {}", p.amount);
        else
            operands += " " + size(p.parameter);
        text_ += fmt::format("{} = {} {}\n", fmt::join(namesOf(p.bottom()), ", "), toString(p.kind), operands);
    }

    void layers()
    {
        for (const Binding& binding : graph_.bindings()) {
            std::vector<std::string> pairs;
            for (int i = 0; i < graph_.variables().size(); ++i) {
                const VariableId id{static_cast<std::uint8_t>(i)};
                if (graph_.variables()[id].kind != VariableKind::literal && binding.bound(id))
                    pairs.push_back(fmt::format("{}={}", graph_.variables()[id].name, binding[id]));
            }
            shuffle(pairs, random_);
            text_ += fmt::format("bind {}\n", fmt::join(pairs, " "));
        }
    }

    const PGraph& graph_;
    Random& random_;
    std::vector<std::string> names_;
    std::vector<std::string> weightNames_;
    std::string text_;
};

} // namespace

std::string shuffledText(const PGraph& graph, Random& random)
{
    return Shuffler(graph, random).write();
}

PGraph randomOperator(Random& random)
{
    VariableTable variables;
    const Size a = Size::of(*variables.addPrimary("A"));
    const Size b = Size::of(*variables.addPrimary("B"));
    const Size k = Size::of(*variables.addCoefficient("k", 3));
    const Size s = Size::of(*variables.addCoefficient("s", 2));
    PGraph::Builder builder("random", variables);
    std::vector<DimensionId> open{*builder.input("", a), *builder.input("", b)};
    std::vector<WeightId> weights{*builder.weight("u"), *builder.weight("v")};
    const auto take = [&] {
        const std::size_t i = random.below(static_cast<std::uint32_t>(open.size()));
        const DimensionId id = open[i];
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
        return id;
    };
    const auto small = [&] { return random.below(2) == 0 ? k : s; };
    const auto share = [&](WeightId weight) {
        const DimensionId x = take();
        open.push_back(*builder.share(x, *builder.weightAxis(weight, "", builder[x].size), ""));
    };
    for (const WeightId weight : weights)
        share(weight);
    for (std::uint32_t steps = 2 + random.below(7); steps > 0; --steps) {
        const DimensionId x = take();
        std::vector<DimensionId> made{x};
        switch (random.below(7)) {
        case 0:
            if (const auto parts = builder.split(x, small(), "", ""))
                made.assign(parts->begin(), parts->end());
            break;
        case 1:
            if (!open.empty())
                made = {*builder.merge(x, take(), "")};
            break;
        case 2:
            made = {*builder.shift(x, random.below(2) == 0 ? 1 : -2, "")};
            break;
        case 3:
            if (const auto parts = builder.unfold(x, small(), "", ""))
                made.assign(parts->begin(), parts->end());
            break;
        case 4:
            if (const auto strided = builder.stride(x, s, ""))
                made = {*strided};
            break;
        case 5:
            made.push_back(*builder.expand(small(), ""));
            break;
        default:
            open.push_back(x);
            share(weights[random.below(2)]);
            made.clear();
        }
        open.insert(open.end(), made.begin(), made.end());
    }
    while (open.size() > 1 && random.below(2) == 0)
        (void)builder.reduce(take());
    while (!open.empty())
        (void)builder.output(take());
    Binding layer;
    layer.set(*variables.find("A"), 12);
    layer.set(*variables.find("B"), 6);
    builder.bind(layer);
    auto graph = builder.finish();
    return graph ? *graph : randomOperator(random); // a size was a fraction, as 6 / 2 / 2 is
}

std::vector<Array> randomWeights(const PGraph& graph, const Binding& binding, Random& random)
{
    std::vector<Array> weights;
    for (const Weight& weight : graph.weights())
        weights.push_back(randomArray(graph.shape(weight.axes, binding), random));
    return weights;
}

Array randomInput(const PGraph& graph, const Binding& binding, Random& random)
{
    return randomArray(graph.shape(graph.input(), binding), random);
}

double largestDifference(const Array& a, const Array& b)
{
    EXPECT_EQ(a.shape, b.shape);
    EXPECT_EQ(a.values.size(), b.values.size());
    double largest = 0;
    for (std::size_t i = 0; i < std::min(a.values.size(), b.values.size()); ++i)
        largest = std::max(largest, std::abs(a.values[i] - b.values[i]));
    return largest;
}

} // namespace synoscope::test
