// check: is it an operator, and what kind of one?
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "core/graph/fingerprint.h"
#include "core/graph/formula.h"
#include "core/graph/reader.h"
#include "core/graph/validate.h"
#include "core/graph/writer.h"
#include "core/lowering/plan.h"

#include <fmt/format.h>

namespace synoscope::cli {

namespace {

struct Costs
{
    std::vector<Cost> perBinding;

    Json column(double Cost::*what) const
    {
        Json list = Json::array();
        for (const Cost& cost : perBinding)
            list.push_back(number(cost.*what));
        return list;
    }
};

Json toJson(const PGraph& graph, const Costs& costs, const std::vector<Violation>& broken)
{
    Json json;
    json["name"] = graph.name();
    json["input"] = axesJson(graph, graph.input());
    json["output"] = axesJson(graph, graph.output());
    json["weights"] = Json::array();
    for (const Weight& weight : graph.weights())
        json["weights"].push_back({{"name", weight.name}, {"axes", axesJson(graph, weight.axes)}});
    json["bindings"] = Json::array();
    json["shapes"] = Json::array();
    for (const Binding& binding : graph.bindings()) {
        json["bindings"].push_back(bindingJson(graph, binding));
        Json weights = Json::object();
        for (const Weight& weight : graph.weights())
            weights[weight.name] = graph.shape(weight.axes, binding);
        json["shapes"].push_back({{"input", graph.shape(graph.input(), binding)},
                                  {"output", graph.shape(graph.output(), binding)},
                                  {"weights", weights}});
    }
    json["flops"] = costs.column(&Cost::flops);
    json["params"] = costs.column(&Cost::parameters);
    json["bytes_moved"] = costs.column(&Cost::bytesMoved);
    json["peak_bytes"] = costs.column(&Cost::peakBytes);
    json["hash"] = canonicalHash(graph);
    json["fingerprint"] = fingerprint(graph);
    json["formula"] = formula(graph);
    json["valid"] = broken.empty();
    json["violations"] = Json::array();
    for (const Violation& violation : broken)
        json["violations"].push_back({{"rule", violation.rule}, {"message", violation.message}});
    return json;
}

std::string toText(const PGraph& graph, const Costs& costs, const std::vector<Violation>& broken, const Json& json)
{
    std::string text = fmt::format("name         {}\ninput        {}\n", graph.name(), axesText(graph, graph.input()));
    for (const Weight& weight : graph.weights())
        text += fmt::format("weight       {}  {}\n", weight.name, axesText(graph, weight.axes));
    text += fmt::format("output       {}\nformula      {}\nhash         {}\nfingerprint  {}\n",
                        axesText(graph, graph.output()), json["formula"].get<std::string>(),
                        json["hash"].get<std::string>(), json["fingerprint"].get<std::string>());
    for (std::size_t i = 0; i < costs.perBinding.size(); ++i)
        text +=
            fmt::format("binding {:<4} {}: {}FLOPs, {:.0f} parameters\n", i, bindingText(graph, graph.bindings()[i]),
                        humanNumber(costs.perBinding[i].flops) + (costs.perBinding[i].flops < 1e3 ? " " : ""),
                        costs.perBinding[i].parameters);
    for (const Violation& violation : broken)
        text += fmt::format("not valid    {} ({})\n", violation.message, violation.rule);
    return text + (broken.empty() ? "valid\n" : "");
}

Answer check(const std::string& file)
{
    const auto graph = readPGraph(operatorFile(file));
    if (!graph)
        return graph.error();
    Costs costs;
    const Plan plan = lower(*graph);
    for (const Binding& binding : graph->bindings())
        costs.perBinding.push_back(cost(plan, binding));
    const std::vector<Violation> broken = violations(*graph);

    Answer answer;
    answer.json = toJson(*graph, costs, broken);
    answer.text = toText(*graph, costs, broken, answer.json);
    answer.exit = broken.empty() ? Exit::success : Exit::negative;
    return answer;
}

} // namespace

void addCheck(Commands& commands)
{
    const auto file = std::make_shared<std::string>();
    CLI::App& command = commands.add("check", "Read an operator, validate it, and say what it is and costs",
                                     [file] { return check(*file); });
    command.add_option("operator", *file, operatorHelp)->required();
    command.footer("Exit status 1: it can be read, but breaks a rule that keeps operators trainable.");
}

} // namespace synoscope::cli
