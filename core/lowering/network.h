// A pGraph seen as a tensor network with views, the form in which lowering thinks.
//
//     label   a maximal chain of dimensions joined by Shares: one iterator of the data tensor. Multiplying by weights
//     along
//             one axis commutes, so a label only remembers which axes of weights meet on it.
//     view    Split, Merge, Shift, Unfold, Stride: turns labels into labels
//
// A view may read a label only after all weights that meet on the label have been multiplied in.
#pragma once

#include "core/graph/pgraph.h"

namespace synoscope::lowering {

struct Label
{
    std::string name;
    Size size;
    int producer = -1;           // the view that makes it; -1: an axis of the input, or an Expand's
    int consumer = -1;           // the view that reads it; -1: reduced, or an axis of the output
    bool expanded = false;       // made by an Expand
    bool reduced = false;        // read by a Reduce
    std::vector<int> weightAxes; // which meet on it: indices into Network::weightAxes
};

struct View
{
    PrimitiveKind kind = PrimitiveKind::split;
    std::array<int, 2> topLabels{};
    std::array<int, 2> bottomLabels{};
    std::uint8_t tops = 0;
    std::uint8_t bottoms = 0;
    Size parameter{};
    std::int32_t amount = 0;

    std::span<const int> top() const { return {topLabels.data(), tops}; }
    std::span<const int> bottom() const { return {bottomLabels.data(), bottoms}; }
};

struct WeightAxis
{
    int weight = 0;
    int label = -1; // on which label it is met
    std::string name;
    Size size;
};

struct Network
{
    explicit Network(const PGraph& graph);

    std::vector<Label> labels;
    std::vector<View> views;               // in dataflow order
    std::vector<WeightAxis> weightAxes;    // weight by weight, each in the order of Weight::axes
    std::vector<std::vector<int>> weights; // indices into weightAxes
    std::vector<int> input;                // labels
    std::vector<int> output;
};

} // namespace synoscope::lowering
