// A plan (DESIGN 4.1): a lowered operator as a straight-line program over tensors, in single-assignment form.
//
//     %0 = input            [N, C_in, H, W]
//     %1 = weight w0        [C_out, C_in, k, k]
//     %2 = unfold %0 axis 2 [N, C_in, H, W, k]
//     ...
//     %9 = einsum %3 %1     [N, C_out, H, W]
//
// Shapes are symbolic: one plan serves every binding. Steps stand in the order of execution; the last value is the
// output, in the order of the operator's output axes. A plan is a value; nothing in it points back to the graph.
#pragma once

#include "core/graph/pgraph.h"

#include <string>
#include <vector>

namespace synoscope {

using ValueId = Id<struct PlanValueTag>; // index of the step that makes the value

enum class StepKind : std::uint8_t
{
    input,   // the operator's input
    weight,  // weight number `index`, with its axes in the order of PGraph::weights()[index].axes
    reshape, // same elements in row-major order; adjacent axes split or merged
    permute, // result axis i is operand axis permutation[i]
    roll,    // result[.. i ..] = operand[.. (i + amount) mod N ..] along `axis`
    unfold,  // result[.. i .., j] = operand[.. i + j - floor(size/2) ..], zero outside; the window is a new last axis
    slice,   // result[.. i ..] = operand[.. size*i ..] along `axis`
    expand,  // a new axis of extent `size` at position `axis`; nothing is copied where the back end can help it
    einsum,  // product of the operands, summed over the labels that the result lacks; one operand: a sum or diagonal
    convolution, // see Convolution
};

// result[n, o, p...] = sum over c, j... of data[n, g*C + c, p + dilation*j - padding] * weight[o, c, j...]
// where o belongs to group g and padding = floor(dilation*window/2) - offset. Data is [batch, groups*C, spatial...],
// weight [O, C, window...], result [batch, O, spatial...]; one or two spatial axes, stride 1; the result has the data's
// spatial extents, so behind it is padded by what the window still needs (an even window leans to the front).
struct Convolution
{
    Size groups{};               // one: a dense convolution
    std::vector<Size> windows;   // per spatial axis
    std::vector<Size> dilations; // per spatial axis; one: dense window
    // Per spatial axis: 0, or where a dilated window starts within its dilation. Below the dilation under every binding
    // of the graph; the plan holds under any other binding for which that is so.
    std::vector<int> offsets;
};

struct Step
{
    StepKind kind = StepKind::input;
    std::vector<ValueId> operands;
    std::vector<Size> shape;            // of the result
    std::vector<std::string> axisNames; // of the result, for readable code; same length as shape
    int index = 0;                      // weight
    int axis = 0;                       // roll, unfold, slice, expand
    Size size{};                        // unfold, slice, expand
    std::int32_t amount = 0;            // roll
    std::vector<int> permutation;       // permute
    // einsum: one label list per operand, then the result's; labels are small integers, equal label = equal iterator
    std::vector<std::vector<int>> labels;
    Convolution convolution;
};

struct Plan
{
    VariableTable variables;
    std::vector<Step> steps;

    const Step& operator[](ValueId id) const { return steps[id.index]; }
    ValueId result() const { return ValueId(steps.size() - 1); }
};

// What running a plan costs under one binding. Bytes are for 4-byte elements.
//   flops       a multiplication counts 1, an addition 1, so a multiply-add 2; a sum starts from zero, so a sum of R
//   terms
//               has R additions; terms over the zero padding count as any other. Everything but einsum and convolution:
//               0
//   bytesMoved  einsum, convolution, roll and unfold (the windows written out) read their operands and write their
//               result once; a reshape does so where the layout of its operand allows no view (as in PyTorch)
//   peakBytes   input and weights live throughout, any other tensor until its last use (views share their tensor)
struct Cost
{
    double flops = 0;
    double parameters = 0; // elements of the weights
    double bytesMoved = 0; // read and written by the steps that cannot be views
    double peakBytes = 0;  // largest sum of live tensors
};

// Never fails on a well-formed operator: weights whose Shares cannot be contracted at once are brought in at their
// first Share and met again by taking diagonals.
Plan lower(const PGraph& graph);
// The same with every contraction as an einsum, windows written out before it: what a library's kernels for
// convolutions are to be compared with.
Plan lowerToEinsums(const PGraph& graph);

// The binding must give every size of the plan a whole number: any binding that PGraph::Builder accepts does.
Cost cost(const Plan& plan, const Binding& binding);

// An operator in all its places of a network.
struct NetworkCost
{
    double flops = 0;      // over all places
    double parameters = 0; // over all places, each with weights of its own
    double peakBytes = 0;  // of the place with the largest
};

// The costs of lower(graph.withBindings(bindings)), added up: binding i occurs counts[i] times; no counts: once each.
// For searches, which ask for every operator they find: no names are made up, and common sizes are evaluated once.
NetworkCost networkCost(const PGraph& graph, std::span<const Binding> bindings, std::span<const int> counts = {});
NetworkCost networkCost(const Plan& plan, std::span<const Binding> bindings, std::span<const int> counts = {});

// The fewest floating-point operations for this binding alone, without writing a plan. (lower() chooses one order for
// all bindings of the graph together, so its plan may cost more under one of them.)
double flops(const PGraph& graph, const Binding& binding);

// Per weight, how many products of its entries are added up in one element of the result (the fan-in of
// initialisation); sums that no weight takes part in count for the weight before them, or the first.
std::vector<Size> fanIns(const Plan& plan);

// The plan as text, one step a line, as in the example above.
std::string toString(const Plan& plan);

} // namespace synoscope
