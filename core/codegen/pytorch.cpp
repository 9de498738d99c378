// One readable Python file: an nn.Module and its self-check.
#include "core/codegen/formats.h"
#include "core/codegen/names.h"
#include "core/codegen/python_reference.h"
#include "core/codegen/torch_module.h"
#include "core/graph/formula.h"
#include "core/graph/writer.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace synoscope::codegen {

namespace {

constexpr std::size_t widestLine = 110;

class PythonWriter
{
public:
    explicit PythonWriter(const PGraph& graph)
        : graph_(graph), module_(graph, Language::python), sizes_(module_.plainSizes())
    {}

    std::string write()
    {
        docstring();
        line("import torch");
        if (std::ranges::any_of(module_.statements(),
                                [](const Statement& s) { return s.value.find("F.") != std::string::npos; }))
            line("import torch.nn.functional as F");
        line("from torch import nn");
        line("");
        line("");
        line("class {}(nn.Module):", module_.className());
        constructor();
        initialisation();
        forward();
        line("");
        line("");
        return std::move(text_) + pythonSelfCheck(graph_, module_);
    }

private:
    template <typename... Args>
    void line(fmt::format_string<Args...> format, Args&&... args)
    {
        text_ += fmt::format(format, std::forward<Args>(args)...) + '\n';
    }

    void docstring()
    {
        line("\"\"\"{}", harmless(graph_.name()));
        line("");
        line("    {}", harmless(formula(graph_)));
        line("");
        line("Input {}, output {}.", module_.axes(graph_.input(), graph_), module_.axes(graph_.output(), graph_));
        for (const Binding& binding : graph_.bindings())
            line("For example {}({}).", module_.className(), arguments(binding));
        line("");
        line("Exported by Synoscope, operator {}.", canonicalHash(graph_));
        line("Run this file to check the module against the formula.");
        line("\"\"\"");
        line("");
    }

    std::string arguments(const Binding& binding) const
    {
        std::vector<std::string> values;
        for (const Argument& argument : module_.arguments())
            if (argument.standard != binding[argument.variable])
                values.push_back(fmt::format("{}={}", argument.name, binding[argument.variable]));
        return fmt::format("{}", fmt::join(values, ", "));
    }

    void constructor()
    {
        std::string signature;
        for (const Argument& argument : module_.arguments())
            signature += ", " + argument.name + (argument.standard ? fmt::format("={}", *argument.standard) : "");
        line("    def __init__(self{}):", signature);
        line("        super().__init__()");
        for (const auto& [offset, size] : module_.conditions()) {
            line("        if {} <= {}:", sizes_(size), offset);
            line("            raise ValueError(\"{} must be greater than {}\")", sizes_(size), offset);
        }
        for (const Argument& argument : module_.arguments())
            line("        self.{0} = {0}", argument.name);
        for (const Parameter& parameter : module_.parameters())
            line("        self.{} = nn.Parameter(torch.empty({}))", parameter.name, sizes_.list(parameter.shape));
        if (!module_.parameters().empty())
            line("        self.reset_parameters()");
        line("");
    }

    void initialisation()
    {
        if (module_.parameters().empty())
            return;
        line("    def reset_parameters(self):");
        line("        # Keeps the variance of the data: 1 over the number of products that are added up.");
        const SizeText sizes(graph_.variables(), Language::python,
                             [&](VariableId id) { return "self." + module_.name(id); });
        for (const Parameter& parameter : module_.parameters())
            line("        nn.init.normal_(self.{}, std={})", parameter.name,
                 parameter.fanIn.isOne() ? "1.0" : fmt::format("({}) ** -0.5", sizes(parameter.fanIn)));
        line("");
    }

    void forward()
    {
        line("    def forward(self, x):");
        const std::vector<std::string>& locals = module_.locals();
        if (std::ranges::any_of(locals, [](const std::string& name) { return !name.empty(); })) {
            std::string targets;
            for (const std::string& name : locals)
                targets += (targets.empty() ? "" : ", ") + (name.empty() ? "_" : name);
            line("        {} = x.shape", locals.size() == 1 ? '(' + targets + ",)" : targets);
        }
        for (const Statement& statement : module_.statements()) {
            const std::string code = fmt::format("        {} = {}", statement.target, statement.value);
            if (code.size() + statement.comment.size() + 4 <= widestLine) {
                line("{}  # {}", code, statement.comment);
                continue;
            }
            line("        # {}", statement.comment);
            line("{}", code);
        }
        line("        return x");
    }

    const PGraph& graph_;
    TorchModule module_;
    SizeText sizes_;
    std::string text_;
};

} // namespace

Expected<std::string> exportPyTorch(const PGraph& graph)
{
    return PythonWriter(graph).write();
}

} // namespace synoscope::codegen
