// The steps of a plan as nodes of an ONNX graph, operator set 13.
//
// Sizes are numbers there, but for the batch, which may stay open: reshapes say -1 for the axis that it is in.
#pragma once

#include "core/codegen/names.h"
#include "core/lowering/plan.h"

#include <onnx/onnx_pb.h>

#include <map>
#include <optional>

namespace synoscope::codegen {

inline constexpr int onnxOperatorSet = 13;

class OnnxNodes
{
public:
    // `weights` names the initializers that hold them; `open`: the variable that stays open, or none.
    OnnxNodes(const Plan& plan, const Binding& binding, std::optional<VariableId> open,
              std::span<const std::string> weights, NameScope& names, onnx::GraphProto& graph)
        : plan_(plan), binding_(binding), open_(open), weights_(weights), names_(names), graph_(graph)
    {}

    // From the value `input` to the value `output`.
    void write(const std::string& input, const std::string& output);

private:
    std::string write(const Step& step);
    std::string reshape(const Step& step, const std::string& x);
    std::string permute(const std::string& x, const std::vector<int>& permutation);
    std::string roll(const Step& step, const std::string& x);
    std::string unfold(const Step& step, const std::string& x);
    std::string slice(const std::string& name, const std::string& x, int axis, std::int64_t from, std::int64_t to,
                      std::int64_t step = 1);
    std::string expand(const Step& step, const std::string& x);
    std::string einsum(const Step& step);
    std::optional<std::string> matrixProduct(const Step& step);
    std::string convolution(const Step& step);
    std::string pad(const std::string& name, const std::string& x, const std::vector<std::int64_t>& frontsAndBacks);

    // A name that nothing has yet; also with the axis of the step in it, "unfold_y".
    std::string fresh(const std::string& wanted);
    std::string fresh(const std::string& what, const Step& step);
    // Adds a node with one result, which is named as the node. The attributes are added to what comes back from last().
    std::string add(const std::string& name, const std::string& type, std::vector<std::string> inputs);
    onnx::NodeProto& last() { return *graph_.mutable_node(graph_.node_size() - 1); }
    std::string constant(const std::string& name, std::vector<std::int64_t> shape,
                         const std::vector<std::int64_t>& values);
    std::string vector(const std::string& name, const std::vector<std::int64_t>& values);

    std::int64_t number(const Size& size) const;
    bool isOpen(const Size& size) const { return open_ && size.exponent(*open_) != 0; }
    const std::string& operand(const Step& step, std::size_t i = 0) const { return values_[step.operands[i].index]; }

    const Plan& plan_;
    const Binding& binding_;
    std::optional<VariableId> open_;
    std::span<const std::string> weights_;
    NameScope& names_;
    onnx::GraphProto& graph_;
    std::map<std::string, int> used_; // how often a name was wanted
    std::vector<std::string> values_; // by step
};

// Whether the plan's nodes are right for any number in the place of this variable: it is the size of an axis of the
// input, no weight has it, and no step looks at an axis that it is in.
bool mayStayOpen(const Plan& plan, VariableId variable);

} // namespace synoscope::codegen
