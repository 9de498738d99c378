#include "core/codegen/torch_script.h"

#include "core/codegen/torch_module.h"

#include <fmt/format.h>

namespace synoscope::codegen {

namespace {

std::string forwardSource(const TorchModule& module)
{
    std::string text = "def forward(self, x: Tensor) -> Tensor:\n";
    for (std::size_t axis = 0; axis < module.locals().size(); ++axis)
        if (const std::string& name = module.locals()[axis]; !name.empty())
            text += fmt::format("    {} = x.size({})\n", name, axis);
    for (const Statement& statement : module.statements())
        text += fmt::format("    {} = {}  # {}\n", statement.target, statement.value, statement.comment);
    return text + "    return x\n";
}

} // namespace

TorchScript torchScript(const PGraph& graph, const Binding& binding)
{
    const TorchModule module(graph, Language::torchScript);
    TorchScript script{module.className(), forwardSource(module), {}, {}};
    for (const Parameter& parameter : module.parameters())
        script.parameters.push_back(parameter.name);
    for (const Argument& argument : module.arguments())
        script.attributes.emplace_back(argument.name, binding[argument.variable]);
    return script;
}

} // namespace synoscope::codegen
