#include "core/evaluation/script_module.h"

#include "core/codegen/initial_weights.h"
#include "core/codegen/torch_script.h"
#include "core/graph/formula.h"
#include "core/graph/writer.h"

#include <cstring>
#include <fmt/format.h>
#include <sstream>
#include <torch/csrc/jit/api/module.h>

namespace synoscope {

ScriptModule::ScriptModule(const PGraph& graph, const Binding& binding, const std::vector<torch::Tensor>& weights)
    : pgraph_(writePGraph(graph)), description_(fmt::format("{}\n\n    {}\n\nExported by Synoscope, operator {}.\n",
                                                            graph.name(), formula(graph), canonicalHash(graph)))
{
    const codegen::TorchScript script = codegen::torchScript(graph, binding);
    module_ = std::make_unique<torch::jit::Module>("__torch__." + script.className);
    module_->register_attribute("training", c10::BoolType::get(), false); // train() and freezing look for it
    for (std::size_t i = 0; i < weights.size(); ++i)
        module_->register_parameter(script.parameters[i], weights[i], false);
    for (const auto& [name, value] : script.attributes)
        module_->register_attribute(name, c10::IntType::get(), value);
    module_->define(script.source);
}

ScriptModule::~ScriptModule() = default;

torch::Tensor ScriptModule::forward(const torch::Tensor& input)
{
    return module_->forward({input}).toTensor();
}

void ScriptModule::freeze()
{
    *module_ = torch::jit::freeze(*module_);
    *module_ = torch::jit::optimize_for_inference(*module_);
}

std::string ScriptModule::bytes() const
{
    std::ostringstream stream;
    module_->save(stream, {{"operator.pgraph", pgraph_}, {"operator.txt", description_}});
    return std::move(stream).str();
}

Expected<std::vector<torch::Tensor>> initialTensors(const PGraph& graph, const Binding& binding)
{
    const auto values = codegen::initialWeights(graph, lower(graph), binding);
    if (!values)
        return values.error();
    std::vector<torch::Tensor> tensors;
    for (std::size_t i = 0; i < values->size(); ++i) {
        tensors.push_back(torch::empty(graph.shape(graph.weights()[i].axes, binding)));
        std::memcpy(tensors.back().data_ptr<float>(), (*values)[i].data(), (*values)[i].size() * sizeof(float));
    }
    return tensors;
}

Expected<TensorModulePtr> frozenScriptModule(const PGraph& graph, const Binding& binding)
{
    const auto weights = initialTensors(graph, binding);
    if (!weights)
        return weights.error();
    auto module = std::make_shared<ScriptModule>(graph, binding, *weights);
    module->freeze();
    return TensorModulePtr(std::move(module));
}

SlotFactory scriptSlots(const PGraph& graph)
{
    return [graph](const SlotShape& slot) -> Expected<TensorModulePtr> {
        const auto binding = bindingForSlot(graph, slot);
        if (!binding)
            return binding.error();
        auto module = frozenScriptModule(graph.withBindings({*binding}), *binding);
        if (!module)
            return module.error();
        return operatorInSlot(slot, std::move(*module));
    };
}

} // namespace synoscope
