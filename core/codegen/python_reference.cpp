#include "core/codegen/python_reference.h"

#include "core/codegen/names.h"
#include "core/codegen/small_binding.h"
#include "core/graph/coordinates.h"
#include "core/graph/formula.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace synoscope::codegen {

namespace {

class ReferenceWriter
{
public:
    ReferenceWriter(const PGraph& graph, const TorchModule& module)
        : graph_(graph), module_(module), sizes_(module.plainSizes()), coordinates_(graph, Simplify::no),
          names_(coordinates_.expressions().size())
    {
        for (int i = 0; i < graph.variables().size(); ++i)
            if (const VariableId id{static_cast<std::uint8_t>(i)}; used(id))
                variables_.push_back(scope_.claim(module.name(id)));
        for (const Parameter& parameter : module.parameters())
            weights_.push_back(scope_.claim(parameter.name));
        iterators_ = iteratorNames(graph);
        for (std::string& name : iterators_)
            name = scope_.claim(name);
        nameExpressions();
    }

    std::string reference()
    {
        line("def reference(data{}, *, {}):", joined(weights_, ", "), fmt::join(variables_, ", "));
        line("    \"\"\"The definition, term by term: an index tensor for every axis, over all iterators.\"\"\"");
        std::vector<std::string> extents;
        for (const DimensionId id : graph_.output())
            extents.push_back(sizes_(graph_[id].size));
        for (const DimensionId id : graph_.reductions())
            extents.push_back(sizes_(graph_[id].size));
        const std::string_view comma = iterators_.size() == 1 ? "," : "";
        line("    extents = ({}{})", fmt::join(extents, ", "), comma);
        line("    {}{} = torch.meshgrid(*map(torch.arange, extents), indexing=\"ij\")", joined(iterators_), comma);
        for (std::size_t i = 0; i < names_.size(); ++i)
            if (const ExpressionId id(i); coordinates_[id].kind != ExpressionKind::iterator)
                line("    {} = {}", names_[i], operation(coordinates_[id]));
        guards();
        std::string term = access("data", graph_.input());
        for (std::size_t w = 0; w < weights_.size(); ++w)
            term += " * " + access(weights_[w], graph_.weights()[w].axes);
        line("    term = {}{}", term, coordinates_.guards().empty() ? "" : " * inside");
        std::vector<std::size_t> summed;
        for (std::size_t i = graph_.output().size(); i < iterators_.size(); ++i)
            summed.push_back(i);
        if (summed.empty())
            line("    return term");
        else
            line("    return term.sum(dim=({}{}))", fmt::join(summed, ", "), summed.size() == 1 ? "," : "");
        return std::move(text_);
    }

    std::string selfCheck()
    {
        const Binding binding = smallBinding(graph_, module_.conditions());
        std::vector<std::string> numbers;
        std::size_t next = 0;
        for (int i = 0; i < graph_.variables().size(); ++i)
            if (const VariableId id{static_cast<std::uint8_t>(i)}; used(id))
                numbers.push_back(fmt::format("{}={}", variables_[next++], binding[id]));
        std::vector<std::string> arguments;
        for (const Argument& argument : module_.arguments())
            arguments.push_back(fmt::format("{}={}", argument.name, binding[argument.variable]));
        std::string parameters;
        for (const Parameter& parameter : module_.parameters())
            parameters += fmt::format(", module.{}", parameter.name);
        line("def self_check():");
        line("    torch.manual_seed(0)");
        line("    module = {}({}).double()", module_.className(), fmt::join(arguments, ", "));
        line("    data = torch.randn({}, dtype=torch.double, requires_grad=True)",
             fmt::join(graph_.shape(graph_.input(), binding), ", "));
        line("    inputs = (data{}{})", parameters, parameters.empty() ? "," : "");
        line("    actual = module(data)");
        line("    expected = reference(*inputs, {})", fmt::join(numbers, ", "));
        line("    direction = torch.randn_like(expected)");
        line("    pairs = [(actual, expected)]");
        line("    pairs += zip(torch.autograd.grad(actual, inputs, direction), torch.autograd.grad(expected, inputs, "
             "direction))");
        line("    error = 0.0");
        line("    for a, b in pairs:");
        line("        if a.shape != b.shape:");
        line("            raise SystemExit(f\"self-check failed: shape {{tuple(a.shape)}}, expected "
             "{{tuple(b.shape)}}\")");
        line("        error = max(error, ((a - b).abs().max() / b.abs().max().clamp(min=1.0)).item())");
        line("    if not error < 1e-10:");
        line("        raise SystemExit(f\"self-check failed: max relative error {{error:.1e}}\")");
        line("    print(f\"self-check passed: max relative error {{error:.1e}}\")");
        return std::move(text_);
    }

private:
    template <typename... Args>
    void line(fmt::format_string<Args...> format, Args&&... args)
    {
        text_ += fmt::format(format, std::forward<Args>(args)...) + '\n';
    }

    static std::string joined(const std::vector<std::string>& names, std::string_view before = "")
    {
        std::string text;
        for (const std::string& name : names)
            text += std::string(text.empty() ? before : ", ") + name;
        return text;
    }

    bool used(VariableId id) const
    {
        if (graph_.variables()[id].kind == VariableKind::literal)
            return false;
        for (const Dimension& dimension : graph_.dimensions())
            if (dimension.size.exponent(id) != 0)
                return true;
        for (const Primitive& primitive : graph_.primitives())
            if (primitive.parameter.exponent(id) != 0)
                return true;
        return false;
    }

    // An expression is called as the first dimension that it is the coordinate of.
    void nameExpressions()
    {
        for (std::size_t i = 0; i < iterators_.size(); ++i)
            names_[i] = iterators_[i]; // iterators are the first expressions
        for (std::size_t i = 0; i < graph_.dimensions().size(); ++i) {
            const DimensionId id(i);
            std::string& name = names_[coordinates_[id].index];
            if (name.empty() && !graph_[id].weight.valid())
                name = scope_.claim(graph_[id].name);
        }
        for (std::string& name : names_)
            if (name.empty())
                name = scope_.claim("t");
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
            return fmt::format("torch.div({}, {}, rounding_mode=\"floor\")", at(e.a), size);
        case ExpressionKind::remainder:
            return fmt::format("{} % {}", at(e.a), grouped);
        case ExpressionKind::rotate:
            return fmt::format("({} {} {}) % {}", at(e.a), e.amount < 0 ? '-' : '+', std::abs(std::int64_t{e.amount}),
                               grouped);
        case ExpressionKind::window:
            return fmt::format("{} + {} - {} // 2", at(e.a), at(e.b), size);
        case ExpressionKind::scale:
            return fmt::format("{} * {}", at(e.a), grouped);
        }
        return {};
    }

    void guards()
    {
        std::string condition;
        for (const Guard& guard : coordinates_.guards())
            condition += fmt::format("{0}({1} >= 0) & ({1} < {2})", condition.empty() ? "" : " & ", at(guard.value),
                                     sizes_(guard.extent));
        if (!condition.empty())
            line("    inside = {}  # zero padding", condition);
    }

    // Outside of the guards any element will do: it is multiplied by zero.
    std::string access(const std::string& tensor, std::span<const DimensionId> axes) const
    {
        std::vector<std::string> indices;
        for (const DimensionId axis : axes) {
            const ExpressionId id = coordinates_[axis];
            const bool safe = coordinates_[id].kind == ExpressionKind::iterator || coordinates_.guards().empty();
            indices.push_back(at(id) + (safe ? "" : " * inside"));
        }
        return fmt::format("{}[{}]", tensor, fmt::join(indices, ", "));
    }

    const PGraph& graph_;
    const TorchModule& module_;
    SizeText sizes_;
    Coordinates coordinates_;
    NameScope scope_{"data", "extents", "inside", "term", "x", "F", module_.className()};
    std::vector<std::string> names_; // by expression
    std::vector<std::string> variables_;
    std::vector<std::string> weights_;
    std::vector<std::string> iterators_;
    std::string text_;
};

} // namespace

std::string pythonSelfCheck(const PGraph& graph, const TorchModule& module)
{
    ReferenceWriter writer(graph, module);
    std::string text = writer.reference();
    text += "\n\n" + writer.selfCheck();
    return text + "\n\nif __name__ == \"__main__\":\n    self_check()\n";
}

} // namespace synoscope::codegen
