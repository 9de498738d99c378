// A plan as a Halide pipeline, described without Halide: core/halide builds what halide_writer.cpp prints, so that what
// is exported is what is measured.
//
// Each stage is a Func. Axes stand outermost first, as in plans; Halide counts from the innermost, which is for the two
// readers to turn round. What is computed in both directions has one form,
//
//     stage[axes] = sum over reductions of the product of factors, zero where a condition does not hold,
//
// which is a view, a copy, a contraction, or the gradient of one. Windows look over the edges of a padded stage.
// Passes over the stages (halide_schedule.h) then say where and in which order they are computed.
#pragma once

#include "core/lowering/plan.h"

#include <string>
#include <vector>

namespace synoscope::codegen {

// An integer expression over the iterators of a stage. Division and remainder are those of coordinates: floors.
struct HalideIndex
{
    enum class Kind : std::uint8_t
    {
        iterator,
        number,
        size,
        add,
        subtract,
        multiply,
        divide,
        remainder
    };
    Kind kind = Kind::number;
    int iterator = 0; // of the stage: its axes, then its reductions
    std::int64_t number = 0;
    Size size{};
    std::vector<HalideIndex> operands{};

    friend bool operator==(const HalideIndex&, const HalideIndex&) = default;
};

HalideIndex iteratorIndex(int iterator);
HalideIndex numberIndex(std::int64_t number);
HalideIndex sizeIndex(const Size& size);
// These leave out what adds nothing and multiplies by one.
HalideIndex operator+(const HalideIndex& a, const HalideIndex& b);
HalideIndex operator-(const HalideIndex& a, const HalideIndex& b);
HalideIndex operator*(const HalideIndex& a, const HalideIndex& b);
HalideIndex operator/(const HalideIndex& a, const HalideIndex& b);
HalideIndex operator%(const HalideIndex& a, const HalideIndex& b);

// The value of an expression without iterators.
std::int64_t evaluate(const HalideIndex& index, const Binding& binding);
bool mentions(const HalideIndex& index, int iterator);

struct HalideIterator
{
    std::string label; // as plans call the axis
    std::string name;  // an identifier; parameters' axes need none
    HalideIndex extent;
};

struct HalideFactor
{
    int stage = 0; // earlier than the one it is a factor of
    std::vector<HalideIndex> indices{};
};

struct HalideStage
{
    enum class Kind : std::uint8_t
    {
        parameter, // an ImageParam
        padded,    // its only factor's stage, zero outside of the extents along `paddedAxes`
        compute
    };
    Kind kind = Kind::compute;
    std::string name{};
    std::vector<HalideIterator> axes{};
    std::vector<HalideIterator> reductions{};
    std::vector<HalideFactor> factors{};                      // none: zero
    std::vector<std::pair<HalideIndex, HalideIndex>> equal{}; // the conditions
    std::vector<int> paddedAxes{};
    int weight = -1;       // parameter: which weight it is
    bool prepared = false; // depends on weights only
    bool root = false;     // is computed as a whole before what reads it

    const HalideIterator& iterator(int number) const;
    bool reachesBeyond(int axis) const; // is defined outside of the axis' extent: zero
    bool sums() const { return !reductions.empty(); }
    bool contracts() const { return kind == Kind::compute && (factors.size() > 1 || sums()); }
};

// One call of a scheduling function, of a Func or of its update.
struct HalideDirective
{
    enum class Method : std::uint8_t
    {
        computeRoot,
        computeAt,      // stage `at`, names: the loop
        bound,          // names: the variable; `extent`
        split,          // names: variable, outer, inner; `number`
        reorder,        // names: innermost first
        reorderStorage, // names: innermost first
        fuse,           // names: inner, outer, fused
        vectorize,      // names: the variable; `number`, 0: all of it
        unroll,         // names: the variable
        parallel        // names: the variable
    };
    // What becomes of the rest, where a split does not divide.
    enum class Tail : std::uint8_t
    {
        none,   // there is no rest
        guard,  // GuardWithIf: right everywhere, slow
        shift,  // ShiftInwards: the last part overlaps the one before; of Funcs without updates, at least one part long
        roundUp // RoundUp: more is computed than was asked for; not of outputs, and not of what reads inputs
    };
    int stage = 0;
    bool update = false;
    Method method = Method::computeRoot;
    std::vector<std::string> names{};
    std::int64_t number = 0;
    Tail tail = Tail::none;
    int at = 0;
    HalideIndex extent{};
};

struct HalidePipeline;
// Whether neighbours along the iterator are neighbours in the memory that the factor reads, through views; or the same.
bool contiguous(const HalidePipeline& pipeline, const HalideFactor& factor, int iterator);

struct HalidePipeline
{
    VariableTable variables;
    std::vector<std::string> variableNames; // by variable: an identifier; literals have none
    std::vector<HalideStage> stages;        // producers first
    std::vector<int> outputs;               // forward: the result; backward: the gradients by input and weights
    std::vector<HalideDirective> schedule;
    // Vars that only schedules have: loops of several Funcs may have one name.
    std::vector<std::pair<std::string, std::string>> loops; // what was wanted, what it became
    std::vector<std::string> taken;                         // all names so far

    // A name like `wanted` that nothing else has.
    std::string claim(std::string_view wanted);
    // The Var of a loop: the same for the same wish.
    std::string loop(const std::string& wanted);
};

// Every stage as its step says; nothing is scheduled.
HalidePipeline halideForward(const PGraph& graph);
// The gradients of sum(grad_output * output). Values in between are computed anew.
HalidePipeline halideBackward(const PGraph& graph);

} // namespace synoscope::codegen
