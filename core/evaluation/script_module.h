// An operator as a TorchScript module: compiled from source (core/codegen/torch_script.h), run by libtorch's
// interpreter for scripts, frozen for inference, saved.
//
// Throws what libtorch throws; sentenceFor (torch_errors.h) makes a sentence of it.
#pragma once

#include "core/nn/operator_module.h"

#include <memory>

namespace torch::jit {
struct Module;
}

namespace synoscope {

class ScriptModule : public TensorModule
{
public:
    // The weights become its parameters as they are: who holds them sees what training makes of them.
    ScriptModule(const PGraph& graph, const Binding& binding, const std::vector<torch::Tensor>& weights);
    ~ScriptModule() override;

    torch::Tensor forward(const torch::Tensor& input) override;

    // From here on for inference only: parameters and sizes are constants, and what libtorch can arrange beforehand for
    // this machine is arranged.
    void freeze();

    // What torch.jit.load and torch::jit::load read. Beside the module it holds the operator as text, in the extra
    // files operator.pgraph and operator.txt.
    std::string bytes() const;

private:
    std::unique_ptr<torch::jit::Module> module_;
    std::string pgraph_;
    std::string description_;
};

// Values for its weights, as the exports draw them.
Expected<std::vector<torch::Tensor>> initialTensors(const PGraph& graph, const Binding& binding);

// For measuring: frozen modules. In slots behind average pooling where there is a stride.
Expected<TensorModulePtr> frozenScriptModule(const PGraph& graph, const Binding& binding);
SlotFactory scriptSlots(const PGraph& graph);

} // namespace synoscope
