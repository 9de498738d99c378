#include "checks.h"

#include "core/graph/formula.h"
#include "core/graph/reader.h"
#include "core/graph/validate.h"
#include "core/graph/writer.h"

#include <fmt/format.h>

namespace synoscope::test {

namespace {

std::optional<std::string> faultOfError(const Error& error)
{
    if (error.line < 1 || error.column < 1 || error.file != "fuzz.pgraph")
        return fmt::format("an error without its place: {}", error.text());
    if (error.message.empty() || error.message.find('\n') != std::string::npos)
        return fmt::format("an error that is no single line: {}", error.text());
    return std::nullopt;
}

// All that a view or a command would do with an operator that somebody brings in.
std::optional<std::string> faultOfUse(const PGraph& graph)
{
    for (const Violation& violation : violations(graph))
        if (violation.rule.empty() || violation.message.empty())
            return "a violation without a rule or a sentence";
    if (!formula(graph).starts_with("out["))
        return "a formula that does not say what it computes";
    if (latexFormula(graph).empty() || loopNest(graph).empty())
        return "an empty rendering of the formula";
    return std::nullopt;
}

} // namespace

std::optional<std::string> faultOfPGraph(std::string_view bytes)
{
    const auto graph = parsePGraph(bytes, "fuzz.pgraph");
    if (!graph)
        return faultOfError(graph.error());
    const std::string text = writePGraph(*graph);
    const auto again = parsePGraph(text, "written.pgraph");
    if (!again)
        return fmt::format("what is written cannot be read: {}\n{}", again.error().text(), text);
    if (const std::string second = writePGraph(*again); second != text)
        return fmt::format("written, read and written again it has other bytes:\n{}--- then\n{}", text, second);
    if (canonicalHash(*graph) != canonicalHash(*again))
        return fmt::format("written and read it has another hash:\n{}", text);
    if (graph->bindings().size() != again->bindings().size())
        return fmt::format("written and read it has other layers:\n{}", text);
    return faultOfUse(*graph);
}

} // namespace synoscope::test
