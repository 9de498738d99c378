// The steps of a plan as stages of a Halide pipeline.
#include "core/codegen/halide_stages.h"

#include <algorithm>

namespace synoscope::codegen {

namespace {

class Forward
{
public:
    Forward(HalideStages& stages, const PGraph& graph, const Plan& plan) : stages_(stages), graph_(graph), plan_(plan)
    {}

    std::vector<int> run()
    {
        for (const Step& step : plan_.steps)
            values_.push_back(stageOf(step));
        return std::move(values_);
    }

private:
    int operand(const Step& step, std::size_t i = 0) const { return values_[step.operands[i].index]; }
    const std::vector<Size>& operandShape(const Step& step) const { return plan_[step.operands[0]].shape; }

    int stageOf(const Step& step)
    {
        const auto axis = static_cast<std::size_t>(step.axis);
        std::vector<HalideIndex> from = identity(step.shape.size());
        switch (step.kind) {
        case StepKind::input:
            return stages_.parameter("input", step);
        case StepKind::weight:
            return stages_.parameter(graph_.weights()[static_cast<std::size_t>(step.index)].name, step, step.index);
        case StepKind::reshape:
            return view("reshaped", step, reshapedIndices(operandShape(step), step.shape));
        case StepKind::permute:
            for (std::size_t i = 0; i < step.permutation.size(); ++i)
                from[static_cast<std::size_t>(step.permutation[i])] = iteratorIndex(static_cast<int>(i));
            return view("transposed", step, std::move(from));
        case StepKind::roll:
            from[axis] = (from[axis] + numberIndex(step.amount)) % sizeIndex(step.shape[axis]);
            return view("rolled", step, std::move(from));
        case StepKind::slice:
            from[axis] = from[axis] * sizeIndex(step.size);
            return view("strided", step, std::move(from));
        case StepKind::expand:
            from.erase(from.begin() + step.axis);
            return view("expanded", step, std::move(from));
        case StepKind::unfold:
            return unfold(step);
        case StepKind::einsum:
            return einsum(step);
        case StepKind::convolution:
            return convolution(step);
        }
        return 0;
    }

    int view(const std::string& name, const Step& step, std::vector<HalideIndex> from)
    {
        HalideStage stage = stages_.begin(name, step);
        stage.factors.push_back({operand(step), std::move(from)});
        return stages_.add(std::move(stage));
    }

    int unfold(const Step& step)
    {
        const int padded = stages_.padded(operand(step), {step.axis});
        HalideStage stage = stages_.begin("windows", step);
        std::vector<HalideIndex> from = identity(step.shape.size());
        HalideIndex& index = from[static_cast<std::size_t>(step.axis)];
        index = index + from.back() - sizeIndex(step.size) / numberIndex(2);
        from.pop_back();
        stage.factors.push_back({padded, std::move(from)});
        return stages_.add(std::move(stage));
    }

    int einsum(const Step& step)
    {
        HalideStage stage = stages_.begin(step.operands.size() > 1 ? "contracted" : "summed", step);
        std::map<int, int> iterators; // by label
        for (std::size_t i = 0; i < step.labels.back().size(); ++i)
            iterators[step.labels.back()[i]] = static_cast<int>(i);
        for (std::size_t o = 0; o < step.operands.size(); ++o) {
            HalideFactor factor{operand(step, o)};
            for (std::size_t i = 0; i < step.labels[o].size(); ++i) {
                auto [known, fresh] = iterators.try_emplace(step.labels[o][i]);
                if (fresh)
                    known->second = stages_.reduce(stage, stages_[factor.stage].axes[i]);
                factor.indices.push_back(iteratorIndex(known->second));
            }
            stage.factors.push_back(std::move(factor));
        }
        if (!stage.contracts())
            stage.name = "diagonal";
        return stages_.add(std::move(stage));
    }

    int convolution(const Step& step)
    {
        const Convolution& convolution = step.convolution;
        const int weight = operand(step, 1);
        const int data = stages_.padded(operand(step), windowedAxes(convolution));
        HalideStage stage = stages_.begin("conv", step);
        const HalideIndex channel = iteratorIndex(stages_.reduce(stage, stages_[weight].axes[1]));
        const HalideIndex outputsPerGroup = sizeIndex(step.shape[1] / convolution.groups);
        HalideFactor x{data, {iteratorIndex(0), channel}};
        HalideFactor w{weight, {iteratorIndex(1), channel}};
        if (!convolution.groups.isOne())
            x.indices[1] = iteratorIndex(1) / outputsPerGroup * stages_.extent(weight, 1) + channel;
        for (std::size_t i = 0; i < convolution.windows.size(); ++i) {
            const HalideIndex window = iteratorIndex(stages_.reduce(stage, stages_[weight].axes[i + 2]));
            x.indices.push_back(iteratorIndex(static_cast<int>(i + 2)) + window * sizeIndex(convolution.dilations[i]) -
                                windowFront(convolution, i));
            w.indices.push_back(window);
        }
        stage.factors = {std::move(x), std::move(w)};
        return stages_.add(std::move(stage));
    }

    HalideStages& stages_;
    const PGraph& graph_;
    const Plan& plan_;
    std::vector<int> values_;
};

} // namespace

HalideIndex windowFront(const Convolution& convolution, std::size_t spatial)
{
    const Size reach = convolution.windows[spatial] * convolution.dilations[spatial];
    return sizeIndex(reach) / numberIndex(2) - numberIndex(convolution.offsets[spatial]);
}

std::vector<int> windowedAxes(const Convolution& convolution)
{
    std::vector<int> axes;
    for (std::size_t i = 0; i < convolution.windows.size(); ++i)
        if (!convolution.windows[i].isOne() || !convolution.dilations[i].isOne() || convolution.offsets[i] != 0)
            axes.push_back(static_cast<int>(i) + 2);
    return axes;
}

std::vector<int> addForward(HalideStages& stages, const PGraph& graph, const Plan& plan)
{
    return Forward(stages, graph, plan).run();
}

HalidePipeline halideForward(const PGraph& graph)
{
    const Plan plan = lower(graph);
    HalideStages stages(graph);
    const std::vector<int> values = addForward(stages, graph, plan);
    stages.output(values.back(), "output");
    return std::move(stages).finish();
}

} // namespace synoscope::codegen
