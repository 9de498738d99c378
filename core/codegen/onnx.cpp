// An ONNX model of the operator, under one of its bindings: the plan as nodes, the weights as initializers. The batch
// stays open where the operator lets it.
#include "core/codegen/formats.h"
#include "core/codegen/initial_weights.h"
#include "core/codegen/onnx_nodes.h"
#include "core/graph/formula.h"
#include "core/graph/writer.h"

#include <bit>

namespace synoscope::codegen {

namespace {

static_assert(std::endian::native == std::endian::little, "raw tensors are little endian");
constexpr std::int64_t irVersion = 7;          // the oldest for the operator set
constexpr std::string_view openVariable = "N"; // the batch, by convention

class ModelWriter
{
public:
    explicit ModelWriter(const PGraph& graph)
        : graph_(graph), binding_(graph.bindings()[0]), plan_(lower(graph)), names_{"input", "output"}
    {
        if (const auto batch = graph.variables().find(openVariable); batch && mayStayOpen(plan_, *batch))
            open_ = batch;
    }

    Expected<std::string> write()
    {
        heading();
        onnx::GraphProto& graph = *model_.mutable_graph();
        graph.set_name(snakeCase(graph_.name()));
        describe(*graph.add_input(), "input", graph_.input());
        describe(*graph.add_output(), "output", graph_.output());
        if (const auto written = writeWeights(graph); !written)
            return written.error();
        OnnxNodes(plan_, binding_, open_, weightNames_, names_, graph).write("input", "output");
        std::string bytes;
        if (!model_.SerializeToString(&bytes))
            return Error{"The ONNX model could not be written: it exceeds what protobuf can hold."};
        return bytes;
    }

private:
    void heading()
    {
        model_.set_ir_version(irVersion);
        model_.set_producer_name("Synoscope");
        model_.add_opset_import()->set_version(onnxOperatorSet);
        model_.set_doc_string(harmless(graph_.name()) + "\n\n    " + formula(graph_));
        addProperty("synoscope.operator", canonicalHash(graph_));
        addProperty("synoscope.pgraph", writePGraph(graph_));
    }

    void addProperty(const std::string& key, const std::string& value)
    {
        onnx::StringStringEntryProto& entry = *model_.add_metadata_props();
        entry.set_key(key);
        entry.set_value(value);
    }

    void describe(onnx::ValueInfoProto& value, const std::string& name, std::span<const DimensionId> axes) const
    {
        value.set_name(name);
        onnx::TypeProto::Tensor& tensor = *value.mutable_type()->mutable_tensor_type();
        tensor.set_elem_type(onnx::TensorProto::FLOAT);
        tensor.mutable_shape(); // a scalar has one, too
        std::string names;
        for (const DimensionId axis : axes) {
            const Size& size = graph_[axis].size;
            onnx::TensorShapeProto::Dimension& dimension = *tensor.mutable_shape()->add_dim();
            if (open_ && size.exponent(*open_) != 0)
                dimension.set_dim_param(toString(size, graph_.variables()));
            else
                dimension.set_dim_value(*evaluate(size, binding_));
            names += (names.empty() ? "" : ", ") + graph_[axis].name + ": " + toString(size, graph_.variables());
        }
        value.set_doc_string('[' + names + ']');
    }

    Expected<void> writeWeights(onnx::GraphProto& graph)
    {
        const auto values = initialWeights(graph_, plan_, binding_);
        if (!values)
            return values.error();
        for (std::size_t i = 0; i < values->size(); ++i) {
            const Weight& weight = graph_.weights()[i];
            onnx::TensorProto& tensor = *graph.add_initializer();
            weightNames_.push_back(names_.claim(weight.name));
            tensor.set_name(weightNames_.back());
            tensor.set_data_type(onnx::TensorProto::FLOAT);
            for (const std::int64_t extent : graph_.shape(weight.axes, binding_))
                tensor.add_dims(extent);
            tensor.set_raw_data((*values)[i].data(), (*values)[i].size() * sizeof(float));
        }
        return {};
    }

    const PGraph& graph_;
    Binding binding_;
    Plan plan_;
    std::optional<VariableId> open_;
    NameScope names_;
    std::vector<std::string> weightNames_;
    onnx::ModelProto model_;
};

} // namespace

Expected<std::string> exportOnnx(const PGraph& graph)
{
    return ModelWriter(graph).write();
}

} // namespace synoscope::codegen
