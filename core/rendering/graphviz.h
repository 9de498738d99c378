// Graphviz, of which a process can bear one: it keeps state of its own, and two layouts at once crash, whatever context
// they have. So everything that lays out a graph, in whatever thread, does it through here: one mutex, one context. Of each
// layout it keeps 3 to 10 kB for itself, whatever is given back (2.42: edges that it has merged, parsed labels).
#pragma once

#include "core/base/error.h"

#include <graphviz/gvc.h>

#include <locale.h>
#include <memory>
#include <mutex>
#include <string>

namespace synoscope {

// A graph as `dot` has laid it out. While it lives, any other layout waits: read it and let it go.
class GraphvizLayout
{
public:
    // From a text in the dot language. Fails when the text is none, or Graphviz lacks its plug-in for layouts.
    static Expected<GraphvizLayout> of(const std::string& dot);

    Agraph_t* graph() const { return graph_.get(); }

    // The picture in one of Graphviz's formats: "svg", "png:cairo", "pdf:cairo". Fails when there is no plug-in for it.
    Expected<std::string> render(const std::string& format) const;

private:
    // Graphviz reads and writes numbers in the thread's locale; a comma for a point would make 0.3 a 0.
    class PlainNumbers
    {
    public:
        PlainNumbers();
        ~PlainNumbers();
        PlainNumbers(const PlainNumbers&) = delete;
        PlainNumbers& operator=(const PlainNumbers&) = delete;

    private:
        locale_t plain_;
        locale_t before_;
    };

    struct Closer
    {
        void operator()(Agraph_t* graph) const;
    };

    GraphvizLayout();

    std::unique_lock<std::mutex> lock_; // first: it is let go when all else is gone
    std::unique_ptr<PlainNumbers> plain_;
    std::unique_ptr<Agraph_t, Closer> graph_;
};

} // namespace synoscope
