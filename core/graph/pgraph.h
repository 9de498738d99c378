// The primitive graph (pGraph, DESIGN 1.2): an operator as a value.
//
//        input axes            weight axes            top
//            |                    |
//        [ primitives, each turning its top dimensions into its bottom ones ]
//            |                    |
//        output axes         reductions               bottom
//
// A dimension is an edge: it has one thing above it (the input, a weight, or the primitive whose bottom it is) and one
// below it (the primitive whose top it is, Reduce included, or the output). Synthesis keeps its own compact form
// (core/synthesis); this one is for everybody else: readers, the interpreter, lowering, code, views.
//
// A PGraph is immutable, and valid by construction: PGraph::Builder accepts nothing else. Safe to share between threads.
#pragma once

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/symbolic/size.h"

#include <array>
#include <span>
#include <string>
#include <vector>

namespace synoscope {

// In the order of DESIGN 1.2's table. The names are those of the .pgraph statements.
enum class PrimitiveKind : std::uint8_t { split, merge, shift, unfold, stride, expand, share, reduce };
inline constexpr int primitiveKinds = 8;
std::string_view toString(PrimitiveKind kind); // "split", ...

using DimensionId = Id<struct DimensionTag>;
using PrimitiveId = Id<struct PrimitiveTag>;
using WeightId = Id<struct WeightTag>;

struct Dimension
{
    std::string name; // as the user wrote it; unique among the dimensions of the operator (weight axes: within the weight)
    Size size;
    PrimitiveId above{}; // whose bottom this is; none: an axis of the input or of a weight
    PrimitiveId below{}; // whose top this is; none: an axis of the output
    WeightId weight{};   // set for the axes of weights
};

// Tops and bottoms by kind (sizes as in DESIGN 1.2):
//   split   top x:G*B            bottom p:G, q:B      parameter B
//   merge   top x:G, y:B         bottom m:G*B         parameter B
//   shift   top x:N              bottom z:N           amount d: bottom i reads top (i + d) % N
//   unfold  top x:N              bottom y:N, j:K      parameter K; pads floor(K/2) in front
//   stride  top x:S*K            bottom t:K           parameter S
//   expand                       bottom e:C           parameter C
//   share   top x:N, w's axis:N  bottom a:N
//   reduce  top x:R
struct Primitive
{
    PrimitiveKind kind = PrimitiveKind::reduce;
    std::array<DimensionId, 2> topIds{};
    std::array<DimensionId, 2> bottomIds{};
    Size parameter{};
    std::int32_t amount = 0;

    std::span<const DimensionId> top() const;
    std::span<const DimensionId> bottom() const;
};

struct Weight
{
    std::string name;
    std::vector<DimensionId> axes;
};

class PGraph
{
public:
    class Builder;

    const std::string& name() const { return name_; }
    const VariableTable& variables() const { return variables_; }
    std::span<const Binding> bindings() const { return bindings_; } // complete: coefficients and literals filled in

    std::span<const DimensionId> input() const { return input_; }
    std::span<const DimensionId> output() const { return output_; }
    std::span<const Weight> weights() const { return weights_; }
    std::span<const Primitive> primitives() const { return primitives_; } // dataflow order, top to bottom
    std::span<const Dimension> dimensions() const { return dimensions_; }
    std::span<const DimensionId> reductions() const { return reductions_; } // the tops of the Reduces, in their order

    const Dimension& operator[](DimensionId id) const { return dimensions_[id.index]; }
    const Primitive& operator[](PrimitiveId id) const { return primitives_[id.index]; }
    const Weight& operator[](WeightId id) const { return weights_[id.index]; }

    // The same operator with other bindings or another name.
    PGraph withBindings(std::vector<Binding> bindings) const;
    PGraph withName(std::string name) const;

    // Concrete shapes under a binding of this operator (every size is an integer of at least 1: Builder::finish checks).
    std::vector<std::int64_t> shape(std::span<const DimensionId> axes, const Binding& binding) const;

private:
    std::string name_;
    VariableTable variables_;
    std::vector<Binding> bindings_;
    std::vector<Dimension> dimensions_;
    std::vector<Primitive> primitives_;
    std::vector<Weight> weights_;
    std::vector<DimensionId> input_;
    std::vector<DimensionId> output_;
    std::vector<DimensionId> reductions_;
};

// Builds a pGraph top-down, statement by statement. Each statement consumes its operands; what a statement refuses, it
// refuses with a sentence and without a change. Names may be empty: finish() then makes some up.
class PGraph::Builder
{
public:
    Builder(std::string name, VariableTable variables);

    VariableTable& variables() { return graph_.variables_; }

    Expected<DimensionId> input(std::string name, Size size);
    Expected<WeightId> weight(std::string name);
    Expected<DimensionId> weightAxis(WeightId weight, std::string name, Size size);

    Expected<std::array<DimensionId, 2>> split(DimensionId x, Size block, std::string group, std::string inner);
    Expected<DimensionId> merge(DimensionId group, DimensionId block, std::string name);
    Expected<DimensionId> shift(DimensionId x, std::int32_t amount, std::string name);
    Expected<std::array<DimensionId, 2>> unfold(DimensionId x, Size window, std::string name, std::string windowName);
    Expected<DimensionId> stride(DimensionId x, Size step, std::string name);
    Expected<DimensionId> expand(Size size, std::string name);
    Expected<DimensionId> share(DimensionId x, DimensionId weightAxis, std::string name);
    Expected<void> reduce(DimensionId x);
    Expected<void> output(DimensionId x);
    // A layer: numbers for the primaries (and, if wanted, for coefficients).
    void bind(Binding binding);

    const Dimension& operator[](DimensionId id) const { return graph_.dimensions_[id.index]; }
    const Weight& operator[](WeightId id) const { return graph_.weights_[id.index]; }
    bool consumed(DimensionId id) const { return consumed_[id.index]; }

    // Every axis consumed once, every size a positive integer under every binding. Nothing may be called afterwards.
    Expected<PGraph> finish();

private:
    DimensionId add(std::string name, Size size, PrimitiveId above);
    Expected<void> consumable(DimensionId x, bool weightAxis = false) const;
    Expected<void> wellFormed(const Size& size, std::string_view what) const;
    Expected<void> wellFormedPart(const Size& size, DimensionId of, std::string_view by) const;
    PrimitiveId addPrimitive(Primitive primitive);
    void nameTheNameless();
    Expected<void> everythingUsed() const;
    Expected<void> wholeNumbers();

    PGraph graph_;
    std::vector<bool> consumed_;
};

} // namespace synoscope
