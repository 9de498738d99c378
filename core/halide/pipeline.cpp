#include "core/halide/pipeline.h"

#include <algorithm>
#include <map>

namespace synoscope {

namespace {

using codegen::HalideDirective;
using codegen::HalideFactor;
using codegen::HalideIndex;
using codegen::HalideIterator;
using codegen::HalidePipeline;
using codegen::HalideStage;

class Builder
{
public:
    Builder(const HalidePipeline& pipeline, const Binding& binding, const BuildOptions& options)
        : pipeline_(pipeline), binding_(binding), options_(options), funcs_(pipeline.stages.size()),
          domains_(pipeline.stages.size())
    {}

    BuiltPipeline build(std::span<const int> outputs)
    {
        BuiltPipeline built;
        for (const int output : outputs) {
            root_ = output;
            built.outputs.push_back(func(output));
            setBounds(built.outputs.back().output_buffer(), output);
        }
        if (options_.schedules)
            for (const HalideDirective& directive : pipeline_.schedule)
                if (funcs_[static_cast<std::size_t>(directive.stage)].defined() && !isParameter(directive.stage))
                    apply(directive);
        built.parameters = std::move(parameters_);
        return built;
    }

private:
    const HalideStage& stage(int number) const { return pipeline_.stages[static_cast<std::size_t>(number)]; }
    int extent(const HalideIterator& iterator) const
    {
        return static_cast<int>(codegen::evaluate(iterator.extent, binding_));
    }

    bool isParameter(int number) const
    {
        const HalideStage& s = stage(number);
        return s.kind == HalideStage::Kind::parameter ||
               (options_.takesPrepared && s.prepared && s.root && number != root_);
    }

    Halide::Func func(int number)
    {
        Halide::Func& known = funcs_[static_cast<std::size_t>(number)];
        if (!known.defined())
            known = isParameter(number)                               ? parameter(number)
                    : stage(number).kind == HalideStage::Kind::padded ? padded(number)
                                                                      : computed(number);
        return known;
    }

    Halide::Func parameter(int number)
    {
        const HalideStage& s = stage(number);
        Halide::ImageParam param(Halide::Float(32), static_cast<int>(s.axes.size()), s.name);
        setBounds(param, number);
        parameters_.emplace_back(number, param);
        return param;
    }

    // Tensors are dense: knowing it makes addresses simple.
    template <typename Tensor>
    void setBounds(Tensor tensor, int number)
    {
        int stride = 1;
        const std::vector<int> extents = halideExtents(stage(number), binding_);
        for (std::size_t i = 0; i < extents.size(); ++i) {
            tensor.dim(static_cast<int>(i)).set_bounds(0, extents[i]).set_stride(stride);
            stride *= extents[i];
        }
    }

    static std::vector<Halide::Var> variables(const HalideStage& s)
    {
        std::vector<Halide::Var> vars;
        for (std::size_t i = s.axes.size(); i-- > 0;)
            vars.emplace_back(s.axes[i].name);
        return vars;
    }

    Halide::Func padded(int number)
    {
        const HalideStage& s = stage(number);
        const Halide::Func source = func(s.factors[0].stage);
        const std::vector<Halide::Var> vars = variables(s);
        Halide::Func result(s.name);
        if (!options_.schedules) {
            result(vars) = clamped(s, source, vars);
            return result;
        }
        Halide::Region bounds(s.axes.size());
        for (const int axis : s.paddedAxes)
            bounds[place(s, axis)] = {0, extent(s.axes[static_cast<std::size_t>(axis)])};
        result(vars) = Halide::BoundaryConditions::constant_exterior(source, 0.0f, bounds)(
            std::vector<Halide::Expr>(vars.begin(), vars.end()));
        return result;
    }

    static std::size_t place(const HalideStage& s, int axis)
    {
        return s.axes.size() - 1 - static_cast<std::size_t>(axis);
    }

    // What constant_exterior does, as one Func: its own two more lead Halide's schedulers astray, and Adams2019 to
    // wrong results.
    Halide::Expr clamped(const HalideStage& s, const Halide::Func& source, const std::vector<Halide::Var>& vars) const
    {
        std::vector<Halide::Expr> at(vars.begin(), vars.end());
        Halide::Expr inside = Halide::Internal::const_true();
        for (const int axis : s.paddedAxes) {
            const int size = extent(s.axes[static_cast<std::size_t>(axis)]);
            Halide::Expr& index = at[place(s, axis)];
            inside = inside && index >= 0 && index < size;
            index = Halide::clamp(index, 0, size - 1);
        }
        return Halide::select(inside, Halide::likely(source(at)), 0.0f);
    }

    Halide::Func computed(int number)
    {
        const HalideStage& s = stage(number);
        Halide::Region region;
        for (std::size_t i = s.reductions.size(); i-- > 0;)
            region.emplace_back(0, extent(s.reductions[i]));
        if (s.sums())
            domains_[static_cast<std::size_t>(number)] = Halide::RDom(region, s.name + "_terms");
        Halide::Expr value = product(s, number);
        const std::vector<Halide::Var> vars = variables(s);
        Halide::Func result(s.name);
        if (s.sums()) {
            result(vars) = 0.0f;
            result(vars) += value;
        } else {
            result(vars) = value;
        }
        return result;
    }

    Halide::Expr product(const HalideStage& s, int number)
    {
        Halide::Expr value;
        for (const HalideFactor& factor : s.factors) {
            const Halide::Func source = func(factor.stage);
            std::vector<Halide::Expr> place;
            for (std::size_t i = factor.indices.size(); i-- > 0;)
                place.push_back(expression(factor.indices[i], number));
            const Halide::Expr element = source(place);
            value = value.defined() ? value * element : element;
        }
        if (!value.defined())
            return 0.0f;
        for (const auto& [a, b] : s.equal)
            value = Halide::select(expression(a, number) == expression(b, number), value, 0.0f);
        return value;
    }

    // A reduction's variable: the domain counts from the innermost.
    Halide::RVar reduction(int number, std::size_t index) const
    {
        return domains_[static_cast<std::size_t>(number)]
                       [static_cast<int>(stage(number).reductions.size() - 1 - index)];
    }

    Halide::Expr expression(const HalideIndex& index, int number) const
    {
        using Kind = HalideIndex::Kind;
        const auto operand = [&](std::size_t i) { return expression(index.operands[i], number); };
        switch (index.kind) {
        case Kind::iterator: {
            const std::size_t axes = stage(number).axes.size();
            const auto i = static_cast<std::size_t>(index.iterator);
            return i < axes ? Halide::Expr(Halide::Var(stage(number).axes[i].name)) : reduction(number, i - axes);
        }
        case Kind::number:
        case Kind::size:
            return static_cast<int>(codegen::evaluate(index, binding_));
        case Kind::add:
            return operand(0) + operand(1);
        case Kind::subtract:
            return operand(0) - operand(1);
        case Kind::multiply:
            return operand(0) * operand(1);
        case Kind::divide:
            return operand(0) / operand(1);
        case Kind::remainder:
            return operand(0) % operand(1);
        }
        return {};
    }

    // --- the schedule ---

    Halide::VarOrRVar loop(const HalideDirective& directive, const std::string& name) const
    {
        const auto& reductions = stage(directive.stage).reductions;
        const auto found = std::ranges::find(reductions, name, &HalideIterator::name);
        if (!directive.update || found == reductions.end())
            return Halide::Var(name);
        return reduction(directive.stage, static_cast<std::size_t>(found - reductions.begin()));
    }

    std::vector<Halide::VarOrRVar> loops(const HalideDirective& directive) const
    {
        std::vector<Halide::VarOrRVar> all;
        for (const std::string& name : directive.names)
            all.push_back(loop(directive, name));
        return all;
    }

    static Halide::TailStrategy tailOf(const HalideDirective& directive)
    {
        using Tail = HalideDirective::Tail;
        switch (directive.tail) {
        case Tail::guard:
            return Halide::TailStrategy::GuardWithIf;
        case Tail::shift:
            return Halide::TailStrategy::ShiftInwards;
        case Tail::roundUp:
            return Halide::TailStrategy::RoundUp;
        case Tail::none:
            break;
        }
        return Halide::TailStrategy::Auto;
    }

    void apply(const HalideDirective& directive)
    {
        using Method = HalideDirective::Method;
        Halide::Func f = funcs_[static_cast<std::size_t>(directive.stage)];
        switch (directive.method) {
        case Method::computeRoot:
            f.compute_root();
            return;
        case Method::computeAt:
            f.compute_at(funcs_[static_cast<std::size_t>(directive.at)], Halide::Var(directive.names[0]));
            return;
        case Method::bound:
            f.bound(Halide::Var(directive.names[0]), 0,
                    static_cast<int>(codegen::evaluate(directive.extent, binding_)));
            return;
        case Method::reorderStorage: {
            std::vector<Halide::Var> order;
            for (const std::string& name : directive.names)
                order.emplace_back(name);
            f.reorder_storage(order);
            return;
        }
        default:
            break;
        }
        Halide::Stage s = directive.update ? f.update() : Halide::Stage(f);
        const std::vector<Halide::VarOrRVar> vars = loops(directive);
        const auto number = static_cast<int>(directive.number);
        switch (directive.method) {
        case Method::split:
            s.split(vars[0], vars[1], vars[2], number, tailOf(directive));
            break;
        case Method::reorder:
            s.reorder(vars);
            break;
        case Method::fuse:
            s.fuse(vars[0], vars[1], vars[2]);
            break;
        case Method::vectorize:
            number > 0 ? s.vectorize(vars[0], number, tailOf(directive)) : s.vectorize(vars[0]);
            break;
        case Method::unroll:
            s.unroll(vars[0]);
            break;
        case Method::parallel:
            s.parallel(vars[0]);
            break;
        default:
            break;
        }
    }

    const HalidePipeline& pipeline_;
    const Binding& binding_;
    const BuildOptions options_;
    int root_ = -1; // the output being built: it is no parameter of its own pipeline
    std::vector<Halide::Func> funcs_;
    std::vector<Halide::RDom> domains_;
    std::vector<std::pair<int, Halide::ImageParam>> parameters_;
};

} // namespace

BuiltPipeline buildPipeline(const HalidePipeline& pipeline, std::span<const int> outputs, const Binding& binding,
                            const BuildOptions& options)
{
    return Builder(pipeline, binding, options).build(outputs);
}

std::vector<int> preparedStages(const HalidePipeline& pipeline)
{
    std::vector<int> prepared;
    for (std::size_t i = 0; i < pipeline.stages.size(); ++i) {
        const HalideStage& stage = pipeline.stages[i];
        if (stage.prepared && stage.root && stage.kind != HalideStage::Kind::parameter)
            prepared.push_back(static_cast<int>(i));
    }
    return prepared;
}

std::vector<int> halideExtents(const HalideStage& stage, const Binding& binding)
{
    std::vector<int> extents;
    for (std::size_t i = stage.axes.size(); i-- > 0;)
        extents.push_back(static_cast<int>(codegen::evaluate(stage.axes[i].extent, binding)));
    return extents;
}

} // namespace synoscope
