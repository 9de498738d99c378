#include "core/codegen/halide_stages.h"

#include "core/codegen/names.h"

#include <algorithm>

namespace synoscope::codegen {

namespace {

// What the printed file and Halide call something already.
constexpr std::string_view reserved[] = {
    "Func",     "Var",    "RVar",   "RDom",    "Expr",         "Buffer", "Pipeline", "ImageParam", "Halide",
    "Internal", "Float",  "select", "main",    "Target",       "Type",   "cast",     "sum",        "product",
    "undef",    "likely", "clamp",  "memoize", "TailStrategy", "Region", "Error",    "setExtents"};

// The ends of the shortest runs behind f and t that have as many elements.
std::pair<std::size_t, std::size_t> shortestRun(const std::vector<Size>& from, std::size_t f,
                                                const std::vector<Size>& to, std::size_t t)
{
    Size before;
    for (std::size_t fEnd = f + 1; fEnd <= from.size(); ++fEnd) {
        before = before * from[fEnd - 1];
        Size after;
        for (std::size_t tEnd = t + 1; tEnd <= to.size(); ++tEnd) {
            after = after * to[tEnd - 1];
            if (before == after)
                return {fEnd, tEnd};
        }
    }
    return {from.size(), to.size()};
}

} // namespace

std::string HalidePipeline::claim(std::string_view wanted)
{
    // NameScope makes identifiers of any text; a number tells equal ones apart.
    std::string name = NameScope({}).claim(wanted);
    const std::string stem = name;
    for (int n = 2; std::ranges::find(taken, name) != taken.end(); ++n)
        name = stem + std::to_string(n);
    taken.push_back(name);
    return name;
}

std::string HalidePipeline::loop(const std::string& wanted)
{
    for (const auto& [before, name] : loops)
        if (before == wanted)
            return name;
    loops.emplace_back(wanted, claim(wanted));
    return loops.back().second;
}

HalideStages::HalideStages(const PGraph& graph)
{
    pipeline_.variables = graph.variables();
    pipeline_.taken.assign(std::begin(reserved), std::end(reserved));
    for (int i = 0; i < graph.variables().size(); ++i) {
        const Variable& variable = graph.variables()[VariableId{static_cast<std::uint8_t>(i)}];
        pipeline_.variableNames.push_back(variable.kind == VariableKind::literal ? "" : pipeline_.claim(variable.name));
    }
}

void HalideStages::nameAxes(HalideStage& stage)
{
    for (std::size_t i = 0; i < stage.axes.size(); ++i) {
        // A plan may call two axes of a value alike.
        HalideIterator& axis = stage.axes[i];
        const auto before = std::span(stage.axes).first(i);
        const auto same = std::ranges::count(before, axis.label, &HalideIterator::label);
        const std::string key = same == 0 ? axis.label : axis.label + std::to_string(same + 1);
        auto [known, fresh] = axisNames_.try_emplace(key);
        if (fresh)
            known->second = pipeline_.claim(key);
        axis.name = known->second;
    }
}

HalideStage HalideStages::begin(const std::string& name, const Step& shape)
{
    HalideStage stage;
    stage.name = name;
    for (std::size_t i = 0; i < shape.shape.size(); ++i)
        stage.axes.push_back({shape.axisNames[i], "", sizeIndex(shape.shape[i])});
    return stage;
}

HalideStage HalideStages::begin(const std::string& name, int axesOf)
{
    HalideStage stage;
    stage.name = name;
    stage.axes = (*this)[axesOf].axes;
    return stage;
}

int HalideStages::reduce(HalideStage& stage, const HalideIterator& over)
{
    stage.reductions.push_back({over.label, pipeline_.claim("r" + over.label), over.extent});
    return static_cast<int>(stage.axes.size() + stage.reductions.size()) - 1;
}

int HalideStages::add(HalideStage stage)
{
    stage.name = pipeline_.claim(stage.name);
    if (stage.kind != HalideStage::Kind::parameter)
        nameAxes(stage);
    if (stage.kind != HalideStage::Kind::parameter)
        stage.prepared = !stage.factors.empty() && std::ranges::all_of(stage.factors, [&](const HalideFactor& factor) {
            return (*this)[factor.stage].prepared;
        });
    pipeline_.stages.push_back(std::move(stage));
    return static_cast<int>(pipeline_.stages.size()) - 1;
}

int HalideStages::parameter(const std::string& name, const Step& shape, int weight)
{
    HalideStage stage = begin(name, shape);
    stage.kind = HalideStage::Kind::parameter;
    stage.weight = weight;
    stage.prepared = weight >= 0;
    return add(std::move(stage));
}

int HalideStages::padded(int source, const std::vector<int>& axes)
{
    if (axes.empty())
        return source;
    HalideStage stage = begin("padded", source);
    stage.kind = HalideStage::Kind::padded;
    stage.factors.push_back({source, identity(stage.axes.size())});
    stage.paddedAxes = axes;
    return add(std::move(stage));
}

void HalideStages::output(int stage, const std::string& name)
{
    const bool copied = (*this)[stage].kind != HalideStage::Kind::compute;
    if (copied) {
        HalideStage copy = begin(name, stage);
        copy.factors.push_back({stage, identity(copy.axes.size())});
        stage = add(std::move(copy));
    }
    HalideStage& put = pipeline_.stages[static_cast<std::size_t>(stage)];
    if (put.name != name)
        put.name = pipeline_.claim(name);
    put.root = true;
    pipeline_.outputs.push_back(stage);
}

HalidePipeline HalideStages::finish() &&
{
    std::vector<HalideStage>& stages = pipeline_.stages;
    std::vector<int> places(stages.size(), -1); // 0: is needed; then where it goes
    for (const int output : pipeline_.outputs)
        places[static_cast<std::size_t>(output)] = 0;
    for (std::size_t i = stages.size(); i-- > 0;)
        if (places[i] == 0)
            for (const HalideFactor& factor : stages[i].factors)
                places[static_cast<std::size_t>(factor.stage)] = 0;
    std::vector<HalideStage> kept;
    for (std::size_t i = 0; i < stages.size(); ++i) {
        if (places[i] < 0)
            continue;
        places[i] = static_cast<int>(kept.size());
        kept.push_back(std::move(stages[i]));
        for (HalideFactor& factor : kept.back().factors)
            factor.stage = places[static_cast<std::size_t>(factor.stage)];
    }
    stages = std::move(kept);
    for (int& output : pipeline_.outputs)
        output = places[static_cast<std::size_t>(output)];
    return std::move(pipeline_);
}

std::vector<HalideIndex> identity(std::size_t axes)
{
    std::vector<HalideIndex> indices;
    for (std::size_t i = 0; i < axes; ++i)
        indices.push_back(iteratorIndex(static_cast<int>(i)));
    return indices;
}

// Runs of axes with equal products are cut anew: the place in a run is counted with the new axes, and taken apart with
// the old ones.
std::vector<HalideIndex> reshapedIndices(const std::vector<Size>& from, const std::vector<Size>& to)
{
    std::vector<HalideIndex> indices(from.size(), numberIndex(0));
    std::size_t f = 0;
    std::size_t t = 0;
    while (f < from.size() && t < to.size()) {
        const auto [fEnd, tEnd] = shortestRun(from, f, to, t);
        HalideIndex place = numberIndex(0);
        Size inner;
        for (std::size_t i = tEnd; i-- > t;) {
            place = iteratorIndex(static_cast<int>(i)) * sizeIndex(inner) + place;
            inner = inner * to[i];
        }
        inner = Size();
        for (std::size_t i = fEnd; i-- > f;) {
            indices[i] = place / sizeIndex(inner);
            if (i > f)
                indices[i] = indices[i] % sizeIndex(from[i]);
            inner = inner * from[i];
        }
        f = fEnd;
        t = tEnd;
    }
    return indices; // axes left over have the extent one
}

} // namespace synoscope::codegen
