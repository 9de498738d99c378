#include "core/graph/fingerprint.h"

#include "core/base/hash.h"
#include "core/graph/fingerprint_memory.h"
#include "core/graph/layer_print.h"
#include "core/graph/layers.h"
#include "core/graph/probe.h"
#include "core/graph/terms.h"
#include "core/graph/writer.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>

namespace synoscope {

namespace {

// All ways to call axes that the interchangeable pairs generate, their own names first.
std::vector<AxisLabels> exchanges(const PGraph& graph, const Equivalence& equivalence)
{
    const auto axes = static_cast<int>(std::min(graph.input().size(), graph.output().size()));
    AxisLabels own(std::max(graph.input().size(), graph.output().size()));
    std::iota(own.begin(), own.end(), 0);
    std::vector<AxisLabels> found{own};
    for (std::size_t i = 0; i < found.size(); ++i)
        for (const auto& [a, b] : equivalence.interchangeable) {
            if (a < 0 || b < 0 || a >= axes || b >= axes)
                continue;
            AxisLabels next = found[i];
            std::swap(next[static_cast<std::size_t>(a)], next[static_cast<std::size_t>(b)]);
            if (std::ranges::find(found, next) == found.end())
                found.push_back(std::move(next));
        }
    return found;
}

UnorderedAxes unorderedAxes(const PGraph& graph, const Equivalence& equivalence)
{
    UnorderedAxes unordered{equivalence.unorderedInput, equivalence.unorderedOutput};
    unordered.input.resize(graph.input().size());
    unordered.output.resize(graph.output().size());
    return unordered;
}

// The variable that is the whole size; nothing for any other size.
std::optional<VariableId> onlyVariable(const Size& size)
{
    for (std::uint8_t i = 0; i < maxVariables; ++i)
        if (size == Size::of({i}))
            return VariableId{i};
    return std::nullopt;
}

// The extents by label.
std::vector<std::int64_t> labelledShape(const PGraph& graph, std::span<const DimensionId> axes, const Binding& layer,
                                        const AxisLabels& labels)
{
    const std::vector<std::int64_t> shape = graph.shape(axes, layer);
    std::vector<std::int64_t> result(shape.size());
    for (std::size_t i = 0; i < shape.size(); ++i)
        result[static_cast<std::size_t>(labels[i])] = shape[i];
    return result;
}

// The layer in which the operator does for the image what it does in `layer` for itself: with axes called as labelled,
// it has the shapes of `layer`. Nothing where the operator's variables cannot say that: then its problem has no such
// image.
std::optional<Binding> imageLayer(const PGraph& graph, const Binding& layer, const AxisLabels& labels)
{
    Binding image = layer;
    for (const auto& axes : {graph.input(), graph.output()})
        for (std::size_t i = 0; i < axes.size(); ++i) {
            const auto from = onlyVariable(graph[axes[static_cast<std::size_t>(labels[i])]].size);
            const auto to = onlyVariable(graph[axes[i]].size);
            if (from && to)
                image.set(*to, layer[*from]);
        }
    if (image != layer)
        for (const Dimension& dimension : graph.dimensions())
            if (!evaluate(dimension.size, image))
                return std::nullopt;
    for (const auto& axes : {graph.input(), graph.output()})
        if (labelledShape(graph, axes, image, labels) != graph.shape(axes, layer))
            return std::nullopt;
    return image;
}

void appendList(std::string& text, std::span<const std::int64_t> numbers, char end)
{
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (i > 0)
            text += ',';
        const fmt::format_int digits(numbers[i]);
        text.append(digits.data(), digits.size());
    }
    text += end;
}

class Fingerprinter
{
public:
    Fingerprinter(const PGraph& graph, const Equivalence& equivalence, FingerprintMemory* memory)
        : graph_(graph), unordered_(unorderedAxes(graph, equivalence)), memory_(memory),
          layers_(graph.bindings().empty() ? probes(graph) : distinctLayers(graph))
    {
        std::vector<LayerShape> shapes;
        for (const Binding& layer : layers_) {
            shapes.push_back(graph.shape(graph.input(), layer));
            const std::vector<std::int64_t> output = graph.shape(graph.output(), layer);
            shapes.back().insert(shapes.back().end(), output.begin(), output.end());
        }
        telling_ = memory_ ? memory_->telling(shapes) : tellingLayers(shapes);
    }

    // The operator with its axes called as labelled. Nothing when the image does not exist, or is too large.
    std::optional<std::string> image(const AxisLabels& labels)
    {
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            const auto image = imageLayer(graph_, layers_[i], labels);
            if (!image)
                return std::nullopt;
            texts.push_back(shapes(*image, labels));
            if (std::ranges::find(telling_, i) == telling_.end())
                continue;
            const auto hashed = print(*image).hash(labels, i == telling_.front());
            if (!hashed)
                return std::nullopt;
            texts.back() += hex(*hashed);
        }
        std::ranges::sort(texts);
        texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
        return texts.empty() ? std::nullopt : std::optional(fmt::format("{}", fmt::join(texts, "\n")));
    }

private:
    LayerPrint& print(const Binding& layer)
    {
        const auto found = std::ranges::find(prints_, layer, [](const auto& print) { return print.first; });
        if (found != prints_.end())
            return *found->second;
        return *prints_.emplace_back(layer, std::make_unique<LayerPrint>(graph_, layer, unordered_, memory_)).second;
    }

    std::string shapes(const Binding& layer, const AxisLabels& labels) const
    {
        std::vector<std::int64_t> weights;
        for (const Weight& weight : graph_.weights())
            weights.push_back(saturatingProduct(graph_.shape(weight.axes, layer)));
        std::ranges::sort(weights);
        std::string text;
        appendList(text, labelledShape(graph_, graph_.input(), layer, labels), '>');
        appendList(text, labelledShape(graph_, graph_.output(), layer, labels), ';');
        appendList(text, weights, ';');
        return text;
    }

    const PGraph& graph_;
    UnorderedAxes unordered_;
    FingerprintMemory* memory_;
    std::vector<Binding> layers_;
    std::vector<std::size_t> telling_; // of these
    std::vector<std::pair<Binding, std::unique_ptr<LayerPrint>>> prints_;
};

} // namespace

std::string fingerprint(const PGraph& graph, const Equivalence& equivalence, FingerprintMemory* memory)
{
    Fingerprinter fingerprinter(graph, equivalence, memory);
    std::optional<std::string> least;
    for (const AxisLabels& labels : exchanges(graph, equivalence))
        if (auto text = fingerprinter.image(labels); text && (!least || *text < *least))
            least = std::move(text);
    // Too large for any of this, an operator equals only itself.
    return hexDigest(least ? *least : canonicalHash(graph));
}

std::string fingerprint(const PGraph& graph)
{
    return fingerprint(graph, {});
}

} // namespace synoscope
