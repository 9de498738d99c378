// Adds stages to a Halide pipeline: what halide_forward.cpp and halide_backward.cpp write steps and gradients with.
#pragma once

#include "core/codegen/halide_pipeline.h"

#include <map>

namespace synoscope::codegen {

// A stage under construction: iterators are made one after the other, axes before reductions.
class HalideStages
{
public:
    explicit HalideStages(const PGraph& graph);

    int parameter(const std::string& name, const Step& shape, int weight = -1);
    // The stage with zeros outside along the axes; itself where there are none.
    int padded(int stage, const std::vector<int>& axes);
    // A stage with the axes of the step, or of another stage.
    HalideStage begin(const std::string& name, const Step& shape);
    HalideStage begin(const std::string& name, int axesOf);
    // Adds a reduction over as many as an axis of another stage has; returns its iterator.
    int reduce(HalideStage& stage, const HalideIterator& over);
    int add(HalideStage stage);

    const HalideStage& operator[](int stage) const { return pipeline_.stages[static_cast<std::size_t>(stage)]; }
    HalideIndex extent(int stage, std::size_t axis) const { return (*this)[stage].axes[axis].extent; }

    // A stage is put out: one that is a parameter is copied, as inputs cannot be outputs.
    void output(int stage, const std::string& name);
    // Without the stages that no output needs.
    HalidePipeline finish() &&;

private:
    void nameAxes(HalideStage& stage);

    HalidePipeline pipeline_;
    std::map<std::string, std::string> axisNames_; // what a plan calls an axis: what its Var is called
};

// The axes of a stage as its own iterators.
std::vector<HalideIndex> identity(std::size_t axes);

// Where the elements of a reshaped value come from, axis by axis: an index over the iterators of the result's axes.
std::vector<HalideIndex> reshapedIndices(const std::vector<Size>& from, const std::vector<Size>& to);

// The values of a plan's steps, as stages: value i belongs to step i.
std::vector<int> addForward(HalideStages& stages, const PGraph& graph, const Plan& plan);

// How far before an output's place the window of a convolution begins.
HalideIndex windowFront(const Convolution& convolution, std::size_t spatial);
// The spatial axes along which the window looks over the edges.
std::vector<int> windowedAxes(const Convolution& convolution);

} // namespace synoscope::codegen
