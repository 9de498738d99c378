#include "core/codegen/cpp_writer.h"

#include "core/codegen/kernel_planes.h"
#include "core/codegen/names.h"

#include "core/graph/formula.h"
#include "core/graph/writer.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace synoscope::codegen {

namespace {

using Kind = KernelArrangement::Kind;

constexpr std::int64_t mostElements = std::int64_t{1} << 31; // 8 GiB

struct KindsUsed
{
    bool panels = false, lines = false, slides = false, sum = false;
};

std::string dimText(const ContractionDim& dim)
{
    return fmt::format("{{{}, {}, {}, {}}}", dim.extent, dim.a, dim.b, dim.r);
}

std::string pointsText(const KernelArrangement::Dims& dims)
{
    std::vector<std::string> texts;
    for (const ContractionDim& dim : dims)
        texts.push_back(dimText(dim));
    return fmt::format("{{{}}}", fmt::join(texts, ", "));
}

class LayerWriter
{
public:
    LayerWriter(const KernelProgram& program, KindsUsed& used) : program_(program), used_(used) {}

    std::string write(const std::string& name, const std::string& sizes)
    {
        for (const KernelOperation& operation : program_.prepare)
            write(operation, members_, setWeights_);
        for (std::size_t i = 0; i < program_.forward.size(); ++i)
            writeForward(i);
        for (const KernelOperation& operation : backwardOperations(program_))
            write(operation, gradients_, backward_);
        return fmt::format(fmt::runtime(text), fmt::arg("name", name), fmt::arg("sizes", sizes),
                           fmt::arg("set_weights", setWeights_), fmt::arg("forward", forward_), fmt::arg("copies", leftOut_),
                           fmt::arg("output_elements", program_.buffers[KernelProgram::output].elements),
                           fmt::arg("clear", clearing()), fmt::arg("backward", backward_),
                           fmt::arg("buffers", bufferMembers()), fmt::arg("members", members_),
                           fmt::arg("gradient_buffers", gradientBuffers()), fmt::arg("gradients", gradients_));
    }

private:
    static constexpr std::string_view text = R"cpp(
// {sizes}
class {name} final : public Layer
{{
public:
    void setWeights([[maybe_unused]] const float* const* weights) override
    {{
{set_weights}    }}

    void forward(const float* input, float* output) override
    {{
{forward}    }}

    void backward(const float* input, const float* const* weights, const float* gradOutput, float* gradInput,
                  [[maybe_unused]] float* const* gradWeights) override
    {{
        // The values in between once more, then the gradients from the last step to the first.
        setWeights(weights);
        const Buffer output({output_elements});
        forward(input, output.data());
{copies}        if (!gradients_)
            gradients_ = std::make_unique<Gradients>();
        Gradients& g = *gradients_;
{clear}{backward}    }}

private:
    // {{extent, stride in a, in b, in r}} of steps, batch, rows, columns and terms
{buffers}{members}
    struct Gradients
    {{
{gradient_buffers}{gradients}    }};
    std::unique_ptr<Gradients> gradients_;
}};
)cpp";

    static constexpr std::size_t index(int buffer) { return static_cast<std::size_t>(buffer < 0 ? ~buffer : buffer); }

    std::string scratchName(int buffer) const
    {
        const KernelBuffer& b = program_.buffers[index(buffer)];
        return fmt::format("{}{}_",
                           b.prepared ? "weight"
                           : b.zeros  ? "padded"
                                      : "value",
                           index(buffer) - 1 - program_.weightShapes.size());
    }

    std::string place(int buffer, std::int64_t offset) const
    {
        const bool gradient = buffer < 0;
        const KernelBuffer& b = program_.buffers[index(buffer)];
        std::string name;
        switch (b.kind) {
        case KernelBuffer::Kind::input:
            name = gradient ? "gradInput" : "input";
            break;
        case KernelBuffer::Kind::output:
            name = gradient ? "gradOutput" : "output";
            break;
        case KernelBuffer::Kind::weight:
            name = fmt::format("{}[{}]", gradient ? "gradWeights" : "weights", b.weight);
            break;
        case KernelBuffer::Kind::scratch:
            name = (gradient ? "g." : "") + scratchName(buffer) + ".data()";
            break;
        }
        return offset == 0 ? name : fmt::format("{} {} {}", name, offset < 0 ? '-' : '+', std::abs(offset));
    }

    void write(const KernelOperation& operation, std::string& members, std::string& body)
    {
        if (const auto* copy = std::get_if<KernelCopy>(&operation))
            body += copyText(*copy);
        else
            writeContraction(std::get<KernelContraction>(operation), members, body);
    }

    // A copy that only a contraction by planes wants is left to it; the gradients need it whole.
    void writeForward(std::size_t i)
    {
        const auto* copy = std::get_if<KernelCopy>(&program_.forward[i]);
        const auto reader = std::find_if(program_.forward.begin() + static_cast<std::ptrdiff_t>(i), program_.forward.end(),
                                         [&](const KernelOperation& operation) {
                                             const auto* c = std::get_if<KernelContraction>(&operation);
                                             return copy && c && c->a == copy->to;
                                         });
        if (reader != program_.forward.end()) {
            const auto& c = std::get<KernelContraction>(*reader);
            KernelArrangement arrangement = arrangementOf(c);
            if (auto plane = planeCopy(program_, i, c, arrangement)) {
                leftOut_ += copyText(*copy);
                planes_[c.a] = {place(copy->from, copy->fromOffset), std::move(*plane), std::move(arrangement)};
                return;
            }
        }
        write(program_.forward[i], members_, forward_);
    }

    KernelArrangement arrangementOf(const KernelContraction& c) const
    {
        return arrange(c, program_.buffers[index(c.a)].kind == KernelBuffer::Kind::scratch);
    }

    static std::string boxText(std::vector<CopyDim> dims)
    {
        // The inner loop is to be the longer one, where lines are not contiguous anyway.
        if (dims.size() > 1 && dims.back().extent < 8 && dims[dims.size() - 2].extent > dims.back().extent)
            std::swap(dims.back(), dims[dims.size() - 2]);
        std::vector<std::string> texts;
        for (const CopyDim& dim : dims)
            texts.push_back(fmt::format("{{{}, {}, {}}}", dim.extent, dim.from, dim.to));
        return fmt::format("{{{}}}", fmt::join(texts, ", "));
    }

    std::string copyText(const KernelCopy& copy) const
    {
        return fmt::format("        copy({}, {}, {});\n", place(copy.from, copy.fromOffset), place(copy.to, copy.toOffset),
                           boxText(boxOf(copy)));
    }

    void writeContraction(const KernelContraction& c, std::string& members, std::string& body)
    {
        const bool backward = c.r < 0;
        const auto filled = backward ? planes_.end() : planes_.find(c.a);
        const PlaneFill* plane = filled == planes_.end() ? nullptr : &filled->second;
        const KernelArrangement arrangement = plane ? plane->arrangement : arrangementOf(c);
        const std::string name = fmt::format("contraction{}_", ++contractions_);
        const std::string object = (backward ? "g." : "") + name;
        const std::string indent = backward ? "        " : "    ";
        const std::string_view result = c.adds ? "Result::add" : "Result::set";
        switch (arrangement.kind) {
        case Kind::panels:
            used_.panels = true;
            members +=
                fmt::format("{0}Panels {1}{{{2}, {3}, {4},\n{0}       {5}, {6}, Panels::{7}}};\n", indent, name,
                            pointsText(arrangement.steps), pointsText(arrangement.batch), pointsText(arrangement.rows),
                            pointsText(arrangement.columns), pointsText(arrangement.terms), result);
            break;
        case Kind::lines:
            used_.lines = true;
            members += fmt::format("{0}Lines {1}{{{2}, {3}, {4},\n{0}      {5}, {6}}};\n", indent, name,
                                   pointsText(arrangement.batch), pointsText(arrangement.rows), arrangement.line,
                                   pointsText(arrangement.columns), pointsText(arrangement.terms));
            break;
        case Kind::slides:
            used_.slides = true;
            members += fmt::format("{0}Slides {1}{{{2}, {3}, {4}, {5}, {6}{7}}};\n", indent, name,
                                   pointsText(arrangement.batch), pointsText(arrangement.rows),
                                   dimText(arrangement.slide), arrangement.line, pointsText(arrangement.terms),
                                   plane ? planeText(plane->copy, indent) : "");
            break;
        case Kind::sum:
            used_.sum = true;
            members += fmt::format("{0}Sum {1}{{{2}, {3}, {4}, {5}, {6}, Sum::{7}}};\n", indent, name,
                                   pointsText(arrangement.steps), pointsText(arrangement.rows), arrangement.line,
                                   arrangement.lineStride, pointsText(arrangement.terms), result);
            break;
        }
        if (arrangement.kind != Kind::sum) {
            // Weights are packed when they are set; what is multiplied with in a backward pass changes every time.
            std::string& packing = backward ? body : setWeights_;
            packing += fmt::format("        {}.pack({});\n", object, place(c.b, c.bOffset));
        }
        body += fmt::format("        {}.run({}, {});\n", object, plane ? plane->from : place(c.a, c.aOffset),
                            place(c.r, c.rOffset));
    }

    static std::string planeText(const PlaneCopy& plane, const std::string& indent)
    {
        return fmt::format(",\n{}       {{{}, {}, {}, {}}}", indent, plane.size, plane.to, plane.a, boxText(plane.box));
    }

    bool used(std::size_t buffer) const
    {
        return program_.buffers[buffer].kind == KernelBuffer::Kind::scratch && program_.buffers[buffer].elements > 0;
    }

    std::string bufferMembers() const
    {
        std::string members;
        for (std::size_t i = 0; i < program_.buffers.size(); ++i)
            if (used(i))
                members += fmt::format("    Buffer {}{{{}}};\n", scratchName(static_cast<int>(i)),
                                       program_.buffers[i].elements);
        return members;
    }

    std::string gradientBuffers() const
    {
        std::string members;
        for (std::size_t i = 0; i < program_.buffers.size(); ++i)
            if (used(i))
                members += fmt::format("        Buffer {}{{{}}};\n", scratchName(static_cast<int>(i)),
                                       program_.buffers[i].elements);
        return members;
    }

    std::string clearing() const
    {
        std::string body =
            fmt::format("        std::fill_n(gradInput, {}, 0.0f);\n", program_.buffers[KernelProgram::input].elements);
        for (std::size_t i = 0; i < program_.buffers.size(); ++i) {
            const KernelBuffer& buffer = program_.buffers[i];
            if (buffer.kind == KernelBuffer::Kind::weight)
                body +=
                    fmt::format("        std::fill_n(gradWeights[{}], {}, 0.0f);\n", buffer.weight, buffer.elements);
            if (used(i))
                body += fmt::format("        g.{}.clear();\n", scratchName(static_cast<int>(i)));
        }
        return body;
    }

    // A copy that was left to the contraction that reads its buffer.
    struct PlaneFill
    {
        std::string from;
        PlaneCopy copy;
        KernelArrangement arrangement;
    };

    const KernelProgram& program_;
    KindsUsed& used_;
    int contractions_ = 0;
    std::string members_, gradients_, setWeights_, forward_, leftOut_, backward_;
    std::map<int, PlaneFill> planes_; // by buffer
};

std::string sizesText(const PGraph& graph, const Binding& binding)
{
    std::vector<std::string> texts;
    for (int i = 0; i < graph.variables().size(); ++i) {
        const VariableId id{static_cast<std::uint8_t>(i)};
        if (graph.variables()[id].kind != VariableKind::literal)
            texts.push_back(fmt::format("{}={}", graph.variables()[id].name, binding[id]));
    }
    return fmt::format("{}", fmt::join(texts, " "));
}

std::string commented(const std::string& text, std::string_view before)
{
    std::string result;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        result += std::string(before) + harmless(std::string_view(text).substr(at, end - at)) + '\n';
        at = end + 1;
    }
    return result;
}

// "{/* input */ 1, 64, 56, 56, /* weights[0] */ ...}"
std::string shapesText(const KernelProgram& program)
{
    std::string text = fmt::format("/* input */ {}", fmt::join(program.inputShape, ", "));
    for (std::size_t i = 0; i < program.weightShapes.size(); ++i)
        text += fmt::format(", /* weights[{}] */ {}", i, fmt::join(program.weightShapes[i], ", "));
    return fmt::format("{{{}, /* output */ {}}}", text, fmt::join(program.outputShape, ", "));
}

std::string weightNames(const PGraph& graph)
{
    std::vector<std::string> names;
    for (const Weight& weight : graph.weights())
        names.push_back(harmless(weight.name));
    return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

constexpr std::string_view headerText = R"cpp(// {name}
//
{formula}//
// Forward and backward in float32, for the sizes of the layers below. Steps:
//
{plan}//
//     cc -std=c++17 -O3 -march=native -fopenmp -shared -fPIC ...     or as one source of a program
//
// Interface (C; tensors are dense, row-major; weights in the order {weights}):
//
//     void* {prefix}_create(const int64_t* shapes, int count)
//         the layer of these shapes, those of the input, the weights and the output one after the other, `count`
//         numbers in all; NULL where there is none, or no memory
//     void {prefix}_set_weights(void* layer, const float* const* weights)
//         once, and after each change: they are packed
//     void {prefix}_forward(void* layer, const float* input, float* output)
//     void {prefix}_backward(void* layer, const float* input, const float* const* weights, const float* grad_output,
//                            float* grad_input, float* const* grad_weights)
//         the gradients by input and weights of sum(grad_output * output)
//     void {prefix}_destroy(void* layer)
//
// One layer is for one thread at a time; it uses OpenMP's threads itself. Written by Synoscope, operator {hash}.
)cpp";

constexpr std::string_view interfaceBegin = R"cpp(
} // namespace

#define EXPORTED extern "C" __attribute__((visibility("default")))
)cpp";

constexpr std::string_view interfaceText = R"cpp(
EXPORTED void* {prefix}_create(const std::int64_t* shapes, int count)
{{
    try {{
        const std::vector<Choice> choices{{
{choices}        }};
        for (const Choice& choice : choices)
            if (std::equal(choice.shapes.begin(), choice.shapes.end(), shapes, shapes + count))
                return choice.make();
    }} catch (const std::bad_alloc&) {{
    }}
    return nullptr;
}}

EXPORTED void {prefix}_set_weights(void* layer, const float* const* weights)
{{
    static_cast<Layer*>(layer)->setWeights(weights);
}}

EXPORTED void {prefix}_forward(void* layer, const float* input, float* output)
{{
    static_cast<Layer*>(layer)->forward(input, output);
}}

EXPORTED void {prefix}_backward(void* layer, const float* input, const float* const* weights, const float* grad_output,
                                float* grad_input, float* const* grad_weights)
{{
    static_cast<Layer*>(layer)->backward(input, weights, grad_output, grad_input, grad_weights);
}}

EXPORTED void {prefix}_destroy(void* layer)
{{
    delete static_cast<Layer*>(layer);
}}
)cpp";

} // namespace

Expected<std::string> writeCpp(std::span<const CppOperator> operators)
{
    KindsUsed used;
    std::string header;
    std::string classes;
    std::string interfaces;
    for (const CppOperator& op : operators) {
        const Plan plan = lower(op.graph);
        std::string choices;
        for (std::size_t i = 0; i < op.layers.size(); ++i) {
            const KernelProgram program = kernelProgram(plan, op.layers[i]);
            const std::string sizes = sizesText(op.graph, op.layers[i]);
            for (const KernelBuffer& buffer : program.buffers)
                if (buffer.elements > mostElements)
                    return Error{fmt::format(
                        "The operator '{}' needs a tensor of {} elements for {}; a kernel takes at most {}.",
                        op.graph.name(), buffer.elements, sizes, mostElements)};
            const std::string name = camelCase(op.prefix) + "Layer" + std::to_string(i);
            classes += LayerWriter(program, used).write(name, sizes);
            choices +=
                fmt::format("            {{{}, []() -> Layer* {{ return new {}; }}}},\n", shapesText(program), name);
        }
        header += (header.empty() ? "" : "//\n") +
                  fmt::format(fmt::runtime(headerText), fmt::arg("name", harmless(op.graph.name())),
                              fmt::arg("hash", canonicalHash(op.graph)), fmt::arg("prefix", op.prefix),
                              fmt::arg("formula", commented(formula(op.graph), "//     ")),
                              fmt::arg("plan", commented(toString(plan), "//     ")),
                              fmt::arg("weights", weightNames(op.graph)));
        interfaces +=
            fmt::format(fmt::runtime(interfaceText), fmt::arg("prefix", op.prefix), fmt::arg("choices", choices));
    }
    std::string text = header + std::string(cppCommonText());
    if (used.panels)
        text += cppPanelsText();
    if (used.lines)
        text += cppLinesText();
    if (used.slides)
        text += cppSlidesText();
    if (used.sum)
        text += cppSumText();
    return text + classes + std::string(interfaceBegin) + interfaces;
}

} // namespace synoscope::codegen
