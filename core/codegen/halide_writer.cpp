// The export format `halide`: one C++17 file with the pipeline, its schedule, and a self-check.
#include "core/codegen/formats.h"
#include "core/codegen/halide_reference.h"
#include "core/codegen/halide_schedule.h"
#include "core/codegen/halide_text.h"
#include "core/codegen/names.h"
#include "core/codegen/small_binding.h"
#include "core/graph/formula.h"
#include "core/graph/writer.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <thread>

namespace synoscope::codegen {

namespace {

using StageKind = HalideStage::Kind;

constexpr std::size_t widestLine = 118;

// Words with commas between, in as many lines as it takes.
std::string wrapped(const std::string& begin, const std::vector<std::string>& words, const std::string& end)
{
    std::string text;
    std::string line = begin;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string word = words[i] + (i + 1 < words.size() ? "," : end);
        if (i > 0 && line.size() + 1 + word.size() > widestLine) {
            text += line + '\n';
            line = std::string(begin.find_first_not_of(' ') + 4, ' ') + word;
        } else {
            line += (i > 0 ? " " : "") + word;
        }
    }
    return text + line + '\n';
}

class HalideWriter
{
public:
    HalideWriter(const PGraph& graph, const Binding& binding, HalidePipeline pipeline, std::int64_t lanes)
        : graph_(graph), binding_(binding), pipeline_(std::move(pipeline)), lanes_(lanes),
          sizes_(pipeline_.variables, Language::cpp,
                 [this](VariableId id) { return pipeline_.variableNames[id.index]; }),
          function_(pipeline_.claim(snakeCase(graph.name()) + "_pipeline"))
    {}

    std::string write()
    {
        head();
        line("namespace {{\n");
        sizeConstants();
        line("// A dense tensor of these extents, the innermost first: knowing them makes addresses simple.");
        line("template <typename Tensor>");
        line("void setExtents(Tensor tensor, std::initializer_list<int> extents)");
        line("{{");
        line("    int axis = 0, stride = 1;");
        line("    for (const int extent : extents) {{");
        line("        tensor.dim(axis++).set_bounds(0, extent).set_stride(stride);");
        line("        stride *= extent;");
        line("    }}");
        line("}}\n");
        pipelineFunction();
        line("\n}} // namespace\n");
        line("#ifndef NO_SELF_CHECK");
        text_ += halideDefinition(graph_, pipeline_, sizes_);
        line("");
        selfCheck();
        line("#endif");
        return std::move(text_);
    }

private:
    template <typename... Args>
    void line(fmt::format_string<Args...> format, Args&&... args)
    {
        text_ += fmt::format(format, std::forward<Args>(args)...) + '\n';
    }

    const HalideStage& output() const { return pipeline_.stages[static_cast<std::size_t>(pipeline_.outputs[0])]; }

    std::vector<const HalideStage*> parameters() const
    {
        std::vector<const HalideStage*> found;
        for (const HalideStage& stage : pipeline_.stages)
            if (stage.kind == StageKind::parameter)
                found.push_back(&stage);
        return found;
    }

    std::string axesText(const HalideStage& stage) const
    {
        std::vector<std::string> texts;
        for (const HalideIterator& axis : stage.axes)
            texts.push_back(index(axis.extent, stage));
        return fmt::format("[{}]", fmt::join(texts, ", "));
    }

    std::string sizesText() const
    {
        std::vector<std::string> texts;
        for (int i = 0; i < pipeline_.variables.size(); ++i)
            if (const VariableId id{static_cast<std::uint8_t>(i)}; used(id))
                texts.push_back(fmt::format("{}={}", pipeline_.variableNames[id.index], binding_[id]));
        return fmt::format("{}", fmt::join(texts, " "));
    }

    void head()
    {
        const std::string file = snakeCase(graph_.name());
        line("// {} as a Halide pipeline", harmless(graph_.name()));
        line("//");
        line("//     {}", harmless(formula(graph_)));
        line("//");
        for (const HalideStage* parameter : parameters())
            line("// {} {}", parameter->name, axesText(*parameter));
        line("// output {}", axesText(output()));
        line("//");
        line("// Shapes are written outermost first, in row-major order; Halide counts the other way round. The "
             "schedule is");
        line("// made for {}, and for vectors of {} numbers.", sizesText(), lanes_);
        line("//");
        line("// Exported by Synoscope, operator {}. With CMake:", canonicalHash(graph_));
        line("//     find_package(Halide REQUIRED)");
        line("//     add_executable({0} {0}.halide.cpp)      # compiles the pipeline in process and checks itself",
             file);
        line("//     target_link_libraries({} PRIVATE Halide::Halide)", file);
        line("// To use {}() elsewhere, define NO_SELF_CHECK and include this file.", function_);
        line("#include <Halide.h>\n");
        line("#include <algorithm>");
        line("#include <chrono>");
        line("#include <cmath>");
        line("#include <cstdio>");
        line("#include <initializer_list>");
        line("#include <random>");
        line("#include <vector>\n");
        line("using Halide::Buffer;");
        line("using Halide::Expr;");
        line("using Halide::Func;");
        line("using Halide::ImageParam;");
        line("using Halide::RDom;");
        line("using Halide::RVar;");
        line("using Halide::TailStrategy;");
        line("using Halide::Var;\n");
    }

    bool used(VariableId id) const
    {
        return pipeline_.variables[id].kind != VariableKind::literal &&
               (std::ranges::any_of(graph_.dimensions(),
                                    [&](const Dimension& d) { return d.size.exponent(id) != 0; }) ||
                std::ranges::any_of(graph_.primitives(),
                                    [&](const Primitive& p) { return p.parameter.exponent(id) != 0; }));
    }

    void sizeConstants()
    {
        for (int i = 0; i < pipeline_.variables.size(); ++i)
            if (const VariableId id{static_cast<std::uint8_t>(i)}; used(id))
                line("constexpr int {} = {};", pipeline_.variableNames[id.index], binding_[id]);
        line("");
    }

    // --- the pipeline ---

    void pipelineFunction()
    {
        std::vector<std::string> arguments;
        for (const HalideStage* parameter : parameters())
            arguments.push_back("ImageParam " + parameter->name);
        line("Func {}({})", function_, fmt::join(arguments, ", "));
        line("{{");
        for (const HalideStage* parameter : parameters())
            line("    setExtents({}, {});", parameter->name, extents(*parameter));
        declareVars();
        declareFuncs();
        for (const HalideStage& stage : pipeline_.stages)
            if (stage.kind != StageKind::parameter)
                define(stage);
        line("    setExtents({}.output_buffer(), {});\n", output().name, extents(output()));
        line("    // The schedule.");
        text_ += halideScheduleText(pipeline_, sizes_);
        line("    return {};", output().name);
        line("}}");
    }

    // "{W, H, C_in, N}"
    std::string extents(const HalideStage& stage) const
    {
        std::vector<std::string> texts;
        for (std::size_t i = stage.axes.size(); i-- > 0;)
            texts.push_back(index(stage.axes[i].extent, stage));
        return fmt::format("{{{}}}", fmt::join(texts, ", "));
    }

    void declareVars()
    {
        std::vector<std::string> names;
        const auto declare = [&](const std::string& name) {
            const std::string text = fmt::format("{0}(\"{0}\")", name);
            if (std::ranges::find(names, text) == names.end())
                names.push_back(text);
        };
        for (const HalideStage& stage : pipeline_.stages)
            if (stage.kind != StageKind::parameter)
                for (const HalideIterator& axis : stage.axes)
                    declare(axis.name);
        for (const auto& [wanted, loop] : pipeline_.loops)
            declare(loop);
        if (!names.empty())
            text_ += wrapped("    Var ", names, ";");
    }

    void declareFuncs()
    {
        std::vector<std::string> names;
        for (const HalideStage& stage : pipeline_.stages)
            if (stage.kind != StageKind::parameter)
                names.push_back(fmt::format("{0}(\"{0}\")", stage.name));
        text_ += wrapped("    Func ", names, ";");
        line("");
    }

    // "conv(x, y, o, n)"
    std::string call(const HalideStage& stage) const
    {
        std::vector<std::string> names;
        for (std::size_t i = stage.axes.size(); i-- > 0;)
            names.push_back(stage.axes[i].name);
        return fmt::format("{}({})", stage.name, fmt::join(names, ", "));
    }

    void define(const HalideStage& stage)
    {
        if (stage.kind == StageKind::padded)
            return definePadded(stage);
        std::vector<std::string> factors;
        for (const HalideFactor& factor : stage.factors)
            factors.push_back(access(factor, stage));
        if (stage.prepared && stage.root)
            line("    // Depends on the weights only: worth computing once where they stay the same.");
        if (!stage.sums()) {
            equation(stage, "=", factors);
            return;
        }
        const std::string domain = stage.name + "_terms";
        std::vector<std::string> ranges;
        std::vector<std::string> variables;
        for (std::size_t i = stage.reductions.size(); i-- > 0;) {
            variables.push_back(fmt::format("{} = {}[{}]", stage.reductions[i].name, domain, ranges.size()));
            ranges.push_back(fmt::format("{{0, {}}}", index(stage.reductions[i].extent, stage)));
        }
        line("    RDom {}({{{}}}, \"{}\");", domain, fmt::join(ranges, ", "), domain);
        line("    RVar {};", fmt::join(variables, ", "));
        line("    {} = 0.0f;", call(stage));
        equation(stage, "+=", factors);
    }

    void equation(const HalideStage& stage, std::string_view sign, const std::vector<std::string>& factors)
    {
        const std::string left = fmt::format("    {} {}", call(stage), sign);
        const std::string right = fmt::format("{};", fmt::join(factors, " * "));
        const bool fits = left.size() + 1 + right.size() <= widestLine;
        line("{}{}{}\n", left, fits ? " " : "\n        ", right);
    }

    void definePadded(const HalideStage& stage)
    {
        const HalideStage& source = pipeline_.stages[static_cast<std::size_t>(stage.factors[0].stage)];
        std::vector<std::string> ranges;
        std::vector<std::string> names;
        for (std::size_t i = stage.axes.size(); i-- > 0;) {
            const bool padded = stage.reachesBeyond(static_cast<int>(i));
            ranges.push_back(padded ? fmt::format("{{0, {}}}", index(stage.axes[i].extent, stage))
                                    : "{Expr(), Expr()}");
            names.push_back(stage.axes[i].name);
        }
        line("    // Zeros around.");
        line("    {} = Halide::BoundaryConditions::constant_exterior(\n        {}, 0.0f, {{{}}})({});\n", call(stage),
             source.name, fmt::join(ranges, ", "), fmt::join(names, ", "));
    }

    std::string access(const HalideFactor& factor, const HalideStage& stage) const
    {
        std::vector<std::string> indices;
        for (std::size_t i = factor.indices.size(); i-- > 0;)
            indices.push_back(index(factor.indices[i], stage));
        return fmt::format("{}({})", pipeline_.stages[static_cast<std::size_t>(factor.stage)].name,
                           fmt::join(indices, ", "));
    }

    std::string index(const HalideIndex& i, const HalideStage& stage) const
    {
        return halideIndexText(i, stage, sizes_);
    }

    // --- the self-check ---

    void selfCheck()
    {
        std::vector<std::string> names;
        for (const HalideStage* parameter : parameters())
            names.push_back(parameter->name);
        line("// Compares elements all over the output with the definition, and times the pipeline.");
        line("int main()");
        line("{{");
        line("    std::mt19937 random(0);");
        line("    std::normal_distribution<float> normal;");
        for (const HalideStage* parameter : parameters()) {
            line("    ImageParam {0}(Halide::Float(32), {1}, \"{0}\");", parameter->name, parameter->axes.size());
            line("    Buffer<float> {}_values(std::vector<int>{});", parameter->name, extents(*parameter));
            line("    {}_values.for_each_value([&](float& value) {{ value = normal(random); }});", parameter->name);
            line("    {0}.set({0}_values);", parameter->name);
        }
        line("    Func {}_func = {}({});", "output", function_, fmt::join(names, ", "));
        line("    Buffer<float> output_values(std::vector<int>{});", extents(output()));
        line("    output_func.compile_jit();");
        line("    output_func.realize(output_values); // starts the threads");
        line("    const auto start = std::chrono::steady_clock::now();");
        line("    output_func.realize(output_values);");
        line("    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;\n");
        line("    double error = 0, largest = 0;");
        line("    long element = 0;");
        line("    const long every = std::max(1L, static_cast<long>(output_values.number_of_elements()) / 500) | 1;");
        std::string arguments;
        for (const std::string& name : names)
            arguments += (arguments.empty() ? "" : ", ") + name + "_values";
        line("    output_values.for_each_element([&](const int* at) {{");
        line("        if (element++ % every != 0)");
        line("            return;");
        std::string places;
        for (std::size_t i = output().axes.size(); i-- > 0;)
            places += fmt::format(", at[{}]", i);
        line("        const double expected = definition({}{});", arguments, places);
        line("        error = std::max(error, std::abs(static_cast<double>(output_values(at)) - expected));");
        line("        largest = std::max(largest, std::abs(expected));");
        line("    }});");
        line("    const bool passed = error <= 1e-4 * std::max(largest, 1.0);");
        line("    std::printf(\"self-check %s: error %.2g, largest value %.2g; %.3f ms\\n\", passed ? \"passed\" : "
             "\"failed\", error, largest,");
        line("                taken.count());");
        line("    return passed ? 0 : 1;");
        line("}}");
    }

    const PGraph& graph_;
    const Binding& binding_;
    HalidePipeline pipeline_;
    std::int64_t lanes_;
    SizeText sizes_;
    std::string function_;
    std::string text_;
};

// The layer with the most to compute: the one that a schedule is worth most for.
Binding largestLayer(const PGraph& graph)
{
    if (graph.bindings().empty())
        return smallBinding(graph, {});
    return *std::ranges::max_element(graph.bindings(), {},
                                     [&](const Binding& binding) { return flops(graph, binding); });
}

} // namespace

Expected<std::string> exportHalide(const PGraph& graph)
{
    const Binding binding = largestLayer(graph);
    const HalideMachine machine = thisMachine(std::max(2, static_cast<int>(std::thread::hardware_concurrency())));
    HalidePipeline pipeline = halideForward(graph);
    scheduleForward(pipeline, binding, machine);
    return HalideWriter(graph, binding, std::move(pipeline), machine.lanes).write();
}

} // namespace synoscope::codegen
