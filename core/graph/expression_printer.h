// Coordinate expressions as text, in the notation of programs or of LaTeX. What formula.h stands on.
#pragma once

#include "core/graph/coordinates.h"

namespace synoscope {

enum class Notation : std::uint8_t
{
    text,
    latex
};

class ExpressionPrinter
{
public:
    // Iterators by index. The referred objects must outlive the printer.
    ExpressionPrinter(const Coordinates& coordinates, std::span<const std::string> iterators,
                      const VariableTable& variables, Notation notation);

    // From now on the expression is printed as this name.
    void define(ExpressionId id, std::string name) { names_[id.index] = std::move(name); }
    bool defined(ExpressionId id) const { return !names_[id.index].empty(); }

    std::string operator()(ExpressionId id) const { return print(id, Around::sum); }
    std::string size(const Size& size) const;
    // The expression by its operation, even where it has a name.
    std::string definition(ExpressionId id) const { return operation(id, Around::sum); }

private:
    enum class Around : std::uint8_t
    {
        sum,
        product
    };

    std::string print(ExpressionId id, Around around) const;
    std::string operation(ExpressionId id, Around around) const;
    std::string textOperation(const Expression& e, Around around) const;
    std::string latexOperation(const Expression& e, Around around) const;
    std::string factor(const Size& size) const;

    const Coordinates& coordinates_;
    std::span<const std::string> iterators_;
    const VariableTable& variables_;
    Notation notation_;
    std::vector<std::string> names_;
};

// The number of nodes of each expression printed as a tree, by id. Doubles: a tree may be exponentially larger than its
// graph.
std::vector<double> treeSizes(const Coordinates& coordinates);

} // namespace synoscope
