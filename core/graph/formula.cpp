#include "core/graph/formula.h"

#include "core/graph/canonical.h"
#include "core/graph/expression_printer.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unordered_set>

namespace synoscope {

namespace {

// What the axis is called where it comes from: the input's axis behind it, else the weight's axis it is shared with,
// else the name where its trace ends.
std::string originalName(const PGraph& graph, DimensionId id)
{
    std::string ofWeight;
    for (;;) {
        const Dimension& dimension = graph[id];
        if (!dimension.above.valid())
            return dimension.name;
        const Primitive& p = graph[dimension.above];
        const bool follows = p.kind == PrimitiveKind::share || p.kind == PrimitiveKind::shift ||
                             (p.kind == PrimitiveKind::unfold && p.bottomIds[0] == id);
        if (p.kind == PrimitiveKind::share && ofWeight.empty())
            ofWeight = graph[p.topIds[1]].name;
        if (!follows)
            return ofWeight.empty() ? dimension.name : ofWeight;
        id = p.topIds[0];
    }
}

// Everything a rendering needs, with names for the expressions that would repeat themselves beyond reading.
class Description
{
public:
    Description(const PGraph& graph, Notation notation, bool showsGuards)
        : graph_(graph), coordinates_(graph, Simplify::no), names_(iteratorNames(graph)),
          printer_(coordinates_, names_, graph.variables(), notation)
    {
        roots_ = coordinatesOf(graph.input());
        for (const Weight& weight : graph.weights())
            for (const ExpressionId id : coordinatesOf(weight.axes))
                roots_.push_back(id);
        const std::span<const Guard> guards = coordinates_.guards();
        for (std::size_t i = guards.size(); i-- > 0;) // as written: top to bottom
            if (showsGuards || !impliedByInput(guards[i]))
                guards_.push_back(guards[i]);
        for (const Guard& guard : guards_)
            roots_.push_back(guard.value);
        orderReductions();
        findRepeated();
    }

    const PGraph& graph() const { return graph_; }
    const Coordinates& coordinates() const { return coordinates_; }
    const std::string& name(int iterator) const { return names_[static_cast<std::size_t>(iterator)]; }
    ExpressionPrinter& printer() { return printer_; }
    const std::vector<Guard>& guards() const { return guards_; }
    const std::vector<ExpressionId>& repeated() const { return repeated_; } // operands before users

    // Iterators in the order of reading: outputs, then reductions over the input's axes, then the others.
    const std::vector<int>& reductions() const { return reductions_; }
    Size extent(int iterator) const { return coordinates_.expressions()[static_cast<std::size_t>(iterator)].extent; }

    std::string list(std::span<const DimensionId> axes, std::string_view separator = ", ") const
    {
        std::vector<std::string> texts;
        for (const ExpressionId id : coordinatesOf(axes))
            texts.push_back(printer_(id));
        return fmt::format("{}", fmt::join(texts, separator));
    }

    void nameRepeated(const auto& nameOf)
    {
        for (std::size_t i = 0; i < repeated_.size(); ++i)
            printer_.define(repeated_[i], nameOf(i));
    }

private:
    std::vector<ExpressionId> coordinatesOf(std::span<const DimensionId> axes) const
    {
        std::vector<ExpressionId> ids;
        for (const DimensionId axis : axes)
            ids.push_back(coordinates_[axis]);
        return ids;
    }

    // The input counts as zero outside, so that a guard on one of its own indices says nothing new.
    bool impliedByInput(const Guard& guard) const
    {
        return std::ranges::any_of(graph_.input(), [&](DimensionId axis) {
            return coordinates_[axis] == guard.value && graph_[axis].size == guard.extent;
        });
    }

    void orderReductions()
    {
        const std::vector<AxisOrigin> origins = axisOrigins(graph_);
        for (std::size_t i = 0; i < graph_.reductions().size(); ++i)
            reductions_.push_back(coordinates_.outputs() + static_cast<int>(i));
        std::stable_partition(reductions_.begin(), reductions_.end(), [&](int iterator) {
            const DimensionId id = graph_.reductions()[static_cast<std::size_t>(iterator - coordinates_.outputs())];
            return origins[id.index].role == AxisRole::data;
        });
    }

    // Expressions used more than once, of more than a few operations. Naming them bounds the whole text.
    void findRepeated()
    {
        constexpr double few = 8;
        const auto expressions = coordinates_.expressions();
        std::vector<int> uses(expressions.size());
        for (const ExpressionId id : roots_)
            ++uses[id.index];
        for (std::size_t i = expressions.size(); i-- > 0;) // users before operands
            if (uses[i] > 0)
                for (const ExpressionId operand : {expressions[i].a, expressions[i].b})
                    if (operand.valid())
                        ++uses[operand.index];
        std::vector<double> sizes; // of the trees that are left when the repeated ones are named
        for (std::size_t i = 0; i < expressions.size(); ++i) {
            double size = 1;
            for (const ExpressionId operand : {expressions[i].a, expressions[i].b})
                if (operand.valid())
                    size += sizes[operand.index];
            if (uses[i] > 1 && size > few) {
                repeated_.emplace_back(i);
                size = 1;
            }
            sizes.push_back(size);
        }
    }

    const PGraph& graph_;
    Coordinates coordinates_;
    std::vector<std::string> names_;
    ExpressionPrinter printer_;
    std::vector<ExpressionId> roots_;
    std::vector<Guard> guards_;
    std::vector<int> reductions_;
    std::vector<ExpressionId> repeated_;
};

std::string latexName(std::string_view name)
{
    std::string escaped;
    for (const char c : name)
        escaped += c == '_' ? "\\_" : std::string(1, c);
    return name.size() == 1 ? escaped : fmt::format("\\mathit{{{}}}", escaped);
}

// Loops with the indices, definitions and guards that can be worked out in them.
class LoopNest
{
public:
    explicit LoopNest(const PGraph& graph) : description_(graph, Notation::text, true), depths_(depths()) {}

    std::string write()
    {
        const Coordinates& coordinates = description_.coordinates();
        description_.nameRepeated([](std::size_t i) { return fmt::format("t{}", i); });
        text_ = "out = 0\n";
        open(0);
        for (int i = 0; i < coordinates.outputs(); ++i)
            loop(i);
        for (const int i : description_.reductions())
            loop(i);
        std::string factors = fmt::format("in[{}]", description_.list(description_.graph().input()));
        for (const Weight& weight : description_.graph().weights())
            factors += fmt::format(" * {}[{}]", weight.name, description_.list(weight.axes));
        line(fmt::format("out[{}] += {}", description_.list(description_.graph().output()), factors));
        return std::move(text_);
    }

private:
    void line(std::string_view text) { text_ += fmt::format("{:{}}{}\n", "", 2 * depth_, text); }

    void loop(int iterator)
    {
        line(fmt::format("for {} in 0 .. {} - 1:", description_.name(iterator),
                         description_.printer().size(description_.extent(iterator))));
        open(++depth_);
    }

    // What is known from this depth on.
    void open(int depth)
    {
        ExpressionPrinter& printer = description_.printer();
        for (const ExpressionId id : description_.repeated())
            if (depths_[id.index] == depth)
                line(fmt::format("{} = {}", printer(id), printer.definition(id)));
        for (const Guard& guard : description_.guards())
            if (depths_[guard.value.index] == depth)
                line(fmt::format("if not 0 <= {} < {}: continue", printer(guard.value), printer.size(guard.extent)));
    }

    // By expression: how many loops must be open for it.
    std::vector<int> depths() const
    {
        const Coordinates& coordinates = description_.coordinates();
        std::vector<int> place(coordinates.expressions().size());
        int next = 0;
        for (int i = 0; i < coordinates.outputs(); ++i)
            place[static_cast<std::size_t>(i)] = ++next;
        for (const int i : description_.reductions())
            place[static_cast<std::size_t>(i)] = ++next;
        for (std::size_t i = 0; i < place.size(); ++i) // iterators are the first expressions
            for (const ExpressionId operand : {coordinates.expressions()[i].a, coordinates.expressions()[i].b})
                if (operand.valid())
                    place[i] = std::max(place[i], place[operand.index]);
        return place;
    }

    Description description_;
    std::vector<int> depths_;
    int depth_ = 0;
    std::string text_;
};

} // namespace

std::vector<std::string> iteratorNames(const PGraph& graph)
{
    std::unordered_set<std::string> taken{"in",    "out", "sum", "over", "of",      "where",
                                          "floor", "for", "if",  "not",  "continue"};
    for (const Variable& variable : graph.variables().all())
        taken.insert(variable.name);
    for (const Weight& weight : graph.weights())
        taken.insert(weight.name);
    std::vector<std::string> names;
    const auto add = [&](DimensionId id) {
        std::string wanted = originalName(graph, id);
        if (wanted[0] == 't' && wanted.find_first_not_of("0123456789", 1) == std::string::npos && wanted.size() > 1)
            wanted += '_'; // t0, t1, ... are the names of repeated expressions
        const bool digit = wanted.back() >= '0' && wanted.back() <= '9';
        std::string name = wanted;
        for (int next = 1; !taken.insert(name).second; ++next)
            name = fmt::format("{}{}{}", wanted, digit ? "_" : "", next);
        names.push_back(std::move(name));
    };
    for (const DimensionId id : graph.output())
        add(id);
    for (const DimensionId id : graph.reductions())
        add(id);
    return names;
}

std::string formula(const PGraph& graph)
{
    Description description(graph, Notation::text, false);
    description.nameRepeated([](std::size_t i) { return fmt::format("t{}", i); });
    ExpressionPrinter& printer = description.printer();
    std::string text = fmt::format("out[{}] = ", description.list(graph.output()));
    std::vector<std::string> sums;
    for (const int i : description.reductions())
        sums.push_back(fmt::format("{}:{}", description.name(i), printer.size(description.extent(i))));
    if (!sums.empty())
        text += fmt::format("sum over {} of ", fmt::join(sums, ", "));
    text += fmt::format("in[{}]", description.list(graph.input()));
    for (const Weight& weight : graph.weights())
        text += fmt::format(" * {}[{}]", weight.name, description.list(weight.axes));
    std::vector<std::string> conditions;
    for (const Guard& guard : description.guards())
        conditions.push_back(fmt::format("0 <= {} < {}", printer(guard.value), printer.size(guard.extent)));
    for (const ExpressionId id : description.repeated())
        conditions.push_back(fmt::format("{} = {}", printer(id), printer.definition(id)));
    if (!conditions.empty())
        text += fmt::format(" where {}", fmt::join(conditions, ", "));
    return text;
}

std::string latexFormula(const PGraph& graph)
{
    Description description(graph, Notation::latex, false);
    ExpressionPrinter& printer = description.printer();
    for (int i = 0; i < static_cast<int>(graph.output().size() + graph.reductions().size()); ++i)
        printer.define(ExpressionId(static_cast<std::size_t>(i)), latexName(description.name(i)));
    description.nameRepeated([](std::size_t i) { return fmt::format("t_{{{}}}", i); });
    std::string text = fmt::format("\\mathrm{{out}}_{{{}}} = ", description.list(graph.output()));
    for (const int i : description.reductions())
        text += fmt::format("\\sum_{{{} < {}}} ", printer(ExpressionId(static_cast<std::size_t>(i))),
                            printer.size(description.extent(i)));
    text += fmt::format("\\mathrm{{in}}_{{{}}}", description.list(graph.input(), ",\\, "));
    for (const Weight& weight : graph.weights())
        text += fmt::format(" \\cdot {}_{{{}}}", latexName(weight.name), description.list(weight.axes, ",\\, "));
    std::vector<std::string> conditions;
    for (const Guard& guard : description.guards())
        conditions.push_back(fmt::format("0 \\le {} < {}", printer(guard.value), printer.size(guard.extent)));
    for (const ExpressionId id : description.repeated())
        conditions.push_back(fmt::format("{} = {}", printer(id), printer.definition(id)));
    if (!conditions.empty())
        text += fmt::format(" \\quad\\text{{where }} {}", fmt::join(conditions, ",\\; "));
    return text;
}

std::string loopNest(const PGraph& graph)
{
    return LoopNest(graph).write();
}

} // namespace synoscope
