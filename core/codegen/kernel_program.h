// A plan under one binding as a short program over memory: what the `cpp` back end prints.
//
//     copy         to[...] = from[...]           a strided box
//     contraction  r[...] = sum of a[...] b[...] a strided box; b may be missing
//
// Views are gone: they are strides of the boxes. A window is a stride over a buffer with zeros around, so nothing is
// ever unfolded in memory. Copies remain where zeros or an order of elements have to be made.
#pragma once

#include "core/codegen/kernel_access.h"
#include "core/lowering/plan.h"

#include <limits>
#include <string>
#include <variant>

namespace synoscope::codegen {

struct KernelBuffer
{
    enum class Kind : std::uint8_t
    {
        input,
        output,
        weight,
        scratch
    };
    Kind kind = Kind::scratch;
    int weight = -1;
    std::int64_t elements = 0;
    bool zeros = false;    // has elements that nobody writes: zero
    bool prepared = false; // depends on weights only
    std::string name;
};

struct CopyDim
{
    std::int64_t extent = 1;
    std::int64_t from = 0;
    std::int64_t to = 0;
};

struct KernelCopy
{
    int from = 0, to = 0; // buffers
    std::int64_t fromOffset = 0, toOffset = 0;
    std::vector<CopyDim> dims;
};

struct ContractionDim
{
    std::int64_t extent = 1;
    std::int64_t a = 0, b = 0, r = 0; // strides
};

struct KernelContraction
{
    static constexpr int none = std::numeric_limits<int>::max(); // no second factor: a sum
    int a = 0, b = none, r = 0;                                  // buffers
    std::int64_t aOffset = 0, bOffset = 0, rOffset = 0;
    std::vector<ContractionDim> dims;
    bool adds = false; // to what r holds: in backward programs
};

using KernelOperation = std::variant<KernelCopy, KernelContraction>;

struct KernelProgram
{
    std::vector<KernelBuffer> buffers; // input, output, the weights, then scratch
    std::vector<std::int64_t> inputShape;
    std::vector<std::int64_t> outputShape;
    std::vector<std::vector<std::int64_t>> weightShapes;
    std::vector<KernelOperation> prepare; // of what depends on weights only
    std::vector<KernelOperation> forward;

    static constexpr int input = 0;
    static constexpr int output = 1;
};

// The binding must give every size of the plan a positive whole number.
KernelProgram kernelProgram(const Plan& plan, const Binding& binding);

// Copies of what a contraction has written go where the contraction could have written at once.
void foldCopies(KernelProgram& program);

// What adds up the gradients, after a forward pass. In these operations a negative buffer, ~b, is the gradient of
// buffer b; those of scratch buffers, of the input and of the weights start as zeros.
std::vector<KernelOperation> backwardOperations(const KernelProgram& program);

} // namespace synoscope::codegen
