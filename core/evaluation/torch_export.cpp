#include "core/evaluation/torch_export.h"

#include "core/evaluation/script_module.h"
#include "core/evaluation/torch_errors.h"

namespace synoscope {

Expected<std::string> exportTorchScript(const PGraph& graph)
{
    const Binding& binding = graph.bindings()[0];
    try {
        const auto weights = initialTensors(graph, binding);
        if (!weights)
            return weights.error();
        for (const torch::Tensor& weight : *weights)
            weight.requires_grad_(); // to be trained by whoever loads it
        return ScriptModule(graph, binding, *weights).bytes();
    } catch (const std::exception& exception) {
        return sentenceFor(exception, "The TorchScript file could not be made");
    }
}

} // namespace synoscope
