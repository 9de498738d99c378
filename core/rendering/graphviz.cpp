#include "core/rendering/graphviz.h"

#include <fmt/format.h>

namespace synoscope {

namespace {

std::mutex& theMutex()
{
    static std::mutex mutex;
    return mutex;
}

// Under the mutex only, and for the life of the process.
GVC_t* theContext()
{
    static GVC_t* const context = gvContext();
    return context;
}

// What Graphviz says meanwhile: warnings about fonts, say, which would end on the program's standard error.
std::string& complaints()
{
    static std::string text;
    return text;
}

int listen(char* text)
{
    complaints() += text;
    return 0;
}

Error failure(std::string sentence)
{
    return Error{.message = std::move(sentence), .details = complaints()};
}

} // namespace

GraphvizLayout::PlainNumbers::PlainNumbers()
    : plain_(newlocale(LC_NUMERIC_MASK, "C", nullptr)), before_(uselocale(plain_))
{}

GraphvizLayout::PlainNumbers::~PlainNumbers()
{
    uselocale(before_);
    freelocale(plain_);
}

void GraphvizLayout::Closer::operator()(Agraph_t* graph) const
{
    gvFreeLayout(theContext(), graph); // before agclose; does nothing where there is no layout
    agclose(graph);
}

GraphvizLayout::GraphvizLayout() : lock_(theMutex()), plain_(std::make_unique<PlainNumbers>())
{
    complaints().clear();
    agseterrf(listen);
}

Expected<GraphvizLayout> GraphvizLayout::of(const std::string& dot)
{
    GraphvizLayout layout;
    layout.graph_.reset(agmemread(dot.c_str()));
    if (!layout.graph())
        return failure("Graphviz cannot read the graph: expected a text in the dot language.");
    if (gvLayout(theContext(), layout.graph(), "dot") != 0)
        return failure("Graphviz cannot lay out the graph; is its dot plug-in installed (package libgvc6)?");
    return layout;
}

Expected<std::string> GraphvizLayout::render(const std::string& format) const
{
    char* data = nullptr;
    unsigned int size = 0;
    if (gvRenderData(theContext(), graph(), format.c_str(), &data, &size) != 0 || !data)
        return failure(fmt::format("Graphviz cannot write {}; is its plug-in for pictures installed (package libgvc6)?",
                                   format.substr(0, format.find(':'))));
    const std::unique_ptr<char, decltype(&gvFreeRenderData)> owner(data, gvFreeRenderData);
    return std::string(data, size);
}

} // namespace synoscope
