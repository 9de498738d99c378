// Coordinate expressions (DESIGN 1.2): for each dimension of a pGraph, where it stands as a quasi-affine expression over
// the output iterators and the reduction iterators.
//
// Expressions live in an arena, hash-consed: equal expressions have equal ids. Two views of one graph exist: `literal`
// writes down what each primitive says; `normalised` simplifies on the way ((i*B + j) / B -> i and the like, DESIGN 2.2),
// so that rewritings of one graph get the same expressions.
#pragma once

#include "core/graph/pgraph.h"

#include <optional>
#include <unordered_map>

namespace synoscope {

using ExpressionId = Id<struct ExpressionTag>;

// What an expression's node does with its operands a and b:
enum class ExpressionKind : std::uint8_t {
    iterator,  // the iterator `index`: outputs first, in order, then reductions, in the order of PGraph::reductions()
    affine,    // a * size + b          Split
    quotient,  // a / size (floor)      Merge, the group
    remainder, // a % size              Merge, the block
    rotate,    // (a + amount) % size   Shift
    window,    // a + b - floor(size/2) Unfold; size is the window's
    scale,     // size * a              Stride
};

struct Expression
{
    ExpressionKind kind = ExpressionKind::iterator;
    ExpressionId a{};
    ExpressionId b{};
    Size size{};             // see above; iterator: its extent
    Size extent{};           // the values are in [0, extent), guards aside
    std::int32_t index = 0;  // iterator
    std::int32_t amount = 0; // rotate

    friend bool operator==(const Expression&, const Expression&) = default;
};

// An Unfold's guard: where `value` leaves [0, extent) the whole term is zero.
struct Guard
{
    ExpressionId value;
    Size extent;
    friend bool operator==(const Guard&, const Guard&) = default;
};

enum class Simplify : bool { no, yes };

class Coordinates
{
public:
    Coordinates(const PGraph& graph, Simplify simplify);

    ExpressionId operator[](DimensionId dimension) const { return ofDimension_[dimension.index]; }
    const Expression& operator[](ExpressionId id) const { return expressions_[id.index]; }
    std::span<const Expression> expressions() const { return expressions_; } // operands before users
    std::span<const Guard> guards() const { return guards_; }                // one per Unfold, bottom-up
    int outputs() const { return outputs_; }                                  // iterators [0, outputs) are the output's

private:
    ExpressionId intern(const Expression& expression);
    ExpressionId affine(ExpressionId a, ExpressionId b, Size block);
    ExpressionId quotient(ExpressionId a, Size block);
    ExpressionId remainder(ExpressionId a, Size block);
    ExpressionId rotate(ExpressionId a, std::int32_t amount);
    std::optional<std::array<ExpressionId, 2>> partAt(ExpressionId a, Size block);
    void visit(const PGraph& graph, const Primitive& primitive);

    struct Hash
    {
        std::size_t operator()(const Expression& expression) const noexcept;
    };

    Simplify simplify_;
    int outputs_ = 0;
    std::vector<Expression> expressions_;
    std::unordered_map<Expression, ExpressionId, Hash> ids_;
    std::vector<ExpressionId> ofDimension_;
    std::vector<Guard> guards_;
};

// One expression as text, with the iterators' names given: "(y + ky - floor(k/2))".
std::string toString(const Coordinates& coordinates, ExpressionId id, std::span<const std::string> iterators,
                     const VariableTable& variables);

// Coordinates under one binding, for evaluation: values of all expressions at a point in one sweep.
class ConcreteCoordinates
{
public:
    ConcreteCoordinates(const Coordinates& coordinates, const Binding& binding);

    std::span<const std::int64_t> extents() const { return iteratorExtents_; } // of the iterators, outputs first

    // Evaluates everything at the point (one value per iterator). False when a guard fails. Not thread-safe: the values
    // are kept inside; copy the object for another thread.
    bool evaluate(std::span<const std::int64_t> point);
    std::int64_t operator[](ExpressionId id) const { return values_[id.index]; }

private:
    struct Step
    {
        ExpressionKind kind;
        std::uint32_t a, b;
        std::int64_t size;
        std::int64_t amount;
    };
    struct ConcreteGuard
    {
        std::uint32_t value;
        std::int64_t extent;
    };

    std::vector<Step> steps_;
    std::vector<ConcreteGuard> guards_;
    std::vector<std::int64_t> values_;
    std::vector<std::int64_t> iteratorExtents_;
};

} // namespace synoscope
