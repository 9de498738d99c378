// The formats that other parts of the program write already.
#include "core/codegen/cpp_writer.h"
#include "core/codegen/formats.h"
#include "core/codegen/names.h"
#include "core/codegen/small_binding.h"

#include "core/graph/formula.h"
#include "core/graph/writer.h"
#include "core/lowering/plan.h"

namespace synoscope::codegen {

namespace {

std::string ended(std::string text)
{
    if (!text.ends_with('\n'))
        text += '\n';
    return text;
}

} // namespace

Expected<std::string> exportCpp(const PGraph& graph)
{
    const std::vector<Binding> layers = graph.bindings().empty()
                                            ? std::vector<Binding>{smallBinding(graph, {})}
                                            : std::vector<Binding>(graph.bindings().begin(), graph.bindings().end());
    const CppOperator op{graph, layers, snakeCase(graph.name())};
    return writeCpp(std::span(&op, 1));
}

Expected<std::string> exportFormula(const PGraph& graph)
{
    return ended(formula(graph));
}

Expected<std::string> exportLatex(const PGraph& graph)
{
    return ended(latexFormula(graph));
}

Expected<std::string> exportLoops(const PGraph& graph)
{
    return ended(loopNest(graph));
}

Expected<std::string> exportPlan(const PGraph& graph)
{
    return ended(toString(lower(graph)));
}

Expected<std::string> exportPGraph(const PGraph& graph)
{
    return ended(writePGraph(graph));
}

} // namespace synoscope::codegen
