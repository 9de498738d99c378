#include "core/graph/expression_printer.h"

#include <cstdlib>
#include <fmt/format.h>

namespace synoscope {

namespace {

std::string inParentheses(std::string text, bool needed)
{
    return needed ? '(' + text + ')' : text;
}

// "C_in" -> "C_{in}", with other underscores escaped.
std::string latexVariable(std::string_view name)
{
    const std::size_t underscore = name.find('_');
    const auto escaped = [](std::string_view text) {
        std::string result;
        for (const char c : text)
            result += c == '_' ? "\\_" : std::string(1, c);
        return result;
    };
    if (underscore == std::string_view::npos || underscore == 0 || underscore + 1 == name.size())
        return escaped(name);
    return fmt::format("{}_{{{}}}", name.substr(0, underscore), escaped(name.substr(underscore + 1)));
}

std::string latexSize(const Size& size, const VariableTable& variables)
{
    const std::string text = toString(size, variables); // one form for every order of declaration
    std::string over;
    std::string under;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('*', begin), text.size());
        const std::string_view term = std::string_view(text).substr(begin, end - begin);
        begin = end + 1;
        const std::size_t caret = term.find('^');
        const int exponent =
            caret == std::string_view::npos ? 1 : std::atoi(std::string(term.substr(caret + 1)).c_str());
        std::string& side = exponent > 0 ? over : under;
        side += (side.empty() ? "" : " ") + latexVariable(term.substr(0, caret));
        if (std::abs(exponent) != 1)
            side += fmt::format("^{{{}}}", std::abs(exponent));
    }
    return under.empty() ? over : fmt::format("\\frac{{{}}}{{{}}}", over.empty() ? "1" : over, under);
}

char sign(std::int32_t amount)
{
    return amount < 0 ? '-' : '+';
}

} // namespace

ExpressionPrinter::ExpressionPrinter(const Coordinates& coordinates, std::span<const std::string> iterators,
                                     const VariableTable& variables, Notation notation)
    : coordinates_(coordinates), iterators_(iterators), variables_(variables), notation_(notation),
      names_(coordinates.expressions().size())
{}

std::string ExpressionPrinter::size(const Size& size) const
{
    return notation_ == Notation::latex ? latexSize(size, variables_) : toString(size, variables_);
}

std::string ExpressionPrinter::factor(const Size& size) const
{
    const std::string text = this->size(size);
    return inParentheses(text, notation_ == Notation::text && text.find_first_of("*^") != std::string::npos);
}

std::string ExpressionPrinter::print(ExpressionId id, Around around) const
{
    return defined(id) ? names_[id.index] : operation(id, around);
}

std::string ExpressionPrinter::operation(ExpressionId id, Around around) const
{
    const Expression& e = coordinates_[id];
    if (e.kind == ExpressionKind::iterator)
        return iterators_[static_cast<std::size_t>(e.index)];
    return notation_ == Notation::latex ? latexOperation(e, around) : textOperation(e, around);
}

std::string ExpressionPrinter::textOperation(const Expression& e, Around around) const
{
    const bool product = around == Around::product;
    const auto sum = [&](ExpressionId id) { return print(id, Around::sum); };
    const auto tight = [&](ExpressionId id) { return print(id, Around::product); };
    switch (e.kind) {
    case ExpressionKind::affine:
        return inParentheses(fmt::format("{}*{} + {}", tight(e.a), factor(e.size), sum(e.b)), product);
    case ExpressionKind::quotient:
        return inParentheses(fmt::format("{} / {}", tight(e.a), factor(e.size)), product);
    case ExpressionKind::remainder:
        return inParentheses(fmt::format("{} % {}", tight(e.a), factor(e.size)), product);
    case ExpressionKind::rotate:
        return inParentheses(fmt::format("({} {} {}) % {}", sum(e.a), sign(e.amount), std::abs(std::int64_t{e.amount}),
                                         factor(e.extent)),
                             product);
    case ExpressionKind::window:
        return inParentheses(fmt::format("{} + {} - floor({}/2)", sum(e.a), sum(e.b), factor(e.size)), product);
    case ExpressionKind::scale:
        return inParentheses(fmt::format("{}*{}", factor(e.size), tight(e.a)), product);
    case ExpressionKind::iterator:
        break;
    }
    return {};
}

std::string ExpressionPrinter::latexOperation(const Expression& e, Around around) const
{
    const bool product = around == Around::product;
    const auto sum = [&](ExpressionId id) { return print(id, Around::sum); };
    const auto tight = [&](ExpressionId id) { return print(id, Around::product); };
    switch (e.kind) {
    case ExpressionKind::affine:
        return inParentheses(fmt::format("{} {} + {}", factor(e.size), tight(e.a), sum(e.b)), product);
    case ExpressionKind::quotient:
        return fmt::format("\\lfloor {} / {} \\rfloor", tight(e.a), factor(e.size));
    case ExpressionKind::remainder:
        return inParentheses(fmt::format("{} \\bmod {}", tight(e.a), factor(e.size)), product);
    case ExpressionKind::rotate:
        return inParentheses(fmt::format("({} {} {}) \\bmod {}", sum(e.a), sign(e.amount),
                                         std::abs(std::int64_t{e.amount}), factor(e.extent)),
                             product);
    case ExpressionKind::window:
        return inParentheses(fmt::format("{} + {} - \\lfloor {} / 2 \\rfloor", sum(e.a), sum(e.b), factor(e.size)),
                             product);
    case ExpressionKind::scale:
        return inParentheses(fmt::format("{} {}", factor(e.size), tight(e.a)), product);
    case ExpressionKind::iterator:
        break;
    }
    return {};
}

std::vector<double> treeSizes(const Coordinates& coordinates)
{
    std::vector<double> sizes;
    for (const Expression& e : coordinates.expressions()) {
        double size = 1;
        if (e.a.valid())
            size += sizes[e.a.index];
        if (e.b.valid())
            size += sizes[e.b.index];
        sizes.push_back(size);
    }
    return sizes;
}

std::string toString(const Coordinates& coordinates, ExpressionId id, std::span<const std::string> iterators,
                     const VariableTable& variables)
{
    constexpr double longest = 2000;
    ExpressionPrinter printer(coordinates, iterators, variables, Notation::text);
    const std::vector<double> sizes = treeSizes(coordinates);
    for (std::size_t i = 0; i < sizes.size(); ++i)
        if (sizes[i] > longest)
            printer.define(ExpressionId(i), "..."); // nobody could read it, and it may not fit into memory
    return printer(id);
}

} // namespace synoscope
