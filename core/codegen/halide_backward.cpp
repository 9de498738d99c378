// The gradients of a plan, step by step from the last to the first. Each is gathered: an element asks which elements of
// the result it went into, so that every gradient is a stage like any other.
#include "core/codegen/halide_stages.h"

#include <algorithm>

namespace synoscope::codegen {

namespace {

class Backward
{
public:
    Backward(HalideStages& stages, const PGraph& graph, const Plan& plan)
        : stages_(stages), graph_(graph), plan_(plan), values_(addForward(stages, graph, plan)),
          gradients_(plan.steps.size(), -1)
    {}

    void run()
    {
        gradients_.back() = stages_.parameter("grad_output", plan_.steps.back());
        for (std::size_t i = plan_.steps.size(); i-- > 0;)
            if (gradients_[i] >= 0)
                differentiate(plan_.steps[i], gradients_[i]);
        putOut(StepKind::input, 0, "grad_input");
        for (std::size_t w = 0; w < graph_.weights().size(); ++w)
            putOut(StepKind::weight, static_cast<int>(w), "grad_" + graph_.weights()[w].name);
    }

private:
    int value(const Step& step, std::size_t i) const { return values_[step.operands[i].index]; }
    const Step& operand(const Step& step, std::size_t i = 0) const { return plan_[step.operands[i]]; }

    // A plan reads each value once, so there is one gradient to come.
    void give(const Step& step, std::size_t i, HalideStage stage)
    {
        gradients_[step.operands[i].index] = stages_.add(std::move(stage));
    }

    void putOut(StepKind kind, int index, const std::string& name)
    {
        for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
            if (plan_.steps[i].kind != kind || plan_.steps[i].index != index)
                continue;
            if (gradients_[i] < 0) // the operator does not look at it
                gradients_[i] = stages_.add(stages_.begin("zero", plan_.steps[i]));
            stages_.output(gradients_[i], name);
        }
    }

    void differentiate(const Step& step, int gradient)
    {
        const auto axis = static_cast<std::size_t>(step.axis);
        switch (step.kind) {
        case StepKind::input:
        case StepKind::weight:
            return;
        case StepKind::einsum:
            for (std::size_t i = 0; i < step.operands.size(); ++i)
                einsum(step, i, gradient);
            return;
        case StepKind::convolution:
            convolutionByData(step, gradient);
            convolutionByWeight(step, gradient);
            return;
        case StepKind::unfold:
            return unfold(step, gradient);
        case StepKind::expand:
            return expand(step, gradient);
        default:
            break;
        }
        HalideStage stage = stages_.begin("grad_" + stages_[value(step, 0)].name, operand(step));
        std::vector<HalideIndex> from = identity(stage.axes.size());
        if (step.kind == StepKind::reshape) {
            from = reshapedIndices(step.shape, operand(step).shape);
        } else if (step.kind == StepKind::permute) {
            for (std::size_t i = 0; i < from.size(); ++i)
                from[i] = iteratorIndex(step.permutation[i]);
        } else if (step.kind == StepKind::roll) {
            from[axis] = (from[axis] - numberIndex(step.amount)) % sizeIndex(step.shape[axis]);
        } else { // slice: what was left out has no gradient
            stage.equal.emplace_back(from[axis] % sizeIndex(step.size), numberIndex(0));
            from[axis] = from[axis] / sizeIndex(step.size);
        }
        stage.factors.push_back({gradient, std::move(from)});
        give(step, 0, std::move(stage));
    }

    void unfold(const Step& step, int gradient)
    {
        HalideStage stage = stages_.begin("grad_" + stages_[value(step, 0)].name, operand(step));
        std::vector<HalideIndex> from = identity(stage.axes.size());
        const HalideIndex window = iteratorIndex(stages_.reduce(stage, stages_[gradient].axes.back()));
        HalideIndex& index = from[static_cast<std::size_t>(step.axis)];
        index = index - window + sizeIndex(step.size) / numberIndex(2);
        from.push_back(window);
        stage.factors.push_back({stages_.padded(gradient, {step.axis}), std::move(from)});
        give(step, 0, std::move(stage));
    }

    void expand(const Step& step, int gradient)
    {
        HalideStage stage = stages_.begin("grad_" + stages_[value(step, 0)].name, operand(step));
        std::vector<HalideIndex> from = identity(stage.axes.size());
        const auto& copies = stages_[gradient].axes[static_cast<std::size_t>(step.axis)];
        from.insert(from.begin() + step.axis, iteratorIndex(stages_.reduce(stage, copies)));
        stage.factors.push_back({gradient, std::move(from)});
        give(step, 0, std::move(stage));
    }

    void einsum(const Step& step, std::size_t by, int gradient)
    {
        HalideStage stage = stages_.begin("grad_" + stages_[value(step, by)].name, operand(step, by));
        std::map<int, int> iterators; // by label
        for (std::size_t i = 0; i < step.labels[by].size(); ++i) {
            const auto axis = static_cast<int>(i);
            const auto [known, fresh] = iterators.try_emplace(step.labels[by][i], axis);
            if (!fresh) // a diagonal
                stage.equal.emplace_back(iteratorIndex(known->second), iteratorIndex(axis));
        }
        const auto factor = [&](int source, const std::vector<int>& labels) {
            HalideFactor result{source};
            for (std::size_t i = 0; i < labels.size(); ++i) {
                auto [known, fresh] = iterators.try_emplace(labels[i]);
                if (fresh)
                    known->second = stages_.reduce(stage, stages_[source].axes[i]);
                result.indices.push_back(iteratorIndex(known->second));
            }
            return result;
        };
        stage.factors.push_back(factor(gradient, step.labels.back()));
        for (std::size_t o = 0; o < step.operands.size(); ++o)
            if (o != by)
                stage.factors.push_back(factor(value(step, o), step.labels[o]));
        give(step, by, std::move(stage));
    }

    // data[n, g*C + c, p] went into result[n, g*O + o, p - dilation*j + front].
    void convolutionByData(const Step& step, int gradient)
    {
        const Convolution& convolution = step.convolution;
        const int weight = value(step, 1);
        const int padded = stages_.padded(gradient, windowedAxes(convolution));
        HalideStage stage = stages_.begin("grad_" + stages_[value(step, 0)].name, operand(step));
        HalideIterator outputs = stages_[gradient].axes[1];
        const Size outputsPerGroup = step.shape[1] / convolution.groups;
        outputs.extent = sizeIndex(outputsPerGroup);
        HalideIndex out = iteratorIndex(stages_.reduce(stage, outputs));
        HalideIndex channel = iteratorIndex(1);
        if (!convolution.groups.isOne()) {
            const HalideIndex channels = stages_.extent(weight, 1);
            out = channel / channels * sizeIndex(outputsPerGroup) + out;
            channel = channel % channels;
        }
        HalideFactor g{padded, {iteratorIndex(0), out}};
        HalideFactor w{weight, {out, channel}};
        for (std::size_t i = 0; i < convolution.windows.size(); ++i) {
            const HalideIndex window = iteratorIndex(stages_.reduce(stage, stages_[weight].axes[i + 2]));
            g.indices.push_back(iteratorIndex(static_cast<int>(i + 2)) - window * sizeIndex(convolution.dilations[i]) +
                                windowFront(convolution, i));
            w.indices.push_back(window);
        }
        stage.factors = {std::move(g), std::move(w)};
        give(step, 0, std::move(stage));
    }

    void convolutionByWeight(const Step& step, int gradient)
    {
        const Convolution& convolution = step.convolution;
        const int weight = value(step, 1);
        const int padded = stages_.padded(value(step, 0), windowedAxes(convolution));
        HalideStage stage = stages_.begin("grad_" + stages_[weight].name, operand(step, 1));
        const HalideIndex image = iteratorIndex(stages_.reduce(stage, stages_[gradient].axes[0]));
        HalideIndex channel = iteratorIndex(1);
        if (!convolution.groups.isOne())
            channel =
                iteratorIndex(0) / sizeIndex(step.shape[1] / convolution.groups) * stages_.extent(weight, 1) + channel;
        HalideFactor g{gradient, {image, iteratorIndex(0)}};
        HalideFactor x{padded, {image, channel}};
        for (std::size_t i = 0; i < convolution.windows.size(); ++i) {
            const HalideIndex place = iteratorIndex(stages_.reduce(stage, stages_[gradient].axes[i + 2]));
            g.indices.push_back(place);
            x.indices.push_back(place + iteratorIndex(static_cast<int>(i + 2)) * sizeIndex(convolution.dilations[i]) -
                                windowFront(convolution, i));
        }
        stage.factors = {std::move(g), std::move(x)};
        give(step, 1, std::move(stage));
    }

    HalideStages& stages_;
    const PGraph& graph_;
    const Plan& plan_;
    std::vector<int> values_;
    std::vector<int> gradients_; // by step
};

} // namespace

HalidePipeline halideBackward(const PGraph& graph)
{
    const Plan plan = lower(graph);
    HalideStages stages(graph);
    Backward(stages, graph, plan).run();
    return std::move(stages).finish();
}

} // namespace synoscope::codegen
