#include "core/codegen/halide_reference.h"

#include "core/graph/coordinates.h"
#include "core/graph/formula.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace synoscope::codegen {

namespace {

class DefinitionWriter
{
public:
    DefinitionWriter(const PGraph& graph, HalidePipeline names, const SizeText& sizes)
        : graph_(graph), pipeline_(std::move(names)), sizes_(sizes), coordinates_(graph, Simplify::no),
          names_(coordinates_.expressions().size())
    {
        // The function has a scope of its own beside the sizes and the parameters.
        pipeline_.taken = {"sum", "definition", "Buffer"};
        for (const std::string& name : pipeline_.variableNames)
            pipeline_.taken.push_back(name);
        for (const HalideStage& stage : pipeline_.stages)
            if (stage.kind == HalideStage::Kind::parameter)
                pipeline_.taken.push_back(stage.name);
        for (const std::string& name : iteratorNames(graph))
            iterators_.push_back(pipeline_.claim(name));
        for (std::size_t i = 0; i < iterators_.size(); ++i)
            names_[i] = iterators_[i]; // iterators are the first expressions
        for (std::size_t i = 0; i < graph.dimensions().size(); ++i) {
            const DimensionId id(i);
            std::string& name = names_[coordinates_[id].index];
            if (name.empty() && !graph[id].weight.valid())
                name = pipeline_.claim(graph[id].name);
        }
        for (std::string& name : names_)
            if (name.empty())
                name = pipeline_.claim("t");
    }

    std::string write()
    {
        std::vector<std::string> parameters;
        for (const HalideStage& stage : pipeline_.stages)
            if (stage.kind == HalideStage::Kind::parameter)
                parameters.push_back(fmt::format("const Buffer<float>& {}", stage.name));
        const std::vector<bool> needed = neededExpressions();
        for (std::size_t i = 0; i < graph_.output().size(); ++i)
            parameters.push_back(needed[i] ? "int " + iterators_[i] : "int /*" + iterators_[i] + "*/"); // broadcast
        line("// The definition of one element, term by term.");
        line("static double definition({})", fmt::join(parameters, ", "));
        line("{{");
        line("    double sum = 0;");
        std::string indent = "    ";
        for (std::size_t i = graph_.output().size(); i < iterators_.size(); ++i) {
            const DimensionId reduced = graph_.reductions()[i - graph_.output().size()];
            line("{0}for (int {1} = 0; {1} < {2}; ++{1}) {{", indent, iterators_[i], sizes_(graph_[reduced].size));
            indent += "    ";
        }
        term(indent);
        while (indent.size() > 4) {
            indent.resize(indent.size() - 4);
            line("{}}}", indent);
        }
        line("    return sum;");
        line("}}");
        return std::move(text_);
    }

private:
    template <typename... Args>
    void line(fmt::format_string<Args...> format, Args&&... args)
    {
        text_ += fmt::format(format, std::forward<Args>(args)...) + '\n';
    }

    // A guard is tested as soon as its value is known: what is above it may be no place at all.
    void term(const std::string& indent)
    {
        const bool loops = indent.size() > 4;
        const std::vector<bool> needed = neededExpressions();
        for (std::size_t i = 0; i < names_.size(); ++i) {
            const ExpressionId id(i);
            if (needed[i] && coordinates_[id].kind != ExpressionKind::iterator)
                line("{}const int {} = {};", indent, names_[i], operation(coordinates_[id]));
            for (const Guard& guard : coordinates_.guards())
                if (guard.value == id)
                    line("{0}if ({1} < 0 || {1} >= {2})\n{0}    {3}; // zero padding", indent, names_[i],
                         sizes_(guard.extent), loops ? "continue" : "return 0");
        }
        std::string product;
        for (const HalideStage& stage : pipeline_.stages)
            if (stage.kind == HalideStage::Kind::parameter) {
                const auto axes = stage.weight < 0
                                      ? graph_.input()
                                      : std::span(graph_.weights()[static_cast<std::size_t>(stage.weight)].axes);
                product += fmt::format("{}{}", product.empty() ? "" : " * ", access(stage.name, axes));
            }
        line("{}sum += {};", indent, product);
    }

    // What places and guards are made of: the coordinate of an axis that is only copied along is not.
    std::vector<bool> neededExpressions() const
    {
        std::vector<bool> needed(names_.size());
        for (const DimensionId axis : graph_.input())
            needed[coordinates_[axis].index] = true;
        for (const Weight& weight : graph_.weights())
            for (const DimensionId axis : weight.axes)
                needed[coordinates_[axis].index] = true;
        for (const Guard& guard : coordinates_.guards())
            needed[guard.value.index] = true;
        for (std::size_t i = names_.size(); i-- > 0;) {
            const Expression& e = coordinates_[ExpressionId(i)];
            if (!needed[i] || e.kind == ExpressionKind::iterator)
                continue;
            needed[e.a.index] = true;
            if (e.kind == ExpressionKind::affine || e.kind == ExpressionKind::window)
                needed[e.b.index] = true;
        }
        return needed;
    }

    const std::string& at(ExpressionId id) const { return names_[id.index]; }

    std::string operation(const Expression& e) const
    {
        const std::string size = sizes_(e.size);
        const std::string grouped = size.find(' ') == std::string::npos ? size : '(' + size + ')';
        switch (e.kind) {
        case ExpressionKind::iterator:
            return iterators_[static_cast<std::size_t>(e.index)];
        case ExpressionKind::affine:
            return fmt::format("{} * {} + {}", at(e.a), grouped, at(e.b));
        case ExpressionKind::quotient:
            return fmt::format("{} / {}", at(e.a), grouped);
        case ExpressionKind::remainder:
            return fmt::format("{} % {}", at(e.a), grouped);
        case ExpressionKind::rotate: // the remainder of C++ may be negative
            return fmt::format("(({0} {1} {2}) % {3} + {3}) % {3}", at(e.a), e.amount < 0 ? '-' : '+',
                               std::abs(std::int64_t{e.amount}), grouped);
        case ExpressionKind::window:
            return fmt::format("{} + {} - {} / 2", at(e.a), at(e.b), size);
        case ExpressionKind::scale:
            return fmt::format("{} * {}", at(e.a), grouped);
        }
        return {};
    }

    // Halide counts axes from the innermost.
    std::string access(const std::string& tensor, std::span<const DimensionId> axes) const
    {
        std::vector<std::string> indices;
        for (std::size_t i = axes.size(); i-- > 0;)
            indices.push_back(at(coordinates_[axes[i]]));
        return fmt::format("double({}({}))", tensor, fmt::join(indices, ", "));
    }

    const PGraph& graph_;
    HalidePipeline pipeline_;
    const SizeText& sizes_;
    Coordinates coordinates_;
    std::vector<std::string> names_; // by expression
    std::vector<std::string> iterators_;
    std::string text_;
};

} // namespace

std::string halideDefinition(const PGraph& graph, const HalidePipeline& pipeline, const SizeText& sizes)
{
    return DefinitionWriter(graph, pipeline, sizes).write();
}

} // namespace synoscope::codegen
