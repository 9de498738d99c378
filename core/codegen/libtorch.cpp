// One C++17 header: a torch::nn::Module and its holder.
#include "core/codegen/formats.h"
#include "core/codegen/names.h"
#include "core/codegen/torch_module.h"
#include "core/graph/formula.h"
#include "core/graph/writer.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unordered_set>

namespace synoscope::codegen {

namespace {

constexpr std::size_t widestLine = 118;

class HeaderWriter
{
public:
    explicit HeaderWriter(const PGraph& graph)
        : graph_(graph), module_(graph, Language::cpp), sizes_(module_.plainSizes())
    {}

    std::string write()
    {
        headComment();
        line("#pragma once");
        line("");
        line("#include <cmath>");
        line("#include <cstdint>");
        line("#include <torch/torch.h>");
        line("#include <vector>");
        line("");
        line("struct {}Impl : torch::nn::Module", module_.className());
        line("{{");
        constructor();
        initialisation();
        forward();
        members();
        line("}};");
        line("TORCH_MODULE({});", module_.className());
        return std::move(text_);
    }

private:
    template <typename... Args>
    void line(fmt::format_string<Args...> format, Args&&... args)
    {
        text_ += fmt::format(format, std::forward<Args>(args)...) + '\n';
    }

    void headComment()
    {
        const std::string file = snakeCase(graph_.name());
        line("// {}", harmless(graph_.name()));
        line("//");
        line("//     {}", harmless(formula(graph_)));
        line("//");
        line("// Input {}, output {}.", module_.axes(graph_.input(), graph_), module_.axes(graph_.output(), graph_));
        if (!graph_.bindings().empty())
            line("// For example: {} module({});", module_.className(), values(graph_.bindings()[0]));
        line("//");
        line("// Exported by Synoscope, operator {}. With CMake:", canonicalHash(graph_));
        line("//     find_package(Torch REQUIRED)");
        line("//     add_executable(program main.cpp)          # main.cpp includes \"{}.h\"", file);
        line("//     target_link_libraries(program PRIVATE torch)");
        line("//     set_property(TARGET program PROPERTY CXX_STANDARD 17)");
    }

    std::string values(const Binding& binding) const
    {
        std::vector<std::string> values;
        for (const Argument& argument : module_.arguments())
            values.push_back(fmt::format("/*{}=*/{}", argument.name, binding[argument.variable]));
        return fmt::format("{}", fmt::join(values, ", "));
    }

    void constructor()
    {
        std::vector<std::string> signature;
        std::vector<std::string> initialisers;
        for (const Argument& argument : module_.arguments()) {
            signature.push_back(fmt::format("int64_t {}{}", argument.name,
                                            argument.standard ? fmt::format(" = {}", *argument.standard) : ""));
            initialisers.push_back(fmt::format("{0}({0})", argument.name));
        }
        const bool single =
            std::ranges::count_if(module_.arguments(), [](const Argument& a) { return !a.standard; }) <= 1 &&
            !module_.arguments().empty();
        line("    {}{}Impl({})", single ? "explicit " : "", module_.className(), fmt::join(signature, ", "));
        if (!initialisers.empty())
            line("        : {}", fmt::join(initialisers, ", "));
        line("    {{");
        for (const auto& [offset, size] : module_.conditions())
            line("        TORCH_CHECK({0} > {1}, \"{0} must be greater than {1}\");", sizes_(size), offset);
        for (const Parameter& parameter : module_.parameters())
            line("        {0} = register_parameter(\"{0}\", torch::empty({{{1}}}));", parameter.name,
                 sizes_.list(parameter.shape));
        if (!module_.parameters().empty())
            line("        reset_parameters();");
        line("    }}");
        line("");
    }

    void initialisation()
    {
        if (module_.parameters().empty())
            return;
        line("    // Keeps the variance of the data: 1 over the number of products that are added up.");
        line("    void reset_parameters()");
        line("    {{");
        for (const Parameter& parameter : module_.parameters())
            line("        torch::nn::init::normal_({}, 0.0, {});", parameter.name,
                 parameter.fanIn.isOne()
                     ? "1.0"
                     : fmt::format("std::pow(static_cast<double>({}), -0.5)", sizes_(parameter.fanIn)));
        line("    }}");
        line("");
    }

    void forward()
    {
        const auto& statements = module_.statements();
        line("    torch::Tensor forward(torch::Tensor x)");
        line("    {{");
        if (uses("F::"))
            line("        namespace F = torch::nn::functional;");
        if (uses("Slice("))
            line("        using torch::indexing::Slice;");
        for (std::size_t axis = 0; axis < module_.locals().size(); ++axis)
            if (!module_.locals()[axis].empty())
                line("        const int64_t {} = x.size({});", module_.locals()[axis], axis);
        std::unordered_set<std::string> declared{"x"};
        for (const Statement& statement : statements) {
            const std::string type = declared.insert(statement.target).second ? "torch::Tensor " : "";
            const std::string code = fmt::format("        {}{} = {};", type, statement.target, statement.value);
            if (code.size() + statement.comment.size() + 4 <= widestLine) {
                line("{} // {}", code, statement.comment);
                continue;
            }
            line("        // {}", statement.comment);
            line("{}", code);
        }
        line("        return x;");
        line("    }}");
        line("");
    }

    bool uses(std::string_view word) const
    {
        return std::ranges::any_of(module_.statements(),
                                   [&](const Statement& s) { return s.value.find(word) != std::string::npos; });
    }

    void members()
    {
        for (const Argument& argument : module_.arguments())
            line("    int64_t {};", argument.name);
        for (const Parameter& parameter : module_.parameters())
            line("    torch::Tensor {}; // [{}]", parameter.name,
                 harmless(fmt::format("{}", fmt::join(parameter.axisNames, ", "))));
    }

    const PGraph& graph_;
    TorchModule module_;
    SizeText sizes_;
    std::string text_;
};

} // namespace

Expected<std::string> exportLibTorch(const PGraph& graph)
{
    return HeaderWriter(graph).write();
}

} // namespace synoscope::codegen
